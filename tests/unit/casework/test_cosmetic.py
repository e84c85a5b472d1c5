"""Insurance is not asked for a cosmetic service: which of a request's codes are, and what the refusal says."""

import pytest

from app.casework.rules.cosmetic import cosmetic_services, refusal_words
from app.policies.actions.library import SHIPPED
from app.policies.files.directory import files_of, policies_of
from app.policies.rules.compiling import compile_book
from app.schedule.facts import ServiceLine
from tests.support import make

BOOK = compile_book(policies_of({n: t for n, t in files_of(SHIPPED).items() if n.startswith("_grid/")}), "test")
NOTHING = frozenset()


def line(code, klass=None, documented=NOTHING):
    """A planned line."""
    return ServiceLine(make.an_id(1), 0, code, klass=klass, documented=documented)


def codes_of(asked, diagnoses=(), booked=(), documented=NOTHING):
    """The cosmetic codes of a request."""
    found = cosmetic_services(
        BOOK, [one if isinstance(one, tuple) else (one, None) for one in asked], diagnoses, booked, documented
    )
    return [one.code for one in found]


@pytest.mark.parametrize(
    ("code", "diagnoses", "cosmetic"),
    [
        ("17380", ("L68.0",), True),
        ("17380", (), True),
        ("17380", ("L05.91",), False),
        ("15788", ("L81.1",), True),
        ("15788", ("L57.0",), False),
        ("15788", (), False),
        ("17110", ("L82.1",), False),
        ("96910", ("L40.0",), False),
        ("99999", (), False),
        ("J0585", ("Z41.1",), True),
        ("J0585", ("L74.510",), False),
    ],
)
def test_a_code_is_cosmetic_by_its_diagnoses_and_unknown_or_conditional_is_not(code, diagnoses, cosmetic):
    assert codes_of([code], diagnoses) == ([code] if cosmetic else [])


def test_a_wish_for_the_look_makes_a_conditional_service_cosmetic_until_a_finding_is_recorded():
    look = frozenset({"patient_request_appearance"})
    assert codes_of(["17110"], ("L82.1",), documented=look) == ["17110"]
    assert codes_of(["17110"], ("L82.1",), documented=look | {"bleeding"}) == []
    assert (
        codes_of(["17110"], ("L82.1",), booked=[line("17110", documented=frozenset({"itching"}))], documented=look)
        == []
    )


def test_what_a_person_said_of_the_class_of_a_visit_type_counts_for_its_code():
    assert codes_of(["17999"], booked=[line("17999", "medical")]) == []
    assert codes_of(["17110"], ("B07.0",), booked=[line("17110", "cosmetic")]) == ["17110"]
    assert codes_of(["17999"], booked=[line("11102", "medical")]) == ["17999"]


def test_in_a_range_each_code_is_judged():
    assert codes_of([("11950", "11954")], ("Z41.1",)) == ["11950", "11951", "11952", "11954"]
    assert codes_of([("96910", "96913")], ("L40.0",)) == []
    assert codes_of([("*", None), (None, None)]) == []


def test_the_refusal_says_why_by_whose_word_and_what_to_do():
    (found,) = cosmetic_services(BOOK, [("17380", None)], ("L68.0",), (), NOTHING)
    words = refusal_words(found)
    assert words.startswith(
        "17380 with L68.0 is cosmetic by the service grid (Hair removal; Aetna CPB 0031, UHC 2020T0337V"
    )
    assert "read 11/23/2026): insurance is not asked for it. If a medical reason is documented, record" in words
    assert "L05.91" in words and words.endswith(
        "else prepare the estimate and the consent in the visit's booking check"
    )
    (bare,) = cosmetic_services(BOOK, [("15775", None)], (), (), NOTHING)
    assert "from memory, to verify" in refusal_words(bare)
    assert refusal_words(bare).endswith("Prepare the estimate and the consent in the visit's booking check")
