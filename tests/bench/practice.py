"""A practice database of any size, made the same from its seed: rules, people, papers and visits, by the own stores."""

import random
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from datetime import date
from itertools import islice
from pathlib import Path
from typing import TypeVar

from sqlalchemy import text
from sqlalchemy.engine import make_url
from sqlalchemy.orm import Session

from app.authorizations import store as authorization_store
from app.coverage.store import coverages as coverage_store
from app.patients import store as patient_store
from app.platform.caller import Caller
from app.platform.db import keyring_of, writing
from app.platform.ids import new_id as program_id
from app.platform.sessions import engine_of, session_on
from app.policies.actions.library import refresh_rules
from app.policies.actions.recording import record_practice_rule
from app.policies.facts.answers import Need, PatientAnswer, PracticeRule
from app.policies.facts.records import NewAnswer
from app.policies.store.answers import add_answers
from app.policies.store.payers import add_payer
from app.practice.facts.practice import Network, Participation
from app.practice.store import practice as practice_store
from app.schedule import store as schedule_store
from app.values.spans import DateSpan
from app.web.schema import bring_up_to_date
from app.web.wiring import wire
from tests.bench.library import PAYERS, ROUTINE, RULED, SERVICES, Library, payer_key, write_library
from tests.bench.people import (
    NOW,
    PROVIDERS,
    SITES,
    TODAY,
    Ids,
    Person,
    a_person,
    an_approval,
    coverages_of,
    details_of,
)
from tests.bench.visits import plan, records
from tests.support import make

BATCH = 10_000
T = TypeVar("T")


@dataclass(frozen=True)
class Made:
    """What a practice database holds."""

    lines: int
    booked: int
    visits: int
    patients: int
    coverages: int
    approvals: int
    rules: int


@contextmanager
def opened(url: str) -> Iterator[Caller]:
    """A caller on a practice database, with the listeners wired, at an instant that stands still."""
    wire()
    engine = engine_of(make_url(url))
    with session_on(engine, make.keys()) as session:
        yield Caller(session, make.PRACTICE_ID, make.clock(NOW), via="bench")
    engine.dispose()


def make_practice(
    url: str, folder: Path, size: int, rules: int, seed: int, approvals: int | None = None
) -> dict[str, int]:
    """Make a practice with so many booked lines, and so many approvals where that is said.

    Run it in a process of its own: its memory is not the program's.
    """
    library = write_library(folder / "policies", rules, seed)
    engine = engine_of(make_url(url))
    bring_up_to_date(engine)
    engine.dispose()
    with opened(url) as caller:
        with writing(caller.session) as session:
            _ground(session)
        refresh_rules(caller, library.folder)
        _practice_rules(caller, library)
        made = _book(caller, library, size, seed, approvals)
        if caller.session.get_bind().dialect.name == "postgresql":
            caller.session.execute(text("ANALYZE"))  # its own autovacuum does this within minutes of an import
            caller.session.commit()
    return asdict(made)


def _ground(session: Session) -> None:
    practice_store.save_practice(session, make.PRACTICE_ID, make.practice())
    for number in range(SITES):
        zone = "America/Chicago" if number == 2 else make.ZONE
        site = make.site(10 + number, f"Site {number}", ("NY", "NJ", "CT")[number], zone)
        practice_store.add_site(session, make.PRACTICE_ID, site)
    for number, npi in enumerate(PROVIDERS):
        practice_store.add_provider(session, make.PRACTICE_ID, make.provider(20 + number, npi))
    for number in range(0, PAYERS, 3):
        word = Participation(payer_key(number), None, PROVIDERS[number % 10], Network.IN, DateSpan(date(2025, 1, 1)))
        practice_store.add_participation(session, make.PRACTICE_ID, word)
    for number in range(RULED, PAYERS):
        add_payer(session, make.PRACTICE_ID, payer_key(number), f"Bench Local {number}")


def _practice_rules(caller: Caller, library: Library) -> None:
    """Routine services free everywhere; of payers without rules, half of the courses need approval."""
    for number in range(PAYERS):
        payer = payer_key(number)
        _practice_rule(caller, payer, frozenset(ROUTINE), Need.NOT_REQUIRED, routine=True)
        if payer not in library.codes:
            _practice_rule(caller, payer, frozenset(SERVICES[::2]), Need.REQUIRED)
            _practice_rule(caller, payer, frozenset(SERVICES[1::4]), Need.NOT_REQUIRED, places=frozenset({"11"}))


def _practice_rule(
    caller: Caller,
    payer: str,
    codes: frozenset[str],
    need: Need,
    routine: bool = False,
    places: frozenset[str] = frozenset(),
) -> None:
    span = DateSpan(date(2026, 1, 1), date(2026, 12, 31))
    rule = PracticeRule("", payer, codes, need, span, "Payer list", date(2026, 1, 5), places=places, routine=routine)
    record_practice_rule(caller, rule)


def _book(caller: Caller, library: Library, size: int, seed: int, approvals: int | None) -> Made:
    chance = random.Random(seed)
    new_id = Ids(chance)
    practice_id = caller.practice_id
    people = [a_person(chance, new_id, number, library) for number in range(max(1, round(size / 3.5)))]
    coverages = 0
    for some in _batches(people):
        papers = [one for person in some for one in coverages_of(chance, new_id, person)]
        coverages += len(papers)
        with writing(caller.session) as session:
            patient_store.add_patients(session, practice_id, [details_of(chance, person) for person in some])
            coverage_store.add_coverages(session, practice_id, papers)
    _answers(caller, [person for person in people if chance.random() < 0.01])
    owners = [person for person in people for _ in range(person.approvals)]
    if approvals is not None:
        owners = [owners[number % len(owners)] for number in range(approvals)]
    chance.shuffle(owners)  # a log is kept in the order of requests, not of patients
    for requests in _batches(an_approval(chance, new_id, person, number) for number, person in enumerate(owners)):
        with writing(caller.session) as session:
            authorization_store.add_authorizations(session, practice_id, requests, ())
    slots = plan(chance, people, size)
    for visits in _batches(records(chance, new_id, people, slots, keyring_of(caller.session))):
        with writing(caller.session) as session:
            schedule_store.add_visits(session, practice_id, visits)
    booked = sum(slot.lines for slot in slots if slot.status == 0)
    lines = sum(slot.lines for slot in slots)
    return Made(lines, booked, len(slots), len(people), coverages, len(owners), library.rules)


def _answers(caller: Caller, people: list[Person]) -> None:
    """What payers said for a few patients."""
    span = DateSpan(date(2026, 2, 1), date(2026, 8, 31))
    for some in _batches(people):
        answers = [
            PatientAnswer("", one.payer, frozenset({one.focus or "99213"}), Need.NOT_REQUIRED, span, TODAY, "Call 1")
            for one in some
        ]
        with writing(caller.session) as session:
            entries = [
                NewAnswer(program_id(), one.id, said, NOW, None) for one, said in zip(some, answers, strict=True)
            ]
            add_answers(session, caller.practice_id, entries)


def _batches(items: Iterable[T]) -> Iterator[list[T]]:
    source = iter(items)
    while some := list(islice(source, BATCH)):
        yield some
