"""What the ids of addresses name: for each kind, how to tell that it is there and in a caller's sight.

The guard asks before any view. What is out of sight, of another practice or not there at all fails the same query, and
so gives the same page after the same work.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import column, exists, select, table

from app.alerts.actions.handling import AlertNotFoundError, alert_by_code, read_alerts
from app.alerts.store import replies
from app.mailroom.actions.mail import mail_in_sight, record_in_sight
from app.platform import sight
from app.platform.caller import Caller
from app.platform.db import Uuid16
from app.questions.actions.answering import given_in_sight
from app.web.doors import WORD, Door
from app.worklists.actions.printing import printed_in_sight

Check = Callable[[Caller, Any, UUID | None], bool]
"""Takes the caller, what the address holds, and the id that stands before it there; says whether it is in sight."""


@dataclass(frozen=True, slots=True)
class Row:
    """A kind that is a row of a table, by its id.

    `patient`, `visit`  the columns whose patient, or visit, must be in sight.
    `of`                the column that holds the id which stands before this one in the address.
    `mine`              the column that holds whose it is: nobody else's is in sight.
    `mine_if_limited`   the same, but only under a limited scope.
    """

    table: str
    patient: str | None = None
    visit: str | None = None
    of: str | None = None
    mine: str | None = None
    mine_if_limited: str | None = None

    def __call__(self, caller: Caller, wanted: Any, before: UUID | None) -> bool:
        """Ask for the row with one query."""
        named = {"practice_id", "id", self.patient, self.visit, self.of, self.mine, self.mine_if_limited} - {None}
        row = table(self.table, *(column(str(name), Uuid16()) for name in sorted(map(str, named))))
        practice_id, scope = caller.practice_id, caller.scope
        where = [row.c.practice_id == practice_id, row.c.id == wanted]
        if self.patient is not None:
            where += sight.of_patients(practice_id, scope, row.c[self.patient])
        if self.visit is not None:
            where += sight.by_visit(practice_id, scope, row.c[self.visit])
        if self.of is not None and before is not None:
            where.append(row.c[self.of] == before)
        mine = self.mine or (self.mine_if_limited if scope.limited else None)
        if mine is not None:
            where.append(row.c[mine] == caller.user_id)
        return bool(caller.session.scalar(select(exists().where(*where))))


def _alert(caller: Caller, wanted: UUID, _before: UUID | None) -> bool:
    return bool(read_alerts(caller, [wanted]))


def _alert_code(caller: Caller, wanted: str, _before: UUID | None) -> bool:
    try:
        alert_by_code(caller, wanted)
    except AlertNotFoundError:
        return False
    return True


def _reply(caller: Caller, wanted: UUID, _before: UUID | None) -> bool:
    return replies.in_sight(caller.session, caller.practice_id, wanted, caller.scope)


def _duty(caller: Caller, wanted: UUID, before: UUID | None) -> bool:
    return Row("on_call")(caller, wanted, before) or Row("absence")(caller, wanted, before)


def _answer(caller: Caller, wanted: UUID, _before: UUID | None) -> bool:
    return given_in_sight(caller, wanted)


def _printed(caller: Caller, wanted: UUID, _before: UUID | None) -> bool:
    return printed_in_sight(caller, wanted)


def _mail(caller: Caller, wanted: UUID, _before: UUID | None) -> bool:
    return mail_in_sight(caller, wanted)


def _mail_record(caller: Caller, wanted: UUID, _before: UUID | None) -> bool:
    return record_in_sight(caller, wanted)


def left_to_the_view(_caller: Caller, _wanted: Any, _before: UUID | None) -> bool:
    """A kind whose view answers alike, within the scope, for what is missing and for what is out of sight."""
    return True


KINDS: Mapping[str, Check] = {
    "alert": _alert,
    "alert code": _alert_code,
    "alert steps": left_to_the_view,  # a token of several; the action takes back all of them or none
    "answer": _answer,
    "approval": Row("authorization", patient="patient_id", of="patient_id"),
    "appeal": left_to_the_view,  # as a step of a drug: one that the case before it does not have is not found
    "approval step": Row("authorization_event", of="authorization_id"),
    "ask": Row("visit_ask", visit="visit_id"),
    "case": Row("authorization", patient="patient_id"),
    "case entry": Row("case_entry", patient="patient_id", of="case_id"),
    "payer message": left_to_the_view,  # one that the case before it does not have is not found
    "case step": Row("case_step", mine_if_limited="by_id"),
    "booking paper": Row("booking_paper", visit="visit_id"),
    "claim": Row("remittance_claim", patient="patient_id"),
    "clinical fact": Row("clinical_fact", patient="patient_id", of="patient_id"),
    "coverage": Row("coverage", patient="patient_id", of="patient_id"),
    "eligibility check": Row("eligibility_check", patient="patient_id"),
    "coverage step": Row("coverage_event", of="coverage_id"),
    "document": Row("document", patient="patient_id"),
    "duty": _duty,
    "import": left_to_the_view,  # a draft lives a day: one that is gone leads to the list with a word
    "import run": Row("import_run"),
    "exemption notice": Row("exemption_notice"),
    "mail": _mail,
    "mail record": _mail_record,
    "message": Row("outbox_message"),
    "own absence": Row("absence", mine="staff_id"),
    "own form": Row("kept_form", mine="staff_id"),
    "patient": Row("patient", patient="id"),
    "payer match": left_to_the_view,  # one that was taken back leads to the list with a word
    "person": Row("staff"),
    "printed list": _printed,
    "provider": Row("provider"),
    "provider ask": Row("provider_ask", patient="patient_id"),
    "provider to save": left_to_the_view,  # the id was made with the form: saving makes what is not there yet
    "question": left_to_the_view,  # one that nobody waits for any more leads to the list, as one out of sight does
    "reply": _reply,
    "request draft": left_to_the_view,  # the id was made with the form: keeping makes what is not there yet
    "rule": Row("practice_rule"),
    "rule action": Row("rule_action"),
    "rule proposal": Row("rule_proposal"),
    "time in force": Row("rule_set_in_force"),
    "site": Row("site"),
    "site to save": left_to_the_view,  # as for a provider
    "token": Row("api_token"),
    "unusual reading": Row("unusual_reading"),
    "supply step": left_to_the_view,  # a step that the case before it does not have is not found
    "talk": Row("peer_to_peer", of="authorization_id"),
    "text": Row("patient_text", patient="patient_id", of="patient_id"),
    "visit": Row("visit", visit="id"),
    "work step": Row("visit_step", mine_if_limited="by_id"),
}


def all_in_sight(caller: Caller, door: Door, given: Mapping[str, Any]) -> bool:
    """Say whether everything that an address names is in a caller's sight. `given`: its ids, by their names there."""
    before: UUID | None = None
    for name, kind in door.objects:
        if kind != WORD:
            if not KINDS[kind](caller, given[name], before):
                return False
            before = given[name] if isinstance(given[name], UUID) else None
    return True
