"""Whom a claim is about, and which visit: never a guess."""

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

from app.remittances.facts.claims import Candidate, Why
from app.remittances.intake.claims import read_claim
from app.remittances.rules.matching import patient_of, same_member, visit_of
from app.schedule.facts import ServiceLine, Visit, VisitStatus
from tests.support import make
from tests.support.remittances import claim, line

DAY = date(2026, 3, 2)
LENA = Candidate(make.an_id(1), "Abbott", "Lena", ("W00000001",))
LUKAS = Candidate(make.an_id(2), "Abbott", "Lukas", ("W00000001",))
OTHER = Candidate(make.an_id(3), "Bauer", "Otto", ("W00000009",))


def read(**more):
    return read_claim(claim(line(), **more))


def named(last, first, member="W00000001"):
    return {"patient": {"last_name": last, "first_name": first, "member_id": member}}


@pytest.mark.parametrize(
    ("sent", "candidates", "found", "why"),
    [
        (read(), [LENA], 1, None),
        (read(), [LENA, LUKAS], 1, None),
        (read(**named("ABBOTT", "LUKAS")), [LENA, LUKAS], 2, None),
        (read(**named("ABBOTT-SMITH", "LENA")), [LENA, LUKAS], 1, None),
        (read(**named("ABBOTT", "LENA MARIE")), [LENA], 1, None),
        (read(**named(None, None)), [LENA], 1, None),
        (read(**named(None, None)), [LENA, LUKAS], None, Why.SEVERAL_PATIENTS),
        (read(**named("ABBOTT", None)), [LENA, LUKAS], None, Why.SEVERAL_PATIENTS),
        (read(**named("ABBOTT", "JONAS")), [LENA, LUKAS], None, Why.OTHER_PATIENT),
        (read(**named("ABBOTT", "LENA", "Z1")), [LENA], None, Why.OTHER_PATIENT),
        (read(**named("ABBOTT", "LENA", None)), [replace(LENA, by_control=True)], 1, None),
        (read(**named(None, None, None)), [replace(LENA, by_control=True)], None, Why.OTHER_PATIENT),
        (read(**named("ABBOTT", "L", "W00000001")), [replace(LENA, by_control=True), LUKAS], None, Why.OTHER_PATIENT),
        (read(), [OTHER], None, Why.OTHER_PATIENT),
        (read(), [], None, Why.NO_PATIENT),
    ],
)
def test_a_patient_is_chosen_by_member_and_first_name_or_by_control_number_and_name(sent, candidates, found, why):
    expected = make.an_id(found) if found else None
    assert patient_of(sent, candidates) == (expected, why)
    assert patient_of(sent, candidates[::-1]) == (expected, why)


def test_a_corrected_member_id_finds_the_patient_too():
    corrected = {"member_id": "W00000001", "last_name": None, "first_name": None}
    assert patient_of(read(**named("ABBOTT", "LENA", "OLD1"), corrected=corrected), [LENA]) == (LENA.patient_id, None)


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("W-123 456 7", "w1234567", True),
        ("W1234567-01", "W1234567", True),
        ("W1234567", "W1234568", False),
        ("", "", False),
    ],
)
def test_member_ids_are_compared_without_signs_and_suffixes(one, other, same):
    assert same_member(one, other) is same


def visit(number, *codes, day=DAY, status=VisitStatus.DONE):
    lines = tuple(ServiceLine(make.an_id(number * 10 + place), place, code) for place, code in enumerate(codes))
    starts = datetime(day.year, day.month, day.day, 15, tzinfo=UTC)
    return Visit(make.an_id(number), f"V{number}", make.an_id(1), make.an_id(9), starts, day, status, lines)


@pytest.mark.parametrize(
    ("visits", "control", "found", "why"),
    [
        ([visit(1, "99213")], None, 1, None),
        ([visit(1, "11102")], None, 1, None),  # the only one of the day, though something else was performed
        ([visit(1, "99213"), visit(2, "11102")], None, 1, None),
        ([visit(1, "99213"), visit(2, "99213")], None, None, Why.SEVERAL_VISITS),
        ([visit(1, "99213"), visit(2, "99213")], "V2", 2, None),
        ([visit(1, "11102"), visit(2, "11103")], None, None, Why.SEVERAL_VISITS),
        ([visit(1, "99213", status=VisitStatus.CANCELED)], "V1", None, Why.NO_VISIT),
        ([visit(1, "99213", status=VisitStatus.NO_SHOW), visit(2, "11102")], None, 2, None),
        ([visit(1, "99213", day=date(2026, 3, 3))], "V1", None, Why.NO_VISIT),
        ([], None, None, Why.NO_VISIT),
    ],
)
def test_a_visit_is_chosen_by_day_then_number_then_code(visits, control, found, why):
    sent = read().lines[0]
    expected = make.an_id(found) if found else None
    assert visit_of(control, sent, (DAY, DAY), visits) == (expected, why)
    assert visit_of(control, sent, (DAY, None), visits[::-1]) == (expected, why)


def test_without_a_day_no_visit_is_chosen():
    assert visit_of("V1", None, (None, None), [visit(1, "99213")]) == (None, Why.NO_VISIT)
    assert visit_of("V1", None, (None, DAY), [visit(1, "99213")]) == (make.an_id(1), None)
