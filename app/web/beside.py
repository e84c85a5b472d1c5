"""What upper rooms say on the pages of lower ones: the roof alone may know both."""

from flask import Flask

from app.web.booking_beside import add_booking
from app.web.case_clocks import add_case_clocks
from app.web.claims_beside import add_claims
from app.web.foresight import add_foresight
from app.web.void_beside import add_voids


def add_beside(app: Flask) -> None:
    """Give the templates, and pages that save, what other rooms say beside them."""
    add_foresight(app)
    add_case_clocks(app)
    add_claims(app)
    add_booking(app)
    add_voids(app)
