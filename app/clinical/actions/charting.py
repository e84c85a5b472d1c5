"""Write clinical facts down, correct them, take them away and bring them back."""

from collections.abc import Sequence
from dataclasses import replace
from uuid import UUID

from app.audit.actions import record
from app.clinical.facts import ClinicalFact, SourceKind
from app.clinical.store import charted as store
from app.documents import store as document_store
from app.patients import store as patient_store
from app.platform.caller import Caller
from app.platform.changes import Changed, announce, announced


class ClinicalFactNotFoundError(Exception):
    """No patient has this id, or no fact of the patient."""


class StaleFactError(Exception):
    """Somebody corrected the fact or took it away meanwhile: nothing is saved. `now`: what stands in its place."""

    def __init__(self, now: ClinicalFact | None) -> None:
        super().__init__("the fact was changed meanwhile")
        self.now = now


class SourceRefusedError(Exception):
    """The document is not one of the patient's, was taken away, or has no such page. `pages`: how many it has."""

    def __init__(self, pages: int | None) -> None:
        super().__init__("the document does not show it")
        self.pages = pages


def record_facts(caller: Caller, patient_id: UUID, facts: Sequence[ClinicalFact]) -> tuple[UUID, ...]:
    """Write facts of a patient down; the patient's visits are judged anew in the same transaction.

    Takes     facts with ids that forms carry: one that is on file already is not written twice.
    Returns   the ids of those that are new.
    Raises    ClinicalFactNotFoundError; SourceRefusedError.
    """
    with announced(caller) as session:
        practice_id = caller.practice_id
        if not patient_store.opened(session, practice_id, [patient_id]):
            raise ClinicalFactNotFoundError
        fresh = [one for one in facts if store.fact_of(session, practice_id, one.id) is None]
        if any(one.patient_id != patient_id for one in fresh):
            raise ClinicalFactNotFoundError
        for one in fresh:
            _check_source(caller, one)
        store.add_facts(session, practice_id, fresh)
        if fresh:
            announce(session, Changed(frozenset({patient_id})))
            record(caller, "clinical.facts_recorded", [patient_id], facts=len(fresh))
    return tuple(one.id for one in fresh)


def correct_fact(caller: Caller, wrong_id: UUID, right: ClinicalFact) -> None:
    """Put a fact in the place of one that is wrong; the wrong one stays readable and counts no longer.

    Raises    ClinicalFactNotFoundError; StaleFactError where the wrong one counts no longer; SourceRefusedError.
    """
    with announced(caller) as session:
        wrong = _of_patient(caller, right.patient_id, wrong_id)
        if store.fact_of(session, caller.practice_id, right.id) is not None:
            return  # the same form, sent twice
        _check_source(caller, right)
        if not store.end_fact(session, caller.practice_id, wrong_id, caller.clock.now(), caller.user_id):
            raise StaleFactError(_follower(caller, wrong))
        store.add_facts(session, caller.practice_id, [replace(right, corrects=wrong_id)])
        announce(session, Changed(frozenset({right.patient_id})))
        record(caller, "clinical.fact_corrected", [right.patient_id, right.id])


def take_fact_away(caller: Caller, patient_id: UUID, fact_id: UUID) -> None:
    """Let a fact no longer count, because it was wrong. Taken away twice, it is so once.

    Raises    ClinicalFactNotFoundError.
    """
    with announced(caller) as session:
        _of_patient(caller, patient_id, fact_id)
        if store.end_fact(session, caller.practice_id, fact_id, caller.clock.now(), caller.user_id):
            announce(session, Changed(frozenset({patient_id})))
            record(caller, "clinical.fact_taken_away", [patient_id, fact_id])


def bring_fact_back(caller: Caller, patient_id: UUID, fact_id: UUID) -> None:
    """Let a fact count again that was taken away. One whose place another took stays away: correct that one.

    Raises    ClinicalFactNotFoundError; StaleFactError.
    """
    with announced(caller) as session:
        fact = _of_patient(caller, patient_id, fact_id)
        follower = _follower(caller, fact)
        if follower is not None:
            raise StaleFactError(follower)
        if store.restore_fact(session, caller.practice_id, fact_id):
            announce(session, Changed(frozenset({patient_id})))
            record(caller, "clinical.fact_brought_back", [patient_id, fact_id])


def _of_patient(caller: Caller, patient_id: UUID, fact_id: UUID) -> ClinicalFact:
    found = store.fact_of(caller.session, caller.practice_id, fact_id)
    if found is None or found.patient_id != patient_id:
        raise ClinicalFactNotFoundError
    return found


def _follower(caller: Caller, wrong: ClinicalFact) -> ClinicalFact | None:
    """The fact that took the place of another, if one did."""
    facts = store.history_of(caller.session, caller.practice_id, wrong.patient_id)
    return next((one for one in facts if one.corrects == wrong.id), None)


def _check_source(caller: Caller, fact: ClinicalFact) -> None:
    source = fact.source
    if source.document_id is None:
        if source.kind is SourceKind.DOCUMENT:
            raise SourceRefusedError(None)
        return
    document = document_store.document_of(caller.session, caller.practice_id, source.document_id)
    if document is None or document.patient_id != fact.patient_id or document.removed_at is not None:
        raise SourceRefusedError(None)
    if source.page is not None and not 1 <= source.page <= document.pages:
        raise SourceRefusedError(document.pages)
