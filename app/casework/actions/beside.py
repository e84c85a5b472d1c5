"""Read what stands beside a case: with a fixed number of queries, only what its state and the reader ask for."""

from app.authorizations.facts import UNSENT, Status
from app.authorizations.rules.moves import GRANTED
from app.casework.actions.course import course_of
from app.casework.actions.criteria import criteria_of
from app.casework.facts.beside import Beside
from app.casework.facts.cases import CaseFile
from app.casework.store import denials as denial_store
from app.clinical.store import asks as ask_store
from app.documents import store as document_store
from app.pharmacy import store as supply_store
from app.platform.caller import Caller
from app.practice.rules.fields import Field

_ARGUED = UNSENT | {Status.SUBMITTED, Status.MORE_INFO, Status.DENIED, Status.IN_APPEAL, Status.PARTLY_APPROVED}
"""States in which criteria are still argued about."""


def read_beside(caller: Caller, case: CaseFile) -> Beside:
    """Read what stands beside a case. Whoever shows it has noted who read the case."""
    session, practice_id, case_id = caller.session, caller.practice_id, case.record.id
    clinical = caller.reads(Field.CLINICAL.value)
    argued = clinical and case.record.status in _ARGUED
    patient_id = case.record.patient_id
    return Beside(
        sheet=criteria_of(caller, case_id) if argued else None,
        course=course_of(caller, case_id) if case.record.status in GRANTED else None,
        documents=case.documents,
        letters=document_store.letters_of(session, practice_id, case_id) if clinical else (),
        packets=document_store.packets_of(session, practice_id, case_id) if clinical else (),
        asks=ask_store.of_case(session, practice_id, case_id) if clinical else (),
        denials=denial_store.of_case(session, practice_id, case_id, patient_id),
        supply=supply_store.of_case(session, practice_id, case_id),
    )
