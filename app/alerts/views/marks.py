"""Single words for how alerts and messages stand."""

from app.alerts.facts.alerts import ClosedBy
from app.alerts.facts.notices import Happened, Occasion
from app.alerts.facts.outbox import State, Way

WAY_WORDS = {Way.BELL: "bell", Way.EMAIL: "e-mail", Way.SMS: "text"}
CLOSED = {
    ClosedBy.CLEARED: "Cleared",
    ClosedBy.ACKNOWLEDGED: "Acknowledged and closed",
    ClosedBy.PASSED: "Passed",
    ClosedBy.SUPERSEDED: "Replaced",
}
OCCASIONS = {
    Occasion.STEP: "",
    Occasion.WOKEN: " after a snooze",
    Occasion.ESCALATED: ", as nobody had acknowledged",
    Occasion.HANDED: ", as it was handed over",
}
STATES = {
    State.PENDING: "Waits in the Outbox",
    State.CLAIMED: "Being sent",
    State.SENT: "Sent",
    State.DELIVERED: "Delivered",
    State.UNDELIVERED: "Not delivered",
    State.FAILED: "Refused",
    State.CANCELLED: "Cancelled before it went",
    State.EXPIRED: "Too old to send",
}
HAPPENED = {
    Happened.OPENED: "Opened",
    Happened.RAISED: "The next step was reached",
    Happened.TOLD: "Told",
    Happened.WOKEN: "The snooze ended",
    Happened.ACKNOWLEDGED: "Acknowledged",
    Happened.SNOOZED: "Snoozed",
    Happened.HANDED_OVER: "Handed over",
    Happened.TAKEN: "Taken",
    Happened.ESCALATED: "Risen, as nobody had acknowledged",
    Happened.CLOSED: "Closed",
    Happened.UNDONE: "Taken back",
}
