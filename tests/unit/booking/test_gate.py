"""The gate: which step a service asks, over every finding and payer; a consent is the only way out of cosmetic."""

from dataclasses import replace
from datetime import date, timedelta
from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.booking.facts.gate import Missing, NoticeNeed, Step
from app.booking.facts.papers import Language, Paper, PaperKind, PaperLine, PaperState
from app.booking.forms import read_amount
from app.booking.rules.gate import step_of
from app.booking.rules.missing import accepted_findings, missing_of, services_of, sources_of
from app.booking.rules.moves import (
    MOVES,
    may_move,
    payers_before,
    pays_by_consent,
    refusal_of_signature,
    standing_for,
    state_before,
)
from app.booking.rules.notices import may_stand_together, notice_of
from app.booking.rules.paying import Payer, needs_consent, unsigned
from app.booking.views.texts import CONSENT, NOTICE, amount_words
from app.clearance.facts.reasons import Badge, Check, Reason
from app.clearance.rules.badges import badge_of_line
from app.policies.actions.library import SHIPPED
from app.policies.facts.answers import ServiceClass
from app.policies.files.directory import files_of, policies_of
from app.policies.rules.compiling import compile_book
from app.schedule.facts import BillTo, LineSource, ServiceLine, Visit, VisitRecord, VisitStatus
from app.schedule.rules.paying import lines_as_self_pay, restored
from app.values.insurance import Line
from tests.support import make

FILES = policies_of({name: text for name, text in files_of(SHIPPED).items() if name.startswith("_grid/")})
GRID, MODIFIERS = FILES.grid, FILES.modifiers
BOOK = compile_book(FILES, "test")
CLASSES = [one for one in Reason if one.check is Check.CLASS]
TODAY = date(2026, 3, 2)


def paper(*services, kind=PaperKind.CONSENT, state=PaperState.OPEN, number=1, **more):
    """A paper of some services."""
    lines = tuple(PaperLine(one, "Words", 100) for one in services)
    return Paper(
        make.an_id(number), make.an_id(70), make.an_id(80), kind, Language.ENGLISH, lines, TODAY + timedelta(days=30),
        TODAY, None, state, **more,
    )  # fmt: skip


@pytest.mark.parametrize("found", [*CLASSES, None], ids=str)
@pytest.mark.parametrize("bill_to", BillTo, ids=str)
def test_only_who_pays_makes_a_line_paid_by_the_patient_never_its_class(found, bill_to):
    steps = {badge: step_of(bill_to, badge, found) for badge in [*Badge, None] if badge is not Badge.ACCEPTED_RISK}
    assert steps.pop(None) is Step.OUTSIDE
    assert steps.pop(Badge.SELF_PAY) is Step.PAYS
    wanted = {
        None: Step.UNSORTED,
        Reason.CLASS_MEDICAL: Step.NOTHING,
        Reason.CLASS_DOCUMENTED: Step.NOTHING,
        Reason.CLASS_SETTLED: Step.NOTHING,
        Reason.CLASS_COSMETIC: Step.CONSENT,
        Reason.CLASS_WEAK: Step.FACT,
        Reason.CLASS_UNLISTED: Step.FACT,
        Reason.CLASS_NO_DIAGNOSIS: Step.FACT,
    }[found]
    assert set(steps.values()) == {Step.PAYS if bill_to is BillTo.SELF_PAY else wanted}


@given(st.sets(st.sampled_from(list(Reason))))
def test_a_cosmetic_line_that_insurance_is_asked_for_is_blocked_whatever_else_was_found(others):
    badge = badge_of_line({*others, Reason.CLASS_COSMETIC})
    assert badge is Badge.BLOCKED
    assert step_of(BillTo.INSURANCE, badge, Reason.CLASS_COSMETIC) is Step.CONSENT


def test_conditional_asks_only_for_what_the_grid_names_and_is_not_on_file():
    found = missing_of(GRID, "17110", ("L82.1",), ())
    assert {"L82.0", "B07.0", "B08.1"} <= set(found.diagnoses)
    assert "L82.1" not in found.diagnoses
    assert {"bleeding", "itching", "spreading"} <= set(found.one_of)
    assert "patient_request_appearance" not in found.findings
    again = missing_of(GRID, "17110", ("L82.1",), {"bleeding"})
    assert "bleeding" not in again.findings


