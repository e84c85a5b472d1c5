"""Estimates, consents and notices: the only queries over them."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import String, and_, column, delete, func, insert, select, table, tuple_, update
from sqlalchemy.orm import Session

from app.booking.facts.papers import Paper, PaperKind, PaperLine, PaperState
from app.booking.models import BookingPaperLineRow, BookingPaperRow
from app.platform import sight
from app.platform.db import Uuid16, keyring_of
from app.platform.ids import new_id
from app.platform.rows import chunks
from app.platform.sealed import Sealed
from app.schedule import store as schedule_store
from app.schedule.facts import BillTo
from app.values.scope import EVERYTHING, Scope

_P, _L = BookingPaperRow, BookingPaperLineRow
_LINES = table("service_line", column("practice_id", Uuid16()), column("visit_id", Uuid16()), column("code", String()))
_VISITS = table("visit", column("practice_id", Uuid16()), column("id", Uuid16()), column("lines", String()))
_SELF_PAY = f'"{BillTo.SELF_PAY.value}"'
_SIGNED_BY, _WORDS = "booking_paper.signed_by", "booking_paper_line.words"
WAITING = (PaperState.OPEN, PaperState.GIVEN)
"""States in which something is still to be done."""


def paper_of(session: Session, practice_id: UUID, paper_id: UUID, *, hold: bool = False) -> Paper | None:
    """Read one paper; `hold` keeps others from changing it until this transaction ends."""
    wanted = select(_P).where(_P.practice_id == practice_id, _P.id == paper_id)
    rows = session.scalars(wanted.with_for_update() if hold else wanted).all()
    return next(iter(_papers(session, practice_id, rows)), None)


def of_visit(session: Session, practice_id: UUID, visit_id: UUID) -> tuple[Paper, ...]:
    """Read the papers of a visit, newest first."""
    wanted = select(_P).where(_P.practice_id == practice_id, _P.visit_id == visit_id)
    return _papers(session, practice_id, session.scalars(wanted.order_by(_P.id.desc())).all())


def of_visits(session: Session, practice_id: UUID, visit_ids: Collection[UUID]) -> Mapping[UUID, tuple[Paper, ...]]:
    """Read the papers of some visits, by visit, newest first; who has none is left out."""
    wanted = select(_P).where(_P.practice_id == practice_id, _P.visit_id.in_(list(visit_ids)))
    found: dict[UUID, tuple[Paper, ...]] = {}
    for paper in _papers(session, practice_id, session.scalars(wanted.order_by(_P.id.desc())).all()):
        found[paper.visit_id] = (*found.get(paper.visit_id, ()), paper)
    return found


def visits_with(
    session: Session, practice_id: UUID, days: tuple[date, date], codes: Collection[str], after: UUID | None, limit: int
) -> tuple[UUID, ...]:
    """List booked visits of some days, both included, that have a line of one of some codes, in the order of ids."""
    visits = schedule_store.booked_from(session, practice_id, days[0]).subquery()
    wanted = (
        select(visits.c.id)
        .join(_LINES, and_(_LINES.c.practice_id == practice_id, _LINES.c.visit_id == visits.c.id))
        .where(visits.c.day <= days[1], _LINES.c.code.in_(sorted(codes)))
    )
    if after is not None:
        wanted = wanted.where(visits.c.id > after)
    return tuple(session.scalars(wanted.distinct().order_by(visits.c.id).limit(limit)))


def waiting(
    session: Session,
    practice_id: UUID,
    first_day: date,
    after: tuple[date, UUID] | None,
    limit: int,
    scope: Scope = EVERYTHING,
) -> tuple[tuple[date, Paper], ...]:
    """List papers on which something is still to be done, of booked visits from a day on, by the day of the visit.

    Takes     the day and the id of the last one of the page before.
    Returns   each with the day of its visit.
    """
    visits = schedule_store.booked_from(session, practice_id, first_day).subquery()
    wanted = (
        select(_P, visits.c.day)
        .join(visits, visits.c.id == _P.visit_id)
        .where(_P.practice_id == practice_id, _P.state.in_(WAITING), *sight.by_visit(practice_id, scope, _P.visit_id))
    )
    if after is not None:
        wanted = wanted.where(tuple_(visits.c.day, _P.id) > after)
    found = session.execute(wanted.order_by(visits.c.day, _P.id).limit(limit)).all()
    days = {row[0].id: row[1] for row in found}
    return tuple((days[one.id], one) for one in _papers(session, practice_id, [row[0] for row in found]))


def count_waiting(session: Session, practice_id: UUID, first_day: date, scope: Scope = EVERYTHING) -> int:
    """Count the papers that `waiting` lists."""
    visits = schedule_store.booked_from(session, practice_id, first_day).subquery()
    wanted = (
        select(func.count())
        .select_from(_P)
        .join(visits, visits.c.id == _P.visit_id)
        .where(_P.practice_id == practice_id, _P.state.in_(WAITING), *sight.by_visit(practice_id, scope, _P.visit_id))
    )
    return session.scalar(wanted) or 0


def self_paying(
    session: Session,
    practice_id: UUID,
    first_day: date,
    after: tuple[date, UUID] | None,
    limit: int,
    scope: Scope = EVERYTHING,
) -> tuple[tuple[date, UUID], ...]:
    """List booked visits from a day on that may have a line which the patient pays for, by day, then id.

    Who pays stands in the text of a visit's lines: the text is looked through here, and read by whoever asks.
    """
    visits = schedule_store.booked_from(session, practice_id, after[0] if after is not None else first_day).subquery()
    here = and_(_VISITS.c.practice_id == practice_id, _VISITS.c.id == visits.c.id)
    wanted = (
        select(visits.c.day, visits.c.id)
        .join(_VISITS, here)
        .where(_VISITS.c.lines.contains(_SELF_PAY, autoescape=True), *sight.by_visit(practice_id, scope, visits.c.id))
    )
    if after is not None:
        wanted = wanted.where(tuple_(visits.c.day, visits.c.id) > after)
    found = session.execute(wanted.order_by(visits.c.day, visits.c.id).limit(limit))
    return tuple((row[0], row[1]) for row in found)


def signed_services(session: Session, practice_id: UUID, visit_ids: Collection[UUID]) -> Mapping[UUID, frozenset[str]]:
    """Name by visit the services that a signed consent speaks of; a visit without one is left out."""
    found: dict[UUID, set[str]] = {}
    for piece in chunks(list(visit_ids)):
        wanted = (
            select(_P.visit_id, _L.service)
            .join(_L, and_(_L.practice_id == _P.practice_id, _L.paper_id == _P.id))
            .where(
                _P.practice_id == practice_id,
                _P.visit_id.in_(piece),
                _P.kind == PaperKind.CONSENT,
                _P.state == PaperState.SIGNED,
            )
        )
        for visit_id, service in session.execute(wanted):
            found.setdefault(visit_id, set()).add(service)
    return {visit_id: frozenset(services) for visit_id, services in found.items()}


def add(session: Session, practice_id: UUID, paper: Paper) -> None:
    """Add a paper with its services."""
    add_all(session, practice_id, [paper])


def add_all(session: Session, practice_id: UUID, papers: Sequence[Paper]) -> None:
    """Add papers with their services, in as many statements as one paper takes."""
    if papers:
        rows = [{"practice_id": practice_id, "id": one.id, **_stored(session, practice_id, one)} for one in papers]
        session.execute(insert(_P), rows)
        _write_lines(session, practice_id, papers)


def change(session: Session, practice_id: UUID, paper: Paper) -> Paper:
    """Write a paper that is on file as given, services included, and count the edit. Returns it as it stands."""
    new = replace(paper, version=paper.version + 1)
    session.execute(
        update(_P).where(_P.practice_id == practice_id, _P.id == paper.id).values(**_stored(session, practice_id, new))
    )
    session.execute(delete(_L).where(_L.practice_id == practice_id, _L.paper_id == paper.id))
    _write_lines(session, practice_id, [new])
    return new


def _stored(session: Session, practice_id: UUID, paper: Paper) -> dict[str, Any]:
    keyring = keyring_of(session)
    by: Sealed | None = None
    if paper.signed_by is not None:
        by = keyring.seal(_SIGNED_BY, practice_id, paper.id, paper.signed_by)
    return {
        "visit_id": paper.visit_id,
        "patient_id": paper.patient_id,
        "kind": paper.kind,
        "language": paper.language,
        "state": paper.state,
        "valid_until": paper.valid_until,
        "made_on": paper.made_on,
        "made_by": paper.made_by,
        "given_on": paper.given_on,
        "signed_on": paper.signed_on,
        "signed_by": by,
        "document_id": paper.document_id,
        "paid_before": None if paper.paid_before is None else dict(paper.paid_before),
        "changed_at": paper.changed_at,
        "version": paper.version,
    }


def _write_lines(session: Session, practice_id: UUID, papers: Sequence[Paper]) -> None:
    rows = [_stored_line(session, practice_id, one.id, n, line) for one in papers for n, line in enumerate(one.lines)]
    if rows:
        session.execute(insert(_L), rows)


def _stored_line(session: Session, practice_id: UUID, paper_id: UUID, position: int, line: PaperLine) -> dict[str, Any]:
    line_id = new_id()
    return {
        "practice_id": practice_id,
        "id": line_id,
        "paper_id": paper_id,
        "position": position,
        "service": line.service,
        "words": keyring_of(session).seal(_WORDS, practice_id, line_id, line.words),
        "cents": line.cents,
    }


def _papers(session: Session, practice_id: UUID, rows: Sequence[BookingPaperRow]) -> tuple[Paper, ...]:
    lines = _lines(session, practice_id, [row.id for row in rows])
    keyring = keyring_of(session)
    return tuple(
        Paper(
            id=row.id,
            visit_id=row.visit_id,
            patient_id=row.patient_id,
            kind=row.kind,
            language=row.language,
            lines=lines.get(row.id, ()),
            valid_until=row.valid_until,
            made_on=row.made_on,
            made_by=row.made_by,
            state=row.state,
            given_on=row.given_on,
            signed_on=row.signed_on,
            signed_by=None if row.signed_by is None else keyring.unseal(_SIGNED_BY, practice_id, row.id, row.signed_by),
            document_id=row.document_id,
            paid_before=row.paid_before,
            changed_at=row.changed_at,
            version=row.version,
        )
        for row in rows
    )


def _lines(session: Session, practice_id: UUID, paper_ids: Collection[UUID]) -> Mapping[UUID, tuple[PaperLine, ...]]:
    keyring = keyring_of(session)
    found: dict[UUID, tuple[PaperLine, ...]] = {}
    wanted = select(_L).where(_L.practice_id == practice_id, _L.paper_id.in_(list(paper_ids)))
    for row in session.scalars(wanted.order_by(_L.paper_id, _L.position)):
        line = PaperLine(row.service, keyring.unseal(_WORDS, practice_id, row.id, row.words), row.cents)
        found[row.paper_id] = (*found.get(row.paper_id, ()), line)
    return found
