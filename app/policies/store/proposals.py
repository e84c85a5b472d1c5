"""Proposed rule sets at rest, what was done with them, and every time at which a set came into force."""

from collections.abc import Collection
from uuid import UUID

from sqlalchemy import ColumnElement, Select, func, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from app.platform.db import keyring_of
from app.policies.facts.proposals import DoneAct, Origin, Proposal, ProposalAct, Reign, Standing
from app.policies.models.kept import RuleSetInForceRow, RuleSetRow
from app.policies.models.proposals import RuleProposalActRow, RuleProposalRow
from app.policies.rules.proposals import standing_of

_REASON = "rule_proposal_act.reason"
_ENDS = (ProposalAct.ACCEPT, ProposalAct.REJECT, ProposalAct.SUPERSEDE)


def hold_rules_in_force(session: Session, practice_id: UUID) -> None:
    """Hold which rules are in force until the transaction ends: acts with rule sets run one after another."""
    session.execute(
        select(RuleSetInForceRow.id)
        .where(RuleSetInForceRow.practice_id == practice_id)
        .order_by(RuleSetInForceRow.since, RuleSetInForceRow.id)
        .limit(1)
        .with_for_update()
    ).all()


def add_proposal(session: Session, practice_id: UUID, proposal: Proposal, content: str) -> None:
    """Keep a rule set, under the hash of its content, and put it forward."""
    if session.get(RuleSetRow, proposal.version) is None:
        session.add(RuleSetRow(version=proposal.version, content=content))
        session.flush()
    session.add(
        RuleProposalRow(
            practice_id=practice_id,
            id=proposal.id,
            version=proposal.version,
            files=proposal.files,
            origin=proposal.origin,
            folder=proposal.folder,
            at=proposal.at,
            by=proposal.by,
        )
    )
    session.flush()


def add_act(session: Session, practice_id: UUID, act: DoneAct) -> bool:
    """Append an act. Returns False when the same was done before, also by a form sent at the same time."""
    insert = postgresql.insert if session.get_bind().dialect.name == "postgresql" else sqlite.insert
    reason = None if act.reason is None else keyring_of(session).seal(_REASON, practice_id, act.id, act.reason)
    row = insert(RuleProposalActRow).values(
        practice_id=practice_id,
        id=act.id,
        proposal_id=act.proposal,
        kind=act.kind,
        basis=act.basis,
        in_force_id=act.in_force,
        reason=reason,
        at=act.at,
        by=act.by,
    )
    made = session.execute(row.on_conflict_do_nothing().returning(RuleProposalActRow.id))
    return made.scalar() is not None


def was_done(session: Session, practice_id: UUID, act_id: UUID) -> bool:
    """Say whether something was done under an id of a form."""
    where = (RuleProposalActRow.practice_id == practice_id, RuleProposalActRow.id == act_id)
    return session.scalar(select(RuleProposalActRow.id).where(*where)) is not None


def proposals(
    session: Session, practice_id: UUID, in_force: str, *, most: int | None = None, after: UUID | None = None
) -> tuple[Standing, ...]:
    """What was put forward, the newest first, each with its acts. `after`: only those before this one."""
    statement = _proposals(practice_id).order_by(RuleProposalRow.id.desc())
    if after is not None:
        statement = statement.where(RuleProposalRow.id < after)
    return _standings(session, practice_id, in_force, statement.limit(most) if most is not None else statement)


def proposal(session: Session, practice_id: UUID, proposal_id: UUID, in_force: str) -> Standing | None:
    """One proposal with its acts; None when it is not on file."""
    found = _standings(session, practice_id, in_force, _proposals(practice_id).where(RuleProposalRow.id == proposal_id))
    return found[0] if found else None


def open_proposals(session: Session, practice_id: UUID, in_force: str) -> tuple[Standing, ...]:
    """The proposals with which something can still be done, the newest first."""
    statement = _proposals(practice_id).where(_is_open(practice_id)).order_by(RuleProposalRow.id.desc())
    return _standings(session, practice_id, in_force, statement)


def count_open(session: Session, practice_id: UUID) -> int:
    """How many proposals wait for people."""
    where = (RuleProposalRow.practice_id == practice_id, _is_open(practice_id))
    return session.scalar(select(func.count()).select_from(RuleProposalRow).where(*where)) or 0


