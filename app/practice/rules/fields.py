"""What of a patient a role needs to know for its work: one list for the pages, the exports and the API.

The same list stands in app/web/doors.yaml for reading; the program does not start when the two differ.
"""

from collections.abc import Iterable
from enum import StrEnum

from app.practice.facts.staff import Role


class Field(StrEnum):
    """A part of what is on file about a patient.

    identity         name, birth date, record number
    contact          phone, language, wishes about texts
    insurance        payers, plans, coverage and what the payer said about it
    member_id        the member ids on the cards
    visits           when, where, with whom, for which services, and whether they may go ahead
    diagnosis        diagnoses of visits and approvals
    approvals        what was asked of payers: numbers, spans, units, and how it stands
    denial_reason    why a payer refused, and the appeal
    notes            what people wrote in their own words: notes, questions, answers, reasons
    texts            texts to and from the patient
    clinical         findings, scores, trials of therapy, labs; documents about them; what providers answered
    """

    IDENTITY = "identity"
    CONTACT = "contact"
    INSURANCE = "insurance"
    MEMBER_ID = "member_id"
    VISITS = "visits"
    DIAGNOSIS = "diagnosis"
    APPROVALS = "approvals"
    DENIAL_REASON = "denial_reason"
    NOTES = "notes"
    TEXTS = "texts"
    CLINICAL = "clinical"


_ALL = frozenset(Field)
_KNOWS = {
    Role.COORDINATOR: _ALL,
    Role.MANAGER: _ALL,
    # Books, asks and prints: needs to know whether a visit may go ahead, not for which illness or why a payer refused.
    Role.SCHEDULER: _ALL - {Field.DIAGNOSIS, Field.DENIAL_REASON, Field.CLINICAL},
    # Treats the patient and answers payers' doctors; neither files claims nor talks to patients about insurance.
    Role.PROVIDER: _ALL - {Field.CONTACT, Field.MEMBER_ID, Field.TEXTS},
    # Files claims: diagnosis, numbers and ids; what staff write to each other and to patients is not part of a claim.
    Role.BILLER: _ALL - {Field.CONTACT, Field.NOTES, Field.TEXTS, Field.CLINICAL},
    Role.ADMINISTRATOR: frozenset(),
}


def fields_of(roles: Iterable[Role]) -> frozenset[Field]:
    """Collect what a person with these roles may read of a patient in sight."""
    return frozenset(field for role in roles for field in _KNOWS[role])
