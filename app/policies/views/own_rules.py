"""The practice's own rules in words: the list, one rule with its versions, and what differs between them."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from uuid import UUID

from app.policies.facts.answers import Need, PracticeRule
from app.policies.facts.own_rules import FieldChange, OwnRule, OwnRules, RuleHistory, RuleState
from app.policies.facts.records import KeptRule
from app.policies.rules.basis import say_basis
from app.policies.rules.own_rules import rule_changes
from app.policies.rules.wording import say_key
from app.values.wording import counted, listed, short_day

Address = Callable[..., str]
STATE_WORDS = {RuleState.IN_FORCE: "In force", RuleState.COMING: "Coming", RuleState.ENDED: "Ended"}
SHOWN_CODES = 6
NEED_SAYS = {
    Need.NOT_REQUIRED: "No approval needed",
    Need.REQUIRED: "Approval needed",
    Need.NOTIFICATION: "Notice to the payer",
    Need.VOLUNTARY: "No approval, claim reviewed",
    Need.NOT_COVERED: "Not covered",
    Need.COSMETIC: "Cosmetic, not covered",
    Need.REQUIRED_WHEN_UNMET: "Approval needed in some cases",
    Need.UNKNOWN: "Not known",
}


@dataclass(frozen=True, slots=True)
class RuleRow:
    """One rule of the list. `holds` are its dates; `bounds` what binds it; `by` who recorded it and when."""

    id: UUID
    version: int
    payer: str
    what: str
    codes: str
    need: str
    bounds: tuple[str, ...]
    holds: str
    state: str
    state_words: str
    basis: str
    by: str
    notes: tuple[str, ...]
    editable: bool


@dataclass(frozen=True, slots=True)
class StateLink:
    """One state as a filter, with its count."""

    words: str
    address: str
    here: bool
    count: int


@dataclass(frozen=True, slots=True)
class RulesPage:
    """All that the list shows."""

    rows: tuple[RuleRow, ...]
    states: tuple[StateLink, ...]
    payers: tuple[tuple[str, str], ...]
    first_page: str | None
    next_page: str | None
    made: bool
    filtered: bool


@dataclass(frozen=True, slots=True)
class VersionWords:
    """One version of a rule: its number, when it holds, who made it, what it says otherwise than the one before."""

    id: UUID
    title: str
    holds: str
    by: str
    changes: tuple[FieldChange, ...]
    ends: tuple[str, ...]
    here: bool


@dataclass(frozen=True, slots=True)
class RulePage:
    """All that the page of one rule shows."""

    row: RuleRow
    codes: tuple[str, ...]
    versions: tuple[VersionWords, ...]
    newer: UUID | None
    corrects: bool


def rules_page(found: OwnRules, address: Address) -> RulesPage:
    """Put one page of rules into words. `address` makes the page's address of the parts of a query."""
    query = found.query
    parts = {"payer": query.payer, "code": query.code, "state": query.state, "made": query.made}
    kept = {name: str(value) for name, value in parts.items() if value is not None}
    fresh = {name: value for name, value in kept.items() if name != "state"}
    states = [StateLink("All", address(**fresh), query.state is None, sum(found.counts.values()))]
    states += [
        StateLink(words, address(**fresh, state=state.value), query.state is state, found.counts.get(state, 0))
        for state, words in STATE_WORDS.items()
    ]
    return RulesPage(
        rows=tuple(rule_row(one, found.names, found.staff) for one in found.rules),
        states=tuple(states),
        payers=(("", "All payers"), *sorted(found.names.items(), key=lambda one: one[1].casefold())),
        first_page=address(**kept) if query.after is not None else None,
        next_page=address(**kept, after=str(found.next)) if found.next is not None else None,
        made=query.made is not None,
        filtered=bool(kept),
    )


def rule_row(one: OwnRule, names: Mapping[str, str], staff: Mapping[UUID, str]) -> RuleRow:
    """Put one rule into words."""
    kept, rule = one.kept, one.kept.rule
    return RuleRow(
        id=kept.id,
        version=kept.version,
        payer=names.get(rule.payer, rule.payer),
        what="Routine services" if rule.routine else "Rule",
        codes=codes_words(rule),
        need=NEED_SAYS[rule.need],
        bounds=bounds_words(rule),
        holds=_holds(one),
        state=one.state.value,
        state_words=STATE_WORDS[one.state],
        basis=say_basis(rule),
        by=_by(kept, staff),
        notes=tuple(_notes(one)),
        editable=one.state is not RuleState.ENDED and kept.replaced_by is None,
    )


