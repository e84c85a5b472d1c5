"""What the program opens by itself at booking."""

from app.booking.actions import opening
from app.platform.caller import Caller


def open_estimates(caller: Caller) -> int:
    """Open the estimates of cosmetic services that are booked soon. Works from state."""
    return opening.open_estimates(caller)
