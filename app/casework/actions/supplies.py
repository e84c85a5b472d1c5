"""How the drug of a case comes: read it, and write what was done into the case's history too."""

from uuid import UUID

from app.casework.actions.cases import read_case
from app.casework.actions.denials import held, tell
from app.casework.actions.watching import badges_of, turned_since
from app.casework.facts.done import Done
from app.casework.facts.entries import EntryKind, NextStep
from app.casework.facts.supplies import SupplyFile
from app.pharmacy import store
from app.pharmacy.actions import mark_supply, plan_supply, take_back_mark
from app.pharmacy.facts import SupplyMark, SupplyPlan
from app.platform.caller import Caller
from app.platform.changes import announced


def read_supply(caller: Caller, case_id: UUID) -> SupplyFile:
    """Read how the drug of a case comes, and note who read it. Raises CaseNotFoundError."""
    case = read_case(caller, case_id)
    return SupplyFile(case, store.of_case(caller.session, caller.practice_id, case_id))


def plan_drug(caller: Caller, case_id: UUID, version: int, plan: SupplyPlan) -> Done:
    """Say who brings the drug of a case.

    Takes     the case; the version of the plan that the person saw, 0: none was on file; the plan.
    Returns   what it did to the visits.
    Raises    CaseNotFoundError; StaleSupplyError of the room pharmacy.
    """
    patient = held(caller.session, caller.practice_id, case_id).patient_id
    before = badges_of(caller, patient)
    plan_supply(caller, case_id, version, plan)
    return Done(case_id, turned_since(caller, patient, before))


def mark_drug(caller: Caller, case_id: UUID, mark: SupplyMark, words: str, step: NextStep | None) -> Done:
    """Record that one step of the drug's way is done, with the words that tell of it in the case's history.

    Returns   what it did to the visits; no change where it is on file under this id already.
    Raises    CaseNotFoundError; SupplyNotFoundError, MarkRefusedError of the room pharmacy.
    """
    old = held(caller.session, caller.practice_id, case_id)
    before = badges_of(caller, old.patient_id)
    with announced(caller):
        fresh = mark_supply(caller, case_id, mark)
        if fresh:
            tell(caller, old, EntryKind.DELIVERY, words, None, step)
    return Done(mark.id if fresh else None, turned_since(caller, old.patient_id, before))


def take_drug_back(caller: Caller, case_id: UUID, mark_id: UUID, words: str) -> Done:
    """Take a step back that was recorded in error. Raises CaseNotFoundError; SupplyNotFoundError."""
    old = held(caller.session, caller.practice_id, case_id)
    before = badges_of(caller, old.patient_id)
    with announced(caller):
        done = take_back_mark(caller, case_id, mark_id)
        if done:
            tell(caller, old, EntryKind.DELIVERY, words, None, None)
    return Done(mark_id if done else None, turned_since(caller, old.patient_id, before))
