"""Where the practice's own rules stand on a day, and what a new version says otherwise."""

from collections.abc import Iterable, Iterator
from datetime import date, timedelta

from app.policies.facts.answers import PracticeRule
from app.policies.facts.own_rules import FieldChange, OwnRule, OwnRulesQuery, RuleState
from app.policies.facts.records import KeptRule
from app.policies.rules.basis import say_basis
from app.policies.rules.practice import parts_of
from app.policies.rules.wording import say_key
from app.values.codes import in_range
from app.values.wording import short_day

SOON_DAYS = 45
_SETS = (("codes", "Codes"), ("lines", "Lines"), ("plans", "Plans"), ("places", "Places"), ("providers", "Providers"),
         ("groups", "Groups"))  # fmt: skip


def stand_of(kept: KeptRule, today: date) -> OwnRule:
    """Say where a rule stands on a day."""
    lasts = [part.span.ends or date.max for part in parts_of(kept.rule, kept.ends)]
    if not lasts or max(lasts) < today:
        return OwnRule(kept, RuleState.ENDED, max(lasts, default=None))
    coming = kept.rule.span.begins is not None and kept.rule.span.begins > today
    return OwnRule(kept, RuleState.COMING if coming else RuleState.IN_FORCE, max(lasts))


def matches(one: OwnRule, query: OwnRulesQuery) -> bool:
    """Say whether a rule is asked for, whatever its state."""
    kept = one.kept
    return (
        (query.payer is None or kept.rule.payer == query.payer)
        and (query.made is None or kept.action == query.made)
        and (query.code is None or names_code(kept.rule.codes, query.code))
    )


def ends_soon(one: OwnRule, today: date) -> bool:
    """Say whether a rule that holds or is coming, with no newer version, ends with the year or within 45 days."""
    if one.state is RuleState.ENDED or one.last_day is None or one.kept.replaced_by is not None:
        return False
    return one.last_day <= soon(today)


def soon(today: date) -> date:
    """The last day that the December list looks at: the end of the year, or 45 days on."""
    return max(date(today.year, 12, 31), today + timedelta(days=SOON_DAYS))


def rule_changes(old: PracticeRule, new: PracticeRule) -> tuple[FieldChange, ...]:
    """What a new version says otherwise than the one before, field by field, in words."""
    return tuple(_changes(old, new))


def _changes(old: PracticeRule, new: PracticeRule) -> Iterator[FieldChange]:
    for name, words in _SETS:
        before, after = getattr(old, name), getattr(new, name)
        if before != after:
            yield _set_change(words, before, after)
    for words, was, now in (
        ("Payer", old.payer, new.payer),
        ("Approval", say_key(old.need), say_key(new.need)),
        ("Begins", _day(old.span.begins), _day(new.span.begins)),
        ("Ends", _day(old.span.ends), _day(new.span.ends)),
        ("Basis", say_basis(old), say_basis(new)),
        ("Corrects the library", "yes" if old.corrects else "no", "yes" if new.corrects else "no"),
    ):
        if was != now:
            yield FieldChange(words, was, now)


def _set_change(words: str, before: frozenset[str], after: frozenset[str]) -> FieldChange:
    """Of codes only those that went and those that came; of other bounds all, where none binds nothing."""
    if words == "Codes":
        return FieldChange(words, _listed(before - after) or "none less", _listed(after - before) or "none more")
    return FieldChange(words, _listed(before) or "all", _listed(after) or "all")


def _listed(values: Iterable[str]) -> str:
    return ", ".join(say_key(str(value)) for value in sorted(values))


def _day(day: date | None) -> str:
    return short_day(day) if day is not None else "open"


def names_code(codes: Iterable[str], code: str) -> bool:
    """Say whether codes and ranges of a rule name a code or drug."""
    for name in codes:
        first, dash, last = name.partition("-")
        if name == code or (dash and in_range(code, first, last)):
            return True
    return False
