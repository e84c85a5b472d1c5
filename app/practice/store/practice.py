"""Practices, sites, providers and participation: the only queries over them."""

from dataclasses import asdict
from datetime import datetime
from uuid import UUID

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from app.platform.ids import new_id
from app.platform.wall import finds_practice
from app.practice.facts.practice import Participation, Practice, Provider, Site
from app.practice.models.practice import ParticipationRow, PracticeRow, ProviderRow, SiteRow, SkippedStepRow
from app.values.spans import DateSpan


class PracticeNotFoundError(Exception):
    """No practice with this id is in the database."""


def practice_of(session: Session, practice_id: UUID) -> Practice:
    """Read one practice. Raises PracticeNotFoundError."""
    row = session.get(PracticeRow, practice_id)
    if row is None:
        raise PracticeNotFoundError("no practice with this id is in the database")
    flags = row.sample, row.set_up, row.second_factor, row.restored_at
    return Practice(row.id, row.name, row.zone, row.state, row.group_npi, *flags)


@finds_practice
def all_practices(session: Session) -> tuple[Practice, ...]:
    """List every practice of the database, for the jobs and the command line: it finds the practice itself."""
    ids = session.scalars(select(PracticeRow.id).order_by(PracticeRow.id)).all()
    return tuple(practice_of(session, practice_id) for practice_id in ids)


def save_practice(session: Session, practice_id: UUID, practice: Practice) -> None:
    """Write a practice as given, new or known."""
    assert practice.id == practice_id
    session.merge(PracticeRow(**asdict(practice)))
    session.flush()


def hold_restored(session: Session, practice_id: UUID, restored_at: datetime) -> None:
    """Note that a practice came from a backup, and sends nothing until it is released."""
    mine = update(PracticeRow).where(PracticeRow.id == practice_id)
    session.execute(mine.values(restored_at=restored_at).execution_options(synchronize_session=False))


def release_restored(session: Session, practice_id: UUID) -> bool:
    """Let a practice that came from a backup send again. Returns whether it was held."""
    held = update(PracticeRow).where(PracticeRow.id == practice_id, PracticeRow.restored_at.is_not(None))
    return session.execute(held.values(restored_at=None).returning(PracticeRow.id)).one_or_none() is not None


def sites(session: Session, practice_id: UUID) -> tuple[Site, ...]:
    """List the sites of a practice by name."""
    rows = session.scalars(select(SiteRow).where(SiteRow.practice_id == practice_id).order_by(SiteRow.name))
    return tuple(Site(row.id, row.name, row.code, row.zone, row.state, row.fresh_days, row.unreviewed) for row in rows)


def add_site(session: Session, practice_id: UUID, site: Site) -> None:
    """Write a site, new or known. Two of one practice never share a name or a code (the database refuses it)."""
    session.merge(SiteRow(practice_id=practice_id, **asdict(site)))
    session.flush()


def providers(session: Session, practice_id: UUID) -> tuple[Provider, ...]:
    """List the providers of a practice by NPI."""
    rows = session.scalars(select(ProviderRow).where(ProviderRow.practice_id == practice_id).order_by(ProviderRow.npi))
    return tuple(Provider(row.id, row.npi, row.name, row.group_npi, row.unreviewed) for row in rows)


def add_provider(session: Session, practice_id: UUID, provider: Provider) -> None:
    """Write a provider, new or known. Two of one practice never share an NPI (the database refuses it)."""
    session.merge(ProviderRow(practice_id=practice_id, **asdict(provider)))
    session.flush()


def participations(session: Session, practice_id: UUID) -> tuple[Participation, ...]:
    """List the practice's word on its providers' networks, oldest word first: the last that holds a day counts."""
    rows = session.scalars(
        select(ParticipationRow).where(ParticipationRow.practice_id == practice_id).order_by(ParticipationRow.id)
    )
    return tuple(
        Participation(row.payer, row.plan, row.provider_npi, row.network, DateSpan(row.begins, row.ends))
        for row in rows
    )


def add_participation(session: Session, practice_id: UUID, participation: Participation) -> None:
    """Add a word on one provider in one payer's network."""
    session.add(
        ParticipationRow(
            practice_id=practice_id,
            id=new_id(),
            payer=participation.payer,
            plan=participation.plan,
            provider_npi=participation.provider_npi,
            network=participation.network,
            begins=participation.span.begins,
            ends=participation.span.ends,
        )
    )
    session.flush()


def skipped_steps(session: Session, practice_id: UUID) -> frozenset[str]:
    """Name the steps of the first hour that the practice goes without."""
    return frozenset(session.scalars(select(SkippedStepRow.step).where(SkippedStepRow.practice_id == practice_id)))


def skip_step(session: Session, practice_id: UUID, step: str, skipped_at: datetime) -> None:
    """Note that the practice goes without a step of the first hour."""
    session.merge(SkippedStepRow(practice_id=practice_id, step=step, skipped_at=skipped_at))
    session.flush()
