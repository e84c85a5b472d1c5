"""Who is told, who is woken, and whom an unanswered alert rises to: truth tables."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from app.alerts.facts.people import Absence, Duty, Person
from app.alerts.rules.escalating import Escalation, escalate, escalates_at
from app.alerts.rules.routing import breaks_through, due_instant, managers, responsible, tell
from app.deadlines.facts import Basis, BasisKind, Clears, Deadline, Reason, Step, Subject, SubjectKind
from app.practice.facts.staff import Role
from app.values.spans import DateSpan
from tests.support import make

ZONE = "America/New_York"
MAIN, NORTH = make.an_id(1), make.an_id(2)
MONDAY = datetime(2026, 3, 2, 15, tzinfo=UTC)  # 10:00 AM
NIGHT = datetime(2026, 3, 3, 3, tzinfo=UTC)  # Monday, 10:00 PM
TODAY = date(2026, 3, 2)
AWAY = (Absence(DateSpan(TODAY, TODAY)),)


def person(number, *roles, **others):
    """Make a person."""
    return Person(make.an_id(number), "", "", frozenset(roles), ZONE, **others)


ANA = person(11, Role.COORDINATOR, sites=frozenset({MAIN}), backup_id=make.an_id(12))
BEN = person(12, Role.COORDINATOR, sites=frozenset({NORTH}))
EVE = person(15, Role.COORDINATOR)
CARA = person(13, Role.MANAGER)
DOT = person(14, Role.ADMINISTRATOR)
ALL = (ANA, BEN, CARA, DOT)


def deadline(reason=Reason.APPROVAL_ENDS, kind=SubjectKind.AUTHORIZATION, **more):
    """Make a deadline of the main site."""
    made = Deadline(
        Subject(kind, "1"),
        reason,
        (Step("step", MONDAY - timedelta(hours=1)),),
        ZONE,
        Clears.RENEWED,
        Basis(BasisKind.PAYER),
        site_id=MAIN,
    )
    return replace(made, **more)


@pytest.mark.parametrize(
    ("people", "about", "told"),
    [
        (ALL, deadline(owner_id=BEN.id), (BEN,)),  # the owner, wherever the case is
        (ALL, deadline(), (ANA,)),  # the site's coordinators
        ((*ALL, EVE), deadline(), (ANA, EVE)),  # and whoever works at all sites
        (ALL, deadline(site_id=None), (ANA, BEN)),  # of no one site: all coordinators
        (ALL, deadline(site_id=make.an_id(3)), (CARA,)),  # a site without coordinators
        (ALL, deadline(owner_id=make.an_id(99)), (ANA,)),  # the owner left
        ((replace(ANA, absences=AWAY), BEN, CARA, DOT), deadline(), (BEN,)),  # away: the backup covers
        ((replace(ANA, absences=AWAY), CARA, DOT), deadline(), (CARA,)),  # nobody covers
        ((ANA, replace(BEN, absences=AWAY), CARA), deadline(owner_id=BEN.id), (ANA,)),  # nor for the owner
        ((ANA, replace(BEN, sees=frozenset({NORTH}))), deadline(owner_id=BEN.id), (ANA,)),  # the owner sees it no more
        ((replace(EVE, sees=frozenset({NORTH})), CARA), deadline(), (CARA,)),  # the coordinator does not see the site
        ((replace(EVE, sees=frozenset({MAIN})), CARA), deadline(), (replace(EVE, sees=frozenset({MAIN})),)),
        ((replace(EVE, sees=frozenset({NORTH})),), deadline(), (replace(EVE, sees=frozenset({NORTH})),)),  # nobody does
        ((DOT,), deadline(), (DOT,)),  # a practice of one person
        ((), deadline(), ()),
        (ALL, deadline(Reason.IMPORT_FAILED, SubjectKind.IMPORT), (DOT,)),
        (ALL, deadline(Reason.JOB_LATE, SubjectKind.JOB), (DOT,)),
        (ALL, deadline(Reason.UNDELIVERED, SubjectKind.STAFF), (DOT,)),
        (ALL, deadline(Reason.UNDELIVERED, SubjectKind.PRACTICE), (DOT,)),
        (ALL, deadline(Reason.UNDELIVERED, SubjectKind.MESSAGE), (ANA,)),  # about a patient: who works there
        (ALL, deadline(Reason.RULES_UNVERIFIED, SubjectKind.PAYER, site_id=None), (ANA, BEN)),
        ((ANA, CARA), deadline(Reason.JOB_LATE, SubjectKind.JOB), (CARA,)),
    ],
)
def test_whose_a_deadline_is(people, about, told):
    assert responsible(about, people, MONDAY) == told


TOMORROW = deadline(
    Reason.TOMORROW,
    SubjectKind.SITE_DAY,
    urgent=True,
    due_at=datetime(2026, 3, 3, 13, tzinfo=UTC),
    counts={"blocked": 2, "waiting": 1},
)
APPEAL = deadline(Reason.APPEAL, urgent=True, due_on=TODAY)


@pytest.mark.parametrize(
    ("about", "now", "wakes"),
    [
        (TOMORROW, NIGHT, True),
        (replace(TOMORROW, counts={"blocked": 0, "waiting": 3}), NIGHT, False),  # it only waits for the payer
        (replace(TOMORROW, urgent=False), NIGHT, False),
        (replace(TOMORROW, due_at=datetime(2026, 3, 5, 13, tzinfo=UTC)), NIGHT, False),  # in two business days
        (replace(TOMORROW, due_at=NIGHT), NIGHT, False),  # it has begun
        (APPEAL, NIGHT, True),
        (replace(APPEAL, due_on=TODAY + timedelta(days=1)), NIGHT, False),  # 26 hours
        (replace(APPEAL, due_on=TODAY + timedelta(days=1)), NIGHT + timedelta(hours=2), True),  # 24 hours
        (replace(APPEAL, due_on=TODAY - timedelta(days=1)), NIGHT, False),  # passed
        (replace(APPEAL, urgent=False), NIGHT, False),
    ],
)
def test_only_a_blocked_visit_within_a_business_day_or_a_deadline_within_a_day_wakes_anybody(about, now, wakes):
    assert breaks_through(about, now) is wakes


def test_at_night_whoever_is_on_call_is_told_at_once_beside_those_whose_it_is():
    on_call = replace(BEN, on_call=(Duty(NIGHT - timedelta(hours=1), NIGHT + timedelta(hours=9)),))
    told = tell(TOMORROW, (ANA, on_call, CARA), NIGHT)
    assert [(one.person, one.urgent) for one in told] == [(ANA, False), (on_call, True)]


def test_who_is_on_call_and_theirs_it_is_is_told_once_and_at_once():
    on_call = replace(ANA, on_call=(Duty(NIGHT - timedelta(hours=1), NIGHT + timedelta(hours=9)),))
    told = tell(TOMORROW, (on_call, CARA), NIGHT)
    assert [(one.person, one.urgent) for one in told] == [(on_call, True)]


@pytest.mark.parametrize(
    ("about", "now"), [(TOMORROW, MONDAY), (deadline(), NIGHT), (replace(TOMORROW, urgent=False), NIGHT)]
)
def test_by_day_or_for_less_nobody_on_call_is_told(about, now):
    on_call = replace(BEN, on_call=(Duty(MONDAY - timedelta(days=1), NIGHT + timedelta(days=1)),))
    assert [one.person for one in tell(about, (ANA, on_call, CARA), now)] == [ANA]


@pytest.mark.parametrize(
    ("level", "told", "people", "risen"),
    [
        (0, {ANA.id}, ALL, Escalation(1, (BEN,))),
        (0, {BEN.id}, ALL, Escalation(2, (CARA,))),  # no backup
        (0, {ANA.id, BEN.id}, ALL, Escalation(2, (CARA,))),  # the backup was told already
        (0, {ANA.id}, (ANA, replace(BEN, absences=AWAY), CARA), Escalation(2, (CARA,))),
        (0, {ANA.id}, (ANA, replace(BEN, absences=AWAY, backup_id=EVE.id), EVE), Escalation(1, (EVE,))),
        (1, {ANA.id, BEN.id}, ALL, Escalation(2, (CARA,))),
        (1, {ANA.id, BEN.id, CARA.id}, ALL, Escalation(2, ())),
        (0, set(), ALL, Escalation(2, (CARA,))),
    ],
)
def test_an_unanswered_alert_rises_to_the_backup_and_then_to_the_manager(level, told, people, risen):
    assert escalate(level, told, people, TODAY) == risen


@pytest.mark.parametrize(
    ("told_at", "rises_at"),
    [
        ("2026-03-02 10:00", "2026-03-02 14:00"),
        ("2026-03-02 15:30", "2026-03-03 10:30"),  # 8 AM to 5 PM count
        ("2026-03-06 16:00", "2026-03-09 11:00"),  # over a weekend
        ("2026-03-06 22:00", "2026-03-09 12:00"),  # told at night: from Monday's opening on
        ("2026-07-02 16:00", "2026-07-06 11:00"),  # Friday 3rd is a holiday observed
    ],
)
def test_it_rises_after_four_business_hours_at_its_site(told_at, rises_at):
    at, then = (datetime.fromisoformat(text).replace(tzinfo=ZoneInfo(ZONE)) for text in (told_at, rises_at))
    assert escalates_at(Reason.APPEAL, 0, at.astimezone(UTC), ZONE) == then


def test_good_news_and_what_the_manager_was_told_does_not_rise():
    assert escalates_at(Reason.APPROVED, 0, MONDAY, ZONE) is None
    assert escalates_at(Reason.APPEAL, 2, MONDAY, ZONE) is None


def test_managers_are_covered_and_administrators_stand_in():
    assert managers(ALL, TODAY) == (CARA,)
    assert managers((replace(CARA, absences=AWAY), DOT), TODAY) == (DOT,)


def test_a_last_day_counts_whole_in_its_zone():
    assert due_instant(TODAY, None, "Pacific/Honolulu") == datetime(2026, 3, 3, 10, tzinfo=UTC)
    assert due_instant(None, MONDAY, ZONE) == MONDAY
    assert due_instant(None, None, ZONE) is None
