"""What a message of a feed makes of a visit and of coverages, decided before anything is written."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any
from uuid import UUID

from app.coverage.facts import CoverageRecord
from app.imports.facts import Kind, Person, ScheduleRow
from app.imports.rules.plans import Placed
from app.imports.rules.schedule import is_live
from app.imports.rules.telling import Told, value_of
from app.imports.rules.visits import SELF_PAY, decide_visit
from app.patients.facts import PatientDetails
from app.policies.facts.answers import PayerMatch
from app.schedule.facts import ServiceLine, VisitRecord, VisitStatus, VisitType
from app.values.codes import read_procedure
from app.values.insurance import Benefit, Rank
from app.values.members import MemberKey

NO_SERVICE = "No service named"
"""The visit type of an appointment whose messages name no service: nobody knows what is planned, until somebody maps
it or a message says more."""
RANKS = (Rank.PRIMARY, Rank.SECONDARY, Rank.TERTIARY)


@dataclass(frozen=True, slots=True)
class Named:
    """The insurance that a feed names for a patient's visits: payer, `SELF_PAY` for none, and member."""

    payer: str
    member: MemberKey | None


@dataclass(frozen=True, slots=True)
class Arranged:
    """An appointment as a message arranges it. `npi`, `services`, `status` None: it stays as it is."""

    reference: str
    patient: PatientDetails
    site_id: UUID
    starts_at: datetime
    day: date
    status: str | None
    npi: str | None
    services: Sequence[Sequence[Any]] | None
    named: Named | None


def decide_record(
    told: Arranged, before: VisitRecord | None, meanings: Mapping[str, VisitType], new_id: Callable[[], UUID]
) -> VisitRecord:
    """Make the visit that is to be stored; one that is on file keeps its identity."""
    if before is None or told.services is not None:
        rows = [
            _row(told, number, *service) for number, service in enumerate(told.services or [[NO_SERVICE, []]], start=1)
        ]
        record = decide_visit(rows, told.patient.id, before, meanings, None, new_id).record
    else:
        said = VisitStatus(told.status) if told.status else before.visit.status
        moved = replace(before.visit, site_id=told.site_id, starts_at=told.starts_at, day=told.day, status=said)
        record = replace(before, visit=moved)
    return record if told.npi is None else with_facts(record, {"provider_npi": told.npi})


def _row(told: Arranged, number: int, code: str, diagnoses: Sequence[str]) -> Placed:
    line: dict[str, Any] = {"diagnoses": tuple(diagnoses)} if diagnoses else {}
    if told.named is not None:
        line["named_payer"] = told.named.payer
        line |= {"named_member": told.named.member} if told.named.member else {}
    procedure = read_procedure(code)
    row = ScheduleRow(
        number,
        told.reference,
        told.starts_at,
        "",
        Person(told.patient.mrn),
        procedure,
        None if procedure else code,
        line,
        None,
        None,
        None,
        told.status,
    )
    return Placed(row, told.site_id, told.starts_at, told.day, None, None)


def with_facts(record: VisitRecord, facts: Mapping[str, Any]) -> VisitRecord:
    """Write the same facts into every line of a visit but one that stands for a refused row."""
    lines: list[ServiceLine] = []
    sources = []
    for line, source in zip(record.visit.lines, record.sources, strict=True):
        unread = line.refused_row is not None
        lines.append(line if unread else replace(line, **facts))
        said = {**(source.row_facts or {}), **facts}
        held = {name: value for name, value in said.items() if value is not None}
        sources.append(source if source.row_facts is None or unread else replace(source, row_facts=held))
    return VisitRecord(replace(record.visit, lines=tuple(lines)), tuple(sources))


def provider_of(told: Told, current: str | None, name_of: Mapping[str, str | None]) -> str:
    """Say who renders a visit by all that was told: an NPI, or empty where nobody knows.

    Takes     the visit's NPI, None for a new one; the names on file by NPI. A person who was told by name only is the
              one whose NPI came with that name; else the one on file, unless that one is known by another name.
    """
    given = value_of(told, "provider")
    if given is None:
        return current or ""
    npi, name = given
    if npi:
        return str(npi)
    told_npis = {field: entry[2] for field, entry in told.items() if field.startswith("npi.")}
    if told_npis:
        return str(told_npis.get(f"npi.{name}", ""))
    on_file = name_of.get(current or "")
    if on_file and not _alike(name, on_file):
        return ""
    return current or ""


def _alike(name: str, other: str) -> bool:
    """Say whether two names of a provider have a part in common: titles and order do not matter."""
    parts = [{part.strip(".,").casefold() for part in one.split()} for one in (name, other)]
    return any(len(part) > 2 for part in parts[0] & parts[1])


