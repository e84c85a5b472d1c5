"""Hold the visits on file of which a file has nothing but refused rows: what is planned in them is not known."""

from collections.abc import Iterator, Mapping

from app.audit.actions import record
from app.imports.actions.ledger import write
from app.imports.actions.pieces import PIECE, Run
from app.imports.rules.plans import Plan
from app.platform.changes import announced
from app.platform.ids import new_id
from app.schedule import store as schedule
from app.schedule.rules.unread import unread_line, with_unread


def hold(run: Run, refused: Mapping[str, int]) -> dict[str, int]:
    """Hold the visits that are on file, whatever their status; unknown ones are not made.

    Takes     visit ids, each with the first of its rows that was refused.
    Returns   those that are on file.
    """
    held: dict[str, int] = {}
    for piece in _pieces(refused):
        if run.dry_run:
            held |= {reference: piece[reference] for reference in _decided(run, piece)[1]}
            run.caller.session.rollback()
            continue
        with announced(run.caller):
            plan, found = _decided(run, piece)
            if plan.writes:
                write(run.caller, plan, run.run_id)
                record(run.caller, "imports.held", sorted(plan.touched), visits=len(plan.changed_visits))
        held |= {reference: piece[reference] for reference in found}
    return held


def _decided(run: Run, piece: Mapping[str, int]) -> tuple[Plan, list[str]]:
    plan = Plan()
    on_file = schedule.records(run.caller.session, run.caller.practice_id, list(piece))
    for reference, before in on_file.items():
        after = with_unread(before, piece[reference], unread_line(before), new_id)
        if after != before:
            plan.changed_visits.append(after)
            plan.touched.add(before.visit.patient_id)
    return plan, list(on_file)


def _pieces(refused: Mapping[str, int]) -> Iterator[dict[str, int]]:
    named = sorted(refused.items())
    for start in range(0, len(named), PIECE):
        yield dict(named[start : start + PIECE])
