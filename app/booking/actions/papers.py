"""Estimates, consents and notices: prepared, given, signed, declined, withdrawn, and each step taken back."""

from dataclasses import dataclass, replace
from datetime import date
from uuid import UUID
from zoneinfo import ZoneInfo

from app.audit.actions import record
from app.booking import store
from app.booking.facts.papers import Language, Paper, PaperKind, PaperLine, PaperState
from app.booking.rules.gate import service_of
from app.booking.rules.moves import may_move, payers_before, refusal_of_signature, state_before
from app.clearance.actions.answering import VisitNotFoundError
from app.documents import store as document_store
from app.documents.facts import Document
from app.patients import store as patient_store
from app.patients.facts import Patient
from app.platform.caller import Caller
from app.platform.changes import Changed, announce, announced
from app.platform.db import writing
from app.practice.store import practice as practice_store
from app.schedule import store as schedule_store
from app.schedule.facts import Visit
from app.schedule.rules.paying import Payers, lines_as_self_pay, restored


class PaperNotFoundError(Exception):
    """No paper has this id, or its visit is out of sight."""


class StalePaperError(Exception):
    """Somebody changed the paper meanwhile: nothing is stored. `now` is what is on file."""

    def __init__(self, now: Paper) -> None:
        super().__init__("the paper was changed meanwhile")
        self.now = now


class PaperRefusedError(Exception):
    """The paper cannot be prepared or take this step as asked. `sentence` says why; it names nobody."""

    def __init__(self, field: str, sentence: str) -> None:
        super().__init__("the paper was refused")
        self.field, self.sentence = field, sentence


@dataclass(frozen=True, slots=True)
class Prepared:
    """What was typed of a paper: its services with their prices, and until when these hold."""

    kind: PaperKind
    language: Language
    lines: tuple[PaperLine, ...]
    valid_until: date


@dataclass(frozen=True, slots=True)
class Signature:
    """Who signed, on which day, and the signed paper where it is on file."""

    by: str
    on: date
    document_id: UUID | None = None


@dataclass(frozen=True, slots=True)
class OpenedPaper:
    """One paper with its visit and its patient; `today` at the site; the names of the practice and its site."""

    paper: Paper
    visit: Visit
    patient: Patient
    today: date
    practice: str
    site: str


def prepare_paper(caller: Caller, visit_id: UUID, paper_id: UUID, typed: Prepared, version: int) -> Paper:
    """Prepare a paper under the id that its form carries, or write one anew that was not given yet.

    Takes     the version that the form had, 0 for a new one. A form sent twice counts once.
    Raises    VisitNotFoundError, PaperNotFoundError, StalePaperError, PaperRefusedError.
    """
    with writing(caller.session) as session:
        visit = _visit(caller, visit_id)
        schedule_store.records(session, caller.practice_id, [visit.reference])  # holds the visit: one paper at a time
        old = store.paper_of(session, caller.practice_id, paper_id, hold=True)
        if old is not None and old.visit_id != visit_id:
            raise PaperNotFoundError
        if old is not None and _says(old) == typed:
            return old
        if old is not None and (old.version != version or old.state is not PaperState.OPEN):
            raise StalePaperError(old)
        _refuse_paper(caller, visit, paper_id, typed)
        today = _today(caller, visit)
        fresh = Paper(
            paper_id, visit_id, visit.patient_id, typed.kind, typed.language, typed.lines, typed.valid_until, today,
            caller.user_id,
        )  # fmt: skip
        paper = replace(fresh, changed_at=caller.clock.now())
        if old is None:
            store.add(session, caller.practice_id, paper)
        else:
            paper = store.change(session, caller.practice_id, replace(paper, version=old.version))
        record(caller, "booking.prepared", [visit.patient_id, visit_id, paper_id], kind=typed.kind.value)
    return paper


