"""The practice's own rules at rest. Rules and ends of an action that was undone are left out everywhere."""

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from sqlalchemy import ColumnElement, Select, and_, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from app.platform.db import keyring_of
from app.platform.ids import new_id
from app.platform.sealed import Keyring
from app.policies.facts.answers import BasisKind, Need, PracticeRule
from app.policies.facts.records import KeptEnd, KeptRule, NewEnd, NewPracticeRule, RuleAction
from app.policies.models.kept import (
    PracticeRuleEndOriginRow,
    PracticeRuleEndRow,
    PracticeRuleOriginRow,
    PracticeRuleRow,
    RuleActionRow,
)
from app.policies.rules.practice import parts_of
from app.values.insurance import Line
from app.values.spans import DateSpan

_BASIS, _REASON = "practice_rule.basis", "practice_rule_end.reason"
_BOUNDS = ("lines", "plans", "places", "providers", "groups")


def begin_action(session: Session, practice_id: UUID, action: RuleAction) -> bool:
    """Append what a person did. Returns False when the same was done before, also by a form sent at the same time."""
    insert = postgresql.insert if session.get_bind().dialect.name == "postgresql" else sqlite.insert
    row = insert(RuleActionRow).values(
        practice_id=practice_id,
        id=action.id,
        kind=action.kind,
        at=action.at,
        by=action.by,
        undoes=action.undoes,
    )
    made = session.execute(row.on_conflict_do_nothing().returning(RuleActionRow.id))
    return made.scalar() is not None


def action_of(session: Session, practice_id: UUID, action_id: UUID) -> tuple[RuleAction, bool] | None:
    """What was done under an id, and whether it was undone since; None when nothing was."""
    rows = session.scalars(
        select(RuleActionRow).where(
            RuleActionRow.practice_id == practice_id,
            (RuleActionRow.id == action_id) | (RuleActionRow.undoes == action_id),
        )
    ).all()
    done = next((row for row in rows if row.id == action_id), None)
    if done is None:
        return None
    return RuleAction(done.id, done.kind, done.at, done.by, done.undoes), len(rows) > 1


def add_practice_rule(session: Session, practice_id: UUID, rule: NewPracticeRule) -> str:
    """Append a practice rule. Returns its `practice#id`."""
    said = rule.rule
    row = PracticeRuleRow(
        practice_id=practice_id,
        id=rule.id,
        payer=said.payer,
        codes=sorted(said.codes),
        need=said.need,
        begins=said.span.begins,
        ends=said.span.ends,
        basis=keyring_of(session).seal(_BASIS, practice_id, rule.id, said.basis),
        source_day=said.source_day,
        bounds={name: sorted(getattr(said, name)) for name in _BOUNDS if getattr(said, name)},
        routine=said.routine,
        corrects=said.corrects,
        recorded_on=said.recorded_on,
        recorded_at=rule.recorded_at,
        recorded_by=rule.recorded_by,
    )
    session.add(row)
    session.flush()
    if rule.action is not None:
        origin = PracticeRuleOriginRow(
            practice_id=practice_id,
            id=rule.id,
            action_id=rule.action,
            basis_kind=said.basis_kind,
            replaces=rule.replaces,
        )
        session.add(origin)
        session.flush()
    return said.ref


def end_practice_rule(session: Session, practice_id: UUID, end: NewEnd) -> None:
    """Append the last day of a practice rule, for one code or for all."""
    end_id = new_id()
    session.add(
        PracticeRuleEndRow(
            practice_id=practice_id,
            id=end_id,
            rule_id=end.rule_id,
            code=end.code,
            last_day=end.last_day,
            reason=keyring_of(session).seal(_REASON, practice_id, end_id, end.reason),
            recorded_at=end.recorded_at,
            recorded_by=end.recorded_by,
        )
    )
    session.flush()
    if end.action is not None:
        session.add(PracticeRuleEndOriginRow(practice_id=practice_id, id=end_id, action_id=end.action))
        session.flush()


def practice_rules(session: Session, practice_id: UUID, at: datetime | None = None) -> tuple[PracticeRule, ...]:
    """All practice rules, their ends taken in: a rule of which some codes ended earlier is given in parts.

    Takes     an instant, to leave out what was recorded, ended or undone after it; None: as they are now.
    """
    ends, keyring = _ends(session, practice_id, at), keyring_of(session)
    rows = session.execute(_rules(practice_id, at).order_by(PracticeRuleRow.id))
    return tuple(part for row, origin in rows for part in parts_of(_rule(keyring, row, origin), ends.get(row.id, ())))


