"""The payer's answer as typed: an approval, a spoken yes, more information, none needed, too early, and the ends."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, time
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from app.authorizations.facts import Status
from app.casework.facts.decisions import DISMISSED_FOR, Decided, Decision
from app.casework.facts.entries import Contact, NextStep
from app.casework.forms.approval import read_approval, read_id
from app.casework.forms.entry import LONGEST_WORDS, read_next
from app.casework.forms.typed import Typed
from app.deadlines.rules.calendar import local_time
from app.values.times import read_time
from app.values.wording import short_day

CONFIRMED = "foreseen"
"""The question that is asked once: this cuts what was asked, or breaks visits."""
_OF_THE_GRANT = (
    "number", "reference", "items", "drug", "ndc", "begins", "ends", "no_end", "site_id", "places", "provider_npi",
    "provider_binds", "channel", "diagnoses", "decided_on",
)  # fmt: skip


@dataclass
class DecisionForm:
    """One answer as typed; `decided` is good only where `typed.good`."""

    typed: Typed
    key: UUID | None
    version: int | None
    decided: Decided
    foreseen: bool = field(default=False)

    @property
    def errors(self) -> dict[str, str]:
        """A sentence for each field that has to be mended."""
        return self.typed.errors


def read_decision(
    typed: Mapping[str, str],
    what: Decision,
    now: datetime,
    zone: ZoneInfo,
    sites: Iterable[UUID],
    documents: Iterable[UUID] = (),
) -> DecisionForm:
    """Read the payer's answer.

    Takes     what was typed; which answer it is; the instant and the practice's zone; the sites, and the documents that
              prove it, to choose from.
    """
    today = now.astimezone(zone).date()
    fields = Typed(typed, today)
    decided = Decided(
        what,
        words=_words(fields),
        contact=Contact(
            person=fields.text("person", "Person"), reference=fields.text("contact_reference", "Reference")
        ),
        next_step=read_next(fields),
        document_id=fields.one_of("proof", documents, "Proof"),
        corrects=read_id(typed.get("corrects", "")),
    )
    if what in _READERS:
        decided = _READERS[what](fields, decided)
    elif what in (Decision.APPROVED, Decision.VERBAL):
        decided = replace(decided, values=_granted(fields, what, sites))
    if what is Decision.MORE_INFO:
        decided = _with_time(fields, decided, zone)
    version = typed.get("version", "")
    return DecisionForm(
        fields,
        read_id(typed.get("key", "")),
        int(version) if version.isdigit() and len(version) < 10 else None,
        decided,
        CONFIRMED in fields.confirmed,
    )


def _words(fields: Typed) -> str | None:
    text = fields.values.get("words", "").replace("\r\n", "\n").strip()
    if len(text) > LONGEST_WORDS:
        fields.refuse(
            "words", f"What was said must have at most {LONGEST_WORDS:,} characters; you entered {len(text):,}"
        )
    return text or None


def _granted(fields: Typed, what: Decision, sites: Iterable[UUID]) -> dict[str, Any]:
    """Read what was granted, as the form of an approval does; a spoken yes asks for no number and no days."""
    status = Status.SUBMITTED if what is Decision.VERBAL else Status.APPROVED
    values = {**fields.values, "status": status.value, "coverage": ""}
    form = read_approval(values, fields.today, sites, (), new=False)
    for name, sentence in form.errors.items():
        fields.refuse(name, sentence)
    if what is Decision.APPROVED and form.values["number"] is None:
        fields.refuse("number", "Enter the number that the payer gave. Without one, choose Said yes, no number yet")
    fields.questions |= form.typed.questions
    granted = {name: value for name, value in form.values.items() if name in _OF_THE_GRANT}
    if what is Decision.VERBAL:
        granted = {name: value for name, value in granted.items() if name != "number"} | {"verbal": True}
    return granted


def _more_info(fields: Typed, decided: Decided) -> Decided:
    if decided.words is None:
        fields.refuse("words", "Write what the payer asks for")
    due_on = fields.day("due_on", "Due")
    if due_on is not None and due_on < fields.today:
        fields.refuse("due_on", f"Due must be today or later; you entered {short_day(due_on)}")
    step = decided.next_step or (NextStep("Send what the payer asked for", due_on) if due_on else None)
    return replace(decided, due_on=due_on, next_step=step)


def _with_time(fields: Typed, decided: Decided, zone: ZoneInfo) -> Decided:
    text = fields.values.get("due_time", "").strip()
    if not text:
        return decided
    at: time | None = read_time(text)
    if at is None:
        fields.refuse("due_time", f"Time must be like 5:00 PM or 17:00; you entered {text[:20]}")
    elif decided.due_on is None:
        fields.refuse("due_on", "Enter the day as well")
    else:
        return replace(decided, due_on=None, due_at=local_time(decided.due_on, at, zone))
    return decided


def _info_sent(fields: Typed, decided: Decided) -> Decided:
    if decided.words is None:
        fields.refuse("words", "Write what was sent, and how")
    return decided


def _not_required(fields: Typed, decided: Decided) -> Decided:
    reference = decided.contact.reference if decided.contact else None
    if reference is None:
        fields.refuse("contact_reference", "Enter the reference of the answer: it is the proof that none is needed")
    return replace(decided, values={"reference": reference} if reference else {})


def _too_early(fields: Typed, decided: Decided) -> Decided:
    until = fields.day("until", "From")
    if not fields.values.get("until", "").strip():
        fields.refuse("until", "Enter the first day on which the payer takes the request")
    elif until is not None and until <= fields.today:
        fields.refuse("until", f"From must be after today; you entered {short_day(until)}")
    step = decided.next_step or (NextStep("Send the request", until) if until else None)
    return replace(decided, values={"too_early_until": until}, next_step=step)


def _ended(fields: Typed, decided: Decided) -> Decided:
    if decided.words is None:
        fields.refuse("words", "Write why")
    return decided


def _dismissed(fields: Typed, decided: Decided) -> Decided:
    why = fields.values.get("why", "")
    if why not in DISMISSED_FOR:
        fields.refuse("why", "Choose the reason")
    return replace(decided, why=why)


_READERS: Mapping[Decision, Callable[[Typed, Decided], Decided]] = {
    Decision.MORE_INFO: _more_info,
    Decision.INFO_SENT: _info_sent,
    Decision.NOT_REQUIRED: _not_required,
    Decision.TOO_EARLY: _too_early,
    Decision.WITHDRAWN: _ended,
    Decision.CLOSED: _ended,
    Decision.DISMISSED: _dismissed,
}
