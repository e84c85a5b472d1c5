"""Read what the pages of clinical facts and of questions to providers show; ask from a case, and tell the case."""

from collections.abc import Mapping, Sequence
from uuid import UUID
from zoneinfo import ZoneInfo

from app.authorizations import store as authorization_store
from app.casework.actions.criteria import criteria_of
from app.casework.actions.entries import add_entry
from app.casework.actions.reading import PatientNotFoundError
from app.casework.facts.cases import CaseNotFoundError
from app.casework.facts.charting import STANDARD, AskFile, AskStart, FactsFile
from app.casework.facts.entries import Entry, EntryKind
from app.clearance.actions.opening import saw
from app.clinical.actions import asking
from app.clinical.actions.asking import AskNotFoundError, Reply
from app.clinical.facts import FactKind, ProviderAsk
from app.clinical.store import asks as ask_store
from app.clinical.store import charted as fact_store
from app.documents import store as document_store
from app.patients import store as patient_store
from app.patients.facts import Patient
from app.platform.caller import Caller
from app.platform.changes import announced
from app.platform.ids import new_id
from app.policies.actions.library import current_book
from app.policies.rules.sheet import names_asked
from app.practice.store import practice as practice_store
from app.practice.store import staff as staffing


def read_facts(caller: Caller, patient_id: UUID) -> FactsFile:
    """Read a patient's clinical facts, with a fixed number of queries, and note who read them.

    Raises    PatientNotFoundError.
    """
    session, practice_id = caller.session, caller.practice_id
    patient = _patient(caller, patient_id)
    documents = document_store.of_patient(session, practice_id, patient_id, with_removed=True)
    facts = fact_store.history_of(session, practice_id, patient_id)
    asked = names_asked(current_book(session, practice_id))
    file = FactsFile(
        patient=patient,
        today=caller.clock.today(_zone(caller)),
        facts=facts,
        documents=tuple(one for one in documents if one.removed_at is None),
        removed=frozenset(one.id for one in documents if one.removed_at is not None),
        people=_people(caller),
        names={kind: _names(kind, asked, [one.name for one in facts if one.kind is kind]) for kind in FactKind},
        asks=ask_store.of_patient(session, practice_id, patient_id),
    )
    saw(caller, "clinical.facts_seen", [patient_id])
    return file


def _names(kind: FactKind, asked: Mapping[FactKind, Sequence[str]], used: Sequence[str]) -> tuple[str, ...]:
    """The names to choose from: the usual ones, those that rules ask for, those that this chart has."""
    return tuple(dict.fromkeys((*STANDARD.get(kind, ()), *asked.get(kind, ()), *used)))


def start_ask(caller: Caller, case_id: UUID) -> AskStart:
    """Read what a question to a provider about a case starts from. Raises CaseNotFoundError."""
    sheet = criteria_of(caller, case_id)
    patient = _patient(caller, sheet.patient_id)
    start = AskStart(
        patient=patient,
        case_id=case_id,
        today=sheet.on,
        sheet=sheet,
        providers=tuple((one.id, one.name) for one in asking.providers_of(caller)),
        asks=ask_store.of_case(caller.session, caller.practice_id, case_id),
        people=_people(caller),
    )
    saw(caller, "clinical.facts_seen", [sheet.patient_id, case_id])
    return start


def ask_from_case(caller: Caller, ask: ProviderAsk) -> None:
    """Ask a provider about a case's patient, and write it down on the case. A form sent twice asks once.

    Raises    CaseNotFoundError; ProviderNotFoundError; OutOfSightError.
    """
    with announced(caller) as session:
        found = authorization_store.patients_by_id(session, caller.practice_id, [ask.case_id] if ask.case_id else [])
        if ask.case_id is None or found.get(ask.case_id) != ask.patient_id:
            raise CaseNotFoundError
        if asking.ask_provider(caller, ask):
            add_entry(caller, _entry(caller, ask, EntryKind.PROVIDER_ASKED, ask.note))


def answer(caller: Caller, ask_id: UUID, replies: Sequence[Reply | None], words: str | None) -> ProviderAsk:
    """Answer a question to a provider, and write it down on its case.

    Raises    AskNotFoundError; NotAskedError; AskClosedError.
    """
    with announced(caller):
        ask = asking.answer_ask(caller, ask_id, replies, words)
        if ask.case_id is not None:
            add_entry(caller, _entry(caller, ask, EntryKind.PROVIDER_ANSWERED, words))
    return ask


def read_ask(caller: Caller, ask_id: UUID) -> AskFile:
    """Read a question to a provider, and note who read it. Raises AskNotFoundError."""
    session, practice_id = caller.session, caller.practice_id
    ask = ask_store.ask_of(session, practice_id, ask_id)
    if ask is None:
        raise AskNotFoundError
    facts = fact_store.history_of(session, practice_id, ask.patient_id)
    file = AskFile(
        ask=ask,
        patient=_patient(caller, ask.patient_id),
        today=caller.clock.today(_zone(caller)),
        mine=caller.user_id == ask.asked_of,
        people=_people(caller),
        facts={one.id: one for one in facts if one.ask_id == ask.id},
    )
    saw(caller, "clinical.ask_seen", [ask.patient_id, ask.id])
    return file


def asks_of_mine(caller: Caller) -> tuple[tuple[ProviderAsk, Patient], ...]:
    """Read what the caller is asked and has not answered, oldest first, with the patients; notes whom it shows."""
    if caller.user_id is None:
        return ()
    session, practice_id = caller.session, caller.practice_id
    asks = ask_store.open_asks_of(session, practice_id, caller.user_id, caller.scope)
    people = patient_store.opened(session, practice_id, [one.patient_id for one in asks])
    shown = [one for one in asks if one.patient_id in people]
    saw(caller, "clinical.ask_seen", sorted({one.patient_id for one in shown}))
    return tuple((one, people[one.patient_id]) for one in shown)


def _entry(caller: Caller, ask: ProviderAsk, kind: EntryKind, words: str | None) -> Entry:
    assert ask.case_id is not None
    return Entry(new_id(), ask.case_id, ask.patient_id, kind, caller.clock.now(), caller.user_id, words)


def _patient(caller: Caller, patient_id: UUID) -> Patient:
    found = patient_store.opened(caller.session, caller.practice_id, [patient_id]).get(patient_id)
    if found is None:
        raise PatientNotFoundError
    return found


def _people(caller: Caller) -> dict[UUID, str]:
    return {one.id: one.name for one in staffing.staff_of(caller.session, caller.practice_id)}


def _zone(caller: Caller) -> ZoneInfo:
    return ZoneInfo(practice_store.practice_of(caller.session, caller.practice_id).zone)
