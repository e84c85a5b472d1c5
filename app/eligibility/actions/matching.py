"""Find the coverage that an eligibility answer is about: by our trace, else by member, payer, name and birth date."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from app.coverage.facts import Coverage
from app.coverage.store import coverages as coverage_store
from app.eligibility.facts.asking import Ask
from app.eligibility.facts.checks import PlanAnswer
from app.eligibility.intake.responses import read_response
from app.eligibility.rules.people import contradicts, is_surely
from app.eligibility.store import asking as asking_store
from app.patients import store as patient_store
from app.patients.facts import Patient
from app.patients.rules import birth_key, member_keys, name_key
from app.platform.caller import Caller
from app.platform.db import keyring_of
from app.policies.actions.library import current_book
from app.policies.facts.book import Book
from app.policies.rules.payers import resolve_payer
from app.practice.store import practice as practice_store
from app.values.insurance import Line, Rank
from app.values.records import Filed, Outcome

MOST_FOUND = 20
NO_PATIENT, UNKNOWN_MEMBER, SEVERAL = "no_patient", "unknown_member", "several_patients"
NAMES_DIFFER, OTHER_PAYER, OTHER_PROVIDER = "names_differ", "another_payer", "another_provider"
OTHER_COVERAGE, GONE = "another_coverage", "coverage_gone"


@dataclass(frozen=True, slots=True)
class Matched:
    """The coverage that an answer is about, its line of business where known, and our request, where it has one."""

    coverage: Coverage
    line: Line | None
    ask: Ask | None


def match(caller: Caller, session: Session, response: Mapping[str, Any]) -> Matched | Filed:
    """Find the coverage, or say why a person must look."""
    answer = read_response(response)
    book = current_book(session, caller.practice_id)
    asks = asking_store.asked_by_trace(session, caller.practice_id, answer.traces)
    if len({one.coverage_id for one in asks.values()}) > 1:
        return Filed(Outcome.CONTRADICTING, why=SEVERAL)
    if asks:
        return _by_trace(caller, session, answer, book, next(iter(asks.values())))
    if answer.npi is not None and not _is_ours(caller, session, answer.npi):
        return Filed(Outcome.UNMATCHED, why=OTHER_PROVIDER)
    return _by_member(caller, session, answer, book)


def _by_trace(caller: Caller, session: Session, answer: PlanAnswer, book: Book, ask: Ask) -> Matched | Filed:
    """Our own request says whose coverage it is; the answer must not name another person or payer."""
    patient = patient_store.opened(session, caller.practice_id, [ask.patient_id]).get(ask.patient_id)
    coverages = coverage_store.of_patients(session, caller.practice_id, [ask.patient_id]).get(ask.patient_id, ())
    found = next((one for one in coverages if one.id == ask.coverage_id), None)
    if patient is None or found is None:
        return Filed(Outcome.UNMATCHED, ask.patient_id if patient is not None else None, why=GONE)
    if contradicts(answer.patient, patient):
        return Filed(Outcome.CONTRADICTING, ask.patient_id, found.id, NAMES_DIFFER)
    if not _same_payer(caller, session, answer, book, found):
        return Filed(Outcome.CONTRADICTING, ask.patient_id, found.id, OTHER_PAYER)
    member = answer.plan.member_id
    if member is not None and not is_surely(answer.patient, patient):
        key = keyring_of(session).member_key(caller.practice_id, member)
        if not key.same_as(found.member):
            return Filed(Outcome.CONTRADICTING, ask.patient_id, found.id, UNKNOWN_MEMBER)
    return Matched(found, line_of(book, found), ask)


def _by_member(caller: Caller, session: Session, answer: PlanAnswer, book: Book) -> Matched | Filed:
    """Nobody asked under a trace of ours: everything that tells people apart has to agree."""
    member = answer.plan.member_id
    if member is None:
        return Filed(Outcome.UNMATCHED, _who(caller, session, answer), why=NO_PATIENT)
    held = _holding(caller, session, member)
    if not held:
        return Filed(Outcome.UNMATCHED, _who(caller, session, answer), why=UNKNOWN_MEMBER)
    patients = patient_store.opened(session, caller.practice_id, list(held))
    sure = [one for one in patients.values() if is_surely(answer.patient, one)]
    if len(sure) != 1:
        return Filed(Outcome.UNMATCHED, why=SEVERAL if sure else NAMES_DIFFER)
    (patient,) = sure
    theirs = [one for one in held[patient.id] if _same_payer(caller, session, answer, book, one)]
    if not theirs:
        return Filed(Outcome.UNMATCHED, patient.id, why=OTHER_PAYER)
    day = answer.service_day or caller.clock.now().date()
    found = _of_day(theirs, day)
    return Matched(found, line_of(book, found), None)


def _holding(caller: Caller, session: Session, member: str) -> dict[UUID, list[Coverage]]:
    """The coverages on file under a member id, a dependent's suffix aside, by patient."""
    practice_id = caller.practice_id
    ids = {
        patient
        for key in member_keys(member)
        for patient in patient_store.found_under(session, practice_id, [key], MOST_FOUND)
    }
    key = keyring_of(session).member_key(practice_id, member)
    coverages = coverage_store.of_patients(session, practice_id, sorted(ids))
    kept = {patient: [one for one in theirs if one.member.same_as(key)] for patient, theirs in coverages.items()}
    return {patient: theirs for patient, theirs in kept.items() if theirs}


