"""What an accepted risk covers: the results that a person saw, and nothing else."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings

from app.authorizations.facts import Status
from app.clearance.facts.history import AcceptedRisk
from app.clearance.facts.reasons import Badge, Reason, Result
from app.clearance.forms import read_risk, read_shown_on
from app.clearance.rules.accepting import badge_shown, digest_of, may_accept, standing_on
from app.clearance.rules.badges import badge_of_line, badge_of_visit
from app.clearance.rules.packing import pack
from app.clearance.rules.recalling import recall
from app.schedule.facts import VisitStatus
from tests.support.any_file import CASES
from tests.support.judging import (
    DAY,
    PATIENT,
    TODAY,
    a_coverage,
    a_file,
    a_line,
    a_visit,
    an_approval,
    lines_of,
)
from tests.support.make import an_id

ZONE = ZoneInfo("America/New_York")


def by_visit(lines):
    found = {}
    for line in lines:
        found.setdefault(line.visit.id, []).append(line)
    return list(found.values())


@settings(max_examples=200, deadline=None)
@given(CASES)
def test_only_blocked_not_checked_and_waiting_ever_turn_and_never_to_cleared(case):
    for lines in by_visit(case.judged().lines):
        own = badge_of_visit([one.badge for one in lines])
        shown = badge_shown(lines, digest_of(lines))
        assert shown is (Badge.ACCEPTED_RISK if own in (Badge.BLOCKED, Badge.NOT_CHECKED, Badge.WAITING) else own)
        assert badge_shown(lines, None) is own
        assert badge_shown(lines, b"other") is own


@settings(max_examples=200, deadline=None)
@given(CASES)
def test_a_visit_called_back_has_the_digest_of_the_judged_one(case):
    for lines in by_visit(case.judged().lines):
        called = recall(lines[0].visit, pack(lines), case.file.coverages, case.file.authorizations, case.as_of)
        if called is not None:
            assert digest_of(called) == digest_of(lines)


@pytest.mark.parametrize("reason", Reason, ids=lambda reason: reason.name)
def test_every_change_of_a_result_voids(reason):
    (line,) = lines_of(a_file(authorizations=()))
    others = [one for one in line.reasons if one.check is not reason.check]
    before = digest_of([line])
    for found in Reason:
        if found.check is not reason.check or found is reason:
            continue
        old = replace(line, reasons=(*others, reason), badge=badge_of_line((*others, reason)))
        new = replace(line, reasons=(*others, found), badge=badge_of_line((*others, found)))
        same_pass = found.result is Result.PASS and reason.result is Result.PASS
        assert (digest_of([old]) == digest_of([new])) is same_pass
    dropped = replace(line, reasons=tuple(others))
    added = replace(line, reasons=(*others, reason))
    assert digest_of([dropped]) != digest_of([added])
    assert before == digest_of([line])


def test_the_service_counts_and_who_and_when_do_not():
    (line,) = lines_of(a_file(authorizations=()))
    before = digest_of([line])
    for service in ({"code": "96912"}, {"units": 2}, {"drug": "drug:botox"}, {"visit_type": "Laser"}):
        assert digest_of([replace(line, line=replace(line.line, **service))]) != before
    moved = replace(line, visit=replace(line.visit, day=DAY + timedelta(days=1), version=2))
    assert digest_of([moved]) == before
    assert digest_of([line, line]) != before
    assert digest_of([]) != before


def test_the_numbers_of_findings_and_of_checks_that_pass_never_meet():
    assert max(reason.number for reason in Reason) < 200
    assert 200 + len({reason.check for reason in Reason}) < 255


def a_risk(lines, **changes):
    base = AcceptedRisk(
        an_id(1), lines[0].visit.id, PATIENT, Badge.BLOCKED, digest_of(lines), "The director agreed.",
        datetime(2026, 3, 2, 15, tzinfo=UTC), an_id(2), "Mara Example",
    )  # fmt: skip
    return replace(base, **changes)


def test_a_risk_stands_from_the_day_it_was_accepted_until_the_day_before_it_ended():
    lines = lines_of(a_file(authorizations=()))
    stands = a_risk(lines)
    ended = a_risk(lines, ended_at=datetime(2026, 3, 5, 15, tzinfo=UTC), ended_by=an_id(2))
    assert standing_on([stands], lines, TODAY, ZONE) is stands
    assert standing_on([stands], lines, TODAY - timedelta(days=1), ZONE) is None
    assert standing_on([ended], lines, TODAY + timedelta(days=2), ZONE) is ended
    assert standing_on([ended], lines, TODAY + timedelta(days=3), ZONE) is None
    late = a_risk(lines, accepted_at=datetime(2026, 3, 3, 4, 30, tzinfo=UTC))  # 11:30 PM of 03/02 at the site
    assert standing_on([late], lines, TODAY, ZONE) is late


def test_a_risk_of_other_results_or_of_a_visit_that_is_not_booked_does_not_stand():
    lines = lines_of(a_file(authorizations=()))
    denied = lines_of(a_file(authorizations=(an_approval(status=Status.DENIED),)))
    assert standing_on([a_risk(lines)], denied, TODAY, ZONE) is None
    for status in (VisitStatus.DONE, VisitStatus.CANCELED, VisitStatus.NO_SHOW):
        gone = lines_of(a_file(a_visit(a_line(), status=status), authorizations=()))
        assert not may_accept(gone)
        assert standing_on([a_risk(gone)], gone, TODAY, ZONE) is None
    cleared = lines_of(a_file())
    assert not may_accept(cleared)
    unknown = lines_of(a_file(coverages=(a_coverage(checked_on=None, result=None),)))
    assert may_accept(unknown)


def test_the_reason_is_asked_for_and_measured():
    assert read_risk({}, TODAY).errors == {"reason": "Enter the reason why the visit may go ahead."}
    short = read_risk({"reason": " she  said so ", "seen": "ab"}, TODAY)
    assert short.reason == "she said so" and short.errors == {} and short.seen == b"\xab"
    (few,) = read_risk({"reason": "do it"}, TODAY).errors.values()
    assert few.startswith("Reason must have at least 10 characters; you entered 5.")
    (many,) = read_risk({"reason": "x" * 501}, TODAY).errors.values()
    assert many == "Reason must have at most 500 characters; it has 1 character too many."
    assert read_risk({"reason": "long enough", "seen": "not hex"}, TODAY).seen == b""


def test_the_day_that_is_asked_lies_not_ahead():
    assert read_shown_on({}, TODAY).day is None
    assert read_shown_on({"shown_on": "t-1"}, TODAY).day == TODAY - timedelta(days=1)
    assert read_shown_on({"shown_on": "t"}, TODAY).day == TODAY
    ahead = read_shown_on({"shown_on": "t+1"}, TODAY)
    assert ahead.day is None
    assert ahead.errors == {"shown_on": "Tue 03/03/2026 lies ahead: enter today or a day before."}
    assert read_shown_on({"shown_on": "soon"}, TODAY).errors == {
        "shown_on": "Enter the day like 11/20, 11/20/2026 or t-7."
    }


def test_the_end_is_read_as_a_day_and_what_cannot_be_read_is_told():
    assert read_risk({"reason": "long enough", "until": "t+3"}, TODAY).until == TODAY + timedelta(days=3)
    assert read_risk({"reason": "long enough"}, TODAY).until is None
    assert "until" in read_risk({"reason": "long enough", "until": "soon"}, TODAY).errors


def test_a_risk_stands_on_its_last_day_and_not_after_it():
    lines = lines_of(a_file(authorizations=()))
    risk = replace(a_risk(lines), until=TODAY + timedelta(days=1))
    assert standing_on([risk], lines, TODAY + timedelta(days=1), ZONE) is risk
    assert standing_on([risk], lines, TODAY + timedelta(days=2), ZONE) is None
