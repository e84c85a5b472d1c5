"""Record an answer where it belongs: each in the transaction of the room that keeps it, in which visits are judged."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from app.authorizations import store as authorization_store
from app.authorizations.actions import add_authorization, change_authorization, take_back
from app.authorizations.facts import AuthorizationRecord, Counting, Item, Kind, Status
from app.clearance.facts.questions import OpenQuestion
from app.clearance.store import questions as question_store
from app.coverage.actions.coverages import record_participation
from app.coverage.facts import CoverageRecord
from app.patients import store as patient_store
from app.platform.caller import Caller
from app.platform.db import writing
from app.platform.ids import new_id
from app.policies.actions.library import current_book
from app.policies.actions.recording import end_practice_rule, record_answer, record_practice_rule
from app.policies.facts.answers import PracticeRule
from app.policies.rules.payers import resolve_payer
from app.policies.store.payers import payers
from app.policies.store.practice import practice_rules
from app.practice.store import practice as practice_store
from app.questions import store
from app.questions.actions.coverages import forget_unknown_network
from app.questions.actions.opening import QuestionNotFoundError
from app.questions.facts.words import NeedWord, NetworkWord, PatientWord, ReferralWord
from app.schedule.actions import map_type
from app.schedule.facts import TypeLine, VisitType
from app.values.spans import DateSpan

_RULE, _APPROVAL = "practice#", "authorization#"


class UndoRefusedError(Exception):
    """The answer cannot be taken back: it was already, or what it recorded cannot be ended."""


def say_need(caller: Caller, question: OpenQuestion, word: NeedWord) -> str:
    """Record what a payer says of a service for everybody, as a practice rule. Returns its reference."""
    payer, service = question.key.parts
    today = caller.clock.today(ZoneInfo(practice_store.practice_of(caller.session, caller.practice_id).zone))
    rule = PracticeRule(
        ref="",
        payer=payer,
        codes=frozenset({service}),
        need=word.need,
        span=DateSpan(today, word.until),
        basis=word.basis,
        recorded_on=today,
        plans=frozenset({word.plan} if word.plan else ()),
        places=frozenset(word.places),
        source_day=word.source_day,
    )
    return record_practice_rule(caller, rule).ref


def say_for_patient(caller: Caller, question: OpenQuestion, word: PatientWord) -> None:
    """Record what a payer says of a service for one patient. Raises RefusedRuleError."""
    patient, payer, service = question.key.parts
    known = patient_store.opened(caller.session, caller.practice_id, [UUID(patient)])
    mrn = known[UUID(patient)].mrn
    record_answer(caller, mrn, payer_text(caller, payer), service, word.need, word.reference, word.until)


def payer_text(caller: Caller, key: str) -> str:
    """How a payer is named so that it is found again: its key, else its name on file."""
    book = current_book(caller.session, caller.practice_id)
    if resolve_payer(book, key).key == key:
        return key
    return payers(caller.session, caller.practice_id).get(key) or key.removeprefix("local:").replace("-", " ")


def say_network(caller: Caller, question: OpenQuestion, word: NetworkWord) -> None:
    """Record the practice's word on a network; it takes the place of the plans' answer `unknown`."""
    payer, plan, npi = question.key.parts
    record_participation(
        caller, payer_text(caller, payer), word.plan, npi, word.network, DateSpan(word.begins, word.until)
    )
    patients = question_store.patients_asking(caller.session, caller.practice_id, question.id)
    forget_unknown_network(caller, patients, payer, plan)


def say_type(caller: Caller, name: str, lines: tuple[TypeLine, ...]) -> None:
    """Record what a visit type stands for."""
    map_type(caller, VisitType(name, lines))


def say_approval(caller: Caller, question: OpenQuestion, version: int, changes: Mapping[str, Any]) -> str:
    """Fill in what an approval lacks. Returns by what the change can be taken back.

    Raises    StaleAuthorizationError, KnownNumberError, AuthorizationNotFoundError.
    """
    approval = UUID(question.key.parts[0])
    change_authorization(caller, approval, version, changes)
    return _last_change(caller, approval)


def say_referral(caller: Caller, question: OpenQuestion, word: ReferralWord, coverage: CoverageRecord) -> str:
    """Log a referral of one patient. Returns by what it can be taken back. Raises KnownNumberError."""
    counting = Counting.UNKNOWN if word.visits is None else Counting.VISITS
    key = new_id()
    new = AuthorizationRecord(
        id=key,
        patient_id=UUID(question.key.parts[0]),
        natural_key="",
        payer=coverage.payer,
        payer_name=coverage.payer_name,
        status=Status.APPROVED,
        raw_status="approved",
        kind=Kind.REFERRAL,
        items=(Item(("*",), None, counting, word.visits),),
        member_id=coverage.member_id,
        number=word.number,
        begins=word.begins,
        ends=word.ends,
    )
    add_authorization(caller, new)
    return _last_change(caller, key)


def _last_change(caller: Caller, approval: UUID) -> str:
    events = authorization_store.events_of(caller.session, caller.practice_id, approval)
    return f"{_APPROVAL}{approval.hex}#{events[-1].id.hex}"


def undo_answer(caller: Caller, answer_id: UUID) -> None:
    """Take back what an answer recorded: its rule never held, its change of an approval is undone.

    Raises    QuestionNotFoundError; UndoRefusedError; what taking back a change of an approval raises.
    """
    given = store.answer_of(caller.session, caller.practice_id, answer_id)
    if given is None:
        raise QuestionNotFoundError
    if given.record is None:
        raise UndoRefusedError
    if given.record.startswith(_RULE):
        _end_rule(caller, given.record)
    else:
        approval, _, event = given.record.removeprefix(_APPROVAL).partition("#")
        take_back(caller, UUID(event), UUID(approval))
    with writing(caller.session) as session:
        store.undone(session, caller.practice_id, answer_id)


def _end_rule(caller: Caller, ref: str) -> None:
    rules = practice_rules(caller.session, caller.practice_id)
    rule = next((one for one in rules if one.ref == ref), None)
    if rule is None or rule.span.begins is None:
        raise UndoRefusedError
    end_practice_rule(caller, rule, rule.span.begins - timedelta(days=1), "undone")
