"""A case that is ready to go to its payer by FHIR, and what the payer's system answers."""

from dataclasses import replace
from datetime import date
from typing import Any
from uuid import UUID

from app.authorizations import store as authorization_store
from app.authorizations.facts import AuthorizationRecord, Counting, Item, RequestedLine, Status
from app.casework.facts.pas import trace_of
from app.gateways.facts import Answer, Gateways, Outcome
from app.gateways.pas.recording import RecordingPas
from app.platform.caller import Caller
from app.practice.store import practice as practice_store
from tests.support import make
from tests.support.desk import PAYER, Booking, Desk
from tests.support.pas import PATIENT, TRACE_SYSTEM, action, bundle, item, period, response, written

CASE = make.an_id(60_001)
SECRET = "a-secret-of-the-tests-of-thirty-two-signs"
LINE = RequestedLine(
    code="96910",
    counting=Counting.UNITS,
    count=36,
    begins=date(2026, 3, 9),
    ends=date(2026, 8, 31),
    diagnoses=("L40.0",),
    provider_npi="1003000126",
    place="11",
)
READY: dict[str, Any] = {
    "status": Status.READY,
    "raw_status": "ready",
    "requested_on": None,
    "items": (Item(("96910",), None, Counting.UNITS, 36),),
    "used_on": None,
    "begins": date(2026, 3, 9),
    "ends": date(2026, 8, 31),
    "diagnoses": ("L40.0",),
    "provider_npi": "1003000126",
    "requested": (LINE,),
}


def ready_case(desk: Desk, **changed: Any) -> UUID:
    """Put the case CASE on file, ready to be sent, with a group NPI of its practice."""
    desk.book(Booking(9, "Dubois", "Henri", "pending"))
    session, practice_id = desk.session, desk.practice_id
    practice = practice_store.practice_of(session, practice_id)
    practice_store.save_practice(session, practice_id, replace(practice, group_npi=make.GROUP_NPI))
    record, _ = case_of(desk.caller)
    authorization_store.change_authorizations(session, practice_id, [replace(record, **READY | changed)], [])
    session.commit()
    return CASE


def case_of(caller: Caller) -> tuple[AuthorizationRecord, int]:
    """The case as it stands, with its version."""
    found = authorization_store.record_of(caller.session, caller.practice_id, CASE)
    assert found is not None
    return found


def payers_system(secret: str | None = SECRET) -> RecordingPas:
    """The payer's system."""
    return RecordingPas(frozenset({PAYER}), secret=secret)


def reached(system: RecordingPas) -> Gateways:
    """The ways out of the building, with the payer's system among them."""
    return Gateways(pas={"main": system})


def answered(content: bytes) -> Answer:
    """The payer took it and answered so."""
    return Answer(Outcome.ACCEPTED, content=content)


def said(
    key: UUID, member: str, code: str = "A1", number: str | None = "AUTH-77", last: str = "Dubois"
) -> dict[str, Any]:
    """The payer's answer to the request of a key, as a bundle."""
    detail = {
        "url": "http://hl7.org/fhir/us/davinci-pas/StructureDefinition/extension-itemAuthorizedDetail",
        "extension": [
            {"url": "productOrServiceCode", "valueCodeableConcept": {"coding": [{"code": "96910"}]}},
            {"url": "quantity", "valueQuantity": {"value": 36, "code": "UN"}},
        ],
    }
    granted = [period("itemPreAuthPeriod", "2026-03-09", "2026-08-31"), detail] if code == "A1" else []
    line = item(1, action(code, number), extension=granted) if granted else item(1, action(code))
    answer = response(line, identifier=[{"system": TRACE_SYSTEM, "value": trace_of(key)}])
    patient = {
        **PATIENT,
        "identifier": [{"system": "http://payer.example/MIN", "value": member}],
        "name": [{"family": last, "given": ["Henri"]}],
    }
    return bundle(answer, patient)


def says(key: UUID, member: str, code: str = "A1", **more: Any) -> bytes:
    """The bytes of the payer's answer."""
    return written(said(key, member, code, **more))
