"""Take a payer's answer that came by a document: find the request that it answers, and let it do its work once.

Nothing changes unless a request that is open matches: by our trace, else by member, payer and the reference of the
exchange; and unless member, patient and payer are those of the request. All else waits for a person.
"""

import json
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from app.audit.actions import record as audit
from app.authorizations import store as authorization_store
from app.authorizations.facts import AuthorizationRecord, Status
from app.authorizations.rules.numbers import real_number
from app.casework.actions.applying import apply_answer
from app.casework.actions.pas_changes import as_asked
from app.casework.facts.payer_answers import Answer, KeptAnswer, PayerAnswer, PayerRequest
from app.casework.facts.sides import OnFile
from app.casework.intake.reviews import read_review
from app.casework.rules.matching import differs_in
from app.casework.store import payer_answers as store
from app.coverage.store import coverages as coverage_store
from app.patients import store as patient_store
from app.patients.rules import birth_key, member_keys
from app.platform.caller import Caller
from app.platform.changes import announced
from app.platform.ids import new_id
from app.policies.actions.library import current_book
from app.policies.rules.payers import resolve_payer
from app.values.records import Filed, Outcome, RecordRef

OPEN = frozenset({Status.SUBMITTED, Status.MORE_INFO})
"""States in which the payer owes an answer to the request itself."""
MOST = 10
NO_REQUEST, NOT_OPEN, NO_DECISION, NOT_APPLIED = "no_request", "not_open", "no_decision", "not_applied"
"""Why an answer waits, beside what `differs_in` names."""


@dataclass(frozen=True, slots=True)
class _Found:
    """The case that an answer is for, held; the request that was sent, where the program knows of it."""

    case: AuthorizationRecord
    version: int
    request: PayerRequest | None


def take_decision(caller: Caller, review: Mapping[str, Any], ref: RecordRef, chosen: UUID | None = None) -> Filed:
    """Take one answer of a payer to a request.

    Takes     a review of `x12.278` (a response) or `fhir.pas-response` as reading.md describes them; the document and
              the record that it came in; the case that a person said it belongs to (None: nobody was asked). A
              person's word stands for trace, member and payer, never for a request that is open.
    Returns   MATCHED: the case was updated line by line, its visits judged. ALREADY: an answer that says the same did
              its work on the case. UNMATCHED: no request matches, or the answer decides nothing. CONTRADICTING: the
              request is not open, or names another member, patient or payer; the case stays as it is.
    """
    answer = read_review(review)
    with announced(caller) as session:
        found = _chosen(caller, session, chosen) if chosen is not None else _matching(caller, session, answer)
        if found is None:
            return Filed(Outcome.UNMATCHED, patient_id=_patient_of(caller, session, answer), why=NO_REQUEST)
        case, version = found.case, found.version
        digest = store.digest_of(session, caller.practice_id, _said(answer))
        if store.kept(session, caller.practice_id, case.id, digest):
            return Filed(Outcome.ALREADY, case.patient_id, case.id)
        stopped = _stopped(caller, session, answer, found, chosen)
        if stopped is not None:
            return stopped
        event_id = apply_answer(caller, as_asked(caller, session, case, answer), version, answer)
        kept = KeptAnswer(new_id(), case.id, ref.document_id, ref.number, answer.answer, caller.clock.now(), event_id)
        store.keep(session, caller.practice_id, kept, digest)
        audit(caller, "casework.answer_taken", [case.patient_id, case.id], answer=answer.answer.value)
    return Filed(Outcome.MATCHED, case.patient_id, case.id)


def _stopped(caller: Caller, session: Session, answer: PayerAnswer, found: _Found, chosen: UUID | None) -> Filed | None:
    """Say why an answer does no work on the case that it names; None: it does."""
    case = found.case
    if chosen is None:
        book = current_book(session, caller.practice_id)
        why = differs_in(answer.named, _on_file(caller, session, found), book)
        if why is not None:
            return Filed(Outcome.CONTRADICTING, case.patient_id, case.id, why)
    if answer.answer is Answer.CANCELED and case.status is Status.WITHDRAWN:
        return Filed(Outcome.ALREADY, case.patient_id, case.id)
    if case.status not in OPEN:
        return Filed(Outcome.CONTRADICTING, case.patient_id, case.id, NOT_OPEN)
    if answer.answer is Answer.UNKNOWN:
        return Filed(Outcome.UNMATCHED, case.patient_id, case.id, NO_DECISION)
    return None


