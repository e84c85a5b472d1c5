"""The December list: rules and answers for patients that end soon, each with the visits that its end leaves open."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from app.clearance.actions.opening import saw
from app.clearance.store.ending import needs_after
from app.patients import store as patient_store
from app.patients.facts import Patient
from app.platform.caller import Caller
from app.policies.actions.own_rules import read_ending
from app.policies.facts.own_rules import PAGE_SIZE, EndingRules, OwnRule
from app.policies.facts.records import KeptAnswer
from app.policies.rules.own_rules import names_code, soon
from app.policies.store.answers import answers_ending
from app.practice.facts.staff import Permission
from app.schedule import store as schedule_store
from app.schedule.facts import Visit, VisitStatus

MOST_COUNTED = 5000


@dataclass(frozen=True, slots=True)
class EndingAnswer:
    """An answer for one patient that ends soon, and how many booked visits of the patient after it name its service."""

    kept: KeptAnswer
    patient: Patient
    visits: int


@dataclass(frozen=True, slots=True)
class December:
    """One page of what ends soon. `open_visits`: by rule, how many visits wait after its end.

    `more`: there are so many visits that not all were counted; the numbers are then the least that there are. `next`:
    the rule after which more follow; `all_rules` counts those of every page. `answers` are at most a page of them, by
    payer; `more_answers`: there are more, which come once these are renewed.
    """

    found: EndingRules
    shown: tuple[OwnRule, ...]
    open_visits: Mapping[UUID, int]
    more: bool
    next: UUID | None
    all_rules: int
    answers: tuple[EndingAnswer, ...]
    more_answers: bool
    payer: str | None


def read_december(
    caller: Caller, permissions: Collection[Permission], after: UUID | None = None, payer: str | None = None
) -> December:
    """Read one page of the December list, of one payer or all, with a fixed number of queries; note whom it shows."""
    found = read_ending(caller, payer)
    places = {one.kept.id: place for place, one in enumerate(found.rules, 1)}
    rest = found.rules[places.get(after, 0) if after is not None else 0 :]
    shown = rest[:PAGE_SIZE]
    days = [one.last_day for one in shown if one.last_day is not None]
    waiting = needs_after(caller.session, caller.practice_id, min(days), MOST_COUNTED, caller.scope) if days else ()
    asked = [((*key.parts, "", "")[:2], visit, day) for key, visit, day in waiting]
    answers, more = _answers(caller, found.today, payer) if Permission.SEE_CASES in permissions else ((), False)
    saw(caller, "worklists.december_seen", [one.patient.id for one in answers])
    return December(
        found=found,
        shown=shown,
        open_visits=_counts(shown, asked),
        more=len(waiting) == MOST_COUNTED,
        next=shown[-1].kept.id if len(rest) > PAGE_SIZE else None,
        all_rules=len(found.rules),
        answers=answers,
        more_answers=more,
        payer=payer,
    )


def _answers(caller: Caller, today: date, payer: str | None) -> tuple[tuple[EndingAnswer, ...], bool]:
    """The answers of patients in sight that end soon, by payer, and whether there are more of them."""
    session, practice_id = caller.session, caller.practice_id
    span = (today, soon(today))
    kept = answers_ending(session, practice_id, span, caller.scope, payer, PAGE_SIZE + 1)
    shown = kept[:PAGE_SIZE]
    ids = [one.patient_id for one in shown]
    people = patient_store.opened(session, practice_id, ids)
    booked = schedule_store.of_patients(session, practice_id, ids, caller.scope)
    found = (
        EndingAnswer(one, people[one.patient_id], _visits_after(one, booked.get(one.patient_id, ()))) for one in shown
    )
    return tuple(found), len(kept) > PAGE_SIZE


def _visits_after(one: KeptAnswer, visits: Sequence[Visit]) -> int:
    """How many booked visits after an answer's end name its code or drug."""
    ends, names = one.answer.span.ends or date.max, one.answer.names
    return sum(
        visit.status is VisitStatus.BOOKED
        and visit.day > ends
        and any(
            (line.code is not None and names_code(names, line.code)) or (line.drug or "") in names
            for line in visit.lines
        )
        for visit in visits
    )


def _counts(ending: Sequence[OwnRule], asked: Sequence[tuple[tuple[str, ...], UUID, date]]) -> dict[UUID, int]:
    """How many visits wait for a payer's answer on a code of each rule after its last day."""
    by_payer: dict[str, list[tuple[str, UUID, date]]] = {}
    for (payer, code), visit, day in asked:
        by_payer.setdefault(payer, []).append((code, visit, day))
    counts: dict[UUID, int] = {}
    for one in ending:
        rule, last = one.kept.rule, one.last_day or date.max
        waits = by_payer.get(rule.payer, ())
        named = {code: names_code(rule.codes, code) for code in {code for code, _visit, _day in waits}}
        counts[one.kept.id] = len({visit for code, visit, day in waits if named[code] and day > last})
    return counts
