"""Who hears of changes. The web, the command line and the scheduler all call `wire` when they are put together."""

from app.clearance.actions.keeping import after_changed, on_changed
from app.platform.changes import listen


def wire() -> None:
    """Wire every listener with its follower, once."""
    listen(on_changed, after_changed)
