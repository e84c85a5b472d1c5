"""Ask payers about coverage: who needs it today, or whom a person chose. The files made here are sent by a job."""

from collections.abc import Collection, Mapping, Sequence
from datetime import date, datetime, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from app.audit.actions import record
from app.coverage.facts import Coverage, CoverageRecord
from app.coverage.store import coverages as coverage_store
from app.eligibility.facts.asking import (
    Ask,
    AskingDay,
    AskState,
    Batch,
    CannotAsk,
    Made,
    NotAsked,
    Person,
    Route,
    Sender,
    ToAsk,
    Wanted,
)
from app.eligibility.rules.asking import AHEAD, JANUARY_AHEAD, chosen, in_january, routed, who_needs_asking
from app.eligibility.rules.requests import request_of
from app.eligibility.store import asking as store
from app.gateways.access import gateways_of
from app.gateways.facts import Parties
from app.patients import store as patient_store
from app.patients.facts import Patient
from app.platform.caller import Caller
from app.platform.db import writing
from app.platform.ids import new_id, secret_id
from app.policies.actions.library import current_book
from app.practice.facts.practice import Practice
from app.practice.store import practice as practice_store
from app.schedule import store as schedule_store
from app.schedule.facts import Visit, VisitStatus
from app.standards.x12.eligibility.writing import write_270
from app.standards.x12.writing import Cover, Party, WritingError
from app.values.insurance import Line

MOST_IN_A_FILE = 500
AGAIN_FOR_DAYS = 14
"""For so many days a coverage whose request brought no answer is asked about anew, once a day."""
Pair = tuple[ToAsk, Route]


def ask_who_needs_it(caller: Caller) -> Made:
    """Make the files that ask about everyone who needs it today; nothing where no clearinghouse is set up.

    Works from what is on file: twice, late or after a crash asks about each coverage once a day.
    """
    session = caller.session
    if not gateways_of(session).clearinghouses:
        return Made()
    practice = practice_store.practice_of(session, caller.practice_id)
    today = caller.clock.today(ZoneInfo(practice.zone))
    ahead = JANUARY_AHEAD if in_january(today) else AHEAD
    around = today - timedelta(days=1), today + timedelta(days=ahead + 1)
    visits = schedule_store.visits_between(session, caller.practice_id, *around, status=VisitStatus.BOOKED)
    coverages = _coverages(session, caller, visits)
    wanted = who_needs_asking(visits, coverages, asking_day(caller, session, practice, today))
    if not wanted.asks:
        session.rollback()
        return Made((), wanted.cannot)
    with writing(session):  # long reading is over; whom somebody asked about meanwhile is left out
        held = store.held(session, caller.practice_id, today)
        still = tuple(one for one in wanted.asks if one.coverage.id not in held)
        return _make(caller, session, practice, Wanted(still, wanted.cannot))


def ask_for(caller: Caller, visit_ids: Collection[UUID]) -> Made:
    """Make the files that ask about the coverages of visits that a person chose, whether they need it or not.

    Takes     our ids of visits; one that is out of sight is left out.
    Returns   the files, which a job sends within minutes, and who cannot be asked about, with the reason. A coverage
              that was asked about today, or whose answer is still to come, is not asked about again.
    """
    with writing(caller.session) as session:
        practice = practice_store.practice_of(session, caller.practice_id)
        today = caller.clock.today(ZoneInfo(practice.zone))
        visits = tuple(
            schedule_store.visits_by_ids(session, caller.practice_id, list(visit_ids), caller.scope).values()
        )
        coverages = _coverages(session, caller, visits)
        wanted = chosen(visits, coverages, asking_day(caller, session, practice, today))
        return _make(caller, session, practice, wanted)


def asking_day(caller: Caller, session: Session, practice: Practice, today: date) -> AskingDay:
    """Read what asking on a day rests on."""
    sites = {one.id: one for one in practice_store.sites(session, caller.practice_id)}
    book = current_book(session, caller.practice_id)

    def line_of(coverage: Coverage) -> Line | None:
        only = book.only_line(coverage.payer)
        return coverage.line or (only if isinstance(only, Line) else None)

    return AskingDay(
        today=lambda site: caller.clock.today(ZoneInfo(sites[site].zone if site in sites else practice.zone)),
        fresh_days=lambda site: sites[site].fresh_days if site in sites else 7,
        line_of=line_of,
        held=store.held(session, caller.practice_id, today),
        again=store.unanswered(session, caller.practice_id, today - timedelta(days=AGAIN_FOR_DAYS)),
    )


