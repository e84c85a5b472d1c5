"""Load rules, and record what payers say: each one transaction, audited, announced to whoever judges visits."""

import hashlib
from collections.abc import Iterable
from dataclasses import replace
from datetime import date
from pathlib import Path
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from app.audit.actions import record
from app.patients.store import by_mrn
from app.platform.caller import Caller
from app.platform.changes import Changed, announce, announced
from app.platform.ids import new_id
from app.policies import store
from app.policies.facts.answers import Need, PatientAnswer, PayerMatch, PracticeRule, Question
from app.policies.facts.book import Book
from app.policies.facts.grid import PolicySet
from app.policies.facts.records import Found, InForce, Loaded, NewAnswer, NewEnd, NewPracticeRule, Recorded
from app.policies.files.directory import files_of, hash_of, policies_of
from app.policies.rules.classify import classify
from app.policies.rules.compiling import compile_book
from app.policies.rules.determine import determine
from app.policies.rules.library import drug_of_code as drug_of_code
from app.policies.rules.payers import resolve_payer
from app.policies.rules.routine import last_day_of_answer, last_day_of_rule, offered_codes, usual_end_of_answer
from app.practice.store import practice_of
from app.values.insurance import Line
from app.values.spans import DateSpan

SHIPPED = Path(__file__).resolve().parent.parent.parent / "payer_policies"
_books: dict[str, Book] = {}
_MOST_BOOKS = 8


class RefusedRuleError(Exception):
    """What was to be recorded is missing something or too long; the text says what to do."""


def refresh_rules(caller: Caller, directory: Path | None = None, beside: Path | None = None) -> Loaded:
    """Put the rules of a directory in force, when its files are others than those in force.

    Takes     the caller; a directory, or None for the rules that the program ships; `beside`, a directory of more
              payers (the sample's fictional ones). Where either was named once, the shipped rules do not take their
              place by themselves.
    Returns   the version in force and the payers whose rules changed.
    Raises    PolicyFilesError with every fault; the last good set stays in force.
    """
    current = store.in_force(caller.session, caller.practice_id)
    shipped = directory is None and beside is None
    if shipped and current is not None and not current.shipped:
        return Loaded(current.version, changed=False)
    files = files_of(directory or SHIPPED) | (files_of(beside) if beside is not None else {})
    stamp = hash_of(files)
    if current is not None and current.files == stamp:
        return Loaded(current.version, changed=False)
    policies = policies_of(files)
    content = content_of(policies)
    version = version_of(content)
    before = _stored(caller.session, caller.practice_id, current.version) if current is not None else None
    touched = changed_payers(before, policies)
    with announced(caller) as session:
        entry = InForce(version, stamp, shipped, caller.clock.now())
        store.put_in_force(session, caller.practice_id, content, entry)
        record(caller, "policies.loaded", version=version[:16], payers=len(touched))
        if touched:
            announce(session, Changed(payers=touched))
    return Loaded(version, bool(touched), touched, _visits_changed(caller))


def content_of(policies: PolicySet) -> str:
    """A policy set as the JSON text under whose hash it is kept."""
    return policies.model_dump_json(by_alias=True, exclude_unset=True)


def version_of(content: str) -> str:
    """The hash of a rule set's content."""
    return hashlib.sha256(content.encode()).hexdigest()


def changed_payers(before: PolicySet | None, after: PolicySet) -> frozenset[str]:
    """The payers whose answers may differ between two sets; all of them where a common list differs."""
    if before is None:
        return frozenset(after.payers)
    keys = frozenset((*before.payers, *after.payers))
    common = ("grid", "services", "drugs", "scores", "clocks")
    if any(getattr(before, name) != getattr(after, name) for name in common):
        return keys
    return frozenset(key for key in keys if before.payers.get(key) != after.payers.get(key))


def current_book(session: Session, practice_id: UUID) -> Book:
    """The compiled rules in force at a practice; the shipped ones where none were put in force yet."""
    current = store.in_force(session, practice_id)
    if current is not None:
        return book_of(session, practice_id, current.version)
    files = files_of(SHIPPED)
    stamp = f"shipped:{hash_of(files)}"
    if stamp not in _books:
        policies = policies_of(files)
        _keep(stamp, compile_book(policies, version_of(content_of(policies))))
    return _books[stamp]


def book_of(session: Session, practice_id: UUID, version: str) -> Book:
    """The compiled rules of a version that was ever in force: for replaying a verdict. Raises KeyError for others."""
    if version not in _books:
        policies = _stored(session, practice_id, version)
        if policies is None:
            raise KeyError(f"no rule set {version} was ever in force here")
        _keep(version, compile_book(policies, version))
    return _books[version]


def _keep(key: str, book: Book) -> None:
    while len(_books) >= _MOST_BOOKS:
        _books.pop(next(iter(_books)))
    _books[key] = book


