"""What two rule sets say otherwise of one payer: rules added, removed and changed, field by field, in words."""

from collections.abc import Iterable, Iterator
from datetime import date
from typing import Any

from pydantic import BaseModel

from app.policies.facts.criteria import Node
from app.policies.facts.grid import PayerRules
from app.policies.facts.language import LimitRule, Rule, Where
from app.policies.facts.library import ChangeKind, RuleDifference
from app.policies.facts.own_rules import FieldChange
from app.policies.rules.speaking import say_criterion
from app.policies.rules.wording import say_key, say_length
from app.values.spans import Duration
from app.values.wording import listed, short_day

APPROVAL_WORDS = {
    "required": "required",
    "required_when": "required in some cases",
    "not_required": "not required",
    "notification": "notice to the payer",
    "step_edit": "required until earlier steps are shown",
    "voluntary_else_prepayment_review": "not required, but the claim is reviewed",
    "not_applicable": "not covered",
    "unknown": "not known",
    "rule": "a rule of procedure",
}
_FIELDS = (
    ("approval", "Approval"), ("coverage", "Coverage"), ("confidence", "Known from"), ("source", "Source"),
    ("from_", "From"), ("until", "Until"), ("codes", "Codes"), ("ranges", "Ranges"),
    ("drugs", "Drugs"), ("diagnoses", "Diagnoses"),
    ("applies", "Holds for"), ("when", "Only when"), ("criteria", "Criteria"),
    ("renewal_criteria", "Criteria to renew"), ("pairing", "Pairs of codes"), ("documents", "Documents"),
    ("approval_lasts", "Approval lasts"), ("renew_before", "Renew before the end"),
    ("retro_within", "Ask after the service within"), ("channels", "How to send"), ("clock", "Time to decide"),
    ("limits", "Limits"), ("min_interval", "Least interval"), ("closed_list", "Closed list"),
    ("binds_person", "Binds the person"), ("family", "Family of codes"), ("inactive", "Inactive"),
    ("replaced_by", "Replaced by"), ("jurisdiction", "Jurisdiction"), ("product", "Product"), ("service", "Service"),
    ("program", "Program"), ("usual_diagnoses", "Usual diagnoses"), ("defers_to", "Defers to"), ("layers", "Layers"),
    ("tiers", "Tiers"), ("tier_needs", "Steps by tier"), ("step_lists", "Lists of steps"), ("preferred", "Preferred"),
    ("combination_bans", "Not together with"), ("routing", "Who decides"), ("alternative", "Instead of approval"),
    ("modifiers_if_cosmetic", "Modifiers if cosmetic"), ("policy_number", "Number of the policy"),
    ("accepts_requests_from", "Takes requests from"), ("partial", "Read in part"), ("summary", "Summary"),
    ("verify", "To verify"),
)  # fmt: skip
"""The fields that change an answer or what it asks, in the order in which they are told."""
_LISTS = frozenset({"codes", "ranges", "drugs", "diagnoses", "documents", "family"})


def payer_differences(old: PayerRules | None, new: PayerRules | None) -> tuple[RuleDifference, ...]:
    """Compare what two rule sets say of one payer.

    Takes     the payer's files in each set; None where a set does not hold the payer.
    Returns   one entry a rule that differs, by topic and id. Notes, and days on which sources were read, do not count.
    """
    before, after = _rules(old), _rules(new)
    found: list[RuleDifference] = []
    for ref in sorted(before.keys() | after.keys()):
        was, now = before.get(ref), after.get(ref)
        if was is None and now is not None:
            found.append(RuleDifference(ref, about(now), ChangeKind.ADDED, (_is(now),)))
        elif now is None and was is not None:
            found.append(RuleDifference(ref, about(was), ChangeKind.REMOVED, (_is(was),)))
        elif was is not None and now is not None and (fields := tuple(said_otherwise(was, now))):
            found.append(RuleDifference(ref, about(now), ChangeKind.CHANGED, fields))
    return tuple(found)


