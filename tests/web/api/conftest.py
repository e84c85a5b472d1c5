"""A small practice, and programs that ask about it."""

from collections.abc import Callable

import pytest
from flask import Flask

from app.platform.caller import Caller
from app.platform.clock import FixedClock
from app.platform.db import db
from tests.support import make
from tests.support.desk import DAY, Desk
from tests.support.web import equipped
from tests.web.api.support import Program, program


@pytest.fixture
def desk(web_app: Flask, web_clock: FixedClock) -> None:
    """A practice of two sites with a day of visits."""
    with web_app.app_context():
        caller = equipped(Caller(db.session(), make.PRACTICE_ID, web_clock, via="test"))
        booked = Desk(caller).furnish()
        booked.book(*DAY)
        booked.imported().judge()


@pytest.fixture
def asks(web_app: Flask, web_clock: FixedClock, desk: None) -> Program:
    """A program with every scope."""
    return program(web_app, web_clock)


@pytest.fixture
def limited(web_app: Flask, web_clock: FixedClock, desk: None) -> Callable[..., Program]:
    """Make a program that sees some sites, or has some scopes."""

    def made(**limits: object) -> Program:
        return program(web_app, web_clock, **limits)  # type: ignore[arg-type]

    return made
