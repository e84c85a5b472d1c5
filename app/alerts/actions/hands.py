"""The functions of this room that delivery calls, in one place for the job and the webhooks."""

from app.alerts.actions.outgoing import Hands
from app.alerts.actions.stopping import opted_out
from app.alerts.actions.texting import gate
from app.alerts.actions.writing import written

HANDS = Hands(gate, written, opted_out)
"""The gate of texts, the writer of messages, and the note of who opted out at the provider."""
