"""The sample's cases under way: requests in every state with owners, next actions, calls, documents and facts."""

from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, time
from uuid import UUID

from app.authorizations.actions import add_authorization
from app.authorizations.facts import AuthorizationRecord, Counting, Item, Kind, Status
from app.authorizations.rules.items import key_of
from app.casework.actions import steering
from app.casework.actions.entries import note
from app.casework.facts.entries import Contact, EntryKind, NextStep, Noted, Outcome
from app.clinical.actions.charting import record_facts
from app.clinical.facts import ClinicalFact, FactKind, Source, SourceKind
from app.deadlines.actions import ask_information
from app.deadlines.facts import Information
from app.documents.actions import add_document
from app.documents.facts import DocumentKind, Looked, MediaType
from app.patients import store as patients
from app.platform.caller import Caller
from app.platform.changes import announced
from app.platform.ids import new_id
from app.web.sample.clinic import WICKERWOOD, Person, SamplePayer
from app.web.sample.days import Days
from app.web.sample.desk_work import CORA, FIRST, Colleague
from app.web.sample.ordinary import PAYERS
from app.web.sample.paper import paper
from app.web.sample.tour import STORIES

_ROUTINE = [
    place for place in range(100) if place % 5 != 1 and place % 4 != 2 and PAYERS[place % len(PAYERS)] is not WICKERWOOD
]
"""The places of ordinary people who come for neither light nor a biologic (ordinary.py)."""
_DRUGS = {"J1628": 800, "J3245": 600, "J2357": 720, "J0585": 100, "15823": 2}


@dataclass(frozen=True)
class Begun:
    """One case: which of the people with routine visits only, for what, how it stands, whose it is, what is next."""

    person: int
    code: str
    status: Status
    asked: int | None = None
    owner: Colleague | None = CORA
    action: str | None = None
    due: int = 0
    kind: Kind = Kind.INITIAL
    call: Outcome | None = None
    more: dict[str, object] = field(default_factory=dict)


_ASK = "Call for the status"
BEGUN = (
    Begun(0, "J1628", Status.DRAFT, action="Finish the request", due=1, owner=FIRST),
    Begun(1, "J3245", Status.DRAFT, action="Finish the renewal", due=2, kind=Kind.RENEWAL),
    Begun(2, "15823", Status.DRAFT, owner=None),
    Begun(3, "J2357", Status.NEEDS_DOCUMENTS, action="Get the photos of both sides", due=0, owner=FIRST),
    Begun(4, "J1628", Status.NEEDS_DOCUMENTS, action="Get the note on methotrexate", due=3),
    Begun(5, "J3245", Status.NEEDS_DOCUMENTS, action="Get the weight", due=-2),
    Begun(6, "J0585", Status.READY, action="Send by portal", due=0, owner=FIRST),
    Begun(7, "J2357", Status.READY, action="Send once the payer takes it", due=12, more={"early": 12}),
    Begun(8, "J1628", Status.SUBMITTED, -3, action=_ASK, due=2, call=Outcome.STILL_PENDING),
    Begun(9, "J3245", Status.SUBMITTED, -8, action=_ASK, due=-1, owner=FIRST, call=Outcome.STILL_PENDING),
    Begun(10, "J1628", Status.SUBMITTED, -1, action=_ASK, due=1, more={"urgent": True}),
    Begun(11, "15823", Status.SUBMITTED, -2, action=_ASK, due=4, kind=Kind.RETRO),
    Begun(12, "J1628", Status.MORE_INFO, -6, action="Send the score of last month", due=1, owner=FIRST),
    Begun(13, "J3245", Status.APPROVED, -9, action="Get the number", due=0, call=Outcome.VERBALLY_APPROVED,
          more={"verbal": True}),
    Begun(14, "J2357", Status.CLOSED, -40),
)  # fmt: skip
"""People of whom no visit is for what is asked, so that no badge rests on these cases."""
_PAPERS = {3: DocumentKind.CHART_NOTE, 4: DocumentKind.LAB_REPORT, 12: DocumentKind.PAYER_LETTER}


