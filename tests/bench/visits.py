"""The visits of a practice book: planned person by person, then written day by day, as schedules come in."""

import random
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import NamedTuple

from app.platform.sealed import Keyring
from app.schedule.facts import BillTo, LineSource, ServiceLine, Supply, Visit, VisitRecord, VisitStatus
from tests.bench.library import DIAGNOSES, DRUGS, ROUTINE
from tests.bench.people import PROVIDERS, TODAY, Ids, Person
from tests.support.make import GROUP_NPI, PRACTICE_ID, an_id

FIRST, DAYS = TODAY - timedelta(days=40), 240
_SOURCES = tuple((LineSource(0), LineSource(1), LineSource(2))[:count] for count in range(4))
_STATUSES = (VisitStatus.BOOKED, VisitStatus.DONE, VisitStatus.CANCELED, VisitStatus.NO_SHOW)


class Slot(NamedTuple):
    """A planned visit: days after FIRST, minutes after 13:00 UTC, whose, in which status, with how many lines."""

    day: int
    minute: int
    person: int
    status: int
    lines: int


def plan(chance: random.Random, people: list[Person], booked: int) -> list[Slot]:
    """Plan visits until so many lines are booked. Returns them in order of time."""
    slots: list[Slot] = []
    left = booked
    turn = 0
    while left > 0:
        person = people[turn] if turn < len(people) else people[int(len(people) * chance.random())]
        begin, gap = int(DAYS * chance.random()), 2 + int(10 * chance.random())
        for number in range(person.visits):
            slot = _slot(chance, person, (begin + number * gap) % DAYS, left)
            slots.append(slot)
            left -= slot.lines if slot.status == 0 else 0
            if left <= 0:
                break
        turn += 1
    slots.sort()
    return slots


def _slot(chance: random.Random, person: Person, day: int, left: int) -> Slot:
    past = FIRST + timedelta(days=day) < TODAY
    status = chance.choices((0, 1, 2, 3), (6, 82, 8, 4) if past else (95, 0, 5, 0))[0]
    lines = min(chance.choices((1, 2, 3), (66, 28, 6))[0], left)
    return Slot(day, 5 * int(108 * chance.random()), person.number, status, lines)


def records(
    chance: random.Random, new_id: Ids, people: list[Person], slots: list[Slot], keyring: Keyring
) -> Iterator[VisitRecord]:
    """Write the planned visits out, in order of time."""
    start = datetime(FIRST.year, FIRST.month, FIRST.day, 13, tzinfo=UTC)
    for number, slot in enumerate(slots):
        person = people[slot.person]
        visit = Visit(
            id=new_id(),
            reference=f"V{number:08d}",
            patient_id=person.id,
            site_id=an_id(10 + person.site),
            starts_at=start + timedelta(days=slot.day, minutes=slot.minute),
            day=FIRST + timedelta(days=slot.day),
            status=_STATUSES[slot.status],
            lines=tuple(_line(chance, new_id, person, place, keyring) for place in range(slot.lines)),
        )
        yield VisitRecord(visit, _SOURCES[slot.lines])


def _line(chance: random.Random, new_id: Ids, person: Person, place: int, keyring: Keyring) -> ServiceLine:
    draw = chance.random
    routine = place > 0 or person.focus is None
    code = ROUTINE[int(len(ROUTINE) * draw() ** 2)] if routine else person.focus
    odd = draw()
    if odd < 0.03:
        return _odd_line(chance, new_id(), person, place)
    named = draw() < 0.03
    return ServiceLine(
        id=new_id(),
        position=place,
        code=code,
        units=1 if draw() < 0.94 else 2 + int(2 * draw()),
        diagnoses=_diagnoses(chance, person),
        place="11" if draw() < 0.92 else "22" if draw() < 0.6 else "19",
        provider_npi=person.provider if draw() < 0.9 else PROVIDERS[int(len(PROVIDERS) * draw())],
        provider_group=GROUP_NPI if draw() < 0.1 else None,
        modifiers=("25",) if routine and draw() < 0.2 else (),
        documented=frozenset({"bleeding"}) if draw() < 0.05 else frozenset(),
        bill_to=BillTo.SELF_PAY if draw() < 0.01 else BillTo.OUTSIDE if draw() < 0.005 else BillTo.INSURANCE,
        named_payer=person.payer if named else None,
        named_member=keyring.member_key(PRACTICE_ID, person.member) if named else None,
    )


def _diagnoses(chance: random.Random, person: Person) -> tuple[str, ...]:
    odd = chance.random()
    if odd < 0.05:
        return ()
    other = DIAGNOSES[int(len(DIAGNOSES) * chance.random())]
    return (other,) if odd < 0.1 else (person.diagnosis, other) if odd < 0.2 else (person.diagnosis,)


def _odd_line(chance: random.Random, line_id: object, person: Person, place: int) -> ServiceLine:
    """A drug that a pharmacy sends, or a visit type that nobody has mapped."""
    base = {"id": line_id, "position": place, "diagnoses": (person.diagnosis,), "provider_npi": person.provider}
    if chance.random() < 0.5:
        drug = f"drug:{DRUGS[int(len(DRUGS) * chance.random())]}"
        return ServiceLine(code=None, drug=drug, supply=Supply.SPECIALTY_PHARMACY, **base)  # type: ignore[arg-type]
    return ServiceLine(code=None, visit_type="Laser session", **base)  # type: ignore[arg-type]
