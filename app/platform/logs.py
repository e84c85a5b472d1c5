"""Logs: one JSON object a line on stderr, holding only keys that are on the list."""

import logging
import sys
from collections.abc import MutableMapping
from typing import Any

import structlog

ALLOWED = frozenset({"event", "level", "timestamp", "incident", "what", "endpoint", "method", "status", "job", "count"})


def _only_allowed(_logger: Any, _name: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    return {key: value for key, value in event.items() if key in ALLOWED}


def set_up_logs() -> None:
    """Send our log to stderr, and keep the loggers of packages to warnings."""
    logging.getLogger().setLevel(logging.WARNING)
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