@dataclass
class Covered:
    """What is to be written of a patient's coverages, and what is said of the insurance of the visits to come."""

    patient: PatientDetails
    new: list[CoverageRecord]
    changed: list[CoverageRecord]
    dropped: list[UUID]
    named: Named | None = None


@dataclass(frozen=True, slots=True)
class NamedCoverage:
    """A coverage as a feed names it."""

    payer: PayerMatch
    member: str | None
    group: str | None
    begins: date | None
    ends: date | None


def coverages_of(told: Told, payer_of: Callable[[str], PayerMatch]) -> list[NamedCoverage | None]:
    """Gather the coverages that were told, by rank; a value that was told for another payer does not count."""
    return [_coverage(told, f"c{rank}.", payer_of) for rank in range(1, len(RANKS) + 1)]


def _coverage(told: Told, prefix: str, payer_of: Callable[[str], PayerMatch]) -> NamedCoverage | None:
    payer = value_of(told, f"{prefix}payer")
    if payer is None:
        return None
    values = {name: value_of(told, f"{prefix}{name}") for name in ("member", "group", "begins", "ends")}
    held = {name: pair[1] for name, pair in values.items() if pair is not None and pair[0] == payer}
    begins, ends = (date.fromisoformat(held[name]) if name in held else None for name in ("begins", "ends"))
    if begins and ends and ends < begins:
        begins = ends = None
    return NamedCoverage(payer_of(payer), held.get("member"), held.get("group"), begins, ends)


def decide_coverages(
    told: Sequence[NamedCoverage | None],
    patient: PatientDetails,
    records: Sequence[CoverageRecord],
    new_id: Callable[[], UUID],
    today: date,
) -> Covered:
    """Keep the coverages that were told, unverified, where none of their rank was checked; or that there is none."""
    covered = Covered(patient, [], [], [])
    if patient.no_coverage_source == Kind.COVERAGE:
        return covered  # the practice's own word outweighs what a schedule or feed names
    first = told[0]
    if first is not None and first.payer.self_pay:
        return _without(covered, records, today)
    for rank, one in zip(RANKS, told, strict=True):
        if one is not None and not one.payer.self_pay:
            _keep(covered, rank, one, records, new_id)
    if first is not None:
        covered.patient = replace(patient, no_coverage_on=None, no_coverage_source=None)
    return covered


def _without(covered: Covered, records: Sequence[CoverageRecord], today: date) -> Covered:
    if not any(record.verified and is_live(record, today) for record in records):
        covered.dropped += [record.id for record in records if not record.verified]
        if covered.patient.no_coverage_on is None:
            source = Kind.SCHEDULE.value
            covered.patient = replace(covered.patient, no_coverage_on=today, no_coverage_source=source)
    return covered


def _keep(
    covered: Covered, rank: Rank, one: NamedCoverage, records: Sequence[CoverageRecord], new_id: Callable[[], UUID]
) -> None:
    mine = [record for record in records if record.rank is rank and record.benefit is not Benefit.PHARMACY]
    if any(record.verified for record in mine):
        return
    same = [record for record in mine if record.payer == one.payer.key]
    old = next(iter([*same, *mine]), None)
    member = one.member or (old.member_id if old and same else "")
    record = CoverageRecord(
        old.id if old else new_id(),
        covered.patient.id,
        rank,
        one.payer.key,
        one.payer.name,
        member,
        one.begins,
        one.ends,
        plan=old.plan if old and same else None,
        group_number=one.group,
        source="feed",
        verified=False,
    )
    if record != old:
        (covered.changed if old else covered.new).append(record)


def named_of(told: Sequence[NamedCoverage | None], member_key: Callable[[str], MemberKey]) -> Named | None:
    """Say what was told of the insurance of a patient's visits; None: nothing."""
    first = told[0] if told else None
    if first is None:
        return None
    if first.payer.self_pay:
        return Named(SELF_PAY, None)
    return Named(first.payer.key, member_key(first.member) if first.member else None)


def same_person(one: PatientDetails, other: PatientDetails) -> bool:
    """Say whether two records may be of one person: the same birth date, first and last names alike.

    Names are alike when they are the same but for case, spaces and signs, or one begins with the other (`Ana` and
    `Ana Maria`, `Stone` and `Stone-Rivera`). Without a birth date nobody knows.
    """
    names = ((one.last_name, other.last_name), (one.first_name, other.first_name))
    return one.birth_date is not None and one.birth_date == other.birth_date and all(_begins(*pair) for pair in names)


def _begins(one: str, other: str) -> bool:
    short, long = sorted((_letters(one), _letters(other)), key=len)
    return bool(short) and long.startswith(short)


def _letters(name: str) -> str:
    return "".join(letter for letter in name.casefold() if letter.isalnum())
