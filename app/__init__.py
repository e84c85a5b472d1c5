"""Cleared: may a booked visit go ahead? Importing `app` loads nothing else."""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from flask import Flask

    from app.platform.clock import Clock
    from config import Settings


def create_app(settings: "Settings | None" = None, clock: "Clock | None" = None) -> "Flask":
    """Put the web program together; settings come from the environment when none are given."""
    from app.web.factory import make_app

    return make_app(settings, clock)