def test_findings_that_are_needed_together_are_asked_together_and_only_those_that_lack():
    assert missing_of(GRID, "96920", (), ()).together[0] == ("failed_conservative", "severity_score")
    assert missing_of(GRID, "96920", (), {"severity_score"}).together[0] == ("failed_conservative",)
    assert missing_of(GRID, "15822", ("H02.831",), ()).one_of == ("vision_restriction",)


def test_a_diagnosis_in_both_lists_is_never_offered_as_the_missing_one():
    assert "L91.8" not in missing_of(GRID, "11200", (), ()).diagnoses
    assert "L72.0" not in missing_of(GRID, "11400", (), ()).diagnoses


def test_every_service_of_the_grid_has_a_source_or_says_that_it_is_from_memory():
    for service in GRID.services:
        for code in service.codes:
            mine = next(one for one in sources_of(GRID, code) if one.service == service.id)
            assert mine.sources or mine.memory, service.id
            assert mine.read_on == GRID.read_on


def test_nothing_is_said_of_a_code_that_no_service_names():
    assert sources_of(GRID, "99999") == () == sources_of(None, "17110")
    assert missing_of(GRID, "99999", (), ()) == Missing()
    assert accepted_findings(Missing()) == {"patient_request_appearance"}


_N = NoticeNeed
TABLE = [
    # line, code, step, notice on file, too often -> need, modifiers now
    (Line.MEDICARE, "15788", Step.CONSENT, None, False, _N.VOLUNTARY, ("GY",)),
    (Line.MEDICARE, "15788", Step.PAYS, PaperState.OPEN, False, _N.VOLUNTARY, ("GY",)),
    (Line.MEDICARE, "15788", Step.PAYS, PaperState.SIGNED, False, _N.VOLUNTARY, ("GX", "GY")),
    (Line.MEDICARE, "15788", Step.PAYS, PaperState.DECLINED, False, _N.VOLUNTARY, ("GY",)),
    (Line.MEDICARE, "17110", Step.FACT, None, False, _N.REQUIRED, ("GZ",)),
    (Line.MEDICARE, "17110", Step.FACT, PaperState.GIVEN, False, _N.REQUIRED, ("GZ",)),
    (Line.MEDICARE, "17110", Step.FACT, PaperState.SIGNED, False, _N.REQUIRED, ("GA",)),
    (Line.MEDICARE, "17110", Step.FACT, PaperState.DECLINED, False, _N.REQUIRED, ()),
    (Line.MEDICARE, "17110", Step.FACT, PaperState.WITHDRAWN, False, _N.REQUIRED, ("GZ",)),
    (Line.MEDICARE, "17110", Step.NOTHING, None, True, _N.REQUIRED, ("GZ",)),
    (Line.MEDICARE, "17110", Step.NOTHING, PaperState.SIGNED, True, _N.REQUIRED, ("GA",)),
    (Line.MEDICARE, "17110", Step.NOTHING, None, False, None, ()),
    (Line.MEDICARE, "17000", Step.NOTHING, None, True, None, ()),
    (Line.MEDICARE, "99213", Step.UNSORTED, None, False, None, ()),
    (Line.MEDICARE_ADVANTAGE, "15788", Step.CONSENT, None, False, _N.OTHER_WAY, ()),
    (Line.MEDICARE_ADVANTAGE, "17110", Step.FACT, PaperState.SIGNED, False, _N.OTHER_WAY, ()),
    (Line.MEDICARE_ADVANTAGE, "17110", Step.NOTHING, None, False, None, ()),
    (Line.COMMERCIAL, "15788", Step.CONSENT, None, False, None, ()),
    (Line.MEDICAID, "17110", Step.FACT, None, False, None, ()),
    (None, "15788", Step.CONSENT, None, False, None, ()),
]


@pytest.mark.parametrize(("line", "code", "step", "signed", "often", "need", "modifiers"), TABLE)
def test_the_notice_and_its_modifiers_follow_the_facts(line, code, step, signed, often, need, modifiers):
    found = notice_of(MODIFIERS, services_of(GRID, code), line, step, signed, often)
    assert (found and found.need, found.modifiers if found else ()) == (need, modifiers)
    if found is not None:
        assert found.why and all(cite.url for cite in found.cites) and found.cites


def test_no_facts_no_notice():
    assert notice_of(None, services_of(GRID, "15788"), Line.MEDICARE, Step.CONSENT, None) is None


