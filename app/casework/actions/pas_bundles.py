"""The bundle of a case for a payer's system: gathered of every room, and written."""

from uuid import UUID

from sqlalchemy.orm import Session

from app.authorizations import store as authorization_store
from app.authorizations.facts import AuthorizationRecord
from app.casework.facts.pas import PasCase, PasRefusedError, trace_of
from app.casework.rules.pas import lacks_for_pas, request_of
from app.coverage.store import coverages as coverage_store
from app.gateways.facts import PasSystem
from app.patients import store as patient_store
from app.platform.caller import Caller
from app.practice.store import practice as practice_store
from app.standards.fhir.pas_writing import UnwritableError, write_inquiry, write_request

UNWRITABLE = "A name or number of this request holds signs that cannot be sent. Correct it and send it again."


def _case(caller: Caller, session: Session, record: AuthorizationRecord) -> PasCase:
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
    caller: Caller, record: AuthorizationRecord, message_id: UUID, request_id: UUID, system: PasSystem, inquiry: bool
) -> bytes:
    """Write the bundle of a case, in the transaction that is open.

    Takes     the case; the id of the message; the message that is asked about, under whose trace; the payer's system.
    Raises    PasRefusedError with what the case lacks, or where it cannot be written.
    """
    case = _case(caller, caller.session, record)
    lacks = lacks_for_pas(case)
    if lacks:
        raise PasRefusedError(*lacks)
    trace = trace_of(request_id)
    request = request_of(case, message_id, trace, system.submitter, system.payer_id, caller.clock.now())
    try:
        return write_inquiry(request) if inquiry else write_request(request)
    except UnwritableError:
        raise PasRefusedError(UNWRITABLE) from None
