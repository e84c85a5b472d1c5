"""What measured runs are compared with, in the same run: bare reading of the same rows, and a row-by-row ORM loop."""

import random
from collections.abc import Iterator
from dataclasses import fields
from typing import Any
from uuid import UUID

from sqlalchemy import event, select
from sqlalchemy.orm import Session

from app.authorizations import store as authorization_store
from app.authorizations.facts import Authorization
from app.authorizations.models import AuthorizationRow
from app.authorizations.rules.items import unpack_items
from app.clearance.actions.judging import judge_file
from app.clearance.actions.world import World, world_of
from app.clearance.facts.verdicts import PatientFile
from app.clearance.store import verdicts as verdict_store
from app.coverage.facts import Coverage
from app.coverage.models import CoverageRow
from app.coverage.store import coverages as coverage_store
from app.patients import store as patient_store
from app.patients.facts import PatientForJudging
from app.patients.models import PatientRow
from app.platform.caller import Caller
from app.policies.store import answers as answer_store
from app.schedule import store as schedule_store
from app.schedule.facts import ServiceLine, Visit
from app.schedule.models import ServiceLineRow, VisitRow
from app.schedule.rules.packing import unpack_lines
from app.values.lists import unpack
from app.values.members import MemberKey
from app.values.spans import DateSpan
from tests.bench.measure import seconds_of

ROWS = 4000
READERS = (
    patient_store.in_patient_order,
    schedule_store.in_patient_order,
    coverage_store.in_patient_order,
    authorization_store.in_patient_order,
    answer_store.answers_in_patient_order,
    verdict_store.in_patient_order,
)


def bare_reading(caller: Caller) -> tuple[float, int]:
    """Read what the whole-book run reads with the database's driver alone. Returns seconds and rows."""
    statements = [statement for reader in READERS for statement in _statements(caller, reader)]
    rows = 0

    def scan() -> None:
        nonlocal rows
        connection = caller.session.connection().connection.dbapi_connection
        assert connection is not None
        for number, (text, values) in enumerate(statements):
            rows += _scan(connection, text, values, f"scan_{number}")

    seconds = seconds_of(scan)
    caller.session.rollback()
    return seconds, rows


def _scan(connection: Any, text: str, values: Any, name: str) -> int:
    """Fetch every row of a statement; on PostgreSQL through a cursor on the server, as the program does."""
    cursor = connection.cursor(name) if hasattr(connection, "pgconn") else connection.cursor()
    count = 0
    cursor.execute(text, values)
    while rows := cursor.fetchmany(ROWS):
        count += len(rows)
    cursor.close()
    return count


def _statements(caller: Caller, reader: Any) -> list[tuple[str, Any]]:
    """The text and values that a reader sends to the driver."""
    found: list[tuple[str, Any]] = []
    bind = caller.session.get_bind()

    def hear(_connection: Any, _cursor: Any, text: str, values: Any, _context: Any, _many: bool) -> None:
        if text.lstrip().upper().startswith("SELECT"):  # not the BEGIN that the engine sends
            found.append((text, values))

    event.listen(bind, "before_cursor_execute", hear)
    try:
        next(iter(reader(caller.session, caller.practice_id)), None)
    finally:
        event.remove(bind, "before_cursor_execute", hear)
        caller.session.rollback()
    return found


def orm_loop(caller: Caller, lines: int, seed: int) -> tuple[float, int]:
    """Judge some lines as a plain ORM program would: for each, load its visit, patient, coverages, approvals, judge.

    Returns   seconds and how many lines. Each line is judged alone; reading the rules is not in the time.
    """
    session, practice_id = caller.session, caller.practice_id
    ids = list(session.scalars(select(ServiceLineRow.id).where(ServiceLineRow.practice_id == practice_id)))
    chosen = random.Random(seed).sample(ids, min(lines, len(ids)))
    world = world_of(session, practice_id, caller.clock)

    def loop() -> None:
        for line_id in chosen:
            _judge_line(session, practice_id, world, line_id)

    seconds = seconds_of(loop)
    session.rollback()
    return seconds, len(chosen)


def _judge_line(session: Session, practice_id: UUID, world: World, line_id: UUID) -> None:
    line = session.get_one(ServiceLineRow, (practice_id, line_id))
    visit = session.get_one(VisitRow, (practice_id, line.visit_id))
    patient = session.get_one(PatientRow, (practice_id, visit.patient_id))
    coverages = session.scalars(
        select(CoverageRow).where(CoverageRow.practice_id == practice_id, CoverageRow.patient_id == patient.id)
    )
    approvals = session.scalars(
        select(AuthorizationRow).where(
            AuthorizationRow.practice_id == practice_id, AuthorizationRow.patient_id == patient.id
        )
    )
    person = PatientForJudging(
        patient.id, patient.birth_date, patient.no_coverage_on is not None, patient.no_coverage_on, patient.version
    )
    file = PatientFile(
        person,
        (_visit(visit, line.position),),
        tuple(_coverage(row) for row in coverages),
        tuple(_approval(row) for row in approvals),
    )
    judge_file(file, world)


def _visit(row: VisitRow, wanted: int) -> Visit:
    lines = tuple(_lines(row, wanted))
    return Visit(row.id, row.reference, row.patient_id, row.site_id, row.starts_at, row.day, row.status, lines)


def _lines(row: VisitRow, wanted: int) -> Iterator[ServiceLine]:
    for place, (position, content) in enumerate(unpack_lines(row.lines)):
        if position == wanted:
            yield ServiceLine(UUID(bytes=row.line_ids[place * 16 : place * 16 + 16]), position, *content)


def _coverage(row: CoverageRow) -> Coverage:
    values = {one.name: getattr(row, one.name) for one in fields(Coverage) if one.name not in ("member", "span")}
    member = MemberKey(row.member_whole, row.member_base, row.member_cut)
    return Coverage(member=member, span=DateSpan(row.begins, row.ends), **values)


def _approval(row: AuthorizationRow) -> Authorization:
    made = ("member", "items", "diagnoses", "places")
    values = {one.name: getattr(row, one.name) for one in fields(Authorization) if one.name not in made}
    whole, base, cut = row.member_whole, row.member_base, row.member_cut
    return Authorization(
        member=None if whole is None or base is None or cut is None else MemberKey(whole, base, cut),
        items=unpack_items(row.items),
        diagnoses=unpack(row.diagnoses),
        places=unpack(row.places),
        **values,
    )
