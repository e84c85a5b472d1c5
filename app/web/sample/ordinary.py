"""The clinic's ordinary patients: routine visits, light treatment and biologics whose approvals are in order."""

from dataclasses import dataclass, field
from datetime import date, time, timedelta

from app.web.sample.clinic import (
    CLINICIANS,
    HARBORLIGHT,
    NORTHGALE,
    PLUMERIA,
    QUILLWORK,
    SITES,
    TAMARACK,
    WICKERWOOD,
    Person,
    SamplePayer,
)
from app.web.sample.days import Days
from app.web.sample.tables import Tables

Line = tuple[str, str, dict[str, str]]

PAYERS = (
    HARBORLIGHT, TAMARACK, PLUMERIA, HARBORLIGHT, NORTHGALE, QUILLWORK, HARBORLIGHT, PLUMERIA, TAMARACK, NORTHGALE,
    HARBORLIGHT, QUILLWORK, PLUMERIA, HARBORLIGHT, NORTHGALE, TAMARACK, HARBORLIGHT, QUILLWORK, PLUMERIA, WICKERWOOD,
)  # fmt: skip
"""Who insures the ordinary patients, one after the other."""

ROUTINE: tuple[tuple[Line, ...], ...] = (
    (("99213", "L57.0", {"modifiers": "25"}), ("17000", "L57.0", {}), ("17003", "L57.0", {"units": "3"})),
    (("11102", "D48.5", {}), ("88305", "D48.5", {"bill_to": "outside"})),
    (("99214", "L70.0", {}),),
    (("17110", "B07.9", {}),),
    (("17311", "C44.311", {}), ("13131", "C44.311", {})),
    (("99203", "L30.9", {}),),
    (("11602", "C44.519", {}), ("12031", "C44.519", {})),
    (("99213", "L40.0", {}),),
    (("11400", "D17.1", {}),),
    (("11900", "L63.9", {}),),
    (("99213", "D22.9", {}), ("11102", "D48.5", {})),
    (("10060", "L02.91", {}),),
    (("99214", "L20.9", {}),),
)
BIOLOGICS: tuple[tuple[str, str, str, str], ...] = (
    ("J2357", "L50.1", "60", "J2357:720"),
    ("J3245", "L40.0", "100", "J3245:600"),
    ("J1628", "L40.0", "100", "J1628:800"),
)
OLD_LOG = (
    ("15823:2", "denied"), ("96920-96922:10", "withdrawn"), ("14040:1", "approved"), ("15271:4", "dismissed"),
    ("J0585:100", "voided"), ("96910/96912:20", "expired"), ("11042:2", "not required"), ("J3247:300", "denied"),
    ("15793:1", "partly approved"), ("77401:8", "withdrawn"),
)  # fmt: skip
"""Closed requests of past years that a practice's old log is full of."""
SLOTS = tuple(time(hour, minute) for hour in (8, 9, 10, 11, 13, 14, 15, 16) for minute in (0, 20, 40))