def rule_page(history: RuleHistory) -> RulePage:
    """Put one rule with its versions into words, the newest first."""
    kept = history.rule.kept
    before: PracticeRule | None = None
    versions: list[VersionWords] = []
    for number, version in enumerate(history.versions, 1):
        changes = _named(rule_changes(before, version.rule), history.names) if before is not None else ()
        versions.append(_version(history, number, version, changes))
        before = version.rule
    return RulePage(
        row=rule_row(history.rule, history.names, history.staff),
        codes=tuple(sorted(kept.rule.codes)),
        versions=tuple(reversed(versions)),
        newer=kept.replaced_by,
        corrects=kept.rule.corrects,
    )


def codes_words(rule: PracticeRule) -> str:
    """The first few codes, and how many more."""
    codes = sorted(code.removeprefix("drug:") for code in rule.codes)
    if len(codes) <= SHOWN_CODES:
        return listed(codes)
    return f"{', '.join(codes[:SHOWN_CODES])} and {len(codes) - SHOWN_CODES} more"


def bounds_words(rule: PracticeRule) -> tuple[str, ...]:
    """What binds a rule, one sentence a bound."""
    said = (
        ("Lines", [say_key(line.value) for line in sorted(rule.lines)]),
        ("Plans", sorted(rule.plans)),
        ("Places", sorted(rule.places)),
        ("Providers", sorted(rule.providers)),
        ("Groups", sorted(rule.groups)),
    )
    bounds = tuple(f"{name}: {listed(values)}" for name, values in said if values)
    return (*bounds, "Corrects the library") if rule.corrects else bounds


def days_words(rule: PracticeRule) -> str:
    """The dates of service for which a rule was recorded."""
    begins = short_day(rule.span.begins) if rule.span.begins else "open"
    return f"{begins} to {short_day(rule.span.ends) if rule.span.ends else 'open'}"


def _holds(one: OwnRule) -> str:
    begins = one.kept.rule.span.begins
    if one.last_day is None:
        return "Never held"
    return f"{short_day(begins) if begins else 'open'} to {short_day(one.last_day)}"


def _by(kept: KeptRule, staff: Mapping[UUID, str]) -> str:
    return f"{_name(kept.recorded_by, staff)}, {short_day(kept.rule.recorded_on)}"


def _name(user: UUID | None, staff: Mapping[UUID, str]) -> str:
    return staff.get(user, "a former colleague") if user is not None else "the command line"


def _notes(one: OwnRule) -> list[str]:
    notes = ["Has a newer version"] if one.kept.replaced_by is not None else []
    for end in one.kept.ends:
        if end.code is not None:
            notes.append(f"{end.code} ended {short_day(end.last_day)}: {end.reason}")
        elif end.reason not in ("new version", "confirmed anew"):
            notes.append(f"Ended {short_day(end.last_day)}: {end.reason}")
    return notes


def _version(history: RuleHistory, number: int, version: KeptRule, changes: tuple[FieldChange, ...]) -> VersionWords:
    ends = tuple(
        f"{f'{end.code} ended' if end.code else 'Ended'} {short_day(end.last_day)}: {end.reason} "
        f"({_name(end.recorded_by, history.staff)})"
        for end in version.ends
    )
    return VersionWords(
        id=version.id,
        title=f"Version {number}",
        holds=days_words(version.rule),
        by=_by(version, history.staff),
        changes=changes,
        ends=ends,
        here=version.id == history.rule.kept.id,
    )


def _named(changes: tuple[FieldChange, ...], names: Mapping[str, str]) -> tuple[FieldChange, ...]:
    return tuple(
        FieldChange(one.field, names.get(one.before, one.before), names.get(one.after, one.after))
        if one.field == "Payer"
        else one
        for one in changes
    )


def count_changed(visits: int) -> str:
    """How many visits an action gave another answer."""
    return counted(visits, "visit has another answer now", "visits have another answer now")