def do_case_work(caller: Caller, days: Days, people: dict[Colleague, UUID]) -> None:
    """Begin the cases, and do what the people would have done on them by the day of filling."""
    with announced(caller):
        for one in BEGUN:
            _begin(replace(caller, user_id=people[one.owner or CORA]), days, one, people)


def _begin(caller: Caller, days: Days, one: Begun, people: dict[Colleague, UUID]) -> None:
    place = _ROUTINE[one.person]
    person, payer = Person(len(STORIES) + 1 + place), PAYERS[place % len(PAYERS)]
    patient = patients.by_mrn(caller.session, caller.practice_id, person.mrn)
    if patient is None:  # the sample was built of fewer people
        return
    case = _record(days, one, person, payer, patient)
    add_authorization(caller, case)
    if one.owner is not None and one.status is not Status.CLOSED:
        steering.assign(caller, [case.id], people[one.owner])
    if one.call is not None:
        note(caller, [case.id], new_id(), _called(days, one, payer))
    if one.status is Status.MORE_INFO:
        asked = Information(new_id(), _at(days, -2), days.on(4))
        ask_information(caller, case.id, asked)
    if one.person in _PAPERS:
        _chart(caller, days, patient, case.id, _PAPERS[one.person])


def _record(days: Days, one: Begun, person: Person, payer: SamplePayer, patient: UUID) -> AuthorizationRecord:
    early = one.more.get("early")
    sent = None if one.asked is None else days.on(one.asked)
    granted = one.status is Status.APPROVED
    made = AuthorizationRecord(
        new_id(), patient, "", payer.key, payer.name, one.status, one.status.value, one.kind,
        items=(Item((one.code,), None, Counting.UNITS, _DRUGS[one.code]),), member_id=person.member(payer),
        plan=payer.plan, requested_on=sent, decided_on=days.on(-1) if granted else None,
        begins=days.on(-1) if granted else days.on(7), ends=days.on(180), urgent=bool(one.more.get("urgent")),
        verbal=bool(one.more.get("verbal")), too_early_until=days.on(early) if isinstance(early, int) else None,
        reference=f"{payer.prefix}-R{one.person:04}" if sent is not None and not granted else None,
        next_action=one.action, next_action_on=days.on(one.due) if one.action else None,
    )  # fmt: skip
    return replace(made, natural_key=key_of(made))


def _called(days: Days, one: Begun, payer: SamplePayer) -> Noted:
    contact = Contact("Provider line", "Rowan", f"{payer.prefix}-CALL-{one.person:04}", _at(days, -1), 11, one.call)
    step = NextStep(one.action or "", days.on(one.due))
    return Noted(EntryKind.CALL, "Asked for the status of the request.", contact, step)


def _chart(caller: Caller, days: Days, patient: UUID, case: UUID, kind: DocumentKind) -> None:
    """One document of a made-up kind, and what it proves."""
    key, day = new_id(), days.on(-20)
    content = paper(["Sample document. Nobody is meant.", "BSA 14 percent. EASI 22. Methotrexate for 14 weeks."])
    name = kind.value.replace("_", " ").capitalize()
    add_document(caller, patient, key, name, content, kind, day, case, Looked(MediaType.PDF, 1))
    if kind is not DocumentKind.PAYER_LETTER:
        source = Source(SourceKind.DOCUMENT, key, 1)
        facts = [
            ClinicalFact(new_id(), patient, of, name, source, caller.clock.now(), caller.user_id, day, values)
            for of, name, values in _FACTS
        ]
        record_facts(caller, patient, facts)


_FACTS = (
    (FactKind.MEASURE, "bsa_percent", {"value": "14"}),
    (FactKind.SCORE, "easi", {"value": "22"}),
    (FactKind.TRIAL, "methotrexate", {"outcome": "failed", "duration": "14 week"}),
)


def _at(days: Days, offset: int) -> datetime:
    return datetime.combine(days.on(offset), time(15, 20), UTC)
