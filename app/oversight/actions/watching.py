"""Look through the audit log for reading that stands out. From state: safe twice, late and after a crash."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy.orm import Session

from app.audit import store as audit_store
from app.audit.actions import record
from app.audit.facts import Asked, AuditEntry
from app.authorizations import store as authorization_store
from app.oversight import store
from app.oversight.facts import Look, Sign, Surroundings, Unusual
from app.oversight.rules import FEW, around, has_work, hour_of, patients_an_hour, signs_of, usual_hour
from app.patients import store as patient_store
from app.patients.rules import plain_name
from app.platform.caller import Caller
from app.platform.db import keyring_of, writing
from app.platform.ids import new_id
from app.practice.facts.staff import Staff
from app.practice.store import staff as staffing
from app.schedule import store as schedule_store

PIECE = 2_000  # lines looked at in one transaction
LATELY = 20_000  # lines of an installation's past that the first run goes back
HOUR = timedelta(hours=1)
MONTH = timedelta(days=30)
MOST_OF_AN_HOUR = 3_000
MOST_OF_A_MONTH = 30_000
MOST_NAMED = 6  # ids on a line that is about one patient: the patient, and what belongs to the patient


def flag_unusual_reading(caller: Caller) -> int:
    """Look at the lines since the last run. Returns how many new ones stand out."""
    new = 0
    while (found := _piece(caller)) is not None:
        new += found
    return new


def _piece(caller: Caller) -> int | None:
    """Look at the next lines. Returns how many stand out; None when there are no more."""
    session, practice_id = caller.session, caller.practice_id
    session.rollback()
    after = store.mark(session, practice_id) or max(0, audit_store.last_line(session, practice_id) - LATELY)
    lines = audit_store.since(session, practice_id, after, PIECE)
    if not lines:
        return None
    people = {one.id: one for one in staffing.staff_of(session, practice_id)}
    hours = {(line.user_id, hour_of(line.at)) for line in lines if line.user_id in people and line.subjects}
    looks = [look for who, hour in sorted(hours, key=str) if who for look in _looks(session, practice_id, who, hour)]
    known = _surroundings(session, practice_id, looks, people)
    told = [_unusual(*one) for one in signs_of(looks, known)]
    with writing(session):
        new = store.add_unusual(session, practice_id, told)
        store.move_mark(session, practice_id, lines[-1].sequence)
        if new:
            record(caller, "oversight.flagged", count=new)
    return new


def _looks(session: Session, practice_id: UUID, who: UUID, hour: datetime) -> list[Look]:
    """All patients whom one person opened in one hour, each by a line about one patient alone, in order."""
    asked = Asked(user_id=who, begins=hour, ends=hour + HOUR)
    lines = audit_store.find(session, practice_id, asked, MOST_OF_AN_HOUR)
    return _looks_of(session, practice_id, list(reversed(lines)))


def _looks_of(session: Session, practice_id: UUID, lines: Sequence[AuditEntry]) -> list[Look]:
    few = [line for line in lines if 0 < len(set(line.subjects)) <= MOST_NAMED and line.user_id is not None]
    named_ids = sorted({one for line in few for one in line.subjects})
    patients = patient_store.opened(session, practice_id, named_ids).keys()
    found = []
    for line in few:
        named = patients & set(line.subjects)
        if len(named) == 1 and line.user_id is not None:
            found.append(Look(line.sequence, line.at, line.user_id, min(named), line.reason_mac is not None))
    return found


def _surroundings(
    session: Session, practice_id: UUID, looks: Sequence[Look], people: Mapping[UUID, Staff]
) -> Surroundings:
    ids = sorted({look.patient_id for look in looks})
    visits = schedule_store.of_patients(session, practice_id, ids)
    approvals = authorization_store.of_patients(session, practice_id, ids)
    reasons = {
        (look.patient_id, look.at.date())
        for look in looks
        if any(around(visit.day, look.at.date()) for visit in visits.get(look.patient_id, ()))
        or has_work(approvals.get(look.patient_id, ()), look.at.date())
    }
    families, usual = _families(session, practice_id, ids, people), _usual(session, practice_id, looks)
    return Surroundings(frozenset(reasons), families, usual)


def _families(
    session: Session, practice_id: UUID, patients: Sequence[UUID], people: Mapping[UUID, Staff]
) -> Mapping[UUID, bytes]:
    """The blind index of the family name of each patient and person; a person's is the last word of the name."""
    keyring = keyring_of(session)
    names = {one: opened.last_name for one, opened in patient_store.opened(session, practice_id, patients).items()}
    names |= {one: staff.name.split()[-1] for one, staff in people.items() if staff.name.split()}
    plain = {one: plain_name(name) for one, name in names.items()}
    return {one: keyring.blind("family_name", practice_id, name) for one, name in plain.items() if name}


def _usual(session: Session, practice_id: UUID, looks: Sequence[Look]) -> Mapping[UUID, float]:
    """How many patients whoever opened many usually opens in an hour, by the month before."""
    found = {}
    counts = patients_an_hour((look.by, look.at, look.patient_id) for look in looks)
    for who in (who for who, hours in counts.items() if max(hours) > FEW):
        first = hour_of(min(look.at for look in looks if look.by == who))
        asked = Asked(user_id=who, begins=first - MONTH, ends=first)
        before = audit_store.find(session, practice_id, asked, MOST_OF_A_MONTH)
        opened = _looks_of(session, practice_id, before)
        hours = patients_an_hour((look.by, look.at, look.patient_id) for look in opened)
        found[who] = usual_hour(hours.get(who, ()))
    return found


def _unusual(sign: Sign, look: Look, count: int) -> Unusual:
    of_one = sign is not Sign.MANY
    at = look.at if of_one else hour_of(look.at)
    patient_id = look.patient_id if of_one else None
    return Unusual(new_id(), sign, look.by, patient_id, look.at.date(), at, look.sequence, count)
