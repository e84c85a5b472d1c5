"""What a payer says for one patient: the form's choices, and keeping it so that it can be taken back."""

from dataclasses import replace
from datetime import timedelta
from uuid import UUID

from app.audit.actions import record
from app.patients import store as patients
from app.platform.caller import Caller
from app.platform.changes import Changed, announce, announced
from app.platform.db import writing
from app.platform.ids import new_id
from app.policies.actions.basics import RefusedRuleError, rule_span, today_of, visits_changed
from app.policies.actions.library import current_book
from app.policies.actions.own_rules import RuleNotFoundError, payers_by_key
from app.policies.facts.answers import PatientAnswer
from app.policies.facts.desk import Done
from app.policies.facts.own_rules import Renewal
from app.policies.facts.payer_answers import AnswerOptions, AnswerWord
from app.policies.facts.records import NewAnswer, RuleAct, RuleAction
from app.policies.rules.basis import say_kind
from app.policies.rules.routine import last_day_of_answer
from app.policies.store.answers import add_answers, answers_by_ids, renewed_among
from app.policies.store.practice import begin_action
from app.values.spans import DateSpan
from app.values.wording import short_day

_LIMIT = "An answer for a patient never lasts past 31 December"


def read_answer_options(caller: Caller, patient_id: UUID | None) -> AnswerOptions:
    """Read what the form may choose from, and note whose name it shows. Raises LookupError: no such patient."""
    book = current_book(caller.session, caller.practice_id)
    found = None
    if patient_id is not None:
        found = patients.opened(caller.session, caller.practice_id, [patient_id])[patient_id]
    names = dict(sorted(payers_by_key(caller).items(), key=lambda one: one[1].casefold()))
    options = AnswerOptions(names, book.drug_names, today_of(caller), found)
    if patient_id is not None:
        with writing(caller.session):
            record(caller, "policies.answer_begun", (patient_id,))
    return options


def patient_named(caller: Caller, mrn: str) -> UUID | None:
    """Find a patient in sight by the record number that was typed."""
    return patients.by_mrn(caller.session, caller.practice_id, mrn, caller.scope) if mrn else None


def save_answer(caller: Caller, patient_id: UUID, word: AnswerWord) -> Done:
    """Keep what a payer says for one patient, once for each form.

    Raises    RefusedRuleError: an unknown payer, or an end past 31 December of the year in which the payer said it.
    """
    if word.payer not in payers_by_key(caller):
        raise RefusedRuleError("The payer is not on file. Choose one of the list.")
    span = rule_span(word.said_on, word.until, last_day_of_answer(word.said_on), _LIMIT)
    with announced(caller) as session:
        action = RuleAction(word.once, RuleAct.RECORD, caller.clock.now(), caller.user_id)
        if not begin_action(session, caller.practice_id, action):
            return Done(word.once, 0, 0, again=True)
        key = new_id()
        names = frozenset({word.name})
        said = PatientAnswer(f"answer#{key}", word.payer, names, word.need, span, word.said_on, word.reference)
        kept = NewAnswer(key, patient_id, said, action.at, action.by, action.id)
        add_answers(session, caller.practice_id, [kept])
        record(caller, "policies.answer", (patient_id,), payer=word.payer, need=word.need)
        announce(session, Changed(patients=frozenset({patient_id})))
    return Done(word.once, 1, visits_changed(caller))


def renew_answers(caller: Caller, action: RuleAction, renewal: Renewal) -> frozenset[UUID]:
    """Let answers for patients go on after their ends, inside the transaction of a renewal. Returns the patients.

    Raises    RuleNotFoundError: one is gone, was renewed before, or is of a patient out of sight; RefusedRuleError: the
              end lies before the answer's, or past 31 December of the year in which it goes on.
    """
    session, practice_id, basis = caller.session, caller.practice_id, renewal.basis
    old = answers_by_ids(session, practice_id, renewal.answers, caller.scope) if renewal.answers else ()
    gone = len(old) < len(set(renewal.answers)) or renewed_among(session, practice_id, renewal.answers)
    if renewal.answers and gone:
        raise RuleNotFoundError
    for one in old:
        assert one.answer.span.ends is not None
        begins = one.answer.span.ends + timedelta(days=1)
        latest = last_day_of_answer(begins)
        if not begins <= renewal.until <= latest:
            raise RefusedRuleError(
                f"An answer for a patient that ends {short_day(one.answer.span.ends)} can be renewed until a day "
                f"between {short_day(begins)} and {short_day(latest)}. Renew it apart from the rules."
            )
        key = new_id()
        said = replace(
            one.answer,
            ref=f"answer#{key}",
            span=DateSpan(begins, renewal.until),
            said_on=basis.source_day,
            reference=basis.text or say_kind(basis.kind, "", None),
        )
        kept = NewAnswer(key, one.patient_id, said, action.at, action.by, action.id, one.id)
        add_answers(session, practice_id, [kept])
    return frozenset(one.patient_id for one in old)
