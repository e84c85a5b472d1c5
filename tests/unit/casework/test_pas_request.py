"""From a case to what a payer's system is asked: every line, nothing guessed, and what it lacks is named."""

from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID

import pytest

from app.authorizations.facts import AuthorizationRecord, Counting, Item, Kind, RequestedLine, Status
from app.casework.facts.pas import PasCase
from app.casework.rules.pas import lacks_for_pas, request_of, service_type
from app.patients.facts import Patient
from app.practice.facts.practice import Practice, Provider
from app.standards.fhir.pas_facts import Certification
from app.standards.fhir.pas_writing import write_request
from tests.support import make

NOW = datetime(2026, 3, 2, 15, 0, 0, 250, tzinfo=UTC)
LINE = RequestedLine(
    code="96910",
    counting=Counting.UNITS,
    count=36,
    begins=date(2026, 3, 9),
    ends=date(2026, 8, 31),
    diagnoses=("L40.0",),
)


def case(provider: str | None = "Dr. Ana Reyes", relationship: str | None = "self", **changed: Any) -> PasCase:
    """A case with a member, a line and a diagnosis, and what is changed of it."""
    given: dict[str, Any] = {"requested": (LINE,), "member_id": "XMB1"} | changed
    record = AuthorizationRecord(
        make.an_id(1), make.an_id(2), "k", "local:acme", "Acme Health", Status.READY, "ready", **given
    )
    patient = Patient(make.an_id(2), "M1", "Okafor", "Dana", date(1981, 4, 9))
    practice = Practice(make.PRACTICE_ID, "Lakeside Dermatology", "America/New_York", "NY", make.GROUP_NPI)
    who = Provider(make.an_id(3), make.NPI, provider, None) if provider is not None else None
    return PasCase(record, patient, practice, who, relationship, None)


def asked(one: PasCase) -> Any:
    """What the payer's system is asked; it can be written."""
    assert lacks_for_pas(one) == ()
    request = request_of(one, UUID(int=7), "T-7", "9012345", "ACME1", NOW)
    assert write_request(request)
    return request


def test_a_line_says_what_was_asked():
    (line,) = asked(case()).lines
    assert (line.code, line.quantity, line.unit, line.begins, line.ends) == (
        "96910",
        36,
        "UN",
        date(2026, 3, 9),
        date(2026, 8, 31),
    )


def test_a_count_that_is_not_known_is_not_sent():
    item = RequestedLine(code="96910", counting=Counting.NOT_COUNTED, count=None, diagnoses=("L40.0",))
    (line,) = asked(case(requested=(item,))).lines
    assert (line.quantity, line.unit) == (None, None)


def test_a_case_that_was_not_written_here_is_asked_by_its_items():
    given = {"requested": (), "items": (Item(("96910",), None, Counting.VISITS, 12),), "diagnoses": ("L40.0",)}
    (line,) = asked(case(**given)).lines
    assert (line.code, line.quantity, line.unit) == ("96910", 12, "VS")


@pytest.mark.parametrize(
    ("kind", "certification"),
    [
        (Kind.INITIAL, Certification.INITIAL),
        (Kind.RENEWAL, Certification.RENEWAL),
        (Kind.EXTENSION, Certification.EXTENSION),
    ],
)
def test_a_renewal_and_an_extension_say_so(kind, certification):
    assert asked(case(kind=kind)).lines[0].certification is certification


@pytest.mark.parametrize(
    ("name", "parted"),
    [
        ("Dr. Ana Reyes", ("Reyes", "Ana")),
        ("Ana Maria Reyes, MD", ("Reyes", "Ana Maria")),
        ("Reyes, Ana", ("Reyes", "Ana")),
        ("Reyes, Ana, M.D.", ("Reyes", "Ana")),
        ("Reyes", ("Reyes", None)),
    ],
)
def test_a_name_is_parted_as_people_write_it(name, parted):
    practitioner = asked(case(provider=name)).practitioner
    assert (practitioner.last_name, practitioner.first_name) == parted


def test_who_the_subscriber_is_is_not_guessed():
    assert [asked(case(relationship=one)).member.is_subscriber for one in ("self", "spouse", None)] == [
        True,
        False,
        None,
    ]


@pytest.mark.parametrize(
    ("changed", "word"),
    [
        ({"kind": Kind.STEP_EXCEPTION}, "step therapy"),
        ({"member_id": None}, "member ID"),
        ({"requested": (RequestedLine(drug="drug:x", diagnoses=("L40.0",)),)}, "neither a code nor an NDC"),
        ({"requested": (RequestedLine(code="96910"),)}, "no diagnosis"),
        ({"requested": (), "items": (Item(("*",)),)}, "names no service"),
    ],
)
def test_what_it_lacks_is_named(changed, word):
    assert any(word in one for one in lacks_for_pas(case(**changed)))


@pytest.mark.parametrize(
    ("code", "kind"),
    [
        ("17311", "2"),
        ("88305", "5"),
        ("77261", "6"),
        ("99213", "98"),
        ("96910", "1"),
        ("J0135", "1"),
        ("00074055402", "1"),
    ],
)
def test_each_code_belongs_to_a_kind_of_service(code, kind):
    assert service_type(code) == kind
