"""The people of a practice book: who they are, what they come for and how their papers fit, drawn from a seed."""

import random
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from uuid import UUID

from app.authorizations.facts import AuthorizationRecord, Counting, Item, Kind, Status
from app.coverage.facts import CheckResult, CoverageRecord, NetworkAnswer
from app.patients.facts import PatientDetails
from app.values.codes import read_npi
from app.values.insurance import Known, Line, Rank
from tests.bench.library import DIAGNOSES, PAYERS, ROUTINE, RULED, Library, payer_key
from tests.support.make import GROUP_NPI, an_id

TODAY = date(2026, 3, 2)
NOW = datetime(2026, 3, 2, 15, 0, tzinfo=UTC)
SITES = 3
PROVIDERS = tuple(npi for number in range(12, 200) if (npi := read_npi(f"100300{number:04d}")))[:10]
_LINES = (Line.COMMERCIAL, Line.COMMERCIAL, Line.MEDICARE_ADVANTAGE)
_LAST = ("Rivera", "Okafor", "Lindqvist", "Tanaka", "Moreau", "Haddad", "Kowalski", "Nguyen")
_FIRST = ("Alex", "Sam", "Jo", "Robin", "Chris", "Kim", "Dana", "Lee")


class Ids:
    """Ids in order of time, like those of the program (UUIDv7), but the same in every run of one seed."""

    def __init__(self, chance: random.Random) -> None:
        self._chance = chance
        self._at = 1_760_000_000_000

    def __call__(self) -> UUID:
        """Make the next id."""
        self._at += 1
        value = self._at << 80 | self._chance.getrandbits(80)
        value = value & ~(0xF << 76) | 0x7 << 76
        return UUID(int=value & ~(0x3 << 62) | 0x2 << 62)


@dataclass(slots=True)
class Person:
    """One patient: payer, member id, what the visits are for (`focus`: the code of a course), and who treats."""

    id: UUID
    number: int
    payer: str
    line: Line
    member: str
    focus: str | None
    diagnosis: str
    provider: str
    site: int
    visits: int
    approvals: int


def a_person(chance: random.Random, new_id: Ids, number: int, library: Library) -> Person:
    """Draw one person. Of those who come for a course, most need approval for it."""
    draw = chance.random
    payer = int(PAYERS * draw())
    codes = library.codes.get(payer_key(payer), library.codes[payer_key(0)])
    course = draw() < 0.45
    return Person(
        id=new_id(),
        number=number,
        payer=payer_key(payer),
        line=_LINES[payer % 3],
        member=f"W{chance.getrandbits(30):09d}",
        focus=codes[int(len(codes) * draw() ** 3)] if course else None,
        diagnosis=DIAGNOSES[int(len(DIAGNOSES) * draw())],
        provider=PROVIDERS[int(len(PROVIDERS) * draw())],
        site=int(SITES * draw()),
        visits=8 + int(20 * draw()) if course and draw() < 0.1 else 1 + int(2.2 * draw()),
        approvals=1 + int(3.4 * draw()) if course else 0,
    )


