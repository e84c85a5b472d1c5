"""Admin > Backups: when the last was made and tried, and letting a restored practice send again."""

from zoneinfo import ZoneInfo

from flask import Blueprint, current_app, redirect, render_template, url_for
from werkzeug.wrappers import Response

from app.backups.access import Keeping
from app.backups.actions import holding
from app.backups.actions.listing import read_backups, standing
from app.backups.views import backups_page, released_words, trouble
from app.platform.caller import Caller
from app.practice.access import current_caller, current_practice, fresh, needs, say
from app.practice.facts.staff import Permission

backup_pages = Blueprint("backup_pages", __name__, url_prefix="/admin/backups")
KEEPING = "cleared_keeping"
"""Where the web program holds how backups are kept."""


@backup_pages.get("")
@needs(Permission.SETTINGS)
def show() -> str:
    """Show how backups stand, and the last ones."""
    caller, practice = current_caller(), current_practice()
    keeping = current_app.extensions[KEEPING]
    assert isinstance(keeping, Keeping)
    page = backups_page(read_backups(caller), keeping, practice, caller.clock.now())
    return render_template("backups/show.html", page=page)


@backup_pages.post("/release")
@needs(Permission.SETTINGS)
@fresh
def release() -> Response:
    """Let a practice that was restored send again."""
    say(released_words(holding.release(current_caller())))
    return redirect(url_for("backup_pages.show"), 303)


def backup_words(caller: Caller, zone: ZoneInfo) -> str:
    """Say in one line how backups stand, for the first page of Admin."""
    wrong = trouble(standing(caller), caller.clock.now(), zone)
    return wrong or "Made every day, and tried every week."
