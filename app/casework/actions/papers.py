"""Read what letters and packets of a case are made of; add documents to a case; keep letters by their versions."""

from dataclasses import replace
from datetime import date
from uuid import UUID
from zoneinfo import ZoneInfo

from app.audit.actions import record
from app.authorizations import store as authorization_store
from app.authorizations.facts import AuthorizationRecord
from app.authorizations.rules.requested import asked_of
from app.casework.actions.criteria import criteria_of
from app.casework.actions.entries import add_entry
from app.casework.facts.cases import CaseNotFoundError
from app.casework.facts.criteria import CriteriaSheet
from app.casework.facts.entries import Entry, EntryKind
from app.casework.facts.papers import FormOnFile, Papers
from app.casework.rules.form_values import fits
from app.casework.store import denials as denial_store
from app.clearance.actions.opening import saw, service_labels
from app.coverage.facts import CoverageRecord
from app.coverage.store import coverages as coverage_store
from app.documents import store as document_store
from app.documents.actions import add_document
from app.documents.facts import Document, DocumentKind, LetterKind, LetterVersion
from app.documents.files.looking import look
from app.patients import store as patient_store
from app.platform.caller import Caller
from app.platform.changes import announced
from app.platform.db import writing
from app.platform.ids import new_id
from app.policies.actions.library import current_book, current_policies
from app.policies.facts.answers import Submit
from app.policies.facts.book import Book
from app.practice.store import practice as practice_store
from app.practice.store import staff as staffing

LONGEST_LETTER = 20_000


class StaleLetterError(Exception):
    """Somebody saved a version of this letter since it was opened. `newest` is that one."""

    def __init__(self, newest: LetterVersion) -> None:
        super().__init__()
        self.newest = newest


def read_papers(caller: Caller, case_id: UUID) -> Papers:
    """Read all that letters and packets of a case are made of, and note who saw it. Raises CaseNotFoundError."""
    papers = papers_of(caller, case_id)
    saw(caller, "casework.papers_seen", [papers.patient.id, case_id])
    return papers


def papers_of(caller: Caller, case_id: UUID) -> Papers:
    """The same for an action that writes its own line. Raises CaseNotFoundError."""
    session, practice_id = caller.session, caller.practice_id
    found = authorization_store.record_of(session, practice_id, case_id)
    if found is None:
        raise CaseNotFoundError
    case, _version = found
    practice, sheet = practice_store.practice_of(session, practice_id), criteria_of(caller, case_id)
    book, zone = current_book(session, practice_id), ZoneInfo(practice.zone)
    letters = document_store.letters_of(session, practice_id, case_id)
    documents = document_store.of_patient(session, practice_id, case.patient_id)
    providers = {one.npi: one for one in practice_store.providers(session, practice_id)}
    return Papers(
        record=case,
        patient=patient_store.seen(session, practice_id, [case.patient_id])[case.patient_id],
        practice=practice,
        asked=case.requested or asked_of(case),
        sheet=sheet,
        coverage=_coverage(caller, case),
        site=next((one for one in practice_store.sites(session, practice_id) if one.id == case.site_id), None),
        provider=providers.get(case.provider_npi or ""),
        denials=denial_store.of_case(session, practice_id, case_id, case.patient_id),
        documents=documents,
        letters={one.kind: one for one in reversed(letters)},
        packets=document_store.packets_of(session, practice_id, case_id),
        ways=_ways(book, case, sheet),
        forms=_forms(caller, book, case),
        covers=document_store.last_covers(session, practice_id, case.payer),
        labels=service_labels(book.services, book.routine),
        staff={one.id: one.name for one in staffing.staff_of(session, practice_id)},
        today=caller.clock.today(zone),
        now=caller.clock.now(),
        zone=zone,
    )


