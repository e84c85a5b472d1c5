"""Who verified which rule when, and what rests on each rule. What was undone is left out everywhere."""

from collections.abc import Iterable, Mapping, Sequence
from uuid import UUID

from sqlalchemy import Select, delete, func, select
from sqlalchemy.orm import Session

from app.platform.db import keyring_of
from app.platform.ids import new_id
from app.policies.facts.answers import BasisKind
from app.policies.facts.conflicts import CorrectedRule
from app.policies.facts.freshness import InUse, NewVerification, Verification, VerifiedDays
from app.policies.models.kept import RuleActionRow
from app.policies.models.verifications import CorrectedRuleRow, RuleInUseRow, RuleVerificationRow

_NOTE = "rule_verification.note"


def add_verifications(session: Session, practice_id: UUID, action: UUID, made: Iterable[NewVerification]) -> None:
    """Append what one action verified."""
    keyring = keyring_of(session)
    for one in made:
        key = new_id()
        session.add(
            RuleVerificationRow(
                practice_id=practice_id,
                id=key,
                action_id=action,
                payer=one.ref.partition("/")[0],
                ref=one.ref,
                content=one.content,
                verified_on=one.verified_on,
                how=one.how,
                note=keyring.seal(_NOTE, practice_id, key, one.note),
            )
        )
    session.flush()


def verified_days(session: Session, practice_id: UUID) -> VerifiedDays:
    """The last day on which each rule was verified, by its reference and the hash of its content."""
    row = RuleVerificationRow
    statement = (
        select(row.ref, row.content, func.max(row.verified_on))
        .where(row.practice_id == practice_id, row.action_id.not_in(_undone(practice_id)))
        .group_by(row.ref, row.content)
    )
    return {(ref, content): day for ref, content, day in session.execute(statement)}


def last_verifications(session: Session, practice_id: UUID, payer: str) -> Mapping[tuple[str, str], Verification]:
    """The last verification of each rule of a payer, by its reference and the hash of its content."""
    row, keyring = RuleVerificationRow, keyring_of(session)
    statement = (
        select(row, RuleActionRow)
        .join(RuleActionRow, (RuleActionRow.practice_id == row.practice_id) & (RuleActionRow.id == row.action_id))
        .where(row.practice_id == practice_id, row.payer == payer, row.action_id.not_in(_undone(practice_id)))
        .order_by(row.verified_on, row.id)
    )
    return {
        (one.ref, one.content): Verification(
            id=one.id,
            action=action.id,
            ref=one.ref,
            content=one.content,
            verified_on=one.verified_on,
            how=BasisKind(one.how),
            note=keyring.unseal(_NOTE, practice_id, one.id, one.note),
            at=action.at,
            by=action.by,
        )
        for one, action in session.execute(statement)
    }


def verified_by(session: Session, practice_id: UUID, action: UUID) -> tuple[str, ...]:
    """The references of the rules that one action verified."""
    row = RuleVerificationRow
    statement = select(row.ref).where(row.practice_id == practice_id, row.action_id == action).order_by(row.ref)
    return tuple(session.scalars(statement))


def rules_in_use(session: Session, practice_id: UUID) -> Mapping[str, InUse]:
    """How many booked visits and open cases rest on each rule of the library, as counted last."""
    statement = select(RuleInUseRow).where(RuleInUseRow.practice_id == practice_id)
    return {row.ref: InUse(row.visits, row.cases) for row in session.scalars(statement)}


def put_in_use(session: Session, practice_id: UUID, counted: Mapping[str, InUse], gone: Sequence[str]) -> None:
    """Keep new counts for some rules, and forget those that nothing rests on any more."""
    refs = [*counted, *gone]
    session.execute(delete(RuleInUseRow).where(RuleInUseRow.practice_id == practice_id, RuleInUseRow.ref.in_(refs)))
    session.add_all(
        RuleInUseRow(practice_id=practice_id, ref=ref, visits=one.visits, cases=one.cases)
        for ref, one in counted.items()
    )
    session.flush()


def add_corrected(session: Session, practice_id: UUID, rule_id: UUID, rules: Iterable[CorrectedRule]) -> None:
    """Append which rules of the library a practice's rule corrected, as they stood."""
    session.add_all(
        CorrectedRuleRow(
            practice_id=practice_id, rule_id=rule_id, ref=one.ref, content=one.content, version=one.version
        )
        for one in rules
    )
    session.flush()


def corrected_by(session: Session, practice_id: UUID, rule_id: UUID) -> tuple[CorrectedRule, ...]:
    """The rules of the library that a practice's rule corrected; none where nobody noted it."""
    row = CorrectedRuleRow
    statement = select(row).where(row.practice_id == practice_id, row.rule_id == rule_id).order_by(row.ref)
    return tuple(CorrectedRule(one.ref, one.content, one.version) for one in session.scalars(statement))


def _undone(practice_id: UUID) -> Select[UUID | None]:
    return select(RuleActionRow.undoes).where(
        RuleActionRow.practice_id == practice_id, RuleActionRow.undoes.is_not(None)
    )
