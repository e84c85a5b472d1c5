"""Hold what a payer asks against what is proven of a patient: for a case, or for a request that is not saved yet."""

from collections.abc import Sequence
from datetime import date
from uuid import UUID
from zoneinfo import ZoneInfo

from app.authorizations import store as authorization_store
from app.authorizations.facts import ANY_CODE, Authorization, AuthorizationRecord, Kind
from app.casework.actions.reading import PatientNotFoundError
from app.casework.facts.cases import CaseNotFoundError
from app.casework.facts.criteria import CriteriaAsked, CriteriaSheet
from app.casework.rules.criteria import Helpers, questions_of, rules_of
from app.clearance.rules.coverages import coverage_of_day
from app.clinical.facts import ClinicalFact
from app.clinical.store import charted as fact_store
from app.coverage.facts import Coverage
from app.coverage.store import coverages as coverage_store
from app.documents import store as document_store
from app.patients import store as patient_store
from app.platform.caller import Caller
from app.policies.actions.library import current_book
from app.policies.rules.library import drug_of_code
from app.practice.rules.fields import Field
from app.practice.store import practice as practice_store
from app.practice.store import staff as staffing
from app.values.insurance import Channel
from app.values.spans import age_on

RENEWALS = frozenset({Kind.RENEWAL, Kind.EXTENSION})


def criteria_of(caller: Caller, case_id: UUID) -> CriteriaSheet:
    """Tell for each criterion of a case's payer whether it is met, not met or unknown, and what proves it.

    The criteria are those of a renewal where a renewal or an extension is asked for and the rule has its own. Whoever
    shows the sheet notes whom it is about.
    Raises    CaseNotFoundError.
    """
    found = authorization_store.record_of(caller.session, caller.practice_id, case_id)
    if found is None:
        raise CaseNotFoundError
    record, _version = found
    return _sheet(caller, record.patient_id, asked_by(record), record.payer_name, case_id)


def criteria_for(caller: Caller, patient_id: UUID, asked: CriteriaAsked) -> CriteriaSheet:
    """Tell the same for a request that is not saved yet. Raises PatientNotFoundError."""
    return _sheet(caller, patient_id, asked, None, None)


def asked_by(record: AuthorizationRecord | Authorization) -> CriteriaAsked:
    """What a case asks for, as its criteria are chosen by."""
    codes = tuple(code for item in record.items for code in item.codes if code != ANY_CODE)
    return CriteriaAsked(
        payer=record.payer,
        codes=tuple(dict.fromkeys(codes)),
        drug=record.drug,
        diagnoses=record.diagnoses,
        day=record.begins,
        renewal=record.kind in RENEWALS,
        place=record.places[0] if len(record.places) == 1 else None,
        site_id=record.site_id,
        channel=record.channel,
        provider_npi=record.provider_npi,
        plan=record.plan,
    )


def _sheet(
    caller: Caller, patient_id: UUID, asked: CriteriaAsked, payer_name: str | None, case_id: UUID | None
) -> CriteriaSheet:
    session, practice_id = caller.session, caller.practice_id
    patient = patient_store.details(session, practice_id, [patient_id]).get(patient_id)
    if patient is None:
        raise PatientNotFoundError
    practice = practice_store.practice_of(session, practice_id)
    today = caller.clock.today(ZoneInfo(practice.zone))
    day = asked.day or today
    book = current_book(session, practice_id)
    entry = book.payers.get(asked.payer)
    name = payer_name or (entry.name if entry is not None else asked.payer)
    sheet = CriteriaSheet(patient_id, case_id, asked.payer, name, asked, day, today)
    if not caller.reads(Field.CLINICAL.value):
        return CriteriaSheet(patient_id, case_id, asked.payer, name, asked, day, today, hidden=True)
    coverage = _coverage(coverage_store.of_patients(session, practice_id, [patient_id]).get(patient_id, ()), asked, day)
    facts = fact_store.of_patients(session, practice_id, [patient_id]).get(patient_id, ())
    helpers = Helpers(
        book=book,
        on=today,
        day=day,
        age_months=age_on(patient.birth_date, day) if patient.birth_date is not None else None,
        birth_date=patient.birth_date,
        coverage=coverage,
        states=_states(caller, asked),
        drug_of=lambda code: drug_of_code(book, code),
        facts=facts,
        documents=document_store.documents_by_id(session, practice_id, _documents(facts)),
        people={one.id: one.name for one in staffing.staff_of(session, practice_id)},
    )
    rules = rules_of(questions_of(asked, helpers), asked, helpers)
    return CriteriaSheet(patient_id, case_id, sheet.payer, name, asked, day, today, rules)


def _documents(facts: Sequence[ClinicalFact]) -> list[UUID]:
    return [one.source.document_id for one in facts if one.source.document_id is not None]


def _states(caller: Caller, asked: CriteriaAsked) -> frozenset[str]:
    """The state of the site asked for; without a site those of all sites, so that one is known where all agree."""
    sites = practice_store.sites(caller.session, caller.practice_id)
    meant = [one for one in sites if one.id == asked.site_id] or list(sites)
    return frozenset(one.state for one in meant if one.state is not None)


def _coverage(coverages: tuple[Coverage, ...], asked: CriteriaAsked, day: date) -> Coverage | None:
    """The coverage that the request is for: of its payer, that of the day where there is one."""
    ours = tuple(one for one in coverages if one.payer == asked.payer)
    return coverage_of_day(ours, asked.channel or Channel.MEDICAL, day) if ours else None
