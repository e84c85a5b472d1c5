"""What a new plan said of an approved course, as typed -> checked values, or errors beside the field."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from uuid import UUID

from app.eligibility.facts.sentinel import DUTY_DAYS, Confirmation
from app.eligibility.rules.sentinel import duty_until
from app.values.days import read_typed_day
from app.values.wording import short_day

LONGEST = 80


@dataclass
class ConfirmForm:
    """The form as typed. `said` is None until every field can be stored; `key` makes a form sent twice count once."""

    typed: Mapping[str, str]
    key: UUID | None = None
    said: Confirmation | None = None
    errors: dict[str, str] = field(default_factory=dict)


def read_confirmation(typed: Mapping[str, str], today: date) -> ConfirmForm:
    """Read the form. More days than the law gives are taken only where the plan said so."""
    form = ConfirmForm(typed, _key(typed.get("key", "")))
    person, reference = (" ".join(typed.get(name, "").split()) for name in ("person", "reference"))
    if not reference or len(reference) > LONGEST:
        form.errors["reference"] = f"Enter the call's or letter's reference, at most {LONGEST} characters."
    if len(person) > LONGEST:
        form.errors["person"] = f"Enter who said it in at most {LONGEST} characters."
    begins, until = (read_typed_day(typed.get(name, ""), today) for name in ("begins", "until"))
    if begins is None:
        form.errors["begins"] = "Enter the first day for which the plan lets the course go on, like 1/1/2027."
    if until is None:
        form.errors["until"] = "Enter the last day for which the plan lets the course go on, like 3/31/2027."
    if begins is not None and until is not None:
        _check_days(form, begins, until)
        if not form.errors:
            form.said = Confirmation(person or None, reference, begins, until)
    return form


def _check_days(form: ConfirmForm, begins: date, until: date) -> None:
    if until < begins:
        form.errors["until"] = f"The last day must be the same as or after the first, {short_day(begins)}."
    elif until > duty_until(begins) and form.typed.get("longer") != "yes":
        form.errors["until"] = (
            f"That is more than {DUTY_DAYS} days, which end {short_day(duty_until(begins))}. "
            "Tick below that the plan said so, or enter an earlier day."
        )


def _key(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None
