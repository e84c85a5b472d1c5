"""Who hears of changes. The web, the command line and the scheduler all call `wire` when they are put together."""

from app.alerts.actions import accounts, opting_in, watching
from app.casework.actions import placing
from app.clearance.actions import keeping
from app.eligibility.actions import sentinel
from app.platform.changes import listen


def wire() -> None:
    """Wire every listener with its follower, once."""
    listen(keeping.on_changed, keeping.after_changed)
    listen(placing.on_changed)
    listen(sentinel.on_changed)
    listen(watching.on_changed)
    listen(opting_in.on_changed)
    listen(accounts.on_changed)
