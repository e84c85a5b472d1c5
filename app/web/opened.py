"""What every page about a patient says who is in sight only because the person opened that patient."""

from zoneinfo import ZoneInfo

from flask import Flask, g, request

from app.casework.actions.breaking import opened_until
from app.practice.access import current_caller, current_practice
from app.values.times import time_words


def add_opened(app: Flask) -> None:
    """Give the templates `opened_here()`."""
    app.jinja_env.globals["opened_here"] = opened_here


def opened_here() -> str | None:
    """Say until when the patient of this page's address is open; None: in sight anyway, or no patient's page."""
    patient_id = (request.view_args or {}).get("patient_id")
    if patient_id is None or not hasattr(g, "practice") or patient_id not in current_caller().scope.opened:
        return None
    until = opened_until(current_caller(), patient_id)
    return None if until is None else time_words(until.astimezone(ZoneInfo(current_practice().zone)).time())
