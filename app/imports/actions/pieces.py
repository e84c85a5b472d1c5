"""Take rows piece by piece: all rows of some patients at once, each piece decided and written in one transaction."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import TypeVar
from uuid import UUID

from app.audit.actions import record
from app.imports.actions.ledger import Pretended, write
from app.imports.facts import Report
from app.imports.rules.people import mrn_key
from app.imports.rules.plans import Plan
from app.platform.caller import Caller
from app.platform.changes import announced
from app.platform.ids import new_id

R = TypeVar("R")
PIECE = 400
"""Rows decided and written at once: small enough that the database is never held for long."""


@dataclass
class Run:
    """One call of the import: who asks, whether anything is written, how far it is, and the run of the file at work."""

    caller: Caller
    dry_run: bool
    progress: Callable[[Report, int, int], None]
    pretended: Pretended = field(default_factory=Pretended)
    run_id: UUID = field(default_factory=new_id)

    def overlay(self) -> Pretended | None:
        """What earlier pieces of a dry run would have written."""
        return self.pretended if self.dry_run else None


def take(
    run: Run, report: Report, rows: Sequence[R], mrn: Callable[[R], str], decide: Callable[[Sequence[R]], Plan]
) -> None:
    """Decide and write all rows. `decide` reads what is on file, so it is called inside the transaction."""
    done = 0
    run.progress(report, done, len(rows))
    for piece in by_patient(rows, mrn):
        plan = decide(piece) if run.dry_run else _taken(run, report, piece, decide)
        if run.dry_run:
            run.pretended.note(plan)
            run.caller.session.rollback()  # a dry run holds nothing
        report.outcomes.update(plan.outcomes)
        for outcome in plan.outcomes.values():
            report.counts[outcome] += 1
        report.refused.extend(plan.refused)
        report.warnings.extend(plan.warnings)
        done += len(piece)
        run.progress(report, done, len(rows))


def _taken(run: Run, report: Report, piece: Sequence[R], decide: Callable[[Sequence[R]], Plan]) -> Plan:
    caller = run.caller
    with announced(caller):
        plan = decide(piece)
        if plan.writes:
            write(caller, plan, run.run_id)
            record(caller, f"imports.{report.kind}", sorted(plan.touched), rows=len(piece))
    return plan


def by_patient(rows: Sequence[R], mrn: Callable[[R], str]) -> Iterator[list[R]]:
    """Cut rows into pieces that hold every row of each of their patients, in the order in which patients come."""
    groups: dict[str, list[R]] = {}
    for row in rows:
        groups.setdefault(mrn_key(mrn(row)), []).append(row)
    piece: list[R] = []
    for group in groups.values():
        if piece and len(piece) + len(group) > PIECE:
            yield piece
            piece = []
        piece.extend(group)
    if piece:
        yield piece
