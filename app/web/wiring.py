"""Who hears of changes. The web, the command line and the scheduler all call `wire` when they are put together."""

from app.platform.changes import Listener, listen

LISTENERS: tuple[Listener, ...] = ()


def wire() -> None:
    """Wire every listener, once."""
    for listener in LISTENERS:
        listen(listener)
