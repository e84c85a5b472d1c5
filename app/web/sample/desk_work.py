"""The people of the sample's desk, and what they have begun: visits with owners, one thing asked, one risk accepted."""

from dataclasses import dataclass, replace
from datetime import timedelta
from uuid import UUID

from app.clearance.actions.accepting import accept_risk
from app.clearance.actions.answering import check_visit
from app.clearance.rules.accepting import digest_of
from app.platform.caller import Caller
from app.platform.ids import new_id
from app.practice.actions.staff import add_staff
from app.practice.facts.staff import Role
from app.practice.store import staff as practice
from app.schedule import store as schedule
from app.schedule.facts import VisitStatus
from app.web.sample.days import Days
from app.web.sample.stories.desk import RISK
from app.worklists.actions.asking import ask
from app.worklists.actions.work import assign

NOTE = "The family asks whether this day still holds. May it?"
WHY = "Treatment may not be interrupted. The payer's decision is expected by the end of the week."
BOOKED_FOR = timedelta(days=14)


@dataclass(frozen=True)
class Colleague:
    """A person of the sample's desk. The password is made and forgotten; who tries the sample gets one as FIRST."""

    email: str
    name: str
    roles: frozenset[Role]


CORA = Colleague("cora@sample.example", "Cora Example", frozenset({Role.COORDINATOR}))
SAM = Colleague("sam@sample.example", "Sam Example", frozenset({Role.SCHEDULER}))
MARA = Colleague("mara@sample.example", "Mara Example", frozenset({Role.MANAGER}))
FIRST = Colleague(
    "manager@sample.example",
    "First administrator",
    frozenset({Role.ADMINISTRATOR, Role.MANAGER, Role.COORDINATOR}),
)
"""Whoever tries the sample: also a coordinator, so that the bell has something to say."""
COLLEAGUES = (CORA, SAM, MARA, FIRST)


def do_desk_work(caller: Caller, days: Days) -> dict[Colleague, UUID]:
    """Add the people where they are missing, and do what they would have done by the day of filling.

    Returns   the people's ids.
    """
    ids = _people(caller)
    session, practice_id = caller.session, caller.practice_id
    last = days.on(BOOKED_FOR.days)
    visits = schedule.visits_between(session, practice_id, days.today, last, None, VisitStatus.BOOKED)
    stories = [one for one in visits if one.reference.startswith("S-APPROVAL")]
    assign(replace(caller, user_id=ids[MARA]), {one.id: 0 for one in stories}, ids[CORA])
    if stories:
        ask(replace(caller, user_id=ids[SAM]), new_id(), [stories[0].id], NOTE, of_owner=True)
    risk = check_visit(caller, RISK)
    accept_risk(replace(caller, user_id=ids[MARA]), risk.lines[0].visit.id, WHY, digest_of(risk.lines))
    return ids


def _people(caller: Caller) -> dict[Colleague, UUID]:
    """The ids of the people; whoever is missing is added."""
    known = {one.email: one.id for one in practice.staff_of(caller.session, caller.practice_id)}
    ids = {}
    for one in COLLEAGUES:
        if one.email not in known:
            known[one.email] = new_id()
            add_staff(caller, one.email, one.name, one.roles, known[one.email])
        ids[one] = known[one.email]
    return ids
