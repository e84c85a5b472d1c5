"""The pages of new rules in words."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from app.policies.facts.conflicts import Conflict, ConflictKind
from app.policies.facts.proposals import OPEN, DoneAct, HistoryLine, ProposalAct, ProposalState, Reign, Standing
from app.policies.facts.set_differences import SetDifferences
from app.policies.rules.proposals import stamp_of
from app.policies.views.own_rules import count_changed
from app.policies.views.proposals import STATE_WORDS, history_words, origin_words, put_forward_words, short_version
from app.policies.views.set_differences import list_sentences, list_summary, payer_sentences, payer_summary
from app.rule_changes.facts.acts import ActDone
from app.rule_changes.facts.pages import NewRules, People, ProposalDetail, ReignDetail
from app.rule_changes.rules.people import second_person_words
from app.values.wording import clock_time, counted, listed, short_day

SENTENCES = 25
"""Differences of one payer that a page tells before it leads to the rest."""
_ACTS = {
    ProposalAct.ASK: "Asked for",
    ProposalAct.ACCEPT: "Accepted",
    ProposalAct.REJECT: "Rejected",
    ProposalAct.SUPERSEDE: "Newer rules took its place",
}
_CONFLICTS = {
    ConflictKind.OTHERWISE: "The library would say otherwise than your rule",
    ConflictKind.REMOVED: "The library would no longer speak of it",
    ConflictKind.CHANGED: "The rule that yours answers before would change",
    ConflictKind.SAME: "The library would say the same; your rule would no longer be needed",
}


@dataclass(frozen=True, slots=True)
class ProposalRow:
    """One set that was put forward, as the list shows it."""

    id: UUID
    version: str
    when: str
    by: str
    origin: str
    state: str
    open: bool


@dataclass(frozen=True, slots=True)
class HistoryRow:
    """One time in force, as the list shows it."""

    id: UUID
    version: str
    since: str
    how: str
    now: bool


@dataclass(frozen=True, slots=True)
class NewRulesPage:
    """The list. `former`: the set that can be put back, in words; `stamp`: what its form saw."""

    waiting: tuple[ProposalRow, ...]
    decided: tuple[ProposalRow, ...]
    history: tuple[HistoryRow, ...]
    current: str | None
    former: str | None
    stamp: str


@dataclass(frozen=True, slots=True)
class Group:
    """The differences of one payer or list: its title, how much, and a page of sentences. `more`: in words."""

    key: str
    title: str
    summary: str
    sentences: tuple[str, ...]
    more: str | None


@dataclass(frozen=True, slots=True)
class ConflictRow:
    """One rule of the practice beside what the library would say."""

    title: str
    rule: UUID
    kind: str
    was: str
    now: str


@dataclass(frozen=True, slots=True)
class ProposalPage:
    """One set that was put forward.

    `can_ask`, `can_accept`  what the person may do now; `second` says who must accept where this person may not.
    """

    row: ProposalRow
    facts: tuple[tuple[str, str], ...]
    acts: tuple[str, ...]
    groups: tuple[Group, ...]
    conflicts: tuple[ConflictRow, ...]
    summary: str
    stamp: str
    can_ask: bool
    can_accept: bool
    second: str | None
    can_offer: bool


@dataclass(frozen=True, slots=True)
class ReignPage:
    """One time in force with what its rules said otherwise than those before."""

    row: HistoryRow
    before: str | None
    groups: tuple[Group, ...]
    summary: str


def new_rules_page(found: NewRules) -> NewRulesPage:
    """Put the list into words."""
    rows = [_row(one, found.people) for one in found.proposals]
    current = found.current
    return NewRulesPage(
        waiting=tuple(row for row in rows if row.open),
        decided=tuple(row for row in rows if not row.open),
        history=tuple(_history(line, found.people, current) for line in found.history),
        current=f"Rules {short_version(current.version)}" if current is not None else None,
        former=_former(found),
        stamp=stamp_of(None, current) if current is not None else "",
    )


def proposal_page(found: ProposalDetail, payer: str = "") -> ProposalPage:
    """Put one set into words; with `payer`, all that differs of that payer and nothing else."""
    standing, people = found.standing, found.people
    asked = standing.state is ProposalState.ASKED
    mine = asked and standing.asked_by == people.me
    return ProposalPage(
        row=_row(standing, people),
        facts=tuple(_facts(found)),
        acts=tuple(_act(one, people) for one in standing.acts),
        groups=tuple(_groups(found.differences, payer)),
        conflicts=tuple(_conflict(one, found) for one in found.conflicts),
        summary=difference_summary(found.differences),
        stamp=stamp_of(standing, found.current),
        can_ask=standing.state is ProposalState.WAITING,
        can_accept=asked and not mine,
        second=second_person_words(found.others) if mine else None,
        can_offer=standing.state not in OPEN and standing.proposal.version != found.current.version,
    )


def reign_page(found: ReignDetail, payer: str = "") -> ReignPage:
    """Put one time in force into words."""
    before = found.before
    return ReignPage(
        row=_history(found.line, found.people, None),
        before=f"rules {short_version(before.version)}" if before is not None else None,
        groups=tuple(_groups(found.differences, payer)),
        summary=difference_summary(found.differences),
    )


def judged_words(done: ActDone) -> str:
    """How many visits an act gave another answer, as far as it can say."""
    if done.later:
        return "Every visit is judged anew when it is shown, and all of them within minutes."
    return f"{count_changed(done.visits_changed)}."


def difference_summary(found: SetDifferences) -> str:
    """How much differs between two sets, in one sentence."""
    if not found.any:
        return "They say the same."
    loud = [one for one in found.payers if not one.quiet]
    quiet = len(found.payers) - len(loud)
    said = [f"rules of {counted(len(loud), 'payer')} differ"] if loud else []
    said += [f"{counted(quiet, 'payer was', 'payers were')} only read again"] if quiet else []
    said += (
        [
            f"{counted(len(found.lists), 'list')} that all payers share differ"
            if len(found.lists) > 1
            else "1 list that all payers share differs"
        ]
        if found.lists
        else []
    )
    words = listed(said)
    return f"{words[0].upper()}{words[1:]}."


def _row(standing: Standing, people: People) -> ProposalRow:
    proposal = standing.proposal
    return ProposalRow(
        id=proposal.id,
        version=short_version(proposal.version),
        when=short_day(proposal.at.astimezone(people.zone).date()),
        by=put_forward_words(proposal, people.names),
        origin=origin_words(proposal),
        state=STATE_WORDS[standing.state],
        open=standing.state in OPEN,
    )


def _history(line: HistoryLine, people: People, current: Reign | None) -> HistoryRow:
    since = short_day(line.reign.since.astimezone(people.zone).date())
    version, how = short_version(line.reign.version), history_words(line, people.names)
    return HistoryRow(line.reign.id, version, since, how, line.reign == current)


def _former(found: NewRules) -> str | None:
    if found.former is None:
        return None
    since = short_day(found.former.since.astimezone(found.people.zone).date())
    return f"Rules {short_version(found.former.version)}, in force since {since} before these"


def _facts(found: ProposalDetail) -> Iterator[tuple[str, str]]:
    proposal, people = found.standing.proposal, found.people
    yield "State", STATE_WORDS[found.standing.state]
    yield "Put forward", f"{_when(proposal.at, people)} by {put_forward_words(proposal, people.names)}"
    yield "From", origin_words(proposal)
    yield "Compared with", f"Rules {short_version(found.current.version)}, which are in force"


def _act(act: DoneAct, people: People) -> str:
    by = people.names.get(act.by, "a person who is no longer on file") if act.by is not None else None
    who = f" by {by}" if by is not None and act.kind is not ProposalAct.SUPERSEDE else ""
    why = f": {act.reason}" if act.reason else ""
    return f"{_ACTS[act.kind]}{who}, {_when(act.at, people)}{why}"


def _when(at: datetime, people: People) -> str:
    local = at.astimezone(people.zone)
    return f"{short_day(local.date())} {clock_time(local)}"


def _groups(found: SetDifferences, payer: str) -> Iterator[Group]:
    for one in found.payers:
        if payer in ("", one.key):
            yield _group(one.key, one.name, payer_summary(one), list(payer_sentences(one)), bool(payer))
    for shared in found.lists:
        if payer in ("", shared.name):
            said = list(list_sentences(shared))
            yield _group(shared.name, f"List: {shared.name}", list_summary(shared), said, bool(payer))


def _group(key: str, title: str, summary: str, sentences: list[str], whole: bool) -> Group:
    shown = sentences if whole else sentences[:SENTENCES]
    more = len(sentences) - len(shown)
    words = f"{counted(more, 'further difference')}" if more else None
    return Group(key, title, f"{summary[0].upper()}{summary[1:]}", tuple(shown), words)


def _conflict(one: Conflict, found: ProposalDetail) -> ConflictRow:
    codes = [code.removeprefix("drug:") for code in sorted(one.names)]
    named = listed(codes) if len(codes) <= 3 else f"{codes[0]} and {len(codes) - 1} more"
    return ConflictRow(
        title=f"Your rule for {named} of {_payer_name(one.rule.payer, found)}",
        rule=UUID(one.rule.ref.removeprefix("practice#")),
        kind=_CONFLICTS[one.kind],
        was=one.was or "nothing",
        now=f"{one.now or 'nothing'} ({one.ref})",
    )


def _payer_name(key: str, found: ProposalDetail) -> str:
    return next((one.name for one in found.differences.payers if one.key == key), key)
