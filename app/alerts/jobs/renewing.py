"""Renewals open by themselves in draft."""

from app.alerts.actions import renewing
from app.platform.caller import Caller


def open_renewals(caller: Caller) -> int:
    """Open the renewals whose time has come. Works from open alerts: twice, late or by hand ends the same."""
    return renewing.open_renewals(caller)