def test_modifiers_stand_together_only_where_the_table_allows_it():
    allowed = {pair for pair in product(["GA", "GX", "GY", "GZ"], repeat=2) if may_stand_together(MODIFIERS, set(pair))}
    assert {frozenset(pair) for pair in allowed if pair[0] != pair[1]} == {frozenset({"GX", "GY"})}


@given(
    st.sampled_from(list(Line)), st.sampled_from([one for service in GRID.services for one in service.codes]),
    st.sampled_from(list(Step)), st.sampled_from([None, *PaperState]), st.booleans(),
)  # fmt: skip
def test_ga_is_never_named_without_a_signed_notice_and_no_forbidden_pair_ever(line, code, step, signed, often):
    found = notice_of(MODIFIERS, services_of(GRID, code), line, step, signed, often)
    if found is None:
        return
    assert ("GA" in found.modifiers or "GX" in found.modifiers) <= (signed is PaperState.SIGNED)
    assert not (found.modifiers and line is not Line.MEDICARE)
    assert may_stand_together(MODIFIERS, found.modifiers)


@pytest.mark.parametrize(("now", "to"), list(product(PaperState, repeat=2)), ids=str)
def test_a_paper_moves_only_forward_and_what_is_over_moves_no_more(now, to):
    assert may_move(now, to) is (to in MOVES[now])
    assert not may_move(PaperState.DECLINED, to) and not may_move(PaperState.WITHDRAWN, to)
    assert not may_move(now, PaperState.OPEN)


@given(st.lists(st.sampled_from(list(PaperState)), max_size=6))
def test_taking_the_last_step_back_gives_the_state_before_it(steps):
    now = paper("15788")
    for to in steps:
        if not may_move(now.state, to):
            continue
        dated = {PaperState.GIVEN: {"given_on": TODAY}, PaperState.SIGNED: {"signed_on": TODAY, "signed_by": "X"}}
        after = replace(now, state=to, **dated.get(to, {}))
        assert state_before(after) is now.state
        now = after


def test_a_signature_needs_a_day_between_preparing_and_the_visit_and_prices_that_still_hold():
    one, visit = paper("15788"), TODAY + timedelta(days=10)
    assert refusal_of_signature(one, TODAY, visit, TODAY) is None
    for on, day, today in [
        (TODAY + timedelta(days=1), visit, TODAY),
        (TODAY - timedelta(days=1), visit, TODAY),
        (TODAY + timedelta(days=11), visit, TODAY + timedelta(days=12)),
        (TODAY, TODAY + timedelta(days=31), TODAY),
    ]:
        assert refusal_of_signature(one, on, day, today)[0] == "signed_on"


@given(st.lists(st.tuples(st.sampled_from(PaperKind), st.sampled_from(PaperState), st.sampled_from("AB")), max_size=5))
def test_only_a_signed_consent_for_the_service_lets_the_patient_pay(given_papers):
    papers = [paper(service, kind=kind, state=state, number=n) for n, (kind, state, service) in enumerate(given_papers)]
    wanted = any(one == (PaperKind.CONSENT, PaperState.SIGNED, "A") for one in given_papers)
    assert pays_by_consent(papers, "A") is wanted
    found = standing_for(papers, PaperKind.CONSENT, "A")
    assert found is None or (found.kind is PaperKind.CONSENT and "A" in found.services)
    if any(
        kind is PaperKind.CONSENT and service == "A" and paper("A", state=state).standing
        for kind, state, service in given_papers
    ):
        assert found.standing


def booked(*places, facts=None):
    """A visit with one line for each place of a row."""
    lines = tuple(ServiceLine(make.an_id(100 + n), n, "15788") for n in range(len(places)))
    visit = Visit(make.an_id(70), "V1", make.an_id(80), make.an_id(1), make.NOW, TODAY, VisitStatus.BOOKED, lines)
    return VisitRecord(visit, tuple(LineSource(place, facts) for place in places))


