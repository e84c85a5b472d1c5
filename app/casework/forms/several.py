"""What a person does with ticked cases, as the form sends it -> checked values, or a sentence."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from uuid import UUID

from werkzeug.datastructures import MultiDict

from app.casework.facts.casebook import CaseQuery
from app.casework.forms.approval import read_id
from app.casework.forms.casebook import NOBODY_WORD, read_back
from app.casework.forms.entry import read_next
from app.casework.forms.typed import Typed
from app.values.wording import short_day

ACTIONS = ("assign", "next", "snooze", "wake", "call")
MOST_CASES = 50
LONGEST_SNOOZE = 370  # days


@dataclass
class CaseWorkForm:
    """The ticked cases with the mark of each one's steering, what is to be done, and the list to go back to."""

    do: str
    seen: dict[UUID, str]
    back: CaseQuery
    owner: UUID | None = None
    step: tuple[str, date] | None = None
    until: date | None = None
    typed: dict[str, str] = field(default_factory=dict)
    errors: dict[str, str] = field(default_factory=dict)


def read_case_work(typed: MultiDict[str, str], today: date) -> CaseWorkForm:
    """Read the form around the list. `owner` None: nobody."""
    seen = dict(filter(None, map(_tick, typed.getlist("tick")[:MOST_CASES])))
    words = {name: typed.get(name, "") for name in ("owner", "next_action", "next_on", "until")}
    form = CaseWorkForm(typed.get("do", ""), seen, read_back(typed.get("back", "")), typed=words)
    if not seen:
        form.errors["ticks"] = "Tick the cases first."
    elif form.do not in ACTIONS:
        form.errors["ticks"] = "Choose what to do with the ticked cases."
    else:
        _READ.get(form.do, _nothing)(form, words, today)
    return form


def _nothing(_form: CaseWorkForm, _words: dict[str, str], _today: date) -> None:
    """There is nothing more to read."""


def _owner(form: CaseWorkForm, words: dict[str, str], _today: date) -> None:
    form.owner = read_id(words["owner"])
    if form.owner is None and words["owner"] != NOBODY_WORD:
        form.errors["owner"] = "Choose to whom the cases are assigned, or Nobody."


def _next(form: CaseWorkForm, words: dict[str, str], today: date) -> None:
    fields = Typed(words, today)
    found = read_next(fields)
    if found is None and not fields.errors:
        fields.refuse("next_action", "Say what comes next")
    form.errors |= fields.errors
    if found is not None and found.on is not None and not form.errors:
        form.step = found.action, found.on


def _until(form: CaseWorkForm, words: dict[str, str], today: date) -> None:
    fields = Typed(words, today)
    form.until = fields.day("until", "Until")
    if form.until is None:
        fields.refuse("until", "Enter the day on which the cases come back, like t+7")
    elif form.until <= today:
        fields.refuse("until", f"Until must be after today; you entered {short_day(form.until)}")
    elif (form.until - today).days > LONGEST_SNOOZE:
        fields.refuse("until", f"Until must be within a year; you entered {short_day(form.until)}")
    form.errors |= fields.errors


_READ = {"assign": _owner, "next": _next, "snooze": _until}


def _tick(text: str) -> tuple[UUID, str] | None:
    case, _, mark = text.partition(".")
    found = read_id(case)
    return (found, mark[:12]) if found is not None else None


def read_cases(texts: Sequence[str]) -> tuple[UUID, ...]:
    """Read the cases that an address or a form names, in order, at most a page of them."""
    found = dict.fromkeys(one for one in map(read_id, texts) if one is not None)
    return tuple(found)[:MOST_CASES]