@dataclass
class Clinic:
    """The tables under way, and how many visits each day already has."""

    tables: Tables
    days: Days
    booked: dict[date, int] = field(default_factory=dict)
    number: int = 0

    def visit(self, person: Person, day: date, lines: tuple[Line, ...]) -> None:
        """Add a visit at the next free time of a day: done, and now and then missed, when the day is past."""
        self.number += 1
        place = self.booked.get(day, 0)
        self.booked[day] = place + 1
        status = "booked" if day >= self.days.today else "done"
        if status == "done" and self.number % 11 == 0:
            status = "no_show" if self.number % 2 else "canceled"
        by = CLINICIANS[person.number % 4]
        for code, diagnoses, columns in lines:
            stated = {"code": code, "diagnoses": diagnoses, "status": status, **columns}
            at, site = SLOTS[(place * 5) % len(SLOTS)], SITES[person.number // 3 % 2]
            self.tables.visit(f"V-{self.number:04}", person, day, at, site, by, **stated)

    def approve(self, person: Person, payer: SamplePayer, codes: str, begins: int, ends: int, **columns: str) -> None:
        """Add a decided request whose span is counted from today."""
        first, last, number = self.days.on(begins), self.days.on(ends), len(self.tables.authorizations)
        stated = {
            "codes": codes, "status": "approved", "number": f"{payer.prefix}-7{number:04}", "begins": first.isoformat(),
            "ends": last.isoformat(), "requested_on": (first - timedelta(days=9)).isoformat(),
            "decided_on": (first - timedelta(days=2)).isoformat(), **columns,
        }  # fmt: skip
        self.tables.authorize(person, payer, stated)


def add_ordinary(tables: Tables, days: Days, people: list[Person]) -> None:
    """Add every ordinary patient with coverage, approvals and visits."""
    clinic = Clinic(tables, days)
    for place, person in enumerate(people):
        payer = PAYERS[place % len(PAYERS)]
        first = len(tables.schedule)
        if place % 5 == 1:
            _light(clinic, person, payer, place)
        elif place % 4 == 2:
            _biologic(clinic, person, payer, place)
        else:
            _routine(clinic, person, place)
        if payer.referral:
            reference = {"kind": "referral", "status": "approved"}
            clinic.approve(person, payer, "*:40", -100, 150, **reference)
        _old_log(clinic, person, payer, place)
        _cover(clinic, person, payer, {row["starts_at"][:10] for row in tables.schedule[first:]})


def _light(clinic: Clinic, person: Person, payer: SamplePayer, place: int) -> None:
    """Booth light treatment once a week, approved where the payer asks it."""
    diagnosis = "L40.0" if place % 2 else "L20.9"
    if payer in (HARBORLIGHT, WICKERWOOD):
        status = "partly approved" if place % 3 == 0 else "approved"
        clinic.approve(person, payer, "96910/96912:36", -62, 118, status=status)
        clinic.approve(person, payer, "96910/96912:36", -250, -63, status="expired")
    elif payer is QUILLWORK:
        clinic.approve(person, payer, "96910/96912:36", -62, 118, status="notified")
    for week in range(-5, 6):
        day = clinic.days.working(week * 7 + place % 7)
        if week < 0 and day >= clinic.days.today:
            continue
        clinic.visit(person, day, (("96910", diagnosis, {}),))


def _biologic(clinic: Clinic, person: Person, payer: SamplePayer, place: int) -> None:
    """A biologic every four weeks, approved for half a year; the year before too, once after a denial."""
    code, diagnosis, units, codes = BIOLOGICS[place // 4 % len(BIOLOGICS)]
    if payer is WICKERWOOD:
        return _routine(clinic, person, place)
    clinic.approve(person, payer, codes, -61, 130)
    clinic.approve(person, payer, codes, -250, -62, status="expired")
    if place % 8 == 2:
        clinic.approve(person, payer, codes, -262, -252, status="denied", denial_reason="Severity not shown")
    for step in (-1, 0, 1):
        offset = step * 28 + 1 + place % 17
        lines: tuple[Line, ...] = ((code, diagnosis, {"units": units}), ("96372", diagnosis, {}))
        clinic.visit(person, clinic.days.working(offset), lines)
    return None


def _routine(clinic: Clinic, person: Person, place: int) -> None:
    """Office visits and small procedures that need no approval."""
    clinic.visit(person, clinic.days.past[(place * 11) % len(clinic.days.past)], ROUTINE[place % len(ROUTINE)])
    for step in range(3):
        ahead = clinic.days.ahead
        day = ahead[(place * 3 + step * 11) % len(ahead)]
        clinic.visit(person, day, ROUTINE[(place + step * 5 + 1) % len(ROUTINE)])


def _old_log(clinic: Clinic, person: Person, payer: SamplePayer, place: int) -> None:
    if place % 5 in (0, 2, 3):
        codes, status = OLD_LOG[place // 2 % len(OLD_LOG)]
        clinic.approve(person, payer, codes, -400 - place, -220 - place, status=status)


def _cover(clinic: Clinic, person: Person, payer: SamplePayer, visits: set[str]) -> None:
    """Coverage, asked today where a visit lies within the coming week, else in the last two weeks."""
    days = clinic.days
    week = {days.on(offset).isoformat() for offset in range(9)}
    back = 0 if visits & week else 1 + person.number % 14
    clinic.tables.cover(person, payer, days.on(-800), days.checked(back, payer.monthly))
