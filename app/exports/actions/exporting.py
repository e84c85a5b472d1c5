"""Gather all that is on file about one person: for the person's right of access, and for a move to another program."""

from collections.abc import Iterator, Sequence
from uuid import UUID
from zoneinfo import ZoneInfo

from app.alerts.actions.text_page import read_texts
from app.audit.actions import record
from app.clearance.actions.recounting import visit_history
from app.clearance.views.history import history_words
from app.documents import store as document_store
from app.documents.facts import ENDINGS
from app.exports import store
from app.exports.facts import AccessLine, AnswerTold, PatientRecord, Row
from app.oversight.actions.reading import report
from app.oversight.views.lines import report_page
from app.patients import store as patient_store
from app.platform.caller import Caller
from app.platform.db import writing
from app.platform.pieces import DamagedContentError
from app.practice.store import practice as practices
from app.practice.store import staff as staffing
from app.values.wording import clock_time, long_day, near_time


class PatientNotFoundError(Exception):
    """No patient has this id, or not in the caller's sight."""


class LimitedSightError(Exception):
    """Whoever does not see the whole practice cannot tell all that is on file about a person."""


def export_patient(caller: Caller, patient_id: UUID) -> PatientRecord:
    """Gather a person's record, and note who took it, how much it is, and why (`caller.reason`).

    Raises    PatientNotFoundError, LimitedSightError.
    """
    session, practice_id = caller.session, caller.practice_id
    if caller.scope.limited:
        raise LimitedSightError
    if not patient_store.in_sight(session, practice_id, patient_id, caller.scope):
        raise PatientNotFoundError
    practice = practices.practice_of(session, practice_id)
    people = {one.id: one.name for one in staffing.staff_of(session, practice_id)}
    access = _access(caller, patient_id)  # first: what this export itself reads is not in it
    tables = store.record_of(session, practice_id, patient_id)
    found = PatientRecord(
        patient_id=patient_id,
        made_at=caller.clock.now(),
        made_by=people.get(caller.user_id, "the command line") if caller.user_id else "the command line",
        practice=practice.name,
        zone=ZoneInfo(practice.zone),
        tables=tables,
        answers=tuple(_answers(caller, tables["visit"])),
        access=access,
        texts_ended=_texts_ended(caller, patient_id, ZoneInfo(practice.zone)),
        names=_names(caller) | {str(one): name for one, name in people.items()},
        documents=_documents(caller, tables["document"]),
    )
    with writing(session):
        record(caller, "exports.patient", [patient_id], rows=sum(len(rows) for rows in tables.values()))
    return found


def _documents(caller: Caller, rows: Sequence[Row]) -> dict[str, bytes]:
    """The bytes of every document; in place of one that is damaged, a word that says so."""
    session, practice_id = caller.session, caller.practice_id
    found: dict[str, bytes] = {}
    for one in document_store.documents_by_id(session, practice_id, [UUID(row["id"]) for row in rows]).values():
        try:
            name = f"{one.id}.{ENDINGS[one.media]}"
            found[name] = document_store.content_of(session, practice_id, one)
        except DamagedContentError:
            found[f"{one.id}.txt"] = b"This document is damaged on the disk: its bytes are not those that were added.\n"
    return found


def _names(caller: Caller) -> dict[str, str]:
    session, practice_id = caller.session, caller.practice_id
    sites = {str(site.id): site.name for site in practices.sites(session, practice_id)}
    return sites | {one.npi: one.name for one in practices.providers(session, practice_id) if one.name}


def _answers(caller: Caller, visits: Sequence[Row]) -> Iterator[AnswerTold]:
    """What was shown of each visit, the latest first."""
    for visit in reversed(visits):
        history = visit_history(caller, UUID(visit["id"]))
        starts = history.visit.starts_at.astimezone(history.zone)
        when = f"{long_day(history.visit.day)} {clock_time(starts)}"
        for one in history_words(history).stretches:
            yield AnswerTold(when, one.when, one.badge, one.reason, one.basis, one.ended or "")


def _access(caller: Caller, patient_id: UUID) -> tuple[AccessLine, ...]:
    """Every line of the audit log about the person, the latest first, as the access report tells them."""
    told: dict[str, AccessLine] = {}
    ends = None
    while True:
        found, known = report(caller, patient_id, None, ends, knows=True), len(told)
        for row in report_page(found, "", "", "").rows:
            told.setdefault(row.number, AccessLine(row.when, row.who, row.what, row.source, row.why))
        if not found.cut or len(told) == known:
            return tuple(told.values())
        ends = found.lines[-1].at


def _texts_ended(caller: Caller, patient_id: UUID, zone: ZoneInfo) -> str | None:
    stop = read_texts(caller, patient_id).stop
    return None if stop is None else near_time(stop.stopped_at.astimezone(zone), caller.clock.today(zone))
