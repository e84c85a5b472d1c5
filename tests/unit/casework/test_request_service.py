"""What a person types as the service of a request: codes, drugs, words, families; and what a case of it lacks."""

from dataclasses import replace
from datetime import date
from pathlib import Path
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.authorizations.facts import AuthorizationRecord, Counting, RequestedLine, Status
from app.casework.facts.requests import AskedLine, RequestAnswer
from app.casework.rules.asked import NEXT_STEPS, next_step, waiting_days
from app.casework.rules.asking import absorbed, new_families, read_service, shown_name
from app.casework.rules.readiness import lacks_data, state_of
from app.casework.rules.trying import Terms, visits_for
from app.policies.facts.answers import DecisionClock
from app.policies.files.directory import read_policies
from app.policies.rules.compiling import compile_book
from app.values.spans import Duration
from tests.support.judging import PATIENT, SITE, a_line, a_visit

BOOK = compile_book(read_policies(Path(__file__).resolve().parents[3] / "payer_policies"), "a version")
DAY = date(2026, 3, 16)


def read(service="", **typed):
    """Read a form of one service field, with other fields as lists."""
    return read_service(BOOK, {"service": (service,), **typed})


@pytest.mark.parametrize(
    ("typed", "names"),
    [
        ("96910", ["96910"]),
        ("96910:36; 96912:10", ["96910", "96912"]),
        ("17311 17312", ["17311", "17312"]),
        ("j2357", ["J2357"]),
        ("96910/96912:36", ["96910", "96912"]),
        ("96920-96922:12", ["96920-96922"]),
        ("*", ["*"]),
        ("Dupixent", ["drug:dupixent"]),
        ("dupilumab, 96372", ["drug:dupixent", "96372"]),
        ("drug: Rhapsido", ["drug:rhapsido"]),
        ("96910; 96910:4", None),
        ("mohs", []),
        ("", []),
    ],
)
def test_codes_ranges_and_drugs_become_lines(typed, names):
    found = read(typed)
    assert [line.name for line in found.lines] == (["96910"] if names is None else names)
    assert found.errors == {}


def test_a_count_is_kept_with_its_unit():
    one, two, three = read("96910:36; J2357:12 visits; 96912:*").lines
    assert (one.counting, one.count) == (Counting.UNITS, 36)
    assert (two.counting, two.count) == (Counting.VISITS, 12)
    assert (three.counting, three.count) == (Counting.NOT_COUNTED, None)


def test_words_are_searched_and_nothing_is_chosen():
    found = read("mohs; 96910")
    assert [line.name for line in found.lines] == ["96910"]
    assert [hit.label for hit in found.hits["mohs"]] == ["Mohs surgery"]


@pytest.mark.parametrize("typed", ["zzzz", "9691", "96910:0", "ab", "999999"])
def test_what_nothing_is_called_has_a_sentence(typed):
    assert "service" in read(typed).errors


@pytest.mark.parametrize("name", ["", "drug:", "<script>", "96910:3", "96910/96912", "a" * 200])
def test_a_name_that_no_page_of_ours_makes_is_left_out(name):
    assert read(code=(name,)).lines == ()


def test_a_ticked_line_has_its_own_count_and_modifiers():
    typed = {"code": ("96910",), "count-96910": ("4",), "counting-96910": ("visits",), "modifiers-96910": ("59, xs",)}
    assert read(**typed).lines == (AskedLine("96910", "96910", None, None, ("59", "XS"), Counting.VISITS, 4),)
    wrong = read(**typed | {"count-96910": ("-1",), "modifiers-96910": ("1 2 3 4 5",)})
    assert set(wrong.errors) == {"count-96910", "modifiers-96910"}


def test_more_lines_than_a_request_has_are_refused():
    codes = tuple(f"{number}" for number in range(99202, 99245))
    assert "at most 40 codes" in read(code=codes).errors["service"]


