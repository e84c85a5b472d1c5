"""A payer's answer for one patient as typed: checked values, or sentences beside the fields."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from uuid import UUID

from app.policies.facts.answers import Need
from app.policies.facts.payer_answers import AnswerOptions, AnswerWord
from app.policies.forms.once import read_once
from app.policies.forms.own_rules import read_code
from app.policies.rules.routine import last_day_of_answer, usual_end_of_answer
from app.values.days import read_typed_day
from app.values.wording import long_day, short_day

FIELDS = ("once", "mrn", "payer", "name", "need", "reference", "said_on", "until")
NEEDS = ((Need.NOT_REQUIRED.value, "No approval needed"), (Need.REQUIRED.value, "Approval needed"))
LONGEST = 200


@dataclass
class AnswerForm:
    """The form as typed; `word` is set when every field can be stored."""

    typed: dict[str, str]
    errors: dict[str, str] = field(default_factory=dict)
    word: AnswerWord | None = None


def fresh_answer(args: Mapping[str, str], options: AnswerOptions, once: UUID) -> AnswerForm:
    """The form as first shown, with the payer and the service that the address gives."""
    typed = dict.fromkeys(FIELDS, "") | {"once": str(once), "said_on": short_day(options.today)}
    typed |= {"until": short_day(usual_end_of_answer(options.today)), "name": args.get("name", "").strip()[:40]}
    typed["payer"] = args.get("payer", "") if args.get("payer") in options.payers else ""
    return AnswerForm(typed)


def read_answer_form(typed: Mapping[str, str], options: AnswerOptions) -> AnswerForm:
    """Read the form; whether the record number names a patient is found out by whoever asks."""
    form = AnswerForm({name: typed.get(name, "").strip()[:400] for name in FIELDS})
    said, errors = form.typed, form.errors
    if said["payer"] not in options.payers:
        errors["payer"] = "Choose the payer."
    name = read_code(said["name"], options.drugs) if said["name"] else None
    if name is None:
        found = f"; found {said['name'][:20]}" if said["name"] else ""
        errors["name"] = f"Enter one code or drug, like 96910 or dupixent{found}."
    if said["need"] not in dict(NEEDS):
        errors["need"] = "Choose what the payer says."
    if not said["reference"]:
        errors["reference"] = "Enter the payer's reference for the answer, like 7781-A."
    elif len(said["reference"]) > LONGEST:
        errors["reference"] = f"Reference must have at most {LONGEST} characters; you entered {len(said['reference'])}."
    said_on = _said_on(said["said_on"], options.today, errors)
    until = _until(said["until"], said_on or options.today, options.today, errors)
    once = read_once(said["once"])
    if once is None:
        errors.setdefault("payer", "This page was cut off on its way. Look it over and save it again.")
    if not errors and name is not None and said_on is not None and until is not None and once is not None:
        form.word = AnswerWord(once, said["payer"], name, Need(said["need"]), said["reference"], said_on, until)
    return form


def _said_on(text: str, today: date, errors: dict[str, str]) -> date | None:
    day = read_typed_day(text, today) if text else None
    if day is None:
        found = f"; found {text[:40]}" if text else ""
        errors["said_on"] = f"Enter the day on which the payer said it, like {short_day(today)}{found}."
    elif day > today:
        errors["said_on"] = f"The day must be today, {short_day(today)}, or earlier; found {long_day(day)}."
    return day if "said_on" not in errors else None


def _until(text: str, begins: date, today: date, errors: dict[str, str]) -> date | None:
    day, latest = (read_typed_day(text, today) if text else None), last_day_of_answer(begins)
    if day is None:
        found = f"; found {text[:40]}" if text else ""
        errors["until"] = f"Enter the last date of service for which it holds, like {short_day(latest)}{found}."
    elif not begins <= day <= latest:
        errors["until"] = (
            f"Last day must lie between {short_day(begins)} and {short_day(latest)}: an answer for a patient never "
            f"lasts past 31 December; found {long_day(day)}."
        )
    return day if "until" not in errors else None
