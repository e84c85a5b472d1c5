"""Record what payers say: each one transaction, audited, announced to whoever judges visits."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import date
from uuid import UUID

from app.audit.actions import record
from app.patients.store import by_mrn
from app.platform.caller import Caller
from app.platform.changes import Changed, announce, announced
from app.platform.ids import new_id
from app.policies.actions.basics import RefusedRuleError as RefusedRuleError
from app.policies.actions.basics import known_payer, rule_span, today_of, visits_changed
from app.policies.actions.library import current_book
from app.policies.actions.routine import confirm_routine_rules
from app.policies.facts.answers import Need, PatientAnswer, PracticeRule
from app.policies.facts.desk import Basis, RoutineWord
from app.policies.facts.records import NewAnswer, NewEnd, NewPracticeRule, Recorded
from app.policies.rules.routine import last_day_of_answer, offered_codes, usual_end_of_answer
from app.policies.store import answers as answer_store
from app.policies.store import practice as store
from app.values.insurance import Line


def confirm_routine(
    caller: Caller,
    payer: str,
    basis: str,
    until: date,
    exceptions: Iterable[str] = (),
    line: Line | None = None,
    plan: str | None = None,
) -> Recorded:
    """Confirm that a payer asks no approval for the offered routine services, but for the exceptions.

    Raises    RefusedRuleError: unknown payer, no basis, an exception that is not offered, an end that is too far.
    """
    book = current_book(caller.session, caller.practice_id)
    left_out = frozenset(exceptions)
    offered = frozenset(offered_codes(book))
    strangers = sorted(left_out - offered)
    if strangers:
        raise RefusedRuleError(f"{', '.join(strangers)} is not among the routine services that are offered.")
    key = known_payer(caller, book, payer).key
    word = RoutineWord(new_id(), (key,), offered - left_out, Basis(None, basis, None), until, line, plan)
    done, (rule,) = confirm_routine_rules(caller, word)
    begins = rule.span.begins or rule.recorded_on
    return Recorded(rule.ref, tuple(sorted(rule.codes)), done.visits_changed, begins, until)


def record_practice_rule(caller: Caller, rule: PracticeRule) -> Recorded:
    """Keep a practice rule; its reference is given here."""
    key = new_id()
    named = replace(rule, ref=f"practice#{key}")
    with announced(caller) as session:
        kept = NewPracticeRule(key, named, caller.clock.now(), caller.user_id)
        store.add_practice_rule(session, caller.practice_id, kept)
        record(caller, "policies.practice_rule", (key,), payer=rule.payer, need=rule.need, routine=rule.routine)
        announce(session, Changed(payers=frozenset({rule.payer})))
    begins, ends = rule.span.begins or rule.recorded_on, rule.span.ends or rule.recorded_on
    return Recorded(named.ref, tuple(sorted(rule.codes)), visits_changed(caller), begins, ends)


def end_practice_rule(caller: Caller, rule: PracticeRule, last_day: date, reason: str, code: str | None = None) -> int:
    """End a practice rule after a day, for one code or for all. Returns how many visits changed."""
    key = UUID(rule.ref.removeprefix("practice#"))
    with announced(caller) as session:
        end = NewEnd(key, code, last_day, reason, caller.clock.now(), caller.user_id)
        store.end_practice_rule(session, caller.practice_id, end)
        record(caller, "policies.practice_rule_ended", (key,), payer=rule.payer)
        announce(session, Changed(payers=frozenset({rule.payer})))
    return visits_changed(caller)


def record_answer(
    caller: Caller, mrn: str, payer: str, name: str, need: Need, reference: str, until: date | None
) -> Recorded:
    """Record what a payer said for one patient and one code or drug.

    Raises    RefusedRuleError: unknown patient or payer, no reference, an end that is too far.
    """
    if not reference.strip():
        raise RefusedRuleError("Give the payer's reference for the answer.")
    patient_id = by_mrn(caller.session, caller.practice_id, mrn)
    if patient_id is None:
        raise RefusedRuleError("No patient with this record number is on file; import the patient first.")
    book = current_book(caller.session, caller.practice_id)
    today = today_of(caller)
    ends = until or usual_end_of_answer(today)
    span = rule_span(today, ends, last_day_of_answer(today), "An answer for a patient never lasts past 31 December")
    key = known_payer(caller, book, payer).key
    answer = keep_answer(
        caller, patient_id, PatientAnswer("", key, frozenset({name}), need, span, today, reference.strip())
    )
    return Recorded(answer.ref, (name,), visits_changed(caller), today, ends)


def keep_answer(caller: Caller, patient_id: UUID, said: PatientAnswer) -> PatientAnswer:
    """Keep what a payer said for one patient, by whatever way it came; its own id is given here.

    Takes     the patient, and the answer, its payer a key and its span no longer than an answer may last.
    """
    key = new_id()
    answer = replace(said, ref=f"answer#{key}")
    with announced(caller) as session:
        kept = NewAnswer(key, patient_id, answer, caller.clock.now(), caller.user_id)
        answer_store.add_answers(session, caller.practice_id, [kept])
        record(caller, "policies.answer", (patient_id,), payer=answer.payer, need=answer.need)
        announce(session, Changed(patients=frozenset({patient_id})))
    return answer
