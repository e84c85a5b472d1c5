"""The bundle of a case for a payer's system: gathered of every room, and written."""

from collections.abc import Sequence
from dataclasses import replace
from uuid import UUID

from sqlalchemy.orm import Session

from app.authorizations import store as authorization_store
from app.authorizations.facts import AuthorizationRecord
from app.casework.facts.pas import PasCase, PasRefusedError, trace_of
from app.casework.rules.pas import lacks_for_pas, request_of
from app.casework.rules.pas_changes import PasChange
from app.coverage.store import coverages as coverage_store
from app.gateways.facts import PasSystem
from app.patients import store as patient_store
from app.platform.caller import Caller
from app.practice.store import practice as practice_store
from app.standards.fhir.pas_facts import Paper, PasRequest, PasUpdate
from app.standards.fhir.pas_update import write_update
from app.standards.fhir.pas_writing import UnwritableError, write_inquiry, write_request

UNWRITABLE = "A name or number of this request holds signs that cannot be sent. Correct it and send it again."


def case_for_payer(caller: Caller, session: Session, record: AuthorizationRecord) -> PasCase:
    """Gather what a request to a payer is made of."""
    practice_id = caller.practice_id
    coverages = coverage_store.on_file(session, practice_id, record.patient_id)
    coverage = next((one for one in coverages if (one.payer, one.member_id) == (record.payer, record.member_id)), None)
    npi = record.provider_npi
    provider = next((one for one in practice_store.providers(session, practice_id) if one.npi == npi), None)
    parent = authorization_store.record_of(session, practice_id, record.parent_id) if record.parent_id else None
    return PasCase(
        record=record,
        patient=patient_store.opened(session, practice_id, [record.patient_id])[record.patient_id],
        practice=practice_store.practice_of(session, practice_id),
        provider=provider,
        relationship=coverage.subscriber_relationship if coverage is not None else None,
        parent_number=parent[0].number if parent is not None else None,
    )


def written(
    caller: Caller, record: AuthorizationRecord, message_id: UUID, system: PasSystem, papers: Sequence[Paper]
) -> bytes:
    """Write the bundle of a case with its documents, in the transaction that is open.

    Raises    PasRefusedError with what the case lacks, or where it cannot be written.
    """
    request = _request(caller, record, message_id, message_id, system)
    try:
        return write_request(replace(request, papers=tuple(papers)))
    except UnwritableError:
        raise PasRefusedError(UNWRITABLE) from None


def written_inquiry(
    caller: Caller, record: AuthorizationRecord, message_id: UUID, about: UUID, system: PasSystem
) -> bytes:
    """Write the bundle that asks where a message stands, under its trace. Raises as `written`."""
    try:
        return write_inquiry(_request(caller, record, message_id, about, system))
    except UnwritableError:
        raise PasRefusedError(UNWRITABLE) from None


def written_change(
    caller: Caller, message_id: UUID, system: PasSystem, earlier: bytes, change: PasChange, papers: Sequence[Paper]
) -> bytes:
    """Write the bundle that changes what was sent before. Raises PasRefusedError where it cannot be written."""
    update = PasUpdate(
        bundle_id=message_id,
        trace=trace_of(message_id),
        created=caller.clock.now().replace(microsecond=0),
        submitter=system.submitter,
        earlier=earlier,
        lines=change.lines,
        urgent=change.urgent,
        note=change.note,
        papers=tuple(papers),
    )
    try:
        return write_update(update)
    except UnwritableError:
        raise PasRefusedError(UNWRITABLE) from None


def _request(
    caller: Caller, record: AuthorizationRecord, message_id: UUID, about: UUID, system: PasSystem
) -> PasRequest:
    case = case_for_payer(caller, caller.session, record)
    lacks = lacks_for_pas(case)
    if lacks:
        raise PasRefusedError(*lacks)
    return request_of(case, message_id, trace_of(about), system.submitter, system.payer_id, caller.clock.now())
