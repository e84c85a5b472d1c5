"""The list of estimates and consents in words."""

from dataclasses import dataclass
from uuid import UUID

from app.booking.actions.listing import Listed, Unsigned
from app.booking.views.gate import KIND_WORDS, paper_words, state_words
from app.booking.views.shapes import PaperWords
from app.booking.views.texts import amount_words
from app.values.wording import counted, listed, long_day, short_day


@dataclass(frozen=True, slots=True)
class ListRow:
    """One paper that waits. `late`: its prices end before the visit."""

    id: UUID
    visit_id: UUID
    day: str
    patient: str
    mrn: str
    kind: str
    services: str
    total: str
    state: str
    late: str | None


@dataclass(frozen=True, slots=True)
class ListPage:
    """One page of the list; `after` leads to the next one."""

    rows: tuple[ListRow, ...]
    count: str
    after: str | None


def list_page(found: Listed) -> ListPage:
    """Put one page of the list into words."""
    rows = []
    for day, paper in found.papers:
        patient = found.patients[paper.patient_id]
        late = f"Prices end {short_day(paper.valid_until)}" if paper.valid_until < day else None
        rows.append(
            ListRow(
                id=paper.id,
                visit_id=paper.visit_id,
                day=long_day(day),
                patient=f"{patient.last_name}, {patient.first_name}",
                mrn=patient.mrn,
                kind=KIND_WORDS[paper.kind],
                services=listed([line.service for line in paper.lines]),
                total=amount_words(paper.total),
                state=state_words(paper),
                late=late,
            )
        )
    last = found.papers[-1] if found.more else None
    after = f"{last[0].isoformat()}~{last[1].id}" if last is not None else None
    return ListPage(tuple(rows), counted(found.count, "paper waits", "papers wait"), after)


@dataclass(frozen=True, slots=True)
class UnsignedRow:
    """One visit that the patient pays for; `paper`: its estimate, None where none is prepared."""

    visit_id: UUID
    day: str
    patient: str
    mrn: str
    services: str
    paper: PaperWords | None


@dataclass(frozen=True, slots=True)
class UnsignedPage:
    """One page of them; `after` leads to the next one."""

    rows: tuple[UnsignedRow, ...]
    after: str | None


def unsigned_page(found: Unsigned) -> UnsignedPage:
    """Put one page of self-pay visits without a signature into words."""
    rows = []
    for visit, services in found.visits:
        patient, paper = found.patients[visit.patient_id], found.papers.get(visit.id)
        rows.append(
            UnsignedRow(
                visit_id=visit.id,
                day=long_day(visit.day),
                patient=f"{patient.last_name}, {patient.first_name}",
                mrn=patient.mrn,
                services=listed(list(services)),
                paper=paper_words(paper) if paper is not None else None,
            )
        )
    return UnsignedPage(tuple(rows), f"{found.after[0].isoformat()}~{found.after[1]}" if found.after else None)
