"""Read what the pages of texts show, and note who read it; name the practice in its texts."""

import hashlib
from collections.abc import Mapping
from uuid import UUID

from sqlalchemy.orm import Session

from app.alerts.actions.outgoing import Unwritable
from app.alerts.actions.texting import standing_of
from app.alerts.actions.writing import first_name_of, practice_values
from app.alerts.facts.text_page import PracticeTextsStart, RepliesPage, TextsOfPatient
from app.alerts.facts.texts import PracticeTexts
from app.alerts.rules.texting import suggested_name
from app.alerts.store import replies as reply_store
from app.alerts.store import texts as store
from app.audit.actions import record
from app.clearance.actions.opening import saw
from app.patients import store as patient_store
from app.platform.caller import Caller
from app.platform.db import writing
from app.practice.store import practice as practice_store
from app.practice.store import staff as staffing
from app.schedule import store as schedule_store
from app.schedule.facts import VisitStatus

MOST_VISITS = 12


class NotOnFileError(Exception):
    """No patient, or no visit, has this id."""


class StaleTextsError(Exception):
    """Somebody changed how the practice names itself meanwhile: nothing is saved."""


def read_texts(caller: Caller, patient_id: UUID) -> TextsOfPatient:
    """Read how texting a patient stands, and note who read it: a fixed number of queries. Raises NotOnFileError."""
    session, practice_id, now = caller.session, caller.practice_id, caller.clock.now()
    found = patient_store.on_file(session, practice_id, patient_id)
    if found is None:
        raise NotOnFileError
    practice = practice_store.practice_of(session, practice_id)
    standing = standing_of(session, practice_id, found[0], now)
    visits = schedule_store.of_patients(session, practice_id, [patient_id], caller.scope).get(patient_id, ())
    coming = [one for one in visits if one.status is VisitStatus.BOOKED and one.starts_at > now]
    page = TextsOfPatient(
        details=found[0],
        practice=practice,
        now=now,
        language=standing.language,
        number=standing.number,
        stop=standing.stop,
        why=standing.why,
        from_at=standing.from_at,
        visits=tuple(sorted(coming, key=lambda one: one.starts_at)[:MOST_VISITS]),
        zones={site.id: site.zone for site in practice_store.sites(session, practice_id)},
        values={"first_name": first_name_of(found[0], standing.language), **_named(session, practice_id)},
        sent=store.texts_to(session, practice_id, patient_id),
        staff={one.id: one.name for one in staffing.staff_of(session, practice_id)},
    )
    saw(caller, "alerts.texts_seen", [patient_id])
    return page


def patient_of_visit(caller: Caller, visit_id: UUID) -> UUID:
    """Name the patient of a visit. Raises NotOnFileError."""
    visit = schedule_store.visits_by_ids(caller.session, caller.practice_id, [visit_id], caller.scope).get(visit_id)
    if visit is None:
        raise NotOnFileError
    return visit.patient_id


def read_replies(caller: Caller, read: bool, before: UUID | None) -> RepliesPage:
    """Read a page of replies that wait for a person, or that were read, and note who read them."""
    session, practice_id = caller.session, caller.practice_id
    found = reply_store.replies(session, practice_id, read, before, reply_store.PAGE + 1, caller.scope)
    shown = found[: reply_store.PAGE]
    people = sorted({patient for one in shown for patient in one.patients})
    page = RepliesPage(
        shown,
        patient_store.seen(session, practice_id, people),
        {one.id: one.name for one in staffing.staff_of(session, practice_id)},
        practice_store.practice_of(session, practice_id).zone,
        read,
        len(found) > len(shown),
    )
    saw(caller, "alerts.replies_seen", [*people, *(one.id for one in shown)])
    return page


def start_practice_texts(caller: Caller) -> PracticeTextsStart:
    """Read what the form of the practice's texts starts from."""
    texts = store.practice_texts(caller.session, caller.practice_id)
    practice = practice_store.practice_of(caller.session, caller.practice_id)
    return PracticeTextsStart(texts, suggested_name(practice.name), _version(texts))


def save_practice_texts(caller: Caller, texts: PracticeTexts, version: str) -> None:
    """Write how the practice names itself. Raises StaleTextsError when `version` is no longer the one on file."""
    with writing(caller.session) as session:
        before = store.practice_texts(session, caller.practice_id)
        if before == texts:
            return
        if version != _version(before):
            raise StaleTextsError
        store.save_practice_texts(session, caller.practice_id, texts)
        record(caller, "alerts.practice_texts_saved")


def _version(texts: PracticeTexts | None) -> str:
    return hashlib.sha256(repr(texts).encode()).hexdigest()[:16]


def _named(session: Session, practice_id: UUID) -> Mapping[str, str]:
    values = practice_values(session, practice_id, True)
    return {} if isinstance(values, Unwritable) else values
