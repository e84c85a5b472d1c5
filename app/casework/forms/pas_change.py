"""What a person types to change or cancel a request that the payer has -> a change, or errors beside the field."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from app.casework.forms.approval import read_id
from app.casework.forms.request import read_version
from app.casework.forms.typed import Typed
from app.casework.rules.pas_changes import PasChange
from app.standards.fhir.pas_facts import LineChange, SentLine

MOST_UNITS = 99_999
MOST_WORDS = 264
"""Signs of the words to the payer: what X12 carries of them, since a payer may turn the request into a 278."""


@dataclass
class PasChangeForm:
    """The form as typed, and what it says where it can be read. `sure`: the person has seen what will be sent."""

    typed: Typed
    change: PasChange
    key: UUID | None
    version: int | None
    sure: bool

    @property
    def errors(self) -> Mapping[str, str]:
        """A sentence by field."""
        return self.typed.errors


def read_change(
    typed: Mapping[str, str], papers: Sequence[str], lines: Sequence[SentLine], urgent: bool, today: date
) -> PasChangeForm:
    """Read the form of a change.

    Takes     the fields; the ids of the documents that are ticked; the lines as the payer has them; whether the request
              is urgent now; the practice's day. A field that says what the payer has already changes nothing.
    """
    fields = Typed(typed, today)
    ids = [read_id(one) for one in papers]
    if any(one is None for one in ids):
        fields.refuse("papers", "A document is no longer on file; choose them again")
    wanted = fields.ticked("urgent")
    change = PasChange(
        lines=tuple(_lines(fields, lines)),
        urgent=wanted if wanted is not urgent else None,
        note=fields.text("note", "Words to the payer", MOST_WORDS),
        papers=tuple(dict.fromkeys(one for one in ids if one is not None)),
    )
    key, version = read_id(typed.get("key", "")), read_version(typed.get("version", ""))
    return PasChangeForm(fields, change, key, version, typed.get("sure") == "yes")


def _lines(fields: Typed, lines: Sequence[SentLine]) -> Iterator[LineChange]:
    for line in lines:
        if line.canceled:
            continue
        if fields.ticked(f"away-{line.sequence}"):
            yield LineChange(line.sequence, canceled=True)
            continue
        count = _count(fields, line)
        begins = fields.day(f"begins-{line.sequence}", f"First day of {line.code}")
        ends = fields.day(f"ends-{line.sequence}", f"Last day of {line.code}")
        new = LineChange(
            line.sequence,
            count if count != line.count else None,
            begins if begins != line.begins else None,
            ends if ends != line.ends else None,
        )
        if new != LineChange(line.sequence):
            yield new


def _count(fields: Typed, line: SentLine) -> int | None:
    name = f"count-{line.sequence}"
    typed = fields.values.get(name, "").strip()
    if not typed or line.count is None:
        return line.count
    if not (typed.isascii() and typed.isdigit()) or not 1 <= int(typed[:6]) <= MOST_UNITS:
        fields.refuse(name, f"{line.code} must have a whole number from 1 to {MOST_UNITS:,}")
        return line.count
    return int(typed)