def read_paper(caller: Caller, paper_id: UUID) -> OpenedPaper:
    """Read one paper with its patient, and note who read it. Raises PaperNotFoundError."""
    session, practice_id = caller.session, caller.practice_id
    paper = store.paper_of(session, practice_id, paper_id)
    visits = schedule_store.visits_by_ids(session, practice_id, [paper.visit_id] if paper else [], caller.scope)
    if paper is None or paper.visit_id not in visits:
        raise PaperNotFoundError
    visit = visits[paper.visit_id]
    patient = patient_store.opened(session, practice_id, [paper.patient_id])[paper.patient_id]
    sites = {one.id: one for one in practice_store.sites(session, practice_id)}
    practice = practice_store.practice_of(session, practice_id)
    today = caller.clock.today(ZoneInfo(sites[visit.site_id].zone))
    opened = OpenedPaper(paper, visit, patient, today, practice.name, sites[visit.site_id].name)
    with writing(session):
        record(caller, "booking.paper_seen", [paper.patient_id, paper.id])
    return opened


def documents_of(caller: Caller, patient_id: UUID) -> tuple[Document, ...]:
    """List the documents that may be the signed paper; none to whoever reads no documents."""
    if not caller.reads("clinical"):
        return ()
    return document_store.of_patient(caller.session, caller.practice_id, patient_id)


def move_paper(
    caller: Caller, paper_id: UUID, version: int, to: PaperState, signature: Signature | None = None
) -> Paper:
    """Let a paper take its next step. A signed consent lets the patient pay for the lines that it names.

    Takes     the version that the person saw; the state to come to; the signature, where that is `signed`.
    Returns   the paper as it stands; the same where it stood so already.
    Raises    PaperNotFoundError, StalePaperError, PaperRefusedError.
    """
    with announced(caller):
        paper = _held(caller, paper_id)
        if paper.state is to and _same_signature(paper, signature):
            return paper
        if paper.version != version or not may_move(paper.state, to):
            raise StalePaperError(paper)
        if to in (PaperState.GIVEN, PaperState.SIGNED) and not paper.priced:
            raise PaperRefusedError("do", "Enter the prices first")
        visit = _visit(caller, paper.visit_id)
        new = replace(paper, state=to, changed_at=caller.clock.now())
        if to is PaperState.GIVEN:
            new = replace(new, given_on=_today(caller, visit))
        elif to is PaperState.SIGNED:
            new = _signed(caller, new, visit, signature)
        elif paper.paid_before is not None:
            _pay_as_before(caller, visit, paper)
            new = replace(new, paid_before=None)
        return _changed(caller, new, "booking.moved")


def take_back(caller: Caller, paper_id: UUID, version: int) -> Paper:
    """Take back the last step of a paper; who pays comes back with it.

    Raises    PaperNotFoundError, StalePaperError (changed since, or it has made no step), PaperRefusedError.
    """
    with announced(caller):
        paper = _held(caller, paper_id)
        before = state_before(paper)
        if paper.version != version or before is None:
            raise StalePaperError(paper)
        visit = _visit(caller, paper.visit_id)
        new = replace(paper, state=before, changed_at=caller.clock.now())
        if paper.state is PaperState.SIGNED:
            _pay_as_before(caller, visit, paper)
            new = replace(new, signed_on=None, signed_by=None, document_id=None, paid_before=None)
        elif paper.state is PaperState.GIVEN:
            new = replace(new, given_on=None)
        _refuse_second(caller, visit, paper)
        if before is PaperState.SIGNED:
            new = replace(new, paid_before=_patient_pays(caller, visit, new))
        return _changed(caller, new, "booking.taken_back")


def bill_patient_again(caller: Caller, paper_id: UUID, version: int) -> Paper:
    """Let the patient pay again for the lines of a signed consent that a later schedule gave back to insurance.

    Raises    PaperNotFoundError, StalePaperError, PaperRefusedError.
    """
    with announced(caller):
        paper = _held(caller, paper_id)
        if paper.version != version or paper.state is not PaperState.SIGNED:
            raise StalePaperError(paper)
        visit = _visit(caller, paper.visit_id)
        new = replace(paper, paid_before={**(paper.paid_before or {}), **_patient_pays(caller, visit, paper)})
        return _changed(caller, replace(new, changed_at=caller.clock.now()), "booking.moved")


