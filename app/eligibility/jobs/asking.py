"""Asking payers, every few minutes, from what is on file alone."""

from app.eligibility.actions.asking import ask_who_needs_it
from app.eligibility.actions.sending import end_overdue, send_files
from app.platform.caller import Caller
from app.platform.runs import Ran


def ask_payers(caller: Caller) -> Ran:
    """Say which answers are overdue, make today's requests, and send what waits. Returns how much was done."""
    made = end_overdue(caller) + ask_who_needs_it(caller).asks
    return Ran(made, made) + send_files(caller)