def _who(caller: Caller, session: Session, answer: PlanAnswer) -> UUID | None:
    """The one patient on file of this name and birth date, for whoever looks at an answer without a coverage."""
    named = answer.patient
    if named.birth_date is None or named.last_name is None:
        return None
    keys = [birth_key(named.birth_date), name_key("last", named.last_name)]
    ids = patient_store.found_under(session, caller.practice_id, keys, MOST_FOUND)
    sure = [one for one in _opened(caller, session, ids) if is_surely(named, one)]
    return sure[0].id if len(sure) == 1 else None


def _opened(caller: Caller, session: Session, ids: Sequence[UUID]) -> list[Patient]:
    return list(patient_store.opened(session, caller.practice_id, ids).values())


def _of_day(coverages: Sequence[Coverage], day: date) -> Coverage:
    """Of several coverages under one member id the one that holds the day, the first to pay, the latest begun."""
    return max(
        coverages,
        key=lambda one: (
            day in one.span,
            one.rank is Rank.PRIMARY,
            one.rank is Rank.SECONDARY,
            one.span.begins or date.min,
            one.id.hex,
        ),
    )


def _same_payer(caller: Caller, session: Session, answer: PlanAnswer, book: Book, coverage: Coverage) -> bool:
    """Say whether the payer that answers may be that of a coverage: its own id or name, or none that is known.

    Payers write their names in many ways; only one that surely is another payer speaks against it.
    """
    routes = asking_store.routes(session, caller.practice_id)
    route = routes.get(coverage.payer)
    if route is not None and answer.payer_id is not None and route.payer_id == answer.payer_id:
        return True
    told = [resolve_payer(book, text) for text in (answer.payer_id, answer.payer_name) if text]
    known = {one.key for one in told if one.in_library}
    known |= {key for key, one in routes.items() if one.payer_id == answer.payer_id and answer.payer_id}
    return not known or coverage.payer in known


def _is_ours(caller: Caller, session: Session, npi: str) -> bool:
    """Say whether an NPI is the practice's or one of its providers'; any is where none is on file."""
    practice = practice_store.practice_of(session, caller.practice_id)
    people = practice_store.providers(session, caller.practice_id)
    ours = {practice.group_npi, *(one.npi for one in people), *(one.group_npi for one in people)} - {None}
    return npi in ours or not ours


def line_of(book: Book, coverage: Coverage) -> Line | None:
    """A coverage's line of business: its own, else its payer's only one, else not known."""
    only = book.only_line(coverage.payer)
    return coverage.line or (only if isinstance(only, Line) else None)
