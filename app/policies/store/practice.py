"""The practice's own rules at rest."""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import date
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.platform.ids import new_id
from app.policies.facts.answers import Need, PracticeRule
from app.policies.facts.records import NewEnd, NewPracticeRule
from app.policies.models import PracticeRuleEndRow, PracticeRuleRow
from app.values.insurance import Line
from app.values.spans import DateSpan

_BOUNDS = ("lines", "plans", "places", "providers", "groups")


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
        basis=said.basis,
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
    return said.ref


def end_practice_rule(session: Session, practice_id: UUID, end: NewEnd) -> None:
    """Append the last day of a practice rule, for one code or for all."""
    session.add(
        PracticeRuleEndRow(
            practice_id=practice_id,
            id=new_id(),
            rule_id=end.rule_id,
            code=end.code,
            last_day=end.last_day,
            reason=end.reason,
            recorded_at=end.recorded_at,
            recorded_by=end.recorded_by,
        )
    )
    session.flush()


def practice_rules(session: Session, practice_id: UUID) -> tuple[PracticeRule, ...]:
    """All practice rules, their ends taken in: a rule of which some codes ended earlier is given in parts."""
    ends: dict[UUID, dict[str | None, date]] = {}
    statement = select(PracticeRuleEndRow.rule_id, PracticeRuleEndRow.code, PracticeRuleEndRow.last_day)
    for rule_id, code, last in session.execute(statement.where(PracticeRuleEndRow.practice_id == practice_id)):
        by_code = ends.setdefault(rule_id, {})
        by_code[code] = min(last, by_code.get(code, last))
    rows = session.scalars(
        select(PracticeRuleRow).where(PracticeRuleRow.practice_id == practice_id).order_by(PracticeRuleRow.id)
    )
    return tuple(part for row in rows for part in _parts(_rule(row), ends.get(row.id, {})))


def _rule(row: PracticeRuleRow) -> PracticeRule:
    bounds = {name: frozenset(row.bounds.get(name, ())) for name in _BOUNDS}
    return PracticeRule(
        ref=f"practice#{row.id}",
        payer=row.payer,
        codes=frozenset(row.codes),
        need=Need(row.need),
        span=DateSpan(row.begins, row.ends),
        basis=row.basis,
        recorded_on=row.recorded_on,
        lines=frozenset(Line(line) for line in bounds.pop("lines")),
        **bounds,
        routine=row.routine,
        corrects=row.corrects,
        source_day=row.source_day,
    )


def _parts(rule: PracticeRule, ends: Mapping[str | None, date]) -> Iterator[PracticeRule]:
    """A rule cut where some of its codes ended earlier than the rest."""
    by_last: dict[date, set[str]] = {}
    whole = min(rule.span.ends or date.max, ends.get(None, date.max))
    for code in rule.codes:
        by_last.setdefault(min(whole, ends.get(code, date.max)), set()).add(code)
    for last, codes in sorted(by_last.items()):
        if rule.span.begins is None or rule.span.begins <= last:
            yield replace(rule, codes=frozenset(codes), span=DateSpan(rule.span.begins, last))
