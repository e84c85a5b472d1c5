"""The list's address, the end of a rule and the renewal of several as typed."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from uuid import UUID

from app.policies.facts.own_rules import EndWord, OwnRulesQuery, Renewal, RuleHistory, RuleState
from app.policies.forms.basis import read_basis
from app.policies.forms.once import read_once, read_version
from app.values.codes import read_procedure
from app.values.days import read_typed_day
from app.values.wording import long_day, short_day

LONGEST_REASON = 200


@dataclass
class QueryForm:
    """The list's address as far as it could be read, and a sentence for each part that could not."""

    query: OwnRulesQuery
    typed: Mapping[str, str]
    errors: dict[str, str] = field(default_factory=dict)


def read_query(args: Mapping[str, str]) -> QueryForm:
    """Read the address of the list of practice rules."""
    typed = {name: args.get(name, "").strip()[:80] for name in ("payer", "code", "state", "made", "after")}
    errors: dict[str, str] = {}
    code = read_procedure(typed["code"]) if typed["code"] and not typed["code"].startswith("drug:") else typed["code"]
    if typed["code"] and code is None:
        errors["code"] = f"Code must be a CPT or HCPCS code, like 96910; found {typed['code'][:20]}."
    if typed["state"] and typed["state"] not in tuple(RuleState):
        errors["state"] = "State must be one of in force, coming and ended. All are shown."
    query = OwnRulesQuery(
        payer=typed["payer"] or None,
        code=code or None,
        state=RuleState(typed["state"]) if typed["state"] in tuple(RuleState) else None,
        made=read_once(typed["made"]),
        after=read_once(typed["after"]),
    )
    return QueryForm(query, typed, errors)


@dataclass
class EndForm:
    """The end of a rule as typed; `word` is set when it can be stored."""

    typed: dict[str, str]
    errors: dict[str, str] = field(default_factory=dict)
    word: EndWord | None = None


def fresh_end(history: RuleHistory, once: UUID) -> EndForm:
    """The form as first shown: the rule ends today."""
    typed = {"last_day": short_day(history.today), "reason": "", "code": ""}
    return EndForm(typed | {"once": str(once), "version": str(history.rule.kept.version)})


def read_end_form(typed: Mapping[str, str], history: RuleHistory) -> EndForm:
    """Read the end of a rule: a last day on or before its own, a reason, one code or all."""
    form = EndForm(
        {name: typed.get(name, "").strip()[:400] for name in ("once", "version", "last_day", "reason", "code")}
    )
    said, errors, rule = form.typed, form.errors, history.rule.kept.rule
    day = read_typed_day(said["last_day"], history.today) if said["last_day"] else None
    ends = rule.span.ends
    if day is None:
        found = f"; found {said['last_day'][:40]}" if said["last_day"] else ""
        errors["last_day"] = (
            f"Enter the last date of service for which it holds, like {short_day(history.today)}{found}."
        )
    elif ends is not None and day > ends:
        errors["last_day"] = f"Last day must be on or before {short_day(ends)}, the rule's end; found {long_day(day)}."
    if not said["reason"]:
        errors["reason"] = "Enter why it ends, like: the payer's list of January names it."
    elif len(said["reason"]) > LONGEST_REASON:
        errors["reason"] = (
            f"The reason must have at most {LONGEST_REASON} characters; you entered {len(said['reason'])}."
        )
    if said["code"] and said["code"] not in rule.codes:
        errors["code"] = "Choose one code of the rule, or all."
    once = read_once(said["once"])
    if once is None:
        errors.setdefault("last_day", "This page was cut off on its way. Look it over and save it again.")
    if not errors and day is not None and once is not None:
        version = read_version(said["version"])
        form.word = EndWord(once, history.rule.kept.id, version, day, said["reason"], said["code"] or None)
    return form


@dataclass
class RenewalForm:
    """The renewal of several rules and answers as typed; `renewal` is set when it can be stored."""

    typed: dict[str, str]
    ticked: tuple[str, ...] = ()
    answers: tuple[str, ...] = ()
    errors: dict[str, str] = field(default_factory=dict)
    renewal: Renewal | None = None


_RENEWAL = ("once", "basis_kind", "basis", "source_day", "until")


def fresh_renewal(today: date, once: UUID) -> RenewalForm:
    """The form as first shown: until the end of the next year."""
    return RenewalForm(dict.fromkeys(_RENEWAL, "") | {"once": str(once), "until": f"12/31/{today.year + 1}"})


def read_renewal(
    typed: Mapping[str, str], ticked: Iterable[str], today: date, answers: Iterable[str] = ()
) -> RenewalForm:
    """Read the renewal. A tick is a rule's id and the version that was seen, `<id>:<version>`, or an answer's id."""
    form = RenewalForm({name: typed.get(name, "").strip()[:400] for name in _RENEWAL}, tuple(ticked), tuple(answers))
    said_for = tuple(answer for text in form.answers if (answer := read_once(text)) is not None)
    said, errors = form.typed, form.errors
    rules = [(rule_id, read_version(version)) for tick in form.ticked for rule_id, version in [_tick(tick)] if rule_id]
    if not rules and not said_for:
        errors["rule"] = "Tick at least one rule or answer."
    until = read_typed_day(said["until"], today) if said["until"] else None
    if until is None:
        found = f"; found {said['until'][:40]}" if said["until"] else ""
        errors["until"] = f"Enter the date until which they hold, like 12/31/{today.year + 1}{found}."
    elif until <= today:
        errors["until"] = f"End date must be after today, {short_day(today)}; found {long_day(until)}."
    basis = read_basis(said, today, errors)
    once = read_once(said["once"])
    if once is None:
        errors.setdefault("rule", "This page was cut off on its way. Look it over and save it again.")
    if not errors and until is not None and basis is not None and once is not None:
        seen = tuple((rule_id, version) for rule_id, version in rules if rule_id)
        form.renewal = Renewal(once, seen, basis, until, said_for)
    return form


def _tick(text: str) -> tuple[UUID | None, str]:
    rule_id, _, version = text.partition(":")
    return read_once(rule_id), version
