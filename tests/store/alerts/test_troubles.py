"""What the program itself fails in reaches administrators: an import that stopped, a job that breaks and runs again."""

from datetime import timedelta

import pytest

from app.alerts.actions import watching
from app.alerts.actions.troubles import troubles
from app.alerts.facts.alerts import ClosedBy
from app.deadlines.facts import Reason, SubjectKind
from app.imports.facts import Draft, DraftState, Table
from app.imports.store import drafts
from app.platform import store as runs
from app.platform.runs import JobRun, Ran
from tests.support import make
from tests.support.swept import DOT, Practice


@pytest.fixture
def practice(caller):
    return Practice(caller).furnish()


def broke(practice, name="sweep", incident="abc123"):
    """Let a job run now."""
    now = practice.caller.clock.now()
    run = JobRun(name, now, now + timedelta(seconds=1), Ran(), incident)
    runs.record_run(practice.caller.session, practice.caller.practice_id, run)
    practice.caller.session.commit()


def test_a_job_that_goes_on_breaking_is_told_to_administrators_and_gone_when_it_runs(practice):
    broke(practice)
    watching.watch_practice(practice.caller)
    practice.sweep()
    assert practice.alerts() == []  # it may well run the next time
    broke(practice.wait(minutes=9))
    broke(practice.wait(minutes=1))
    watching.watch_practice(practice.caller)
    practice.sweep()
    alert = practice.alert()
    assert (alert.reason, alert.subject.kind, alert.subject.key) == (Reason.JOB_LATE, SubjectKind.JOB, "sweep")
    assert practice.bell(DOT) == 1
    assert {(one.recipient_id, one.template, one.fields["count"]) for one in practice.messages()} == {
        (DOT, "staff.job_late", "10")
    }
    broke(practice.wait(minutes=1), incident=None)
    watching.watch_practice(practice.caller)
    practice.sweep()
    assert practice.alert().closed_by is ClosedBy.CLEARED


def test_an_import_that_failed_is_told_once(practice):
    caller = practice.caller
    now = caller.clock.now()
    draft = Draft(
        make.an_id(70),
        DraftState.FAILED,
        None,
        1,
        "0" * 64,
        1,
        0,
        None,
        now,
        None,
        now,
        None,
        None,
        {"name": "x"},
        None,
    )
    drafts.add_draft(caller.session, caller.practice_id, draft, Table((), ()))
    caller.session.commit()
    (found,) = troubles(caller)
    assert (found.reason, found.subject.key) == (Reason.IMPORT_FAILED, make.an_id(70).hex)
    watching.watch_practice(caller)
    practice.sweep()
    assert [(one.recipient_id, one.template) for one in practice.messages()] == [(DOT, "staff.import_failed")]
    assert practice.sweep() == 0
