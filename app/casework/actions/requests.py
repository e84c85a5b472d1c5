"""Write a request: keep what is typed, make a case of it, discard it, send it."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from app.audit.actions import record
from app.authorizations import store as authorization_store
from app.authorizations.facts import UNSENT
from app.casework.actions.reading import PatientNotFoundError
from app.casework.facts.requests import RequestDraft, RequestStart, Typed
from app.casework.store import requests as store
from app.clearance.actions.opening import saw
from app.clearance.rules.coverages import coverage_of_day
from app.coverage.store import coverages as coverage_store
from app.patients import store as patient_store
from app.patients.facts import Patient
from app.platform.caller import Caller
from app.platform.db import writing
from app.policies.actions.library import current_book
from app.policies.facts.book import Book
from app.practice.store import practice as practice_store
from app.practice.store import staff as staffing
from app.schedule import store as schedule_store
from app.schedule.facts import Visit, VisitStatus
from app.values.insurance import Channel

DISCARDED_FOR = timedelta(hours=24)
PAST_DAYS = timedelta(days=90)
PAGE = 50


class StaleDraftError(Exception):
    """Somebody wrote the request meanwhile: nothing is kept. `now` is what is on file."""

    def __init__(self, now: RequestDraft) -> None:
        super().__init__("the request was written meanwhile")
        self.now = now


class RequestSentError(Exception):
    """The request has gone to the payer: it is no longer written."""


class DraftNotFoundError(Exception):
    """The practice has no draft of this id, for this patient."""


def book_of(caller: Caller) -> Book:
    """The rules in force: what services are called, and which belong together."""
    return current_book(caller.session, caller.practice_id)


def patient_of_visit(caller: Caller, visit_id: UUID) -> UUID | None:
    """Whose a visit is; None: it is not on file."""
    found = schedule_store.visits_by_ids(caller.session, caller.practice_id, [visit_id])
    return found[visit_id].patient_id if visit_id in found else None


def start_request(
    caller: Caller, patient_id: UUID, draft_id: UUID | None = None, visit_id: UUID | None = None
) -> RequestStart:
    """Read what the form of a request starts from, with a fixed number of queries, and note whom it showed.

    Takes     the patient; the draft that is gone on with; the visit from which a new one is begun.
    Raises    PatientNotFoundError.
    """
    session, practice_id = caller.session, caller.practice_id
    patient = patient_store.opened(session, practice_id, [patient_id]).get(patient_id)
    if patient is None:
        raise PatientNotFoundError
    today = caller.clock.today(ZoneInfo(practice_store.practice_of(session, practice_id).zone))
    seen = schedule_store.of_patients(session, practice_id, [patient_id], caller.scope).get(patient_id, ())
    visits = tuple(sorted((one for one in seen if _offered(one, today)), key=lambda one: one.starts_at))
    facts = coverage_store.of_patients(session, practice_id, [patient_id]).get(patient_id, ())
    visit = next((one for one in visits if one.id == visit_id), None)
    channel = (visit.lines[0].channel if visit is not None and visit.lines else None) or Channel.MEDICAL
    of_day = coverage_of_day(facts, channel, visit.day if visit is not None else today)
    written = store.draft(session, practice_id, draft_id) if draft_id is not None else None
    found = authorization_store.record_of(session, practice_id, draft_id) if draft_id is not None else None
    drafts = store.being_written(session, practice_id, PAGE, patient_id=patient_id)
    start = RequestStart(
        patient=patient,
        today=today,
        coverages=tuple(coverage_store.on_file(session, practice_id, patient_id)),
        sites=practice_store.sites(session, practice_id),
        providers=practice_store.providers(session, practice_id),
        visits=visits,
        approvals=authorization_store.of_patients(session, practice_id, [patient_id]).get(patient_id, ()),
        drafts=tuple(one for one in drafts if one.id != draft_id),
        coverage=of_day.id if of_day is not None else None,
        draft=written if written is not None and written.patient_id == patient_id else None,
        case=found[0] if found is not None and found[0].patient_id == patient_id else None,
        case_version=found[1] if found is not None else None,
        visit=visit,
    )
    saw(caller, "casework.request_form_seen", [patient_id])
    return start


def _offered(visit: Visit, today: date) -> bool:
    if visit.status is VisitStatus.BOOKED:
        return visit.day >= today
    return visit.status is VisitStatus.DONE and visit.day >= today - PAST_DAYS


def keep_draft(
    caller: Caller, patient_id: UUID, draft_id: UUID, version: int, typed: Typed, case_version: int | None = None
) -> RequestDraft:
    """Keep what is typed of a request, under the id that its form carries.

    Takes     the version of the draft that the page had, 0 for a new one; what was typed; the version of the case that
              the page had, where one was made of it.
    Returns   the draft as kept; what is on file where nothing is different.
    Raises    PatientNotFoundError, StaleDraftError, RequestSentError, DraftNotFoundError (another patient's).
    """
    with writing(caller.session) as session:
        practice_id = caller.practice_id
        if not patient_store.opened(session, practice_id, [patient_id]):
            raise PatientNotFoundError
        old = store.draft(session, practice_id, draft_id, hold=True)
        case = authorization_store.record_of(session, practice_id, draft_id)
        if case is not None and case[0].status not in UNSENT:
            raise RequestSentError
        if old is not None and old.patient_id != patient_id:
            raise DraftNotFoundError
        same_case = old is not None and case_version in (None, old.case_version)
        if old is not None and same_case and old.typed == typed and old.discarded_at is None:
            return old
        if (old.version if old is not None else 0) != version:
            raise StaleDraftError(old or RequestDraft(draft_id, patient_id, {}, 0, caller.clock.now(), None))
        new = RequestDraft(
            draft_id, patient_id, typed, version + 1, caller.clock.now(), caller.user_id,
            case_version if case_version is not None or old is None else old.case_version,
        )  # fmt: skip
        (store.save if old is not None else store.add)(session, practice_id, new)
        record(caller, "casework.request_kept", [patient_id], draft=draft_id)
        return new


def discard_draft(caller: Caller, patient_id: UUID, draft_id: UUID) -> bool:
    """Put a draft away, for a day; no case was made of it. Returns whether it was there. Raises DraftNotFoundError."""
    return _mark(caller, patient_id, draft_id, discard=True)


def restore_draft(caller: Caller, patient_id: UUID, draft_id: UUID) -> bool:
    """Bring a discarded draft back. Returns whether it was put away. Raises DraftNotFoundError."""
    return _mark(caller, patient_id, draft_id, discard=False)


def _mark(caller: Caller, patient_id: UUID, draft_id: UUID, discard: bool) -> bool:
    with writing(caller.session) as session:
        old = store.draft(session, caller.practice_id, draft_id, hold=True)
        if old is None or old.patient_id != patient_id or old.case_version is not None:
            raise DraftNotFoundError
        if (old.discarded_at is not None) is discard:
            return False
        store.save(session, caller.practice_id, replace(old, discarded_at=caller.clock.now() if discard else None))
        verb = "casework.request_discarded" if discard else "casework.request_restored"
        record(caller, verb, [patient_id], draft=draft_id)
    return True


def forget_discarded(caller: Caller) -> int:
    """Remove the drafts that were discarded a day ago or longer. Returns how many."""
    with writing(caller.session) as session:
        gone = store.forget_discarded(session, caller.practice_id, caller.clock.now() - DISCARDED_FOR)
        if gone:
            record(caller, "casework.requests_forgotten", drafts=gone)
    return gone


def list_drafts(
    caller: Caller, after: UUID | None = None
) -> tuple[Sequence[RequestDraft], dict[UUID, Patient], dict[UUID, str], bool]:
    """List the requests that are being written, newest first, fifty at a time, and note whom it showed.

    Returns   the drafts; their patients and the names of who wrote them, by id; whether more follow.
    """
    session, practice_id = caller.session, caller.practice_id
    found = store.being_written(session, practice_id, PAGE + 1, after, scope=caller.scope)
    shown = found[:PAGE]
    people = dict(patient_store.opened(session, practice_id, [one.patient_id for one in shown]))
    staff = {one.id: one.name for one in staffing.staff_of(session, practice_id)}
    saw(caller, "casework.requests_listed", [one.patient_id for one in shown])
    return shown, people, staff, len(found) > PAGE
