"""Payer rules at rest: the room's only queries."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.platform.ids import new_id
from app.platform.rows import chunks, in_order
from app.policies.facts.answers import Need, PatientAnswer, PracticeRule
from app.policies.facts.records import InForce, NewAnswer, NewEnd, NewPracticeRule
from app.policies.models import (
    PatientAnswerRow,
    PayerRow,
    PracticeRuleEndRow,
    PracticeRuleRow,
    RuleSetInForceRow,
    RuleSetRow,
)
from app.values.insurance import Line
from app.values.spans import DateSpan

_BOUNDS = ("lines", "plans", "places", "providers", "groups")


def in_force(session: Session, practice_id: UUID) -> InForce | None:
    """The rule set in force at a practice; None when none was ever loaded."""
    statement = (
        select(RuleSetInForceRow)
        .where(RuleSetInForceRow.practice_id == practice_id)
        .order_by(RuleSetInForceRow.since.desc(), RuleSetInForceRow.id.desc())
        .limit(1)
    )
    row = session.scalar(statement)
    return InForce(row.version, row.files, row.shipped, row.since) if row is not None else None


def rule_set(session: Session, practice_id: UUID, version: str) -> str | None:
    """The content of a rule set that was ever in force at a practice; None for any other."""
    statement = (
        select(RuleSetRow.content)
        .join(RuleSetInForceRow, RuleSetInForceRow.version == RuleSetRow.version)
        .where(RuleSetInForceRow.practice_id == practice_id, RuleSetRow.version == version)
        .limit(1)
    )
    return session.scalar(statement)


def put_in_force(session: Session, practice_id: UUID, content: str, entry: InForce) -> None:
    """Keep a rule set and put it in force."""
    if session.get(RuleSetRow, entry.version) is None:
        session.add(RuleSetRow(version=entry.version, content=content))
        session.flush()
    session.add(
        RuleSetInForceRow(
            practice_id=practice_id,
            id=new_id(),
            version=entry.version,
            files=entry.files,
            shipped=entry.shipped,
            since=entry.since,
        )
    )
    session.flush()


def payers(session: Session, practice_id: UUID) -> Mapping[str, str]:
    """The payers that files named and the library does not know: name by key."""
    rows = session.execute(select(PayerRow.key, PayerRow.name).where(PayerRow.practice_id == practice_id))
    return {row.key: row.name for row in rows}


def add_payer(session: Session, practice_id: UUID, key: str, name: str) -> bool:
    """Add a payer without rules. Returns False when it is on file."""
    statement = select(PayerRow.id).where(PayerRow.practice_id == practice_id, PayerRow.key == key)
    if session.scalar(statement) is not None:
        return False
    session.add(PayerRow(practice_id=practice_id, id=new_id(), key=key, name=name))
    session.flush()
    return True


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


def add_answers(session: Session, practice_id: UUID, answers: Iterable[NewAnswer]) -> None:
    """Append answers for patients."""
    for new in answers:
        said = new.answer
        session.add(
            PatientAnswerRow(
                practice_id=practice_id,
                id=new.id,
                patient_id=new.patient_id,
                payer=said.payer,
                names=sorted(said.names),
                need=said.need,
                begins=said.span.begins,
                ends=said.span.ends,
                said_on=said.said_on,
                reference=said.reference,
                channel=said.channel,
                recorded_at=new.recorded_at,
                recorded_by=new.recorded_by,
            )
        )
    session.flush()


def answers_of(
    session: Session, practice_id: UUID, patient_ids: Sequence[UUID]
) -> Mapping[UUID, tuple[PatientAnswer, ...]]:
    """The answers on file for some patients; a patient without one is left out."""
    found: dict[UUID, tuple[PatientAnswer, ...]] = {}
    for piece in chunks(patient_ids):
        rows = session.scalars(
            select(PatientAnswerRow).where(
                PatientAnswerRow.practice_id == practice_id, PatientAnswerRow.patient_id.in_(piece)
            )
        ).all()
        for row in in_order(list(rows)):  # ordered there, SQLite would pass through all answers of the practice
            found[row.patient_id] = (*found.get(row.patient_id, ()), _answer(row))
    return found


def answers_in_patient_order(
    session: Session, practice_id: UUID, after: UUID | None = None, until: UUID | None = None
) -> Iterator[tuple[UUID, tuple[PatientAnswer, ...]]]:
    """Stream the answers of the patients after one id up to another (included), in the order of their ids."""
    statement = select(PatientAnswerRow).where(PatientAnswerRow.practice_id == practice_id)
    if after is not None:
        statement = statement.where(PatientAnswerRow.patient_id > after)
    if until is not None:
        statement = statement.where(PatientAnswerRow.patient_id <= until)
    statement = statement.order_by(PatientAnswerRow.patient_id, PatientAnswerRow.id)
    patient_id: UUID | None = None
    answers: tuple[PatientAnswer, ...] = ()
    for row in session.scalars(statement.execution_options(yield_per=1000)):
        if patient_id is not None and row.patient_id != patient_id:
            yield patient_id, answers
            answers = ()
        patient_id, answers = row.patient_id, (*answers, _answer(row))
    if patient_id is not None:
        yield patient_id, answers


def _answer(row: PatientAnswerRow) -> PatientAnswer:
    return PatientAnswer(
        ref=f"answer#{row.id}",
        payer=row.payer,
        names=frozenset(row.names),
        need=row.need,
        span=DateSpan(row.begins, row.ends),
        said_on=row.said_on,
        reference=row.reference,
        channel=row.channel,
    )