def add_to_case(
    caller: Caller, case_id: UUID, key: UUID, name: str, content: bytes, kind: DocumentKind, dated: date | None
) -> Document:
    """Add a document to a case, and say so in its history. A form that is sent twice adds it once.

    Raises    CaseNotFoundError; DocumentRefusedError with a sentence.
    """
    looked = look(content)
    with announced(caller) as session:
        patient_id = document_store.patient_of_case(session, caller.practice_id, case_id)
        if patient_id is None:
            raise CaseNotFoundError
        document = add_document(caller, patient_id, key, name, content, kind, dated, case_id, looked)
        add_entry(caller, replace(_entry(caller, document, case_id), id=key))
    return document


def note_document(caller: Caller, document: Document, case_id: UUID, words: str | None = None) -> None:
    """Say in a case's history that a document is on file; joins the transaction that is open."""
    add_entry(caller, replace(_entry(caller, document, case_id), words=words))


def save_letter(caller: Caller, case_id: UUID, kind: LetterKind, seen: int, words: str) -> LetterVersion:
    """Keep a letter as a new version; the same words as the newest make none.

    Takes     the number of the version that the form began with, 0 for none.
    Raises    CaseNotFoundError; StaleLetterError when somebody was quicker.
    """
    with writing(caller.session) as session:
        practice_id = caller.practice_id
        patient_id = document_store.patient_of_case(session, practice_id, case_id)
        if patient_id is None:
            raise CaseNotFoundError
        newest = next(iter(document_store.letters_of(session, practice_id, case_id, kind)), None)
        if newest is not None and newest.words == words:
            return newest
        if newest is not None and newest.number != seen:
            raise StaleLetterError(newest)
        number = 1 if newest is None else newest.number + 1
        letter = LetterVersion(new_id(), case_id, patient_id, kind, number, caller.clock.now(), caller.user_id, words)
        document_store.add_letter(session, practice_id, letter)
        record(caller, "casework.letter_saved", [patient_id, case_id], kind=kind.value, number=number)
    return letter


def read_letters(caller: Caller, case_id: UUID, kind: LetterKind) -> tuple[LetterVersion, ...]:
    """Read every version of a letter, the newest first; whoever shows them has read the papers too."""
    return document_store.letters_of(caller.session, caller.practice_id, case_id, kind)


def _entry(caller: Caller, document: Document, case_id: UUID) -> Entry:
    return Entry(
        id=new_id(),
        case_id=case_id,
        patient_id=document.patient_id,
        kind=EntryKind.DOCUMENT,
        at=caller.clock.now(),
        by_id=caller.user_id,
        words=document.name,
        document_id=document.id,
    )


def _coverage(caller: Caller, case: AuthorizationRecord) -> CoverageRecord | None:
    on_file = coverage_store.on_file(caller.session, caller.practice_id, case.patient_id)
    ours = [one for one in on_file if one.payer == case.payer]
    same = [one for one in ours if case.member_id and one.member_id == case.member_id]
    return next(iter(same or ours), None)


def _ways(book: Book, case: AuthorizationRecord, sheet: CriteriaSheet) -> tuple[Submit, ...]:
    """How the payer takes this request: as the rules that ask for it say, else as it takes all."""
    own = [way for rule in sheet.rules if rule.ref in book.rules for way in book.rules[rule.ref].extras.submit]
    entry = book.payers.get(case.payer)
    return tuple(dict.fromkeys(own or (entry.submit if entry is not None else ())))


def _forms(caller: Caller, book: Book, case: AuthorizationRecord) -> tuple[FormOnFile, ...]:
    """The payer's own forms for what is asked, and whether their blank files are on file."""
    session, practice_id = caller.session, caller.practice_id
    rules = current_policies(session, practice_id).payers.get(case.payer)
    services = _services(book, case)
    return tuple(
        FormOnFile(form, document_store.document_of_bytes(session, practice_id, form.sha256))
        for form in (rules.file.forms if rules is not None else ())
        if fits(form, case.kind, services)
    )


def _services(book: Book, case: AuthorizationRecord) -> frozenset[str]:
    """The keys of the services that a case asks for."""
    codes = {code for item in case.items for code in item.codes} | {one.code for one in case.requested if one.code}
    known = book.services.services if book.services is not None else {}
    named = {key for key, one in known.items() if codes & set(one.codes)}
    return frozenset(named | ({case.drug} if case.drug else set()))
