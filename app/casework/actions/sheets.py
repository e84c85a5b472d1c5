"""What a doctor reads to the payer about a denial, and the letters on file that may say it."""

from dataclasses import dataclass
from uuid import UUID

from app.casework.actions.criteria import criteria_of
from app.casework.actions.denials import held, read_denials
from app.casework.facts.criteria import CriteriaSheet
from app.casework.facts.denials import DenialFile
from app.documents import store as document_store
from app.documents.facts import Document, DocumentKind
from app.platform.caller import Caller
from app.practice.rules.fields import Field


@dataclass(frozen=True, slots=True)
class DenialSheet:
    """A case's denials beside the criteria of its payer's rule, with what proves each."""

    found: DenialFile
    criteria: CriteriaSheet


def denial_sheet(caller: Caller, case_id: UUID) -> DenialSheet:
    """Read the sheet, and note who read it. Raises CaseNotFoundError."""
    return DenialSheet(read_denials(caller, case_id), criteria_of(caller, case_id))


def letters_on_file(caller: Caller, case_id: UUID) -> tuple[Document, ...]:
    """The payer's letters about the patient of a case, for whom documents are open to; they stand newest first.

    Raises    CaseNotFoundError.
    """
    if not caller.reads(Field.CLINICAL.value):
        return ()
    patient = held(caller.session, caller.practice_id, case_id).patient_id
    found = document_store.of_patient(caller.session, caller.practice_id, patient)
    return tuple(one for one in found if one.kind is DocumentKind.PAYER_LETTER and one.removed_at is None)
