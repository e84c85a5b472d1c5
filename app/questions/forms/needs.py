"""The forms of the payer's word: for everybody, and for one patient."""

import re

from app.policies.facts.answers import Need
from app.policies.rules.routine import last_day_of_answer, last_day_of_rule
from app.questions.facts.words import NeedWord, PatientWord
from app.questions.forms.typed import Typed
from app.values.codes import read_place

NEEDS = (Need.NOT_REQUIRED.value, Need.REQUIRED.value)
_NO_NEED = "Choose what the payer says: approval needed, or not needed."


def read_need(typed: Typed) -> NeedWord | None:
    """Read the payer's word for everybody. None when something cannot be read: `typed.errors` says what."""
    need = typed.one_of("need", NEEDS, _NO_NEED)
    basis = typed.text(
        "basis", "Say on what it rests: the payer's list, its look-up tool, or a call with its reference."
    )
    source_day = typed.day(
        "source_day", "Day of the source", "Enter the day on which the payer's word was read or heard."
    )
    typed.not_later("source_day", "Day of the source", source_day, typed.today, "it cannot lie in the future.")
    until = typed.day(
        "until", "Last day", "Enter the last day for which the answer holds, at most 12 months from today."
    )
    typed.not_before("until", "Last day", until, typed.today, "the answer holds from today on.")
    typed.not_later("until", "Last day", until, last_day_of_rule(typed.today), "ask the payer again every 12 months.")
    plan = typed.text("plan")
    places = _places(typed)
    if typed.errors or need is None or basis is None or source_day is None or until is None:
        return None
    return NeedWord(Need(need), basis, source_day, until, plan, places)


def read_patient_word(typed: Typed) -> PatientWord | None:
    """Read the payer's word for one patient."""
    need = typed.one_of("need", NEEDS, _NO_NEED)
    reference = typed.text("reference", "Enter the payer's reference: of the call, the portal page or the letter.")
    until = typed.day("until", "Last day")
    typed.not_before("until", "Last day", until, typed.today, "the answer holds from today on.")
    typed.not_later(
        "until", "Last day", until, last_day_of_answer(typed.today), "an answer for a patient ends with the year."
    )
    if typed.errors or need is None or reference is None:
        return None
    return PatientWord(Need(need), reference, until)


def _places(typed: Typed) -> tuple[str, ...]:
    parts = [part for part in re.split(r"[\s,;]+", typed.values.get("places", "")) if part]
    read = [read_place(part) for part in parts]
    wrong = [part for part, place in zip(parts, read, strict=True) if place is None]
    if wrong:
        typed.errors["places"] = f"Places of service are two digits, like 11 or 22; found {wrong[0][:20]}."
    return tuple(place for place in read if place is not None)