def _stored(session: Session, practice_id: UUID, version: str) -> PolicySet | None:
    content = store.rule_set(session, practice_id, version)
    return PolicySet.model_validate_json(content) if content is not None else None


def find_requirement(caller: Caller, payer: str, question: Question) -> Found:
    """Answer the finder: one question about a payer as typed, with the practice's own rules, for no patient."""
    book = current_book(caller.session, caller.practice_id)
    match = resolve_payer(book, payer)
    if match.self_pay:
        raise RefusedRuleError(f"'{payer}' means that there is no insurance; name a payer.")
    asked = replace(question, payer=match.key)
    rules = store.practice_rules(caller.session, caller.practice_id)
    requirement = determine(book, rules, (), asked)
    klass = classify(book.grid, asked.code, asked.diagnoses, asked.documented).klass
    rule = book.rules.get(requirement.rule or "")
    what = asked.code or asked.drug or asked.service or ""
    return Found(requirement, klass, match, what, rule.extras.verify if rule is not None else None)


def payer_names(caller: Caller) -> tuple[str, ...]:
    """The names of the payers whose rules are on file, in order: what a person may choose from."""
    book = current_book(caller.session, caller.practice_id)
    return tuple(sorted((entry.name for entry in book.payers.values()), key=str.casefold))


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
    offered = offered_codes(book)
    strangers = sorted(left_out - frozenset(offered))
    if strangers:
        raise RefusedRuleError(f"{', '.join(strangers)} is not among the routine services that are offered.")
    if not basis.strip():
        raise RefusedRuleError("Say on what it rests, such as the payer's list or a call with its reference.")
    today = _today(caller)
    rule = PracticeRule(
        ref="",
        payer=_known_payer(caller, book, payer).key,
        codes=frozenset(offered) - left_out,
        need=Need.NOT_REQUIRED,
        span=_span(today, until, last_day_of_rule(today), "A practice rule lasts at most 12 months"),
        basis=basis.strip(),
        recorded_on=today,
        lines=frozenset({line} if line is not None else ()),
        plans=frozenset({plan} if plan else ()),
        routine=True,
    )
    return record_practice_rule(caller, rule)


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
    return Recorded(named.ref, tuple(sorted(rule.codes)), _visits_changed(caller), begins, ends)


def end_practice_rule(caller: Caller, rule: PracticeRule, last_day: date, reason: str, code: str | None = None) -> int:
    """End a practice rule after a day, for one code or for all. Returns how many visits changed."""
    key = UUID(rule.ref.removeprefix("practice#"))
    with announced(caller) as session:
        end = NewEnd(key, code, last_day, reason, caller.clock.now(), caller.user_id)
        store.end_practice_rule(session, caller.practice_id, end)
        record(caller, "policies.practice_rule_ended", (key,), payer=rule.payer)
        announce(session, Changed(payers=frozenset({rule.payer})))
    return _visits_changed(caller)


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
    today = _today(caller)
    ends = until or usual_end_of_answer(today)
    span = _span(today, ends, last_day_of_answer(today), "An answer for a patient never lasts past 31 December")
    key = new_id()
    answer = PatientAnswer(
        ref=f"answer#{key}",
        payer=_known_payer(caller, book, payer).key,
        names=frozenset({name}),
        need=need,
        span=span,
        said_on=today,
        reference=reference.strip(),
    )
    with announced(caller) as session:
        kept = NewAnswer(key, patient_id, answer, caller.clock.now(), caller.user_id)
        store.add_answers(session, caller.practice_id, [kept])
        record(caller, "policies.answer", (patient_id,), payer=answer.payer, need=need)
        announce(session, Changed(patients=frozenset({patient_id})))
    return Recorded(answer.ref, (name,), _visits_changed(caller), today, ends)


def _known_payer(caller: Caller, book: Book, text: str) -> PayerMatch:
    match = resolve_payer(book, text)
    if match.self_pay:
        raise RefusedRuleError(f"'{text}' means that there is no insurance; name a payer.")
    if not match.in_library and match.key not in store.payers(caller.session, caller.practice_id):
        raise RefusedRuleError(f"No payer '{text}' is on file; write its id or name as the coverage file has it.")
    return match


def _span(begins: date, ends: date, latest: date, limit: str) -> DateSpan:
    if ends < begins:
        raise RefusedRuleError(f"The end {ends} lies before today, {begins}; give a later day.")
    if ends > latest:
        raise RefusedRuleError(f"{limit}: the latest end is {latest}.")
    return DateSpan(begins, ends)


def _today(caller: Caller) -> date:
    practice = practice_of(caller.session, caller.practice_id)
    return caller.clock.today(ZoneInfo(practice.zone))


def _visits_changed(caller: Caller) -> int:
    return int(caller.session.info.get("visits_changed", 0))