def _signed(caller: Caller, paper: Paper, visit: Visit, signature: Signature | None) -> Paper:
    if signature is None:
        raise PaperRefusedError("signed_by", "Signed by: write who signed")
    refused = refusal_of_signature(paper, signature.on, visit.day, _today(caller, visit))
    if refused is not None:
        raise PaperRefusedError(*refused)
    if signature.document_id is not None:
        document = document_store.document_of(caller.session, caller.practice_id, signature.document_id)
        if document is None or document.patient_id != paper.patient_id or document.removed_at is not None:
            raise PaperRefusedError(
                "document", "This document is no longer on file, or is another patient's; choose another"
            )
    new = replace(paper, signed_on=signature.on, signed_by=signature.by, document_id=signature.document_id)
    if paper.kind is PaperKind.CONSENT:
        new = replace(new, paid_before=_patient_pays(caller, visit, new))
    return new


def _patient_pays(caller: Caller, visit: Visit, paper: Paper) -> Payers:
    """Let the patient pay for the lines that a signed consent names. Returns who paid before."""
    (before,) = schedule_store.records(caller.session, caller.practice_id, [visit.reference]).values()
    named = [line.id for line in before.visit.lines if service_of(line) in paper.services]
    after, was = lines_as_self_pay(before, named)
    if was:
        schedule_store.change_visits(caller.session, caller.practice_id, [after])
        record(caller, "schedule.self_pay", [visit.patient_id, visit.id], visits=1)
        announce(caller.session, Changed(frozenset({visit.patient_id})))
    return dict(was)


def _pay_as_before(caller: Caller, visit: Visit, paper: Paper) -> None:
    """Bring back who paid before a signature that no longer counts."""
    (now,) = schedule_store.records(caller.session, caller.practice_id, [visit.reference]).values()
    after = restored(now, payers_before(paper, now.visit.lines))
    if after != now:
        schedule_store.change_visits(caller.session, caller.practice_id, [after])
        record(caller, "schedule.self_pay_undone", [visit.patient_id, visit.id], visits=1)
        announce(caller.session, Changed(frozenset({visit.patient_id})))


def _changed(caller: Caller, paper: Paper, verb: str) -> Paper:
    stored = store.change(caller.session, caller.practice_id, paper)
    record(caller, verb, [paper.patient_id, paper.visit_id, paper.id], kind=paper.kind.value, state=paper.state.value)
    return stored


def _refuse_paper(caller: Caller, visit: Visit, paper_id: UUID, typed: Prepared) -> None:
    booked = {service_of(line) for line in visit.lines}
    if not typed.lines or any(line.service not in booked for line in typed.lines):
        raise PaperRefusedError(
            "lines", "What is planned in this visit has changed. Look at it, and prepare this again"
        )
    if typed.valid_until < visit.day:
        raise PaperRefusedError("valid_until", f"The prices must hold on the day of the visit, {visit.day:%m/%d/%Y}")
    services = {line.service for line in typed.lines}
    _refuse_overlap(caller, visit, paper_id, typed.kind, services)


def _refuse_second(caller: Caller, visit: Visit, paper: Paper) -> None:
    _refuse_overlap(caller, visit, paper.id, paper.kind, set(paper.services))


def _refuse_overlap(caller: Caller, visit: Visit, paper_id: UUID, kind: PaperKind, services: set[str]) -> None:
    """Refuse a second standing paper of a kind for one service."""
    for other in store.of_visit(caller.session, caller.practice_id, visit.id):
        if other.id != paper_id and other.kind is kind and other.standing and services & other.services:
            raise PaperRefusedError(
                "lines", "One of these services has a paper that stands already. Go on with that one"
            )


def _says(paper: Paper) -> Prepared:
    return Prepared(paper.kind, paper.language, paper.lines, paper.valid_until)


def _same_signature(paper: Paper, signature: Signature | None) -> bool:
    told = None if signature is None else (signature.by, signature.on, signature.document_id)
    return told is None or told == (paper.signed_by, paper.signed_on, paper.document_id)


def _held(caller: Caller, paper_id: UUID) -> Paper:
    paper = store.paper_of(caller.session, caller.practice_id, paper_id, hold=True)
    if paper is None:
        raise PaperNotFoundError
    return paper


def _visit(caller: Caller, visit_id: UUID) -> Visit:
    found = schedule_store.visits_by_ids(caller.session, caller.practice_id, [visit_id], caller.scope).get(visit_id)
    if found is None:
        raise VisitNotFoundError
    return found


def _today(caller: Caller, visit: Visit) -> date:
    zones = {one.id: one.zone for one in practice_store.sites(caller.session, caller.practice_id)}
    return caller.clock.today(ZoneInfo(zones[visit.site_id]))
