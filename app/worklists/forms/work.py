"""What a person does with ticked visits, as the forms send it -> checked values, or a sentence."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from urllib.parse import parse_qsl
from uuid import UUID

from werkzeug.datastructures import MultiDict

from app.worklists.facts import ScheduleQuery
from app.worklists.forms.query import NOBODY_WORD, read_query

LONGEST_NOTE = 500
MOST_VISITS = 50
ACTIONS = ("assign", "self_pay", "ask", "start")


Typed = MultiDict[str, str]
"""A form as it came."""


@dataclass
class WorkForm:
    """The ticked visits with the version of each one's work, what is to be done, and the list to go back to."""

    do: str
    seen: dict[UUID, int]
    owner: UUID | None
    back: ScheduleQuery
    typed_owner: str = ""
    errors: dict[str, str] = field(default_factory=dict)


def read_work(typed: Typed) -> WorkForm:
    """Read the form around the list. `owner` None: nobody."""
    seen = dict(filter(None, map(_tick, typed.getlist("tick"))))
    typed_owner = typed.get("owner", "")
    form = WorkForm(typed.get("do", ""), seen, _id(typed_owner), read_back(typed.get("back", "")), typed_owner)
    if not seen:
        form.errors["ticks"] = "Tick the visits first."
    elif form.do not in ACTIONS:
        form.errors["ticks"] = "Choose what to do with the ticked visits."
    if seen and form.do == "assign" and form.owner is None and typed_owner != NOBODY_WORD:
        form.errors["owner"] = "Choose to whom the visits are assigned, or Nobody."
    return form


def _tick(text: str) -> tuple[UUID, int] | None:
    visit, _, version = text.partition(".")
    found = _id(visit)
    return (found, int(version)) if found is not None and version.isascii() and version.isdigit() else None


def read_back(text: str) -> ScheduleQuery:
    """Read the address of the list to go back to; what cannot be read is left out."""
    return read_query(dict(parse_qsl(text[:2000]))).query


def read_visits(texts: Sequence[str]) -> tuple[UUID, ...]:
    """Read the visits that an address or a form names, in order, at most a page of them."""
    found = dict.fromkeys(one for one in map(_id, texts) if one is not None)
    return tuple(found)[:MOST_VISITS]


def read_key(text: str) -> UUID | None:
    """Read the id that a form carries, by which it counts once however often it is sent; None where it is none."""
    return _id(text)


@dataclass
class AskForm:
    """A question: its note, whom it goes to, and the id under which it is asked once."""

    note: str
    of_owner: bool
    step: UUID | None
    errors: dict[str, str] = field(default_factory=dict)


def read_ask(typed: Typed) -> AskForm:
    """Read the form of a question; the note may be empty."""
    note = typed.get("note", "").strip()
    form = AskForm(note, typed.get("to", "owner") == "owner", _id(typed.get("step", "")))
    if len(note) > LONGEST_NOTE:
        form.errors["note"] = f"Note must be {LONGEST_NOTE} characters or fewer; it has {len(note):,}."
    return form


@dataclass
class AnswerForm:
    """The answer to a question."""

    answer: str
    errors: dict[str, str] = field(default_factory=dict)


def read_answer(typed: Typed) -> AnswerForm:
    """Read an answer: some words."""
    form = AnswerForm(typed.get("answer", "").strip())
    if not form.answer:
        form.errors["answer"] = "Answer: write what the person who asked needs to know."
    elif len(form.answer) > LONGEST_NOTE:
        form.errors["answer"] = f"Answer must be {LONGEST_NOTE} characters or fewer; it has {len(form.answer):,}."
    return form


def _id(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None
