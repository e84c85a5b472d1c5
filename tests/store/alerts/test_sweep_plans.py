"""What a sweep asks every minute is found by an index of its own: its cost does not grow with what is over."""

import pytest

from app.alerts.facts.outbox import Way
from app.alerts.store import alerts, inbox, notices, theirs, watch
from app.alerts.store.inbox import Narrowed
from tests.store.test_reading_plans import on_sqlite, plans_of
from tests.support import make

__all__ = ["on_sqlite"]

ID, NOW = make.PRACTICE_ID, make.NOW
ASKED = {
    "ix_watch_next": lambda session: watch.due(session, ID, NOW, 10),
    "ix_watch_again": lambda session: watch.overtaken(session, ID, NOW, 10),
    "ix_alert_open": lambda session: alerts.lost(session, ID, NOW, 10),
    "ix_alert_snoozed": lambda session: alerts.woken(session, ID, NOW, 10),
    "ix_alert_escalate": lambda session: alerts.unanswered(session, ID, NOW, 10),
    "ix_notice_waiting": lambda session: notices.waiting(session, ID, 10),
    "ix_notice_composed": lambda session: notices.last_composed(session, ID, Way.SMS, NOW),
    "ix_alert_person_staff": lambda session: theirs.count_shown(session, ID, make.an_id(1)),
    "ix_alert_closed": lambda session: inbox.listed(session, ID, Narrowed(closed=True)),
}


@pytest.mark.parametrize("index", ASKED)
def test_a_sweep_reads_by_an_index(on_sqlite, index):
    plan = plans_of(on_sqlite, lambda: ASKED[index](on_sqlite))
    assert any(index in step for step in plan), plan
    assert not [step for step in plan if step.startswith("SCAN")], plan