def _coverages(session: Session, caller: Caller, visits: Sequence[Visit]) -> Mapping[UUID, tuple[Coverage, ...]]:
    return coverage_store.of_patients(session, caller.practice_id, list({one.patient_id for one in visits}))


def _make(caller: Caller, session: Session, practice: Practice, wanted: Wanted) -> Made:
    """Write the files, one or more for each clearinghouse, and keep them with their requests."""
    houses = gateways_of(session).clearinghouses
    routes = store.routes(session, caller.practice_id)
    by_house, cannot = routed(wanted, routes, list(houses), practice.group_npi is not None)
    people = _people(session, caller, [one.coverage for pairs in by_house.values() for one, _route in pairs])
    made: list[Batch] = []
    for name, pairs in by_house.items():
        cover, able = _cover(houses[name].parties, 1, caller.clock.now()), []
        for one, route in pairs:
            fault = _lacks(people.get(one.coverage.id)) or _unwritable(cover, one, route, people, practice)
            if fault is None:
                able.append((one, route))
            else:
                cannot.append(CannotAsk(one.visit, fault, one.coverage))
        size = 1 if houses[name].one_at_a_time else MOST_IN_A_FILE
        for start in range(0, len(able), size):
            some = able[start : start + size]
            made.append(_batch(caller, session, practice, (name, houses[name].parties), some, people))
    return Made(tuple(made), tuple(cannot))


def _people(session: Session, caller: Caller, coverages: Sequence[Coverage]) -> dict[UUID, Person]:
    """Open whom coverages belong to, by the id of the coverage."""
    patient_ids = list({one.patient_id for one in coverages})
    patients = patient_store.opened(session, caller.practice_id, patient_ids)
    records = coverage_store.records_of(session, caller.practice_id, patient_ids)
    wanted = {one.id for one in coverages}
    found: dict[UUID, Person] = {}
    for patient_id, theirs in records.items():
        for one in theirs:
            if one.id in wanted:
                found[one.id] = _person(patients[patient_id], one)
    return found


def _person(patient: Patient, coverage: CoverageRecord) -> Person:
    return Person(
        patient.last_name,
        patient.first_name,
        patient.birth_date,
        coverage.member_id.strip(),
        coverage.subscriber_relationship,
    )


def _lacks(person: Person | None) -> NotAsked | None:
    if person is None or not person.member_id:
        return NotAsked.NO_MEMBER
    return NotAsked.NO_BIRTH_DATE if person.birth_date is None else None


def _unwritable(
    cover: Cover, one: ToAsk, route: Route, people: Mapping[UUID, Person], practice: Practice
) -> NotAsked | None:
    """Try one request by itself, so that a value that X12 cannot carry holds up no other."""
    sender = Sender(practice.name, practice.group_npi)
    try:
        write_270(cover, [request_of(one, route, people[one.coverage.id], sender, "0" * 32)])
    except WritingError:
        return NotAsked.NOT_WRITABLE
    return None


def _batch(
    caller: Caller,
    session: Session,
    practice: Practice,
    house: tuple[str, Parties],
    pairs: Sequence[Pair],
    people: Mapping[UUID, Person],
) -> Batch:
    """Make one file, keep it sealed with its requests, and say in the audit log whom it asks about."""
    now, zone = caller.clock.now(), ZoneInfo(practice.zone)
    control = store.next_control(session, caller.practice_id)
    cover = _cover(house[1], control, now.astimezone(zone))
    batch = Batch(new_id(), house[0], control, AskState.MADE, now, len(pairs))
    sender = Sender(practice.name, practice.group_npi)
    asks, requests = [], []
    for number, (one, route) in enumerate(pairs, 1):
        trace = secret_id().hex
        asks.append(_ask(one, (batch.id, number), trace, caller.clock.today(zone)))
        requests.append(request_of(one, route, people[one.coverage.id], sender, trace))
    content = write_270(cover, requests)
    store.add_batch(session, caller.practice_id, batch, content, asks)
    record(caller, "eligibility.asked", [batch.id, *(one.patient_id for one in asks)], count=len(asks))
    return batch


def _ask(one: ToAsk, place: tuple[UUID, int], trace: str, today: date) -> Ask:
    whose = one.coverage.patient_id, one.coverage.id
    return Ask(new_id(), *place, *whose, trace, today, one.visit.day, AskState.MADE)


def _cover(parties: Parties, control: int, moment: datetime) -> Cover:
    sender = Party(parties.sender_qualifier, parties.sender, parties.sender)
    receiver = Party(parties.receiver_qualifier, parties.receiver, parties.receiver)
    return Cover(sender, receiver, control, moment, parties.usage)
