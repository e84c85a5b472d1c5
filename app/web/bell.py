"""The bell of every page: how many alerts wait for whoever opened it. One query for a page."""

from dataclasses import dataclass

from flask import Flask, request, url_for
from sqlalchemy.exc import SQLAlchemyError

from app.alerts.actions.handling import bell_count
from app.practice.access import current_caller, current_staff

MOST = 99
COUNTED = "cleared.bell"
"""Where a request keeps its bell: never longer than the request, as `g` may."""


@dataclass(frozen=True, slots=True)
class Bell:
    """The bell: where it leads, how many alerts wait (None: not known), and whether their page is open."""

    address: str
    count: int | None
    here: bool

    @property
    def shown(self) -> str:
        """The count as it is shown: nothing for none, `99+` beyond that, `?` where it is not known."""
        if self.count is None:
            return "?"
        return f"{MOST}+" if self.count > MOST else str(self.count or "")

    @property
    def words(self) -> str:
        """The count as it is read out."""
        if self.count is None:
            return "it could not be read how many wait"
        return f"{self.count:,} waiting" if self.count else "none waiting"


def add_bell(app: Flask) -> None:
    """Give the templates `bell()`."""
    app.jinja_env.globals["bell"] = bell


def bell() -> Bell:
    """Make the bell of whoever opened the page; asked several times for one page, it is counted once."""
    found = request.environ.get(COUNTED)
    if found is None:
        caller = current_caller()
        here = (request.endpoint or "").startswith("alert_pages.")
        try:
            count = bell_count(caller.session, caller.practice_id, current_staff(), caller.scope)
        except SQLAlchemyError:  # the page that tells of a broken database is itself such a page
            count = None
        found = request.environ[COUNTED] = Bell(url_for("alert_pages.listing"), count, here)
    assert isinstance(found, Bell)
    return found
