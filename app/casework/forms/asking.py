"""What is typed to ask a provider, and what a provider types to answer all of it on one page."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from uuid import UUID

from app.casework.forms.charting import LONGEST_LIST, read_dated, read_key, read_kind, read_values
from app.casework.forms.typed import Typed
from app.clinical.actions.asking import Reply
from app.clinical.facts import AskedItem, FactKind
from app.platform.ids import new_id
from app.values.wording import short_day


@dataclass
class AskForm:
    """A question to a provider as typed."""

    typed: Typed
    key: UUID | None
    ticked: tuple[str, ...]
    items: tuple[AskedItem, ...]
    asked_of: UUID | None
    due_on: date | None
    note: str | None


@dataclass
class AnswerForm:
    """A provider's answers as typed: one for each item, None where the provider does not know."""

    typed: Typed
    replies: list[Reply | None] = field(default_factory=list)
    words: str | None = None


def read_ask(
    typed: Mapping[str, str], ticked: Sequence[str], today: date, choices: Mapping[str, str], people: Collection[UUID]
) -> AskForm:
    """Read a question to a provider.

    Takes     the items ticked; what can be asked, by key, with the criterion that it settles; who can be asked.
    """
    fields = Typed(typed, today)
    known = tuple(one for one in dict.fromkeys(ticked) if one in choices)
    note = fields.text("note", "Note", LONGEST_LIST)
    if not known:
        fields.refuse("item", "Tick what the provider is to answer")
    asked_of = fields.one_of("asked_of", people, "Provider")
    if asked_of is None:
        fields.refuse("asked_of", "Choose the provider")
    due_on = fields.day("due_on", "Needed by")
    if due_on is not None and due_on < today:
        fields.refuse("due_on", f"Needed by must be today or later, {short_day(today)} at the earliest")
    return AskForm(fields, read_key(typed.get("key")), known, _items(known, choices), asked_of, due_on, note)


def _items(keys: Sequence[str], choices: Mapping[str, str]) -> tuple[AskedItem, ...]:
    """The items of a question. All that a list of medications must be without is asked once."""
    items: list[AskedItem] = []
    without: list[str] = []
    for key in keys:
        word, _, name = key.partition(" ")
        kind = read_kind(word)
        if kind is FactKind.MEDICATIONS:
            without.append(name)
        elif kind is not None:
            items.append(AskedItem(kind, name, choices[key]))
    if without:
        words = "; ".join(dict.fromkeys(choices[f"{FactKind.MEDICATIONS} {name}"] for name in without))
        items.append(AskedItem(FactKind.MEDICATIONS, "; ".join(without), words))
    return tuple(items)


def read_answers(typed: Mapping[str, str], items: Sequence[AskedItem], today: date) -> AnswerForm:
    """Read a provider's answers. Each item is answered, with its day, or ticked as not known."""
    fields = Typed(typed, today)
    form = AnswerForm(fields, words=fields.text("words", "In words", LONGEST_LIST))
    for place, item in enumerate(items):
        before = f"a{place}-"
        if typed.get(f"{before}unknown") == "yes":
            form.replies.append(None)
            continue
        values = read_values(fields, item.kind, before)
        dated = read_dated(fields, f"{before}dated")
        if dated is None:
            fields.refuse(f"{before}dated", "Enter the day on which it was so, or tick that it is not known")
        form.replies.append(Reply(new_id(), values, dated) if dated is not None else None)
    return form
