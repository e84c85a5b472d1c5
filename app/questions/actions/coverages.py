"""What a plan answered, recorded on a patient's coverage: held, compared with what the person saw, announced."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from uuid import UUID

from sqlalchemy.orm import Session

from app.audit.actions import record
from app.coverage.actions.checks import record_check as keep_check
from app.coverage.facts import CoverageEvent, CoverageRecord, NetworkAnswer
from app.coverage.rules import check_of_edit, without_older_answer
from app.coverage.store import coverages as store
from app.platform.caller import Caller
from app.platform.changes import Changed, announce, announced
from app.platform.ids import new_id
from app.questions.facts.words import CheckWord
from app.values.insurance import Known


class CoverageNotFoundError(Exception):
    """The patient has no such coverage any more."""


class StaleCoverageError(Exception):
    """Somebody changed the coverage meanwhile: nothing is saved. `now` is what is on file, `version` its count."""

    def __init__(self, now: CoverageRecord, version: int) -> None:
        super().__init__("the coverage was changed meanwhile")
        self.now, self.version = now, version


def record_check(caller: Caller, patient_id: UUID, word: CheckWord) -> None:
    """Record what a plan answered by phone or portal. Raises CoverageNotFoundError, StaleCoverageError."""
    with announced(caller) as session:
        old = _seen(caller, session, patient_id, word.coverage_id, word.version)
        changes = {
            "result": word.result,
            "checked_on": word.checked_on,
            "source": word.source,
            "reference": word.reference,
        }
        check = check_of_edit(old, changes, new_id(), caller.clock.now(), caller.user_id)
        assert check is not None
        keep_check(caller, check, without_older_answer(old, changes))
        record(caller, "coverage.answered", [patient_id, word.coverage_id])


def record_no_referral(caller: Caller, patient_id: UUID, coverage_id: UUID, version: int, said_by: str | None) -> None:
    """Record that a plan asks no referral. Raises CoverageNotFoundError, StaleCoverageError."""

    def needs_none(old: CoverageRecord) -> CoverageRecord:
        return replace(old, referral_required=Known.NO)

    _change(caller, patient_id, coverage_id, version, needs_none, said_by)


def _change(
    caller: Caller,
    patient_id: UUID,
    coverage_id: UUID,
    version: int,
    change: Callable[[CoverageRecord], CoverageRecord],
    said_by: str | None = None,
) -> None:
    with announced(caller) as session:
        old = _seen(caller, session, patient_id, coverage_id, version)
        _write(caller, session, [(old, change(old))], said_by)
        record(caller, "coverage.answered", [patient_id, coverage_id])


def _seen(caller: Caller, session: Session, patient_id: UUID, coverage_id: UUID, version: int) -> CoverageRecord:
    """Read a coverage, held for writing, as the person saw it. Raises CoverageNotFoundError, StaleCoverageError."""
    held = {one.id: (one, seen) for one, seen in _held(caller, session, patient_id).items()}
    if coverage_id not in held:
        raise CoverageNotFoundError
    old, now = held[coverage_id]
    if now != version:
        raise StaleCoverageError(old, now)
    return old


def forget_unknown_network(caller: Caller, patients: Sequence[UUID], payer: str, plan: str) -> None:
    """Let the practice's own word count where a plan's answer on the network was `unknown`.

    Takes     patients; the payer; the plan folded, as a question names it.
    """
    with announced(caller) as session:
        found = store.records_of(session, caller.practice_id, patients)
        changed = [
            (one, replace(one, network=None))
            for records in found.values()
            for one in records
            if one.network is NetworkAnswer.UNKNOWN
            and one.payer == payer
            and "".join((one.plan or "").split()).casefold() == plan
        ]
        _write(caller, session, changed)
        record(caller, "coverage.network_said", coverages=len(changed))


def _held(caller: Caller, session: Session, patient_id: UUID) -> Mapping[CoverageRecord, int]:
    return store.on_file(session, caller.practice_id, patient_id, hold=True)


def _write(
    caller: Caller,
    session: Session,
    changed: Sequence[tuple[CoverageRecord, CoverageRecord]],
    said_by: str | None = None,
) -> None:
    new = [after for before, after in changed if after != before]
    store.change_coverages(session, caller.practice_id, new)
    for before, after in changed:
        if before != after:
            store.add_event(session, caller.practice_id, _event(caller, before, after, said_by))
    announce(session, Changed(frozenset(one.patient_id for one in new)))


def _event(caller: Caller, before: CoverageRecord, after: CoverageRecord, said_by: str | None) -> CoverageEvent:
    names = ("result", "checked_on", "source", "reference", "verified", "referral_required", "network")
    changes = {
        name: [_text(getattr(before, name)), _text(getattr(after, name))]
        for name in names
        if getattr(before, name) != getattr(after, name)
    }
    if said_by is not None:
        changes["said_by"] = [None, said_by]
    return CoverageEvent(new_id(), after.patient_id, after.id, caller.clock.now(), caller.via, caller.user_id, changes)


def _text(value: object) -> str | None:
    return None if value is None else str(value)
