"""Messages for tests, with fixed defaults."""

from datetime import timedelta
from typing import Any

from app.alerts.facts.outbox import Message, To, Way
from tests.support import make


def a_message(number: int = 1, **over: Any) -> Message:
    """Make a text for a member of staff, due since `make.NOW`, that is stale a day later."""
    values: dict[str, Any] = {
        "id": make.an_id(number),
        "key": f"authorization/{number}:approval_ends:14d:sms:{number}",
        "way": Way.SMS,
        "to": To.STAFF,
        "recipient_id": make.an_id(700),
        "template": "staff.expiring",
        "queued_at": make.NOW,
        "not_before": make.NOW,
        "expires_at": make.NOW + timedelta(days=1),
        "fields": {"case": f"case {number}"},
    }
    return Message(**values | over)
