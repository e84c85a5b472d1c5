"""Requests that are being written, in words."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID
from zoneinfo import ZoneInfo

from app.casework.facts.requests import RequestDraft
from app.casework.rules.asking import one, shown_name
from app.patients.facts import Patient
from app.values.wording import near_time


@dataclass(frozen=True, slots=True)
class DraftRow:
    """One request that is being written, in a list."""

    patient_id: UUID
    id: UUID
    name: str
    mrn: str
    what: str
    when: str
    who: str


def saved_words(saved_at: datetime, today: date) -> str:
    """Say when a draft was saved (an instant in the practice's zone): `Draft saved 3:41 PM`."""
    return f"Draft saved {near_time(saved_at, today)}"


def draft_rows(
    drafts: Sequence[RequestDraft],
    people: Mapping[UUID, Patient],
    staff: Mapping[UUID, str],
    zone: ZoneInfo,
    today: date,
) -> tuple[DraftRow, ...]:
    """Put the requests that are being written into the words of a list; one whose patient is gone is left out."""
    return tuple(
        DraftRow(
            draft.patient_id,
            draft.id,
            f"{people[draft.patient_id].last_name}, {people[draft.patient_id].first_name}",
            people[draft.patient_id].mrn,
            ", ".join(shown_name(name) for name in draft.typed.get("code", ()))
            or one(draft.typed, "service")
            or "Nothing yet",
            near_time(draft.saved_at.astimezone(zone), today),
            staff.get(draft.by_id, "somebody no longer on file") if draft.by_id else "a program",
        )
        for draft in drafts
        if draft.patient_id in people
    )
