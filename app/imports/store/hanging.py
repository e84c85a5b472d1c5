"""What hangs on rows that an import makes, and whether it goes with them when the import is undone."""

from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy import TableClause, column
from sqlalchemy import table as table_clause

from app.platform.db import Uuid16


@dataclass(frozen=True, slots=True)
class Hanging:
    """A column by which rows of one table hang on rows of another. `goes`: they go with it; else they keep it."""

    table: str
    column: str
    goes: bool

    def clause(self) -> TableClause:
        """The table, as far as it is asked for: its room may lie above this one."""
        return table_clause(self.table, column("practice_id", Uuid16()), column(self.column, Uuid16()))


HANGING: Mapping[str, tuple[Hanging, ...]] = {
    "visit": (
        Hanging("service_line", "visit_id", goes=True),
        Hanging("visit_verdict", "id", goes=True),
        Hanging("visit_question", "visit_id", goes=True),
        Hanging("feed_appointment", "visit_id", goes=True),
        Hanging("answered_visit", "visit_id", goes=False),
        Hanging("accepted_risk", "visit_id", goes=False),
        Hanging("visit_work", "id", goes=False),
        Hanging("visit_ask", "visit_id", goes=False),
        Hanging("supply_mark", "for_visit", goes=False),
        Hanging("performed_visit", "id", goes=False),
        Hanging("remittance_claim", "visit_id", goes=False),
        Hanging("remittance_line", "visit_id", goes=False),
        Hanging("booking_paper", "visit_id", goes=False),
    ),
    "patient": (
        Hanging("patient_search_key", "patient_id", goes=True),
        Hanging("coverage_event", "patient_id", goes=True),
        Hanging("feed_person", "id", goes=True),
        Hanging("patient_former_number", "patient_id", goes=False),
        Hanging("visit_verdict", "patient_id", goes=True),
        Hanging("watch", "patient_id", goes=True),
        Hanging("watch_dirty", "patient_id", goes=True),
        Hanging("case_dirty", "patient_id", goes=True),
        Hanging("case_listing", "patient_id", goes=True),
        Hanging("visit", "patient_id", goes=False),
        Hanging("coverage", "patient_id", goes=False),
        Hanging("authorization", "patient_id", goes=False),
        Hanging("drug_supply", "patient_id", goes=False),
        Hanging("patient_answer", "patient_id", goes=False),
        Hanging("eligibility_check", "patient_id", goes=False),
        Hanging("patient_wish", "patient_id", goes=False),
        Hanging("patient_opening", "patient_id", goes=False),
        Hanging("clinical_fact", "patient_id", goes=False),
        Hanging("provider_ask", "patient_id", goes=False),
        Hanging("request_draft", "patient_id", goes=False),
        Hanging("document", "patient_id", goes=False),
        Hanging("letter_version", "patient_id", goes=False),
        Hanging("case_entry", "patient_id", goes=False),
        Hanging("performed_visit", "patient_id", goes=False),
        Hanging("remittance_claim", "patient_id", goes=False),
        Hanging("mail_record", "patient_id", goes=False),
        Hanging("eligibility_ask", "patient_id", goes=False),
        Hanging("plan_change", "patient_id", goes=False),
        Hanging("booking_paper", "patient_id", goes=False),
    ),
    "coverage": (Hanging("eligibility_ask", "coverage_id", goes=False),),
    "authorization": (
        Hanging("authorization_event", "authorization_id", goes=True),
        Hanging("case_receipt", "id", goes=False),
        Hanging("information_request", "authorization_id", goes=False),
        Hanging("peer_to_peer", "authorization_id", goes=False),
        Hanging("appeal_level", "authorization_id", goes=False),
        Hanging("denial", "authorization_id", goes=False),
        Hanging("drug_supply", "id", goes=False),
        Hanging("case_owner", "id", goes=False),
        Hanging("provider_ask", "case_id", goes=False),
        Hanging("document", "case_id", goes=False),
        Hanging("letter_version", "case_id", goes=False),
        Hanging("packet", "case_id", goes=False),
        Hanging("case_snooze", "id", goes=True),
        Hanging("case_listing", "case_id", goes=True),
        Hanging("case_entry", "case_id", goes=False),
        Hanging("performed_visit", "case_id", goes=False),
        Hanging("remittance_line", "authorization_id", goes=False),
        Hanging("payer_request", "case_id", goes=False),
        Hanging("pas_exchange", "case_id", goes=False),
        Hanging("payer_answer", "case_id", goes=False),
    ),
    "site": (
        Hanging("visit", "site_id", goes=False),
        Hanging("authorization", "site_id", goes=False),
        Hanging("schedule_import", "site_id", goes=False),
        Hanging("staff_site", "site_id", goes=False),
        Hanging("staff_sight", "site_id", goes=False),
        Hanging("api_token_sight", "site_id", goes=False),
    ),
}
"""What hangs on rows that an import makes. A test holds that no foreign key to these tables is left out."""
