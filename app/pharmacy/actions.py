"""Say who brings the drug of a case, and record how far it has come: one transaction each, with an audit line."""

from uuid import UUID

from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from app.audit.actions import record
from app.authorizations import store as authorization_store
from app.pharmacy import store
from app.pharmacy.facts import Supply, SupplyMark, SupplyPlan
from app.pharmacy.rules import supply_refusal
from app.platform.caller import Caller
from app.platform.changes import Changed, announce, announced
from app.schedule import store as schedule_store


class SupplyNotFoundError(Exception):
    """The practice has no authorization of this id, or nobody said how its drug comes."""


class StaleSupplyError(Exception):
    """Somebody changed the plan meanwhile: nothing is saved. `now` is what is on file, None: nothing."""

    def __init__(self, now: Supply | None) -> None:
        super().__init__("the plan was changed meanwhile")
        self.now = now


class MarkRefusedError(Exception):
    """A step cannot be recorded so. The first argument says why, as a sentence."""


def plan_supply(caller: Caller, case_id: UUID, version: int, plan: SupplyPlan) -> Supply:
    """Say who brings the drug of a case.

    Takes     the case; the version of the plan that the person saw, 0: none was on file; the plan.
    Returns   what is on file now. The same plan again leaves no trace, whatever the version.
    Raises    SupplyNotFoundError; StaleSupplyError.
    """
    with announced(caller) as session:
        patient = _patient(session, caller.practice_id, case_id)
        now = store.of_case(session, caller.practice_id, case_id, hold=True)
        if now is not None and now.plan is plan:
            return now
        if (now.version if now is not None else 0) != version:
            raise StaleSupplyError(now)
        store.save_plan(session, caller.practice_id, case_id, patient, plan, (caller.clock.now(), caller.user_id))
        announce(session, Changed(frozenset({patient})))
        record(caller, "pharmacy.planned", [patient, case_id], plan=plan.value)
        saved = store.of_case(session, caller.practice_id, case_id)
    assert saved is not None
    return saved


def mark_supply(caller: Caller, case_id: UUID, mark: SupplyMark) -> bool:
    """Record that one step is done; its id, made by who asks, lets a form that is sent twice record it once.

    Returns   False where it is on file already under this id.
    Raises    SupplyNotFoundError; MarkRefusedError with a sentence: a step that the plan does not have, what came named
              for another step, a visit of somebody else.
    """
    try:
        with announced(caller) as session:
            supply = store.of_case(session, caller.practice_id, case_id, hold=True)
            if supply is None:
                raise SupplyNotFoundError
            if any(one.id == mark.id for one in supply.marks):
                return False
            refusal = supply_refusal(supply, mark)
            if refusal is not None:
                raise MarkRefusedError(refusal)
            _of_the_patient(session, caller.practice_id, supply, mark)
            store.add_mark(session, caller.practice_id, case_id, mark)
            announce(session, Changed(frozenset({supply.patient_id})))
            record(caller, "pharmacy.marked", [supply.patient_id, case_id], step=mark.step.value)
    except IntegrityError:
        raise MarkRefusedError("This step is on file for another case.") from None
    return True


def take_back_mark(caller: Caller, case_id: UUID, mark_id: UUID) -> bool:
    """Take a step back that was recorded in error. Returns False where it was taken back already, or is not there."""
    with announced(caller) as session:
        supply = store.of_case(session, caller.practice_id, case_id, hold=True)
        if supply is None:
            raise SupplyNotFoundError
        if not any(one.id == mark_id for one in supply.standing):
            return False
        store.take_back(session, caller.practice_id, mark_id, caller.clock.now(), caller.user_id)
        announce(session, Changed(frozenset({supply.patient_id})))
        record(caller, "pharmacy.taken_back", [supply.patient_id, case_id])
    return True


def _of_the_patient(session: Session, practice_id: UUID, supply: Supply, mark: SupplyMark) -> None:
    if mark.for_visit is None:
        return
    visit = schedule_store.visits_by_ids(session, practice_id, [mark.for_visit]).get(mark.for_visit)
    if visit is None or visit.patient_id != supply.patient_id:
        raise MarkRefusedError("Choose a visit of this patient, or none.")


def _patient(session: Session, practice_id: UUID, case_id: UUID) -> UUID:
    found = authorization_store.patients_by_id(session, practice_id, [case_id])
    if case_id not in found:
        raise SupplyNotFoundError
    return found[case_id]
