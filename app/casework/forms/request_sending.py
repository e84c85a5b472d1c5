"""How a request went to the payer, as typed."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from app.authorizations.intake import read_number
from app.casework.facts.requests import OTHER_WAY
from app.casework.forms.approval import read_id
from app.casework.forms.request import read_version
from app.casework.forms.typed import Typed
from app.values.wording import short_day


@dataclass
class SendingForm:
    """How a request went out; `told`: the payer was notified only. What is empty was not given."""

    typed: Typed
    key: UUID | None
    version: int
    on: date | None = None
    channel: str | None = None
    reference: str | None = None
    person: str | None = None
    words: str | None = None
    told: bool = False
    ask_on: date | None = None

    @property
    def errors(self) -> dict[str, str]:
        """A sentence for each field that has to be mended."""
        return self.typed.errors


def read_sending(typed: Mapping[str, str], today: date, offered: Mapping[str, str]) -> SendingForm:
    """Read the form. Takes what was typed; the practice's day; the ways that may be chosen, by key."""
    fields = Typed(typed, today)
    form = SendingForm(fields, read_id(typed.get("key", "")), read_version(typed.get("version", "")) or 0)
    form.on = fields.day("on", "Sent on")
    if form.on is None:
        fields.refuse("on", "Enter the day on which it was sent")
    elif form.on > today:
        fields.refuse("on", f"Sent on must be today or before; you entered {short_day(form.on)}")
    way = typed.get("way", "").strip()
    form.channel = fields.text("other_way", "How it was sent") if way == OTHER_WAY else offered.get(way)
    if form.channel is None:
        fields.refuse("other_way" if way == OTHER_WAY else "way", "Say how it was sent, like the payer's portal")
    reference = fields.text("reference", "Payer's reference")
    if reference is not None:
        form.reference = read_number(reference)
        if form.reference is None:
            fields.refuse(
                "reference", f"Payer's reference must be the one that the payer gave; you entered {reference[:20]}"
            )
    form.person = fields.text("person", "Name")
    form.words = fields.text("words", "Note", 2000)
    form.told = fields.ticked("told")
    form.ask_on = fields.day("ask_on", "Ask on")
    if not form.told and form.ask_on is None:
        fields.refuse("ask_on", "Enter the day on which to ask where it stands")
    elif form.ask_on is not None and form.ask_on < today:
        fields.refuse("ask_on", f"Ask on must be today or after; you entered {short_day(form.ask_on)}")
    return form
