"""The scorecard: rules and what their claims came to, and the visits at the same risk."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from app.clearance.actions.opening import saw
from app.clearance.facts.stored import VisitVerdict
from app.clearance.rules.packing import unpack
from app.clearance.store import listing as verdict_store
from app.patients import store as patient_store
from app.patients.facts import Patient
from app.platform.caller import Caller
from app.policies.actions.basics import today_of
from app.policies.actions.library import current_book
from app.policies.actions.own_rules import payers_by_key
from app.policies.facts.answers import Need, PracticeRule
from app.policies.facts.book import Book
from app.policies.store.practice import practice_rules
from app.remittances.facts.scores import RiskPlace, RuleScore, ScorePlace
from app.remittances.store import scores as store
from app.schedule import store as schedule_store
from app.schedule.facts import Visit

PAGE_SIZE = 50
LOOKED_THROUGH = 2000
"""Visits looked through for one page: what a page costs does not grow with the schedule."""
OWN = "practice#"


@dataclass(frozen=True, slots=True)
class RuleNamed:
    """What is known of a rule: its payer's key and name and our summary of it; None: it is no longer on file.

    `own`: the id of a rule of the practice.
    """

    payer: str | None
    payer_name: str | None
    summary: str | None
    own: UUID | None = None


@dataclass(frozen=True, slots=True)
class Scorecard:
    """One page of rules with their counts. `next`: where the next page begins."""

    scores: tuple[RuleScore, ...]
    named: Mapping[str, RuleNamed]
    first: bool
    next: ScorePlace | None


@dataclass(frozen=True, slots=True)
class RuleAtRisk:
    """A rule with its counts, and one page of the booked visits that rest on it.

    `found`: visits with the codes of their lines that do; `through`: the last day that was looked through, where more
    visits are booked than were; `next`: where to look further.
    """

    score: RuleScore
    named: RuleNamed
    found: tuple[tuple[Visit, tuple[str, ...]], ...]
    people: Mapping[UUID, Patient]
    through: date | None
    next: RiskPlace | None


def read_scorecard(caller: Caller, after: ScorePlace | None) -> Scorecard:
    """Read one page of the scorecard, with a fixed number of queries. It names no patient."""
    found = store.page(caller.session, caller.practice_id, PAGE_SIZE + 1, after)
    shown = found[:PAGE_SIZE]
    names = _names(caller)
    last = shown[-1] if len(found) > PAGE_SIZE else None
    place = ScorePlace(last.denied, last.rule, last.need) if last is not None else None
    return Scorecard(shown, {one.rule: names.of(one.rule) for one in shown}, after is None, place)


def read_risk(caller: Caller, rule: str, need: Need, after: RiskPlace | None) -> RuleAtRisk | None:
    """Read the booked visits in sight whose stored answer rests on a rule, and note whom the page shows.

    Returns   None where no claim followed the rule.
    """
    session, practice_id = caller.session, caller.practice_id
    score = store.of_rule(session, practice_id, rule, need)
    if score is None:
        return None
    days = (today_of(caller), date.max)
    place = (after.day, after.starts_at, after.visit_id) if after is not None else None
    which = verdict_store.Which(days, scope=caller.scope)
    looked = verdict_store.page(session, practice_id, which, LOOKED_THROUGH + 1, place)
    resting = [(one, places) for one in looked[:LOOKED_THROUGH] if (places := _resting(one, rule, need))]
    shown = resting[:PAGE_SIZE]
    last = shown[-1][0] if len(resting) > PAGE_SIZE else looked[-2] if len(looked) > LOOKED_THROUGH else None
    visits = schedule_store.visits_by_ids(session, practice_id, [one.id for one, _places in shown], caller.scope)
    found = tuple((visits[one.id], _codes(visits[one.id], places)) for one, places in shown if one.id in visits)
    people = patient_store.opened(session, practice_id, list(dict.fromkeys(visit.patient_id for visit, _ in found)))
    saw(caller, "remittances.risk_seen", list(people))
    further = RiskPlace(last.day, last.starts_at, last.id) if last is not None else None
    through = last.day if last is not None else None
    return RuleAtRisk(score, _names(caller).of(rule), found, people, through, further)


def _resting(verdict: VisitVerdict, rule: str, need: Need) -> tuple[int, ...]:
    """The places of a visit's lines whose answer rests on a rule; most visits are passed over by their bytes alone."""
    if rule.encode() not in verdict.content:
        return ()
    lines = unpack(verdict.content)
    return tuple(place for place, line in enumerate(lines) if line.rule == rule and line.need is need)


def _codes(visit: Visit, places: tuple[int, ...]) -> tuple[str, ...]:
    lines = [visit.lines[place] for place in places if place < len(visit.lines)]
    return tuple(dict.fromkeys(line.code or line.drug or "" for line in lines))


@dataclass(frozen=True, slots=True)
class _Names:
    """What rules are called by: the book, the practice's own rules, all payers' names."""

    book: Book
    own: Mapping[str, PracticeRule]
    payers: Mapping[str, str]

    def of(self, rule: str) -> RuleNamed:
        """Name a rule."""
        if rule.startswith(OWN):
            kept = self.own.get(rule)
            payer = kept.payer if kept is not None else None
            summary = kept.basis if kept is not None else None
            return RuleNamed(payer, self.payers.get(payer or ""), summary, UUID(rule.removeprefix(OWN)))
        key, known = rule.partition("/")[0], self.book.rules.get(rule)
        name = self.payers.get(key)
        return RuleNamed(key if name is not None else None, name, known.extras.summary if known is not None else None)


def _names(caller: Caller) -> _Names:
    own = {rule.ref: rule for rule in practice_rules(caller.session, caller.practice_id)}
    return _Names(current_book(caller.session, caller.practice_id), own, payers_by_key(caller))