def details_of(chance: random.Random, person: Person) -> PatientDetails:
    """The person as the patient file has it."""
    birth = date(1936 + int(80 * chance.random()), 1 + person.number % 12, 1 + person.number % 28)
    return PatientDetails(
        id=person.id,
        mrn=f"M{person.number:08d}",
        last_name=_LAST[person.number % 8],
        first_name=_FIRST[person.number // 8 % 8],
        birth_date=birth,
        no_coverage_on=TODAY - timedelta(days=20) if chance.random() < 0.01 else None,
    )


def coverages_of(chance: random.Random, new_id: Ids, person: Person) -> list[CoverageRecord]:
    """One coverage, often a second one; most are active and freshly checked, some of every other kind."""
    first = _coverage(chance, new_id, person, Rank.PRIMARY, person.payer, person.line, person.member)
    if chance.random() > 0.25:
        return [first]
    other = int(PAYERS * chance.random())
    member = f"S{chance.getrandbits(30):09d}"
    return [first, _coverage(chance, new_id, person, Rank.SECONDARY, payer_key(other), _LINES[other % 3], member)]


def _coverage(
    chance: random.Random, new_id: Ids, person: Person, rank: Rank, payer: str, line: Line, member: str
) -> CoverageRecord:
    draw = chance.random
    checked = TODAY - timedelta(days=int(9 * draw())) if draw() > 0.04 else None
    result = chance.choices((CheckResult.ACTIVE, CheckResult.INACTIVE, CheckResult.UNKNOWN), (94, 3, 3))[0]
    network = chance.choices((NetworkAnswer.IN, NetworkAnswer.OUT, NetworkAnswer.UNKNOWN, None), (85, 5, 5, 5))[0]
    return CoverageRecord(
        id=new_id(),
        patient_id=person.id,
        rank=rank,
        payer=payer,
        payer_name=payer.replace("_", " ").title(),
        member_id=member,
        begins=date(2025, 1, 1) if draw() < 0.7 else date(2026, 1, 1),
        ends=None if draw() < 0.8 else date(2026, 3 + int(9 * draw()), 28),
        line=line if draw() < 0.97 else None,
        plan=("Gold", "Silver", "Choice")[int(3 * draw())],
        state=("NY", "NJ", "CT")[person.site],
        checked_on=checked,
        result=result if checked is not None else None,
        network=network if checked is not None else None,
        referral_required=Known.YES if draw() < 0.04 else Known.NO if draw() < 0.5 else None,
        source="271" if checked is not None else None,
    )


def an_approval(chance: random.Random, new_id: Ids, person: Person, number: int) -> AuthorizationRecord:
    """One authorization for a person's course: nearly half fit in everything, the others miss in one thing or two."""
    draw = chance.random
    code = person.focus or ROUTINE[0]
    status = chance.choices(
        (Status.APPROVED, Status.PARTLY_APPROVED, Status.SUBMITTED, Status.MORE_INFO, Status.DENIED,
         Status.IN_APPEAL, Status.NOT_REQUIRED, Status.DRAFT, Status.VOIDED),
        (78, 3, 6, 2, 4, 1, 3, 2, 1),
    )[0]  # fmt: skip
    begins = TODAY - timedelta(days=int(200 * draw()))
    approved = status in (Status.APPROVED, Status.PARTLY_APPROVED)
    binding = draw() < 0.5
    return AuthorizationRecord(
        id=new_id(),
        patient_id=person.id,
        natural_key=f"{person.payer}|{number}",
        payer=person.payer if draw() < 0.97 else payer_key(int(RULED * draw())),
        payer_name=person.payer.replace("_", " ").title(),
        status=status,
        raw_status=status.value,
        kind=Kind.RENEWAL if draw() < 0.1 else Kind.REFERRAL if draw() < 0.04 else Kind.INITIAL,
        items=_items(chance, code, person),
        member_id=None if draw() < 0.3 else person.member if draw() < 0.95 else f"X{number:09d}",
        plan="Gold" if draw() < 0.1 else None,
        number=f"A{number:08d}" if approved and draw() < 0.98 else None,
        reference=f"R{number:08d}" if draw() < 0.3 else None,
        begins=begins,
        ends=begins + timedelta(days=180 + int(250 * draw())) if draw() < 0.97 else None,
        diagnoses=() if draw() < 0.4 else (person.diagnosis if draw() < 0.9 else "L98.9",),
        provider_npi=person.provider if binding else None,
        provider_group=GROUP_NPI if draw() < 0.2 else None,
        provider_binds=binding and draw() < 0.2,
        site_id=an_id(10 + person.site) if draw() < 0.1 else None,
        places=("11",) if draw() < 0.15 else (),
        requested_on=begins - timedelta(days=9),
        decided_on=begins - timedelta(days=2) if approved or status is Status.NOT_REQUIRED else None,
        used_on=TODAY - timedelta(days=10),
    )


def _items(chance: random.Random, code: str, person: Person) -> tuple[Item, ...]:
    draw = chance.random
    if draw() < 0.04:
        code = ROUTINE[int(len(ROUTINE) * draw())]
    kind = draw()
    if kind < 0.7:
        first = Item((code,), None, Counting.UNITS, max(1, person.visits + int(6 * draw()) - 1), int(2 * draw()))
    elif kind < 0.8:
        first = Item((code,), None, Counting.VISITS, person.visits + 2)
    elif kind < 0.85:
        first = Item((code,), None, Counting.NOT_COUNTED)
    elif kind < 0.9:
        first = Item((code, "96999"), None, Counting.UNITS, person.visits + 4)
    else:
        first = Item((code,))
    return (first, Item(("J0585",), None, Counting.UNITS, 200)) if draw() < 0.1 else (first,)
