"""Logs: one JSON object a line on stderr, holding only keys that are on the list.

What packages log is rewritten: their texts may quote a value, so that a line of theirs holds who wrote it and where in
the code, and what broke as `describe` tells it. A line break in a value stays inside its JSON text: nobody can write a
line of his own into the log.
"""

import json
import logging
import sys
from collections.abc import MutableMapping
from datetime import UTC, datetime
from typing import Any

import structlog

from app.platform.incidents import describe

ALLOWED = frozenset({"event", "level", "timestamp", "incident", "what", "endpoint", "method", "status", "job", "count"})
LONGEST = 4000
TEMPLATES = frozenset({"gunicorn.error", "apscheduler.scheduler", "apscheduler.executors.default"})
"""Loggers of packages whose texts are fixed words, with values filled in later: the words alone are told."""


def _only_allowed(_logger: Any, _name: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    return {
        key: value if isinstance(value, int) else str(value)[:LONGEST] for key, value in event.items() if key in ALLOWED
    }


class PackageFormatter(logging.Formatter):
    """Writes a line of a package's logger as one of ours, without any value that the package put into it."""

    def format(self, record: logging.LogRecord) -> str:
        """Say which logger spoke, where in its code, its fixed words where it has such, and what broke."""
        what = f"{record.name} at {record.module}:{record.lineno}"
        if record.name in TEMPLATES and record.args and isinstance(record.msg, str):
            what += f": {record.msg}"
        if record.exc_info and record.exc_info[1] is not None:
            what += f" | {describe(record.exc_info[1])}"
        when = datetime.fromtimestamp(record.created, UTC).isoformat().replace("+00:00", "Z")
        return json.dumps(
            {"event": "package", "what": what[:LONGEST], "level": record.levelname.lower(), "timestamp": when}
        )


class _Stderr(logging.StreamHandler[Any]):
    """Writes to the stderr of now, not of the start."""

    def emit(self, record: logging.LogRecord) -> None:
        """Write one line."""
        self.stream = sys.stderr
        super().emit(record)


def set_up_logs() -> None:
    """Send our log to stderr, and what packages log from warnings on, as lines of ours."""
    root = logging.getLogger()
    root.setLevel(logging.WARNING)
    if not any(isinstance(handler, _Stderr) for handler in root.handlers):
        handler = _Stderr(sys.stderr)
        handler.setLevel(logging.WARNING)
        handler.setFormatter(PackageFormatter())
        root.addHandler(handler)
    logging.raiseExceptions = False  # a line that cannot be written never prints its values
    logging.getLogger("urllib3").setLevel(logging.CRITICAL)  # its warnings quote addresses, with numbers in them
    structlog.configure(
        processors=[
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            _only_allowed,
            structlog.processors.JSONRenderer(),
        ],
        logger_factory=lambda *_: structlog.PrintLogger(sys.stderr),  # the stderr of now, not of the start
    )


def log() -> Any:
    """The log. Give it keys of the list only; others are dropped."""
    return structlog.get_logger()
