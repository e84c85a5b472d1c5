"""Claims of remittances beside a visit, a case, a patient, and on Today.

These pages stand below the room of remittances; so the roof hands the claims in, to those who may read them.
"""

from uuid import UUID

from flask import Flask

from app.practice.access import current_caller, may
from app.practice.facts.staff import Permission
from app.remittances.actions import reading
from app.remittances.facts.claims import Show
from app.remittances.views.listing import ClaimRow, claim_row, count_words


def add_claims(app: Flask) -> None:
    """Give the templates `visit_claims`, `case_claims` and `patient_claims` of an id, and `denied_claims()`."""
    app.jinja_env.globals.update(visit_claims=visit_claims, case_claims=case_claims)
    app.jinja_env.globals.update(patient_claims=patient_claims, denied_claims=denied_claims)


def visit_claims(visit_id: UUID) -> list[ClaimRow]:
    """The claims of a visit, for those who may read claims. The page has noted that its patient is read."""
    if not may(Permission.ADD_DENIALS):
        return []
    return [claim_row(one, {}) for one in reading.claims_of_visit(current_caller(), visit_id)]


def case_claims(case_id: UUID) -> list[ClaimRow]:
    """The claims that rested on the approval of a case, as `visit_claims`."""
    if not may(Permission.ADD_DENIALS):
        return []
    return [claim_row(one, {}) for one in reading.claims_of_case(current_caller(), case_id)]


def patient_claims(patient_id: UUID) -> list[ClaimRow]:
    """The claims of a patient that came last, as `visit_claims`."""
    if not may(Permission.ADD_DENIALS):
        return []
    return [claim_row(one, {}) for one in reading.claims_of_patient(current_caller(), patient_id)]


def denied_claims() -> tuple[str, list[ClaimRow]] | None:
    """How many claims were denied for authorization in the last 30 days, and the newest of them; None: none."""
    if not may(Permission.ADD_DENIALS):
        return None
    found = reading.denied_lately(current_caller())
    if found is None:
        return None
    return count_words(found.counts[Show.DENIED]), [claim_row(one, found.people) for one in found.lines]
