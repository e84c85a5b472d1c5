"""What claims came to whose service rested on a rule: kept line by line, and counted by rule."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from app.policies.facts.answers import Need
from app.remittances.facts.claims import ClaimState
from app.remittances.facts.scores import Outcome, RuleScore, ScoredLine, ScorePlace
from app.remittances.models import RemittanceClaimRow, RemittanceOutcomeRow, RuleTallyRow

_C, _O, _T = RemittanceClaimRow, RemittanceOutcomeRow, RuleTallyRow
_COLUMN = {
    Outcome.PAID: "paid",
    Outcome.AUTHORIZATION: "authorization_denied",
    Outcome.COVERAGE: "coverage_denied",
    Outcome.OTHER: "other_denied",
}


def keep(session: Session, practice_id: UUID, claim_id: UUID, lines: Sequence[ScoredLine]) -> None:
    """Keep what the lines of a claim tell, in place of what was kept of it; nothing of it is counted yet."""
    count(session, practice_id, claim_id, stands=False)
    session.execute(delete(_O).where(_O.practice_id == practice_id, _O.claim_id == claim_id))
    for one in lines:
        session.add(
            RemittanceOutcomeRow(
                practice_id=practice_id,
                claim_id=claim_id,
                position=one.position,
                rule=one.rule,
                need=one.need,
                code=one.code,
                outcome=one.outcome,
                counted=False,
            )
        )
    session.flush()


def claims_after(session: Session, practice_id: UUID, after: UUID | None, limit: int) -> tuple[UUID, ...]:
    """List claims on file in the order of their ids, after one."""
    wanted = select(_C.id).where(_C.practice_id == practice_id)
    if after is not None:
        wanted = wanted.where(_C.id > after)
    return tuple(session.scalars(wanted.order_by(_C.id).limit(limit)))


def state_of(session: Session, practice_id: UUID, claim_id: UUID) -> ClaimState | None:
    """Where a claim stands; None: it is not on file."""
    return session.scalar(select(_C.state).where(_C.practice_id == practice_id, _C.id == claim_id))


def of_claim(session: Session, practice_id: UUID, claim_id: UUID) -> tuple[tuple[ScoredLine, bool], ...]:
    """Read what is kept of a claim's lines, by position, and whether each is counted."""
    mine = select(_O).where(_O.practice_id == practice_id, _O.claim_id == claim_id)
    return tuple(
        (ScoredLine(row.position, row.rule, row.need, row.code, row.outcome), row.counted)
        for row in session.scalars(mine.order_by(_O.position))
    )


def count(session: Session, practice_id: UUID, claim_id: UUID, *, stands: bool) -> None:
    """Count the lines of a claim that stands, and no longer those of one that does not."""
    lines = session.scalars(
        select(_O)
        .where(_O.practice_id == practice_id, _O.claim_id == claim_id, _O.counted != stands)
        .order_by(_O.rule, _O.need, _O.code, _O.position)
    )
    for line in lines:
        tally = _tally(session, practice_id, line)
        name = _COLUMN[line.outcome]
        setattr(tally, name, getattr(tally, name) + (1 if stands else -1))
        line.counted = stands
    session.flush()


def _tally(session: Session, practice_id: UUID, line: RemittanceOutcomeRow) -> RuleTallyRow:
    key = {"practice_id": practice_id, "rule": line.rule, "need": line.need, "code": line.code}
    found = session.get(RuleTallyRow, key, with_for_update=True, populate_existing=True)
    if found is None:
        found = RuleTallyRow(**key, paid=0, authorization_denied=0, coverage_denied=0, other_denied=0)
        session.add(found)
        session.flush()
    return found


def page(session: Session, practice_id: UUID, limit: int, after: ScorePlace | None = None) -> tuple[RuleScore, ...]:
    """Read rules with their counts: those first that the most denials followed, then by rule and what it said."""
    sums = [func.sum(getattr(_T, name)) for name in _COLUMN.values()]
    denied = func.sum(_T.authorization_denied) + func.sum(_T.coverage_denied)
    statement: Any = select(_T.rule, _T.need, *sums).where(_T.practice_id == practice_id).group_by(_T.rule, _T.need)
    statement = statement.having(func.sum(_T.paid + _T.authorization_denied + _T.coverage_denied + _T.other_denied) > 0)
    if after is not None:
        later = (_T.rule > after.rule) | ((_T.rule == after.rule) & (_T.need > after.need))
        statement = statement.having((denied < after.denied) | ((denied == after.denied) & later))
    rows = session.execute(statement.order_by(denied.desc(), _T.rule, _T.need).limit(limit)).all()
    codes = _denied_codes(session, practice_id, [row[0] for row in rows])
    return tuple(_score(row, codes.get((row[0], row[1]), ())) for row in rows)


def of_rule(session: Session, practice_id: UUID, rule: str, need: Need) -> RuleScore | None:
    """Read one rule with its counts; None where no claim followed it."""
    sums = [func.sum(getattr(_T, name)) for name in _COLUMN.values()]
    mine = (_T.practice_id == practice_id, _T.rule == rule, _T.need == need)
    row = session.execute(select(_T.rule, _T.need, *sums).where(*mine).group_by(_T.rule, _T.need)).one_or_none()
    return _score(row, _denied_codes(session, practice_id, [rule]).get((rule, need), ())) if row is not None else None


def _score(row: Any, codes: tuple[str, ...]) -> RuleScore:
    rule, need, *counts = row
    paid, authorization, coverage, other = (int(one) for one in counts)
    return RuleScore(rule, need, paid, authorization, coverage, other, codes)


def _denied_codes(session: Session, practice_id: UUID, rules: Sequence[str]) -> dict[tuple[str, Need], tuple[str, ...]]:
    found: dict[tuple[str, Need], tuple[str, ...]] = {}
    denied = _T.authorization_denied + _T.coverage_denied > 0
    statement = select(_T.rule, _T.need, _T.code).where(_T.practice_id == practice_id, _T.rule.in_(rules), denied)
    for rule, need, code in session.execute(statement.order_by(_T.code)):
        found[rule, need] = (*found.get((rule, need), ()), code)
    return found