def kept_rules(session: Session, practice_id: UUID, *, payer: str | None = None) -> tuple[KeptRule, ...]:
    """All practice rules as they are on file, with who, when, their ends and versions, in the order of making."""
    ends, keyring = _ends(session, practice_id), keyring_of(session)
    undone = _undone_ends(session, practice_id)
    statement = _rules(practice_id).order_by(PracticeRuleRow.id)
    if payer is not None:
        statement = statement.where(PracticeRuleRow.payer == payer)
    rows: list[tuple[PracticeRuleRow, PracticeRuleOriginRow | None]] = [
        (row, origin) for row, origin in session.execute(statement)
    ]
    newer = {origin.replaces: row.id for row, origin in rows if origin is not None and origin.replaces is not None}
    return tuple(
        KeptRule(
            id=row.id,
            rule=_rule(keyring, row, origin),
            recorded_at=row.recorded_at,
            recorded_by=row.recorded_by,
            action=origin.action_id if origin is not None else None,
            replaces=origin.replaces if origin is not None else None,
            replaced_by=newer.get(row.id),
            ends=tuple(ends.get(row.id, ())),
            version=len(ends.get(row.id, ())) + 2 * undone.get(row.id, 0),
        )
        for row, origin in rows
    )


def hold_rules(session: Session, practice_id: UUID, rule_ids: Iterable[UUID]) -> None:
    """Hold some rules until the transaction ends, so that two people do not end the same one."""
    session.execute(
        select(PracticeRuleRow.id)
        .where(PracticeRuleRow.practice_id == practice_id, PracticeRuleRow.id.in_(sorted(rule_ids)))
        .with_for_update()
    ).all()


def _undone(practice_id: UUID, at: datetime | None = None) -> Select[UUID | None]:
    undone = select(RuleActionRow.undoes).where(
        RuleActionRow.practice_id == practice_id, RuleActionRow.undoes.is_not(None)
    )
    return undone if at is None else undone.where(RuleActionRow.at <= at)


def _stands(practice_id: UUID, action: ColumnElement[UUID], at: datetime | None) -> ColumnElement[bool]:
    return action.is_(None) | action.not_in(_undone(practice_id, at))


def _rules(practice_id: UUID, at: datetime | None = None) -> Select[PracticeRuleRow, PracticeRuleOriginRow]:
    origin = PracticeRuleOriginRow
    joined = and_(origin.practice_id == PracticeRuleRow.practice_id, origin.id == PracticeRuleRow.id)
    action: ColumnElement[UUID] = origin.__table__.c.action_id
    found = (
        select(PracticeRuleRow, origin)
        .outerjoin(origin, joined)
        .where(PracticeRuleRow.practice_id == practice_id, _stands(practice_id, action, at))
    )
    return found if at is None else found.where(PracticeRuleRow.recorded_at <= at)


def _ends(session: Session, practice_id: UUID, at: datetime | None = None) -> dict[UUID, list[KeptEnd]]:
    origin = PracticeRuleEndOriginRow
    joined = and_(origin.practice_id == PracticeRuleEndRow.practice_id, origin.id == PracticeRuleEndRow.id)
    action: ColumnElement[UUID] = origin.__table__.c.action_id
    statement = (
        select(PracticeRuleEndRow, origin.action_id)
        .outerjoin(origin, joined)
        .where(PracticeRuleEndRow.practice_id == practice_id, _stands(practice_id, action, at))
        .order_by(PracticeRuleEndRow.id)
    )
    if at is not None:
        statement = statement.where(PracticeRuleEndRow.recorded_at <= at)
    found: dict[UUID, list[KeptEnd]] = {}
    keyring = keyring_of(session)
    for row, by in session.execute(statement):
        reason = keyring.unseal(_REASON, practice_id, row.id, row.reason)
        end = KeptEnd(row.code, row.last_day, reason, row.recorded_at, row.recorded_by, by)
        found.setdefault(row.rule_id, []).append(end)
    return found


def _undone_ends(session: Session, practice_id: UUID) -> dict[UUID, int]:
    """How many ends of each rule were undone."""
    origin = PracticeRuleEndOriginRow
    joined = and_(origin.practice_id == PracticeRuleEndRow.practice_id, origin.id == PracticeRuleEndRow.id)
    statement = (
        select(PracticeRuleEndRow.rule_id)
        .join(origin, joined)
        .where(PracticeRuleEndRow.practice_id == practice_id, origin.action_id.in_(_undone(practice_id)))
    )
    found: dict[UUID, int] = {}
    for rule_id in session.scalars(statement):
        found[rule_id] = found.get(rule_id, 0) + 1
    return found


def _rule(keyring: Keyring, row: PracticeRuleRow, origin: PracticeRuleOriginRow | None) -> PracticeRule:
    bounds = {name: frozenset(row.bounds.get(name, ())) for name in _BOUNDS}
    return PracticeRule(
        ref=f"practice#{row.id}",
        payer=row.payer,
        codes=frozenset(row.codes),
        need=Need(row.need),
        span=DateSpan(row.begins, row.ends),
        basis=keyring.unseal(_BASIS, row.practice_id, row.id, row.basis),
        recorded_on=row.recorded_on,
        lines=frozenset(Line(line) for line in bounds.pop("lines")),
        **bounds,
        routine=row.routine,
        corrects=row.corrects,
        source_day=row.source_day,
        basis_kind=BasisKind(origin.basis_kind) if origin is not None and origin.basis_kind is not None else None,
    )
