"""Who needs asking: on which days, about which coverage, and who cannot be asked about."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from app.coverage.facts import CheckResult, Coverage
from app.eligibility.actions.payer_routes import AskingSetup
from app.eligibility.facts.asking import AskingDay, AskState, Detail, NotAsked, Person, Route, Sender, Wanted
from app.eligibility.rules.asking import chosen, routed, waits_for_january, who_needs_asking
from app.eligibility.rules.requests import request_of
from app.eligibility.views.asking import january_words
from app.schedule.facts import BillTo, ServiceLine, Visit, VisitStatus
from app.values.insurance import Channel, Line, Rank
from app.values.members import MemberKey
from app.values.spans import DateSpan
from tests.support.make import an_id

TODAY = date(2026, 3, 2)
SITE = an_id(1)


def coverage(number=1, patient=10, **given):
    key = f"M{number}".encode()
    kept = {"checked_on": None, "result": None, "span": DateSpan(date(2026, 1, 1), None)} | given
    rank = kept.pop("rank", Rank.PRIMARY)
    return Coverage(an_id(500 + number), an_id(patient), rank, "acme", "Acme", MemberKey(key, key, key), **kept)


def visit(days=1, patient=10, number=1, bill_to=BillTo.INSURANCE, code="96910", today=TODAY, **given):
    day = today + timedelta(days=days)
    line = ServiceLine(an_id(900 + number), 0, code, bill_to=bill_to, **given)
    starts = datetime(day.year, day.month, day.day, 15, tzinfo=UTC)
    return Visit(an_id(800 + number), f"V{number}", an_id(patient), SITE, starts, day, VisitStatus.BOOKED, (line,))


def day(today=TODAY, fresh=7, line=Line.COMMERCIAL, **given):
    return AskingDay(lambda _: today, lambda _: fresh, lambda one: one.line or line, **given)


def asked(visits, *coverages, on=None):
    by_patient = {}
    for one in coverages:
        by_patient[one.patient_id] = (*by_patient.get(one.patient_id, ()), one)
    return who_needs_asking(visits, by_patient, on or day())


def active(days_ago, **given):
    return coverage(checked_on=TODAY - timedelta(days=days_ago), result=CheckResult.ACTIVE, **given)


@pytest.mark.parametrize(
    ("ahead", "needs"), [(14, 1), (13, 0), (8, 0), (7, 1), (3, 0), (2, 1), (1, 1), (0, 1), (15, 0)]
)
def test_a_plan_that_was_never_asked_is_asked_on_the_days_before(ahead, needs):
    assert len(asked([visit(ahead)], coverage()).asks) == needs


@pytest.mark.parametrize(
    ("ahead", "checked_ago", "needs"),
    [(14, 7, 0), (14, 8, 1), (7, 0, 0), (7, 1, 1), (2, 5, 0), (2, 6, 1), (0, 7, 0), (0, 8, 1), (1, 6, 0), (1, 7, 1)],
)
def test_a_fresh_answer_is_not_asked_for_again(ahead, checked_ago, needs):
    assert len(asked([visit(ahead)], active(checked_ago)).asks) == needs


def test_an_unknown_answer_is_asked_for_again_and_an_inactive_one_is_an_answer():
    assert len(asked([visit(1)], replace(active(0), result=CheckResult.UNKNOWN)).asks) == 1
    assert asked([visit(1)], replace(active(0), result=CheckResult.INACTIVE)).asks == ()


def test_a_first_of_the_month_between_turns_lines_renewed_by_the_month():
    checked = coverage(checked_on=date(2026, 2, 27), result=CheckResult.ACTIVE)
    assert asked([visit(1)], checked).asks == ()
    assert len(asked([visit(1)], replace(checked, line=Line.MEDICAID)).asks) == 1


def test_a_first_of_january_between_turns_every_line():
    checked = coverage(checked_on=date(2026, 12, 30), result=CheckResult.ACTIVE)
    on = date(2027, 1, 4)
    assert len(asked([visit(1, today=on)], checked, on=day(on)).asks) == 1


def test_nothing_is_asked_for_a_year_for_which_payers_cannot_answer():
    for today in (date(2026, 12, 31), date(2027, 1, 1)):
        wanted = asked([visit(1, today=today)], coverage(), on=day(today))
        assert wanted.asks == () or (today.year == 2026 and wanted.asks == ())
        assert [one.why for one in wanted.cannot] == [NotAsked.NEW_YEAR]
    assert waits_for_january(date(2027, 1, 1), date(2027, 1, 1))
    assert not waits_for_january(date(2027, 6, 1), date(2027, 1, 2))


def test_from_the_second_of_january_all_visits_ahead_are_asked_about_once():
    old = coverage(checked_on=date(2026, 12, 30), result=CheckResult.ACTIVE)
    for today, needs in ((date(2027, 1, 1), 0), (date(2027, 1, 2), 1), (date(2027, 2, 2), 0)):
        assert len(asked([visit(60, today=today)], old, on=day(today)).asks) == needs
    again = replace(old, checked_on=date(2027, 1, 2))
    assert asked([visit(60, today=date(2027, 1, 3))], again, on=day(date(2027, 1, 3))).asks == ()
    far = [visit(91, today=date(2027, 1, 2))]
    assert asked(far, old, on=day(date(2027, 1, 2))).asks == ()


def test_one_request_for_a_coverage_whose_first_visit_counts():
    two = [visit(7, number=1), visit(2, number=2, code="11102")]
    (one,) = asked(two, coverage()).asks
    assert (one.visit.reference, one.codes) == ("V2", ("11102",))


def test_who_was_asked_about_today_is_held_and_who_got_no_answer_is_asked_on_any_day():
    one = coverage()
    assert asked([visit(1)], one, on=day(held=frozenset({one.id}))).asks == ()
    assert len(asked([visit(5)], one, on=day(again=frozenset({one.id}))).asks) == 1


def test_a_secondary_coverage_of_the_day_is_asked_about_too():
    second = replace(coverage(2), rank=Rank.SECONDARY)
    assert [one.coverage.id for one in asked([visit(1)], coverage(), second).asks] == [an_id(501), an_id(502)]
    ended = replace(second, span=DateSpan(None, date(2026, 2, 1)))
    assert len(asked([visit(1)], coverage(), ended).asks) == 1


def test_who_cannot_be_asked_about_is_listed_with_the_reason():
    unverified = coverage(3, 12, verified=False)
    visits = [
        visit(1, 10, 1, bill_to=BillTo.SELF_PAY),
        visit(1, 11, 2),
        visit(1, 12, 3),
        replace(visit(1, 13, 4), status=VisitStatus.CANCELED),
    ]
    found = asked(visits, unverified)
    assert found.asks == ()
    assert [one.why for one in found.cannot] == [NotAsked.SELF_PAY, NotAsked.NO_COVERAGE, NotAsked.UNVERIFIED]


def test_a_persons_choice_is_asked_about_although_it_is_fresh():
    one = active(0)
    found = chosen([visit(5)], {one.patient_id: (one,)}, day())
    assert [ask.coverage.id for ask in found.asks] == [one.id]
    assert chosen([visit(5)], {one.patient_id: (one,)}, day(held=frozenset({one.id}))).asks == ()


ROUTE = Route("acme", "60054")


@pytest.mark.parametrize(
    ("routes", "houses", "with_npi", "why"),
    [
        ({}, ["main"], True, NotAsked.NO_PAYER_ID),
        ({"acme": ROUTE}, [], True, NotAsked.NO_CLEARINGHOUSE),
        ({"acme": replace(ROUTE, clearinghouse="gone")}, ["main"], True, NotAsked.NO_CLEARINGHOUSE),
        ({"acme": ROUTE}, ["main"], False, NotAsked.NO_NPI),
    ],
)
def test_what_the_settings_lack_is_said(routes, houses, with_npi, why):
    found, cannot = routed(asked([visit(1)], coverage()), routes, houses, with_npi)
    assert found == {} and [one.why for one in cannot] == [why]


def test_each_payer_goes_to_its_own_clearinghouse_or_the_first():
    wanted = asked([visit(1)], coverage())
    assert list(routed(wanted, {"acme": ROUTE}, ["main", "east"], True)[0]) == ["main"]
    east = replace(ROUTE, clearinghouse="east")
    assert list(routed(wanted, {"acme": east}, ["main", "east"], True)[0]) == ["east"]
    assert routed(Wanted((), ()), {}, [], True) == ({}, [])


def test_a_request_names_the_day_and_what_the_payer_may_be_asked():
    (one,) = asked([visit(1)], coverage()).asks
    person = Person("Example", "Robin", date(1970, 1, 2), "W123", "self")
    plain = request_of(one, ROUTE, person, Sender("Clinic", "1003000134"), "t1")
    assert plain["subscriber"]["member_id"] == "W123" and plain["dependent"] is None
    assert plain["service_dates"] == {"begins": "2026-03-03", "ends": "2026-03-03"}
    assert (plain["service_types"], plain["procedures"], plain["trace"]) == (["30", "98"], [], ["t1"])
    full = request_of(
        one, replace(ROUTE, detail=Detail.DERMATOLOGY, procedures=True), person, Sender("Clinic", "1003000134"), "t1"
    )
    assert full["service_types"] == ["30", "98", "DG"]
    assert full["procedures"] == [{"qualifier": "HC", "code": "96910", "modifiers": []}]


def test_a_dependent_is_not_the_subscriber():
    (one,) = asked([visit(1)], coverage()).asks
    child = Person("Example", "Kim", date(2015, 1, 2), "W123", "Child")
    written = request_of(one, ROUTE, child, Sender("Clinic", "1003000134"), "t1")
    assert written["subscriber"]["last_name"] is None and written["subscriber"]["member_id"] == "W123"
    assert written["dependent"]["first_name"] == "Kim" and written["dependent"]["relationship"] == "19"
    assert "W123" not in repr(child)


def test_pharmacy_lines_ask_about_the_pharmacy_coverage():
    from_pharmacy = visit(1, channel=Channel.PHARMACY)
    assert asked([from_pharmacy], coverage()).asks[0].coverage.id == an_id(501)


def _setup(january):
    return AskingSetup({}, {}, ("main",), True, (), {}, ZoneInfo("America/New_York"), date(2027, 1, 4), january)


def test_in_january_it_is_said_how_far_asking_everybody_anew_has_come():
    assert january_words(_setup(None)) == ""
    assert january_words(_setup({})) == "January list: nobody was asked about since 2 January yet."
    found = {AskState.ANSWERED: 2, AskState.OVERDUE: 1}
    assert january_words(_setup(found)) == (
        "January list: 3 requests since 2 January, 2 answered and 1 without an answer in a day."
    )
