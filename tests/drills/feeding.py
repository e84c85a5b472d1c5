"""The causes of a drill: what must reach a person by text, each written in one transaction as its room writes it.

Two of three are messages of the outbox. The third is something that happened, of which a sweep makes an alert, notices
and a message; several of one person become one message.
"""

from datetime import timedelta

from sqlalchemy import func, select

from app.alerts.actions.raising import raise_event
from app.alerts.facts.outbox import Message, State, To, Way
from app.alerts.models.alerts import AlertRow, NoticeRow
from app.alerts.models.outbox import OutboxMessageRow
from app.alerts.store.outbox import queue_all
from app.deadlines.facts import Basis, BasisKind, Clears, Deadline, Reason, Step, Subject, SubjectKind
from app.platform.caller import Caller
from app.platform.db import writing
from app.platform.ids import new_id
from tests.drills.scene import person_id, site_id
from tests.support import make

LASTS = timedelta(days=10)


def is_event(number: int) -> bool:
    """Say whether a cause is something that a sweep must find."""
    return number % 3 == 2


def feed(caller: Caller, first: int, after: int, people: int) -> int:
    """Write the causes with these numbers, each to one person. Returns how many."""
    numbers = range(first, after)
    with writing(caller.session) as session:
        told = [a_text(caller, number, number % people) for number in numbers if not is_event(number)]
        queue_all(session, make.PRACTICE_ID, told)
        for number in numbers:
            if is_event(number):
                raise_event(caller, _happened(caller, number, number % people))
    return len(numbers)


def a_text(caller: Caller, number: int, person: int) -> Message:
    """A text to one of the practice's people, of which no second one reads the same."""
    now = caller.clock.now()
    return Message(
        id=new_id(),
        key=f"drill:{number}",
        way=Way.SMS,
        to=To.STAFF,
        recipient_id=person_id(person),
        template="staff.merged",
        queued_at=now,
        not_before=now,
        expires_at=now + LASTS,
        fields={"count": "2", "case": f"case {number % 1000}", "due_date": "2026-03-16"},
    )


def _happened(caller: Caller, number: int, person: int) -> Deadline:
    now = caller.clock.now()
    return Deadline(
        subject=_subject(number),
        reason=Reason.INFORMATION_OWED,
        steps=(Step(f"drill-{number}", now),),
        zone=make.ZONE,
        clears=Clears.INFORMATION_SENT,
        basis=Basis(BasisKind.PRACTICE),
        due_at=now + LASTS,
        site_id=site_id(person),
    )


def _subject(number: int) -> Subject:
    return Subject(SubjectKind.AUTHORIZATION, make.an_id(100_000 + number).hex)


def under_way(caller: Caller, states: frozenset[State]) -> int:
    """Count the texts that have not come to an end, and the notices that no message tells yet."""
    row, notice = OutboxMessageRow, NoticeRow
    waiting = select(func.count()).where(
        row.practice_id == caller.practice_id, row.way == Way.SMS, row.state.in_(states)
    )
    open_ = select(func.count()).where(
        notice.practice_id == caller.practice_id,
        notice.way == Way.SMS,
        notice.message_id.is_(None),
        notice.cancelled_at.is_(None),
    )
    return (caller.session.scalar(waiting) or 0) + (caller.session.scalar(open_) or 0)


def untold(caller: Caller, fed: int, people: int, refusing: frozenset[int]) -> tuple[int, int]:
    """Count the events that no text tells to their person, and those that more than one does.

    Those whose number the provider never takes are left out: they are told by other ways.
    """
    alert, notice = AlertRow, NoticeRow
    found = caller.session.execute(
        select(alert.subject_key, notice.recipient_id, func.count(notice.message_id))
        .join(notice, (notice.practice_id == alert.practice_id) & (notice.alert_id == alert.id))
        .where(alert.practice_id == caller.practice_id, notice.way == Way.SMS)
        .group_by(alert.subject_key, notice.recipient_id)
    )
    times = {(one[0], one[1]): one[2] for one in found}
    events = [number for number in range(fed) if is_event(number) and number % people not in refusing]
    told = [times.get((_subject(number).key, person_id(number % people)), 0) for number in events]
    return sum(count == 0 for count in told), sum(max(0, count - 1) for count in told)