def test_a_family_is_taken_in_once():
    typed = {"service": ("17311:1; botox",)}
    service = read_service(BOOK, typed)
    families = new_families(BOOK, typed, service.lines)
    shown = absorbed(typed, service, families)
    assert set(shown["code"]) >= {"17311", "17312", "17315"}
    assert (shown["count-17311"], shown["offered"]) == (("1",), ("mohs",))
    later = dict(shown) | {"code": ("17311",)}
    again = read_service(BOOK, later)
    assert new_families(BOOK, later, again.lines) == ()
    assert absorbed(later, again, ())["code"] == ("17311",)


@given(st.text(max_size=60))
def test_no_text_breaks_the_reading(text):
    typed = {"service": (text,), "code": (text,), "pick": (text,), f"count-{text}": (text,)}
    found = read_service(BOOK, typed)
    shown = absorbed(typed, found, new_families(BOOK, typed, found.lines))
    assert {line.name for line in found.lines} <= set(shown["code"])
    assert all(shown_name(line.name) for line in found.lines)


def test_the_visits_of_a_request_have_what_is_asked_for_once():
    lines = read("96910; 96912; dupixent").lines
    booked = a_visit(a_line(), a_line("99213", position=1))
    thought = visits_for(PATIENT, lines, Terms(DAY, SITE, diagnoses=("L20.9",)), [booked])
    (visit,) = thought.visits
    assert [line.code or line.drug for line in visit.lines] == ["96910", "99213", "96912", "drug:dupixent"]
    assert visit.lines[0].id == booked.lines[0].id
    assert visit.lines[0].diagnoses == ("L20.9",)
    assert len(set(thought.lines["96912"])) == 1
    (made_up,) = visits_for(PATIENT, lines, Terms(DAY, SITE)).visits
    assert (made_up.day, len(made_up.lines)) == (DAY, 3)


def test_a_request_is_a_draft_then_wants_documents_then_is_ready():
    line = RequestedLine(code="96910", counting=Counting.UNITS, count=3)
    empty = AuthorizationRecord(UUID(int=1), PATIENT, "", "", "", Status.DRAFT, "draft", requested=(line,))
    assert lacks_data(empty) == ("a diagnosis", "the first day of service", "the provider")
    assert state_of(empty, RequestAnswer(), ()) is Status.DRAFT
    whole = replace(empty, diagnoses=("L40.0",), begins=DAY, provider_npi="1003000126")
    assert state_of(whole, RequestAnswer(), ()) is Status.READY
    uncounted = replace(whole, requested=(replace(line, counting=Counting.UNKNOWN, count=None),))
    assert lacks_data(uncounted) == ("how many units or visits",)


def test_what_a_person_wrote_as_next_action_stays():
    own = AuthorizationRecord(UUID(int=1), PATIENT, "", "", "", Status.DRAFT, "draft", next_action="Call Ada")
    assert next_step(Status.READY, DAY, own) == {}
    ours = replace(own, next_action=NEXT_STEPS[Status.DRAFT])
    assert next_step(Status.READY, DAY, ours) == {"next_action": NEXT_STEPS[Status.READY], "next_action_on": DAY}
    assert next_step(Status.DRAFT, DAY, ours) == {}


@pytest.mark.parametrize(
    ("standard", "expedited", "urgent", "days"),
    [
        (Duration(15, "calendar_day"), Duration(72, "hour"), False, 15),
        (Duration(15, "calendar_day"), Duration(72, "hour"), True, 3),
        (Duration(2, "business_day"), None, True, 3),
        (Duration(30, "hour"), None, False, 2),
        (Duration(2, "week"), None, False, 14),
        (None, None, False, 7),
    ],
)
def test_the_day_to_ask_is_when_the_payers_time_is_over(standard, expedited, urgent, days):
    assert waiting_days(DecisionClock(standard, expedited, "federal"), urgent) == days


def test_without_a_clock_a_week_is_waited():
    assert waiting_days(None, urgent=False) == 7