def sources_read_again(old: PayerRules | None, new: PayerRules | None) -> int:
    """How many sources of a payer were read again, or are new, between two sets."""
    before, after = _sources(old), _sources(new)
    return sum(before.get(key) != day for key, day in after.items()) if old is not None else 0


def about(rule: Rule) -> str:
    """What a rule speaks of: `96910 at place 11`, `96920 and 2 more in TX`, `drug dupixent`."""
    codes = [*rule.codes, *rule.ranges]
    if rule.service.startswith(("drug:", "drug_class:")) or not codes:
        what = say_key(rule.service.replace(":", " "))
    else:
        what = listed(codes) if len(codes) <= 3 else f"{codes[0]} and {len(codes) - 1} more"
    places = f" at place {listed(list(rule.applies.places), 'or')}" if rule.applies.places else ""
    settings = f" in {listed([say_key(name) for name in rule.applies.settings], 'or')}" if rule.applies.settings else ""
    states = f" in {listed(list(rule.applies.states), 'or')}" if rule.applies.states else ""
    return f"{what}{places}{settings}{states}"


def _rules(payer: PayerRules | None) -> dict[str, Rule]:
    topics = payer.topics.items() if payer is not None else ()
    return {f"{name}#{rule.id}": rule for name, topic in topics for rule in topic.rules}


def _sources(payer: PayerRules | None) -> dict[str, date]:
    if payer is None:
        return {}
    found = {f"payer:{key}": source.read_on or payer.file.read_on for key, source in payer.file.sources.items()}
    for name, topic in payer.topics.items():
        found |= {f"{name}:{key}": source.read_on or topic.read_on for key, source in topic.sources.items()}
    return found


def _is(rule: Rule) -> FieldChange:
    return FieldChange("Approval", "", APPROVAL_WORDS[rule.approval])


def said_otherwise(was: Rule, now: Rule) -> Iterator[FieldChange]:
    """What a rule says otherwise than it did, field by field; notes do not count."""
    for name, label in _FIELDS:
        before, after = getattr(was, name), getattr(now, name)
        if before == after or (name in _LISTS and set(before) == set(after)):
            continue
        if name in _LISTS:
            yield _list_change(label, before, after)
        elif name == "approval":
            yield FieldChange(label, APPROVAL_WORDS[before], APPROVAL_WORDS[after])
        else:
            yield FieldChange(label, say_value(before), say_value(after))


def _list_change(label: str, before: tuple[str, ...], after: tuple[str, ...]) -> FieldChange:
    """Of a list only what went and what came."""
    gone = [one for one in before if one not in after]
    new = [one for one in after if one not in before]
    return FieldChange(label, f"without {listed(gone)}" if gone else "", f"with {listed(new)}" if new else "")


def say_value(value: Any) -> str:
    """A value of a rule file in words; nothing where it was not said."""
    if value is None:
        return "not said"
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, date):
        return short_day(value)
    if isinstance(value, Duration):
        return say_length(value)
    if isinstance(value, Node):
        return f'"{say_criterion(value)}"'
    if isinstance(value, LimitRule):
        return _limit(value)
    return _say_many(value)


def _say_many(value: Any) -> str:
    if isinstance(value, tuple):
        return "; ".join(say_value(one) for one in value) or "none"
    if isinstance(value, dict):
        return "; ".join(f"{say_key(str(key))} {say_value(one)}" for key, one in value.items()) or "none"
    if isinstance(value, BaseModel):
        return _model(value)
    return say_key(str(value))


def _model(value: BaseModel) -> str:
    """What a part of a rule says beyond its defaults."""
    said = [
        f"{say_key(name.rstrip('_'))} {say_value(getattr(value, name))}"
        for name in type(value).model_fields
        if name in value.model_fields_set and getattr(value, name) not in (None, (), {})
    ]
    return ", ".join(said) or ("everybody" if isinstance(value, Where) else "nothing")


def _limit(limit: LimitRule) -> str:
    if limit.text is not None:
        return limit.text
    parts: Iterable[str | None] = (limit.unit or say_key(limit.what), f"per {limit.per}" if limit.per else None)
    return " ".join((f"at most {limit.most}", *(part for part in parts if part)))
