"""FHIR Appointments in the shape of appointment feeds. Every name and number is invented."""

import json

import pytest

from app.standards.errors import Fault, ReadingError
from app.standards.fhir.reading import read_json

NPI = "1234567893"
PATIENT = {
    "resourceType": "Patient",
    "id": "p1",
    "identifier": [
        {"type": {"coding": [{"code": "SS"}]}, "value": "555"},
        {"type": {"coding": [{"code": "MR"}]}, "value": "M7"},
    ],
    "name": [{"use": "old", "family": "Rivera"}, {"use": "official", "family": "Stone", "given": ["Ana", "M"]}],
    "birthDate": "1980-02-14",
}
DOCTOR = {
    "resourceType": "Practitioner",
    "id": "d1",
    "identifier": [{"system": "http://hl7.org/fhir/sid/us-npi", "value": NPI}],
    "name": [{"family": "Okafor", "given": ["Ngozi"]}],
}
PLACE = {"resourceType": "Location", "id": "l1", "name": "Main Street"}
APPOINTMENT = {
    "resourceType": "Appointment",
    "id": "a1",
    "meta": {"lastUpdated": "2026-03-01T08:00:00Z"},
    "identifier": [{"value": "V1"}],
    "status": "booked",
    "serviceType": [{"coding": [{"code": "96910"}]}],
    "reasonCode": [{"coding": [{"system": "http://hl7.org/fhir/sid/icd-10-cm", "code": "L40.0"}]}],
    "start": "2026-03-09T14:30:00-05:00",
    "end": "2026-03-09T15:00:00-05:00",
    "participant": [
        {"actor": {"reference": "Patient/p1"}, "status": "accepted"},
        {"actor": {"reference": "Practitioner/d1"}, "status": "accepted"},
        {"actor": {"reference": "Location/l1"}, "status": "accepted"},
    ],
}


def content(resource):
    (document,) = read_json(json.dumps(resource).encode())
    return document["content"]


def bundle(*resources, **values):
    return {"resourceType": "Bundle", "type": "searchset", "entry": [{"resource": one} for one in resources], **values}


def test_an_appointment_takes_what_its_bundle_holds():
    read = content(bundle(APPOINTMENT, PATIENT, DOCTOR, PLACE, timestamp="2026-03-02T08:00:00Z"))
    assert read["sent_at"] == "2026-03-02T08:00:00Z"
    assert read["appointments"] == [
        {
            "event": None,
            "action": None,
            "appointment_id": "V1",
            "filler_id": "a1",
            "starts_at": "2026-03-09T14:30:00-05:00",
            "minutes": 30,
            "status": "booked",
            "locations": ["Main Street"],
            "patient": {"mrn": "M7", "last_name": "Stone", "first_name": "Ana", "birth_date": "1980-02-14"},
            "provider": {"npi": NPI, "name": "Ngozi Okafor"},
            "location": "Main Street",
            "services": [{"code": "96910", "diagnoses": ["L40.0"]}],
            "reason": "L40.0",
        }
    ]


@pytest.mark.parametrize(
    ("status", "action"), [("cancelled", "cancel"), ("noshow", "no_show"), ("entered-in-error", "delete")]
)
def test_a_status_says_what_was_done(status, action):
    (read,) = content(APPOINTMENT | {"status": status})["appointments"]
    assert (read["status"], read["action"]) == (status, action)


def test_by_itself_it_knows_actors_by_their_display_and_makes_no_record_number_of_a_reference():
    actors = [
        {"actor": {"reference": "Patient/p1", "display": "Ana Stone"}},
        {"actor": {"reference": "https://example.test/r4/Practitioner/d1/_history/2", "display": "Dr Okafor"}},
        {"actor": {"type": "Location", "display": "Main Street"}},
    ]
    read = content(APPOINTMENT | {"participant": actors, "minutesDuration": 20})
    (one,) = read["appointments"]
    assert read["sent_at"] == "2026-03-01T08:00:00Z"
    assert set(one["patient"].values()) == {None}
    assert (one["provider"], one["location"]) == ({"npi": None, "name": "Dr Okafor"}, "Main Street")
    assert one["minutes"] == 20


def test_a_patient_with_two_untyped_numbers_has_no_record_number():
    two = PATIENT | {"identifier": [{"value": "1"}, {"value": "2"}], "birthDate": "1980"}
    (one,) = content(bundle(APPOINTMENT, two))["appointments"]
    assert (one["patient"]["mrn"], one["patient"]["birth_date"], one["patient"]["last_name"]) == (None, None, "Stone")


def test_a_value_of_the_wrong_type_is_refused_with_its_pointer():
    with pytest.raises(ReadingError) as refused:
        content(bundle(APPOINTMENT | {"start": 5}))
    assert refused.value.fault is Fault.BAD_VALUE
    assert refused.value.where == "/entry/0/resource/start"