def proposals_of_files(session: Session, practice_id: UUID, files: str, in_force: str) -> tuple[Standing, ...]:
    """What was put forward of the same files, the newest first."""
    statement = _proposals(practice_id).where(RuleProposalRow.files == files).order_by(RuleProposalRow.id.desc())
    return _standings(session, practice_id, in_force, statement)


def reigns(session: Session, practice_id: UUID) -> tuple[Reign, ...]:
    """Every time at which a rule set came into force, the oldest first."""
    restored = select(RuleProposalActRow.in_force_id).where(
        RuleProposalActRow.practice_id == practice_id, RuleProposalActRow.kind == ProposalAct.RESTORE
    )
    put_back = set(session.scalars(restored))
    rows = session.scalars(
        select(RuleSetInForceRow)
        .where(RuleSetInForceRow.practice_id == practice_id)
        .order_by(RuleSetInForceRow.since, RuleSetInForceRow.id)
    )
    return tuple(Reign(row.id, row.version, row.files, row.shipped, row.since, row.id in put_back) for row in rows)


def acts_of_reigns(session: Session, practice_id: UUID) -> dict[UUID, tuple[DoneAct, DoneAct | None]]:
    """By each time in force that a person began: the act that began it, and the last asking that it answered."""
    began = select(RuleProposalActRow.proposal_id).where(
        RuleProposalActRow.practice_id == practice_id, RuleProposalActRow.kind == ProposalAct.ACCEPT
    )
    rows = session.scalars(
        select(RuleProposalActRow)
        .where(
            RuleProposalActRow.practice_id == practice_id,
            RuleProposalActRow.kind.in_((ProposalAct.ASK, ProposalAct.ACCEPT, ProposalAct.RESTORE)),
            RuleProposalActRow.in_force_id.is_not(None) | RuleProposalActRow.proposal_id.in_(began),
        )
        .order_by(RuleProposalActRow.at, RuleProposalActRow.id)
    )
    acts = [_act(session, row) for row in rows]
    asked = {one.proposal: one for one in acts if one.kind is ProposalAct.ASK}
    return {one.in_force: (one, asked.get(one.proposal)) for one in acts if one.in_force is not None}


def _is_open(practice_id: UUID) -> ColumnElement[bool]:
    ended = select(RuleProposalActRow.proposal_id).where(
        RuleProposalActRow.practice_id == practice_id,
        RuleProposalActRow.kind.in_(_ENDS),
        RuleProposalActRow.proposal_id.is_not(None),
    )
    column: ColumnElement[UUID] = RuleProposalRow.__table__.c.id
    return column.not_in(ended)


def _proposals(practice_id: UUID) -> Select[RuleProposalRow]:
    return select(RuleProposalRow).where(RuleProposalRow.practice_id == practice_id)


def _standings(
    session: Session, practice_id: UUID, in_force: str, statement: Select[RuleProposalRow]
) -> tuple[Standing, ...]:
    rows = session.scalars(statement).all()
    acts = _acts(session, practice_id, [row.id for row in rows])
    return tuple(standing_of(_proposal(row), acts.get(row.id, ()), in_force) for row in rows)


def _acts(session: Session, practice_id: UUID, ids: Collection[UUID]) -> dict[UUID, list[DoneAct]]:
    rows = session.scalars(
        select(RuleProposalActRow)
        .where(RuleProposalActRow.practice_id == practice_id, RuleProposalActRow.proposal_id.in_(ids))
        .order_by(RuleProposalActRow.at, RuleProposalActRow.id)
    )
    found: dict[UUID, list[DoneAct]] = {}
    for row in rows:
        assert row.proposal_id is not None
        found.setdefault(row.proposal_id, []).append(_act(session, row))
    return found


def _proposal(row: RuleProposalRow) -> Proposal:
    return Proposal(row.id, row.version, row.files, Origin(row.origin), row.folder, row.at, row.by)


def _act(session: Session, row: RuleProposalActRow) -> DoneAct:
    reason = None
    if row.reason is not None:
        reason = keyring_of(session).unseal(_REASON, row.practice_id, row.id, row.reason)
    return DoneAct(row.id, ProposalAct(row.kind), row.proposal_id, row.basis, row.at, row.by, row.in_force_id, reason)
