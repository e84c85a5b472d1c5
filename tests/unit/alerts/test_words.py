"""Every reason, state and event of alerts has words, and alerts say when and where."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from app.alerts.facts.alerts import Alert, ClosedBy
from app.alerts.facts.notices import Happened, Occasion
from app.alerts.facts.outbox import State, Way
from app.alerts.views.events import EVENTS, GROUPS
from app.alerts.views.marks import CLOSED, HAPPENED, OCCASIONS, STATES, WAY_WORDS
from app.alerts.views.words import due_words, is_late, said, target, title
from app.deadlines.facts import Basis, BasisKind, Clears, Reason, Subject, SubjectKind
from tests.support import make

NOW = datetime(2026, 3, 2, 15, tzinfo=UTC)
COUNTS = dict.fromkeys(
    ("visits_after", "units_left", "units_total", "units_booked", "lead_days", "level", "blocked", "waiting", "total",
     "count", "rules", "memory", "visits_cleared"), 3
)  # fmt: skip


def alert(reason: Reason, kind: SubjectKind = SubjectKind.AUTHORIZATION, **changed: object) -> Alert:
    """Make an open alert."""
    keys = {SubjectKind.SITE_DAY: f"{make.an_id(1).hex}:2026-03-03", SubjectKind.JOB: "sweep"}
    made = Alert(
        make.an_id(9),
        Subject(kind, keys.get(kind, make.an_id(1).hex)),
        reason,
        "step",
        make.ZONE,
        Clears.SEEN,
        Basis(BasisKind.PRACTICE),
        NOW,
        NOW,
        due_on=date(2026, 3, 16),
        counts=COUNTS,
    )
    return replace(made, **changed)


OF_A_DAY = (Reason.TOMORROW, Reason.ELIGIBILITY_STALE, Reason.ELIGIBILITY_UNANSWERED)


def test_every_reason_has_a_name_a_place_on_the_page_and_a_title():
    assert set(EVENTS) == set(Reason)
    assert sorted(reason for _title, reasons in GROUPS for reason in reasons) == sorted(Reason)
    for reason in Reason:
        kind = SubjectKind.SITE_DAY if reason in OF_A_DAY else SubjectKind.AUTHORIZATION
        assert title(alert(reason, kind), {make.an_id(1): "Main"}) and said(alert(reason, kind), NOW)


def test_every_state_and_event_has_a_word():
    assert set(CLOSED) == set(ClosedBy) and set(HAPPENED) == set(Happened) and set(OCCASIONS) == set(Occasion)
    assert set(STATES) == set(State) and set(WAY_WORDS) == set(Way)


@pytest.mark.parametrize(
    ("changed", "due", "late"),
    [
        ({}, ("Mon 03/16/2026", "(in 14 days)"), False),
        ({"due_on": date(2026, 3, 2)}, ("Mon 03/02/2026", "(today)"), False),
        ({"due_on": date(2026, 3, 3)}, ("Tue 03/03/2026", "(tomorrow)"), False),
        ({"due_on": date(2026, 3, 4)}, ("Wed 03/04/2026", "(in 2 days)"), False),
        ({"due_on": date(2026, 3, 1)}, ("Sun 03/01/2026", "(1 day ago)"), True),
        ({"due_on": None}, ("", ""), False),
        ({"due_at": NOW + timedelta(hours=47)}, ("Wed 03/04/2026 9:00 AM ET", "(in 47 hours)"), False),
        ({"due_at": NOW + timedelta(hours=48)}, ("Wed 03/04/2026 10:00 AM ET", "(in 2 days)"), False),
        ({"due_at": NOW + timedelta(minutes=119)}, ("Mon 03/02/2026 11:59 AM ET", "(in 119 minutes)"), False),
        ({"due_at": NOW}, ("Mon 03/02/2026 10:00 AM ET", "(now)"), True),
        ({"due_at": NOW - timedelta(hours=3)}, ("Mon 03/02/2026 7:00 AM ET", "(3 hours ago)"), True),
        ({"due_at": NOW, "zone": "Pacific/Honolulu"}, ("Mon 03/02/2026 5:00 AM HST", "(now)"), True),
    ],
)
def test_due_is_absolute_first_and_relative_second(changed, due, late):
    one = alert(Reason.APPEAL, **changed)
    assert (due_words(one, NOW), is_late(one, NOW)) == (due, late)


@pytest.mark.parametrize(
    ("one", "endpoint"),
    [
        (alert(Reason.APPEAL, patient_id=make.an_id(5)), "case_pages.show"),
        (alert(Reason.APPEAL), None),
        (alert(Reason.TOMORROW, SubjectKind.SITE_DAY), "schedule_pages.day"),
        (alert(Reason.TOMORROW, SubjectKind.SITE_DAY, subject=Subject(SubjectKind.SITE_DAY, "x")), None),
        (alert(Reason.RULES_UNVERIFIED, SubjectKind.PAYER), "rules_pages.payer"),
        (alert(Reason.UNDELIVERED, SubjectKind.MESSAGE), "outbox_pages.show"),
        (alert(Reason.UNDELIVERED, SubjectKind.PRACTICE), "outbox_pages.listing"),
        (alert(Reason.IMPORT_FAILED, SubjectKind.IMPORT), "import_pages.list"),
        (alert(Reason.IMPORT_STALE, SubjectKind.PRACTICE), "import_pages.list"),
        (alert(Reason.JOB_LATE, SubjectKind.JOB), "admin_pages.jobs"),
        (alert(Reason.COVERAGE_CHANGED, SubjectKind.PRACTICE), "schedule_pages.day"),
        (alert(Reason.REPLY, SubjectKind.MESSAGE), "reply_pages.listing"),
    ],
)
def test_where_an_alert_leads(one, endpoint):
    found = target(one)
    assert (None if found is None else found.endpoint) == endpoint
