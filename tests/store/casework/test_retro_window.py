"""After a visit: a payer's window that its rule states, from what was performed to the task and the alert."""

import shutil
from dataclasses import replace
from datetime import date, timedelta

import pytest

from app.alerts.actions import sweeping
from app.alerts.actions.watching import keep_watch
from app.alerts.models.alerts import AlertRow
from app.authorizations import store as authorization_store
from app.authorizations.actions import move
from app.authorizations.facts import Kind, Status
from app.casework.actions.performed import record_performed
from app.casework.facts.performed import Performed
from app.coverage.store import coverages as coverage_store
from app.deadlines.facts import Reason
from app.policies.actions.library import refresh_rules
from app.schedule.facts import VisitStatus
from app.web.wiring import wire
from tests.support import make
from tests.support.desk import Booking, Desk
from tests.support.rule_files import DIRECTORY, two_people

FRIDAY = date(2026, 2, 27)
KEY, PATIENT = make.an_id(70_001), make.an_id(10_001)
PAYER = """
schema: payer/1
read_on: 2026-02-01
payer: {id: windowed, name: Windowed Health, kind: fictional}
products:
  med: {name: Windowed medical, line: commercial, benefit: medical}
sources:
  handbook: {title: Windowed handbook, url: "https://windowed.example/handbook", kind: primary}
"""
RULES = """
schema: rules/1
payer: windowed
read_on: 2026-02-01
sources:
  handbook: {title: Windowed handbook, url: "https://windowed.example/handbook", kind: primary}
rules:
  - id: botulinum
    product: med
    service: any_listed_service
    summary: Botulinum toxin needs approval
    approval: required
    coverage: covered
    codes: [J0585]
    codes_from: source
    confidence: seen
    source: handbook
    from: 2020-01-01
    retro_within: WINDOW
  - id: office
    product: med
    service: any_listed_service
    summary: Office visits need no approval
    approval: not_required
    coverage: covered
    codes: ["99213"]
    codes_from: source
    confidence: seen
    source: handbook
    from: 2020-01-01
"""


@pytest.fixture
def desk(caller):
    """A visit of Friday, done; the person who works on it."""
    wire()
    desk = Desk(replace(caller, user_id=two_people(caller)[0])).furnish()
    (desk.visit,) = desk.book(Booking(9, "Bauer", "Otto", "office", status=VisitStatus.DONE, day=FRIDAY))
    return desk


def under(desk, tmp_path, window):
    """Put the patient under a payer whose rule states a window."""
    shutil.copytree(DIRECTORY / "_grid", tmp_path / "_grid")
    (tmp_path / "windowed").mkdir()
    (tmp_path / "windowed/payer.yaml").write_text(PAYER)
    (tmp_path / "windowed/drugs.yaml").write_text(RULES.replace("WINDOW", window))
    refresh_rules(desk.caller, tmp_path)
    (coverage,) = coverage_store.on_file(desk.session, desk.practice_id, PATIENT)
    insured = replace(coverage, payer="windowed", payer_name="Windowed Health")
    coverage_store.change_coverages(desk.session, desk.practice_id, [insured])
    desk.session.commit()


def alerts(desk, at=None):
    """Keep watch and sweep, and read the alerts that stand for what was performed: the day of each, open or not."""
    caller = desk.caller if at is None else replace(desk.caller, clock=make.clock(at))
    keep_watch(caller)
    sweeping.sweep(caller)
    desk.session.rollback()
    rows = desk.session.query(AlertRow).filter_by(reason=Reason.RETRO_DUE).all()
    return [(row.due_on, row.closed_at is None) for row in rows]


@pytest.mark.parametrize(
    ("window", "due", "act_on"),
    [
        ("2 business days", date(2026, 3, 3), date(2026, 3, 3)),
        ("3 calendar days", date(2026, 3, 2), date(2026, 3, 2)),
        ("8 calendar days", date(2026, 3, 7), date(2026, 3, 6)),  # it closes on a Saturday: act before it
    ],
)
def test_a_stated_window_runs_from_the_service_and_makes_the_task_and_the_alert(desk, tmp_path, window, due, act_on):
    under(desk, tmp_path, window)
    found = record_performed(desk.caller, desk.visit, [Performed("99213", 1), Performed("J0585", 100)], 0, KEY)
    assert (found.window.stated, found.window.due_on, found.window.act_on) == (True, due, act_on)
    record, version = authorization_store.record_of(desk.session, desk.practice_id, KEY)
    assert (record.status, record.kind, record.payer, record.begins) == (
        Status.DRAFT, Kind.RETRO, "windowed", FRIDAY,
    )  # fmt: skip
    assert (record.next_action, record.next_action_on) == ("Ask the payer for what was performed: J0585", act_on)
    assert alerts(desk) == [(due, True)]
    move(desk.caller, KEY, version, Status.SUBMITTED)
    assert alerts(desk, make.NOW + timedelta(hours=1)) == [(due, False)]


def test_a_visit_that_is_covered_opens_no_window(desk, tmp_path):
    under(desk, tmp_path, "2 business days")
    found = record_performed(desk.caller, desk.visit, [Performed("99213", 1)], 0, KEY)
    assert (found.window, found.record.case_id) == (None, None)
    assert alerts(desk) == []
