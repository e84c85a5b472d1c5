"""Asking payers, every few minutes, from what is on file alone."""

from app.eligibility.actions.asking import ask_who_needs_it
from app.eligibility.actions.sending import end_overdue, send_files
from app.platform.caller import Caller


def ask_payers(caller: Caller) -> int:
    """Say which answers are overdue, make today's requests, and send what waits. Returns how much was done."""
    late = end_overdue(caller)
    return late + ask_who_needs_it(caller).asks + send_files(caller)
