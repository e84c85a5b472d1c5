"""Someone who brings in files, and the practice's database beside the pages."""

import pytest

from app.platform.caller import Caller
from app.platform.db import db
from app.practice.facts.staff import Role
from tests.support import make
from tests.support.web import equipped
from tests.web.imports.support import Files


@pytest.fixture
def files(sign_in):
    """Kim, a coordinator, at the pages of imports."""
    return Files(sign_in(Role.COORDINATOR))


@pytest.fixture
def desk(web_app, web_clock):
    """The practice's database, as the command line would open it."""
    with web_app.app_context():
        yield equipped(Caller(db.session(), make.PRACTICE_ID, web_clock, via="test"))
