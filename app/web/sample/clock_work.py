"""What runs in the sample: what payers said of its cases, how its people want to be told, and who is on call."""

from dataclasses import replace
from datetime import UTC, datetime, time, timedelta
from uuid import UUID

from app.alerts.actions.preferences import save_preferences
from app.alerts.actions.roster import add_duty, read_roster
from app.alerts.actions.sweeping import sweep
from app.alerts.actions.text_page import save_practice_texts, start_practice_texts
from app.alerts.actions.watching import keep_watch, watch_practice
from app.alerts.facts.people import Duty, Person
from app.alerts.facts.roster import OnCall
from app.alerts.facts.texts import PracticeTexts
from app.alerts.rules.roster import version_of
from app.alerts.rules.texting import suggested_name
from app.authorizations import store as authorizations
from app.authorizations.facts import Authorization
from app.casework.actions.placing import keep_cases
from app.deadlines.actions import ask_information, offer_call, open_level, own_case, record_receipt
from app.deadlines.facts import AppealLevel, Information, PeerToPeer, Receipt
from app.patients import store as patients
from app.platform.caller import Caller
from app.platform.ids import new_id
from app.web.sample.building import mrn_of
from app.web.sample.clinic import NAME
from app.web.sample.days import Days
from app.web.sample.desk_work import CORA, FIRST, MARA, SAM, Colleague
from app.web.sample.stories.clocks import CLOSED, ENDING

LATE, ASKED, DENIED = "S-APPROVAL-2", "S-APPROVAL-5", "S-APPROVAL-3"
PHONES = {CORA: "+12125550171", SAM: "+12125550172", MARA: "+12125550173", FIRST: "+12125550174"}
"""Numbers of the range that is kept for fiction."""
TEXTS = PracticeTexts(suggested_name(NAME), "2125550170")
"""How the sample practice names itself in patients' texts, so that they can be tried."""
WEEK = timedelta(days=7)


def do_clock_work(caller: Caller, days: Days, ids: dict[Colleague, UUID]) -> None:
    """Record what payers said of the stories' cases, and what the people chose; then tell what is due."""
    _choose(caller, ids)
    save_practice_texts(caller, TEXTS, start_practice_texts(caller).version)
    _record(caller, days, ids)
    tell(caller)


def tell(caller: Caller) -> None:
    """Look at all that changed, and make alerts and messages of what is due, as the scheduler does each minute."""
    keep_cases(caller)
    keep_watch(caller)
    watch_practice(caller)
    sweep(caller)


def case_of(caller: Caller, story: str) -> UUID:
    """The authorization that a story is about: the last one of its patient."""
    session, practice_id = caller.session, caller.practice_id
    patient_id = patients.by_mrn(session, practice_id, mrn_of(story))
    assert patient_id is not None
    found: tuple[Authorization, ...] = authorizations.of_patients(session, practice_id, [patient_id])[patient_id]
    return found[-1].id


def _record(caller: Caller, days: Days, ids: dict[Colleague, UUID]) -> None:
    """A payer past its limit, information owed, a call between physicians, and two windows of appeal."""
    cora, now = replace(caller, user_id=ids[CORA]), caller.clock.now()
    record_receipt(cora, case_of(caller, LATE), Receipt(days.on(-20)))
    asked = Information(new_id(), now - timedelta(days=3), due_on=days.on(2))
    ask_information(cora, case_of(caller, ASKED), asked)
    denied = case_of(caller, DENIED)
    call = PeerToPeer(new_id(), now - timedelta(hours=4), now + timedelta(hours=44))
    offer_call(cora, denied, call)
    open_level(cora, denied, AppealLevel(new_id(), 1, days.on(-40), days.on(7)))
    open_level(cora, case_of(caller, CLOSED), AppealLevel(new_id(), 1, days.on(-50), days.on(-3)))
    own_case(cora, case_of(caller, ENDING), ids[FIRST])


def _choose(caller: Caller, ids: dict[Colleague, UUID]) -> None:
    """Numbers, backups, a digest, a manager who is on call for a week, and one person who is told at any hour."""
    people = {one.id: one for one in read_roster(caller).people}
    for one, phone in PHONES.items():
        before = people[ids[one]]
        chosen = replace(before, phone=phone, backup_id=ids[MARA if one is CORA else CORA])
        if one is SAM:
            chosen = replace(chosen, digest_at=time(8))
        if one is FIRST:  # whoever tries the sample at night finds the Outbox filled too
            chosen = replace(chosen, quiet_from=time(), quiet_until=time(), quiet_weekends=False)
        _save(caller, before, chosen)
    if not people[ids[MARA]].on_call:
        begins = datetime.combine(caller.clock.now().date(), time(), UTC)
        add_duty(replace(caller, user_id=ids[MARA]), OnCall(new_id(), ids[MARA], Duty(begins, begins + WEEK)))


def _save(caller: Caller, before: Person, chosen: Person) -> None:
    save_preferences(replace(caller, user_id=chosen.id), chosen, version_of(before))