@given(st.sets(st.integers(0, 3)), st.lists(st.sampled_from(BillTo), min_size=4, max_size=4))
def test_exactly_the_lines_that_were_named_are_paid_by_the_patient_and_come_back_as_they_were(named, paid):
    record = booked(0, 1, 2, 3)
    lines = tuple(replace(one, bill_to=by) for one, by in zip(record.visit.lines, paid, strict=True))
    record = replace(record, visit=replace(record.visit, lines=lines))
    after, before = lines_as_self_pay(record, [lines[n].id for n in named])
    for n, (line, was) in enumerate(zip(after.visit.lines, paid, strict=True)):
        turned = n in named and was is BillTo.INSURANCE
        assert line.bill_to is (BillTo.SELF_PAY if turned else was)
    assert restored(after, before) == record


def test_a_row_that_stands_for_several_services_says_self_pay_only_where_all_of_them_were_named():
    record = booked(0, 0, facts={"visit_type": "Peel"})
    both = [one.id for one in record.visit.lines]
    one, _before = lines_as_self_pay(record, both[:1])
    assert [source.row_facts.get("bill_to") for source in one.sources] == [None, None]
    all_, before = lines_as_self_pay(record, both)
    assert {source.row_facts.get("bill_to") for source in all_.sources} == {BillTo.SELF_PAY}
    assert restored(all_, before) == record


@pytest.mark.parametrize(
    ("text", "cents"),
    [("350", 35_000), ("$1,250.50", 125_050), (" 0 ", 0), ("99.9", None), ("1,25", None), ("-5", None), ("", None),
     ("abc", None), ("12345678", None)],
)  # fmt: skip
def test_an_amount_is_read_as_people_type_it(text, cents):
    assert read_amount(text) == cents
    if cents is not None:
        assert read_amount(amount_words(cents)) == cents


def test_both_languages_have_every_word_and_address_the_patient_politely():
    english, spanish = CONSENT[Language.ENGLISH], CONSENT[Language.SPANISH]
    for name in english.__dataclass_fields__:
        mine, theirs = getattr(english, name), getattr(spanish, name)
        assert mine and theirs and (mine != theirs or mine == "Total")
        assert isinstance(mine, str) or len(mine) == len(theirs)
    said = " ".join(str(getattr(spanish, name)) for name in spanish.__dataclass_fields__)
    said += " ".join(
        str(getattr(NOTICE[Language.SPANISH], name)) for name in NOTICE[Language.SPANISH].__dataclass_fields__
    )
    assert not {"tú", "tu", "tus", "te", "ti", "puedes", "debes"} & set(said.lower().replace(".", " ").split())


def test_where_a_later_schedule_put_other_lines_nothing_stays_with_the_patient_without_a_consent():
    record = booked(0, 1)
    signed, before = lines_as_self_pay(record, [record.visit.lines[0].id])
    one = paper("15788", state=PaperState.SIGNED, signed_on=TODAY, signed_by="X", paid_before=before)
    assert payers_before(one, signed.visit.lines) == dict(before)
    fresh = tuple(
        replace(line, id=make.an_id(300 + n), bill_to=BillTo.SELF_PAY) for n, line in enumerate(signed.visit.lines)
    )
    later = replace(signed, visit=replace(signed.visit, lines=fresh))
    back = restored(later, payers_before(one, fresh))
    assert {line.bill_to for line in back.visit.lines} == {BillTo.INSURANCE}
    assert payers_before(paper("15788"), fresh) == {}


@pytest.mark.parametrize("klass", ServiceClass, ids=str)
@pytest.mark.parametrize("bill_to", BillTo, ids=str)
@pytest.mark.parametrize("uninsured", [False, True])
def test_who_pays_signs_unless_no_insurance_could_cover_it_and_it_is_not_cosmetic(klass, bill_to, uninsured):
    line = replace(booked(0).visit.lines[0], bill_to=bill_to)
    needed = bill_to is BillTo.SELF_PAY and (klass is ServiceClass.COSMETIC or not uninsured)
    assert needs_consent(line, klass, Payer(uninsured=uninsured)) is needed


@given(st.sets(st.sampled_from(["15788", "17110", "99213"])), st.sets(st.sampled_from(["15788", "17110", "99213"])))
def test_what_is_unsigned_is_what_has_to_be_signed_without_what_is(booked_codes, signed):
    record = booked(0, 1)
    lines = tuple(
        replace(record.visit.lines[0], id=make.an_id(500 + n), position=n, code=code, bill_to=BillTo.SELF_PAY)
        for n, code in enumerate(sorted(booked_codes))
    )
    visit = replace(record.visit, lines=lines)
    found = unsigned(BOOK, visit, Payer(), signed)
    assert set(found) == booked_codes - signed