def _said(answer: PayerAnswer) -> str:
    """What an answer says, as one text: the same for the same answer, however it came."""
    told = asdict(answer)
    del told["traces"], told["reference"]
    return json.dumps(told, sort_keys=True, default=str)


def _chosen(caller: Caller, session: Session, case_id: UUID) -> _Found | None:
    return _held(caller, session, case_id, None)


def _held(caller: Caller, session: Session, case_id: UUID, request: PayerRequest | None) -> _Found | None:
    found = authorization_store.record_of(session, caller.practice_id, case_id, hold=True)
    return None if found is None else _Found(*found, request)


def _matching(caller: Caller, session: Session, answer: PayerAnswer) -> _Found | None:
    """Find the case that an answer is for: by our trace, else by member, payer and reference, where only one fits."""
    requests = [store.case_by_trace(session, caller.practice_id, trace) for trace in answer.traces]
    named = {one.case_id: one for one in requests if one is not None}
    if len(named) == 1:
        ((case_id, request),) = named.items()
        return _held(caller, session, case_id, request)
    if named:
        return None  # it names two requests of ours
    return _by_member(caller, session, answer)


def _by_member(caller: Caller, session: Session, answer: PayerAnswer) -> _Found | None:
    payers = _payers(caller, answer)
    patients = _patients(caller, session, answer)
    references = {one for text in (answer.reference, answer.number) if (one := real_number(text)) is not None}
    if not payers or not patients or not references:
        return None
    sent = {
        one.case_id
        for reference in references
        for one in store.cases_by_reference(session, caller.practice_id, reference)
    }
    fitting = [
        case
        for group in authorization_store.records_of(session, caller.practice_id, patients).values()
        for case in group
        if case.payer in payers and (case.id in sent or case.reference in references)
    ]
    return _held(caller, session, fitting[0].id, None) if len(fitting) == 1 else None


def _patients(caller: Caller, session: Session, answer: PayerAnswer) -> tuple[UUID, ...]:
    """Find the patients whom an answer names by member id, and by birth date where it gives one."""
    named = answer.named
    if named.member_id is None:
        return ()
    also = {birth_key(named.birth_date)} if named.birth_date is not None else set()
    found = {
        patient
        for key in member_keys(named.member_id)
        for patient in patient_store.found_under(session, caller.practice_id, {key, *also}, MOST)
    }
    return tuple(sorted(found))


def _patient_of(caller: Caller, session: Session, answer: PayerAnswer) -> UUID | None:
    found = _patients(caller, session, answer)
    return found[0] if len(found) == 1 else None


def _payers(caller: Caller, answer: PayerAnswer) -> frozenset[str]:
    """The keys of the payers that an answer names, by id and by name."""
    book = current_book(caller.session, caller.practice_id)
    texts = [text for text in (answer.named.payer_id, answer.named.payer_name) if text]
    return frozenset(resolve_payer(book, text).key for text in texts)


def _on_file(caller: Caller, session: Session, found: _Found) -> OnFile:
    """What is on file of the request's member, patient and payer, beside which the answer is held."""
    case, practice_id = found.case, caller.practice_id
    records = coverage_store.records_of(session, practice_id, [case.patient_id]).get(case.patient_id, [])
    person = patient_store.opened(session, practice_id, [case.patient_id])[case.patient_id]
    return OnFile(
        payer=case.payer,
        payer_id=found.request.payer_id if found.request is not None else None,
        members=_members(case, (one.member_id for one in records if one.payer == case.payer)),
        birth_date=person.birth_date,
        last_name=person.last_name,
    )


def _members(case: AuthorizationRecord, of_coverages: Iterable[str]) -> tuple[str, ...]:
    """The member ids under which a request may be answered: the one that it names, else those of the coverages."""
    return (case.member_id,) if case.member_id else tuple(of_coverages)
