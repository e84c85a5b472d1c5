"""Change the practice's own rules: record one, its new version, its end, renewals. Nothing is overwritten."""

from dataclasses import replace
from datetime import date, timedelta
from uuid import UUID

from sqlalchemy.orm import Session

from app.audit.actions import record
from app.platform.caller import Caller
from app.platform.changes import Changed, announce, announced
from app.platform.ids import new_id
from app.policies.actions.basics import RefusedRuleError, today_of, visits_changed
from app.policies.actions.library import current_book
from app.policies.actions.originals import note_corrected
from app.policies.actions.own_rules import RuleNotFoundError
from app.policies.actions.payer_answers import renew_answers
from app.policies.facts.answers import Need, PracticeRule
from app.policies.facts.desk import Done
from app.policies.facts.own_rules import EndWord, OwnRule, Renewal, RuleWord
from app.policies.facts.records import KeptRule, NewEnd, NewPracticeRule, RuleAct, RuleAction
from app.policies.rules.extras import day_before
from app.policies.rules.offering import always_asked, left_out
from app.policies.rules.own_rules import stand_of
from app.policies.rules.practice import parts_of
from app.policies.rules.routine import last_day_of_rule
from app.policies.store import practice as store
from app.policies.store.payers import payers
from app.values.spans import DateSpan
from app.values.wording import short_day


class RuleChangedError(Exception):
    """Somebody ended or replaced the rule since the form was opened; `rule` is as it is now."""

    def __init__(self, rule: KeptRule) -> None:
        super().__init__("the rule was changed meanwhile")
        self.rule = rule


_ONLY_ON_NOTICE = (
    "An exemption of some providers or groups stands only on the payer's notice. Record it with the letter, on the "
    "page Gold card."
)


def save_rule(caller: Caller, word: RuleWord) -> Done:
    """Record a rule, or the new version of one: the old one ends the day before the new one begins.

    Raises    RuleChangedError, RuleNotFoundError; RefusedRuleError: an unknown payer, or a code for which the library
              asks approval and the rule does not say that it corrects it.
    """
    rule = _rule_of(caller, word)
    kind = RuleAct.RECORD if word.replaces is None else RuleAct.VERSION
    with announced(caller) as session:
        action = RuleAction(word.once, kind, caller.clock.now(), caller.user_id)
        if not store.begin_action(session, caller.practice_id, action):
            return Done(word.once, 0, 0, again=True)
        touched = {rule.payer}
        if word.replaces is not None:
            old = _held(session, caller, word.replaces, word.version)
            touched.add(old.rule.payer)
            _end(session, caller, action, old, day_before(word.begins), "new version")
            rule = replace(rule, routine=old.rule.routine)
        key = _keep(session, caller, action, rule, word.replaces)
        record(caller, "policies.practice_rule", (key,), payer=rule.payer, need=rule.need, version_of=word.replaces)
        announce(session, Changed(payers=frozenset(touched)))
    return Done(word.once, 1, visits_changed(caller))


def end_rule(caller: Caller, word: EndWord) -> Done:
    """End a rule after a day, for one code or for all. Raises RuleChangedError and RuleNotFoundError."""
    with announced(caller) as session:
        action = RuleAction(word.once, RuleAct.END, caller.clock.now(), caller.user_id)
        if not store.begin_action(session, caller.practice_id, action):
            return Done(word.once, 0, 0, again=True)
        old = _held(session, caller, word.rule, word.version, newest=False)
        _end(session, caller, action, old, word.last_day, word.reason, word.code)
        record(caller, "policies.practice_rule_ended", (old.id,), payer=old.rule.payer)
        announce(session, Changed(payers=frozenset({old.rule.payer})))
    return Done(word.once, 1, visits_changed(caller))


def renew_rules(caller: Caller, renewal: Renewal) -> Done:
    """Let several rules, and answers for patients, go on after their ends on a new basis, all of them or none.

    Each rule gets a new version for the codes that still hold on its last day, from the day after it; so does an
    answer. Raises RuleChangedError, RuleNotFoundError; RefusedRuleError when an end lies before the rule's.
    """
    today = today_of(caller)
    with announced(caller) as session:
        action = RuleAction(renewal.once, RuleAct.VERSION, caller.clock.now(), caller.user_id)
        if not store.begin_action(session, caller.practice_id, action):
            return Done(renewal.once, 0, 0, again=True)
        old = [stand_of(_held(session, caller, rule_id, version), today) for rule_id, version in renewal.rules]
        keys = [_renew(session, caller, action, one, renewal) for one in old]
        patients = renew_answers(caller, action, renewal)
        record(caller, "policies.rules_renewed", [*keys, *sorted(patients)], rules=len(keys))
        announce(session, Changed(patients=patients, payers=frozenset(one.kept.rule.payer for one in old)))
    return Done(renewal.once, len(keys) + len(renewal.answers), visits_changed(caller))


def _rule_of(caller: Caller, word: RuleWord) -> PracticeRule:
    book = current_book(caller.session, caller.practice_id)
    if word.payer not in book.payers and word.payer not in payers(caller.session, caller.practice_id):
        raise RefusedRuleError("The payer is not on file. Choose one of the list.")
    span = DateSpan(word.begins, word.until)
    asked = sorted(always_asked(book, word.payer, word.codes, span)) if word.need is Need.NOT_REQUIRED else []
    if asked and not word.corrects:
        raise RefusedRuleError(
            f"The library says approval is needed for {', '.join(asked)}. Leave it out, or tick that this corrects "
            "the library's rule and give the reference."
        )
    exempts = word.need is Need.NOT_REQUIRED and bool(word.providers or word.groups)
    if exempts and not word.notice:
        raise RefusedRuleError(_ONLY_ON_NOTICE)
    return PracticeRule(
        ref="",
        payer=word.payer,
        codes=word.codes,
        need=word.need,
        span=span,
        basis=word.basis.text,
        recorded_on=today_of(caller),
        lines=word.lines,
        plans=word.plans,
        places=word.places,
        providers=word.providers,
        groups=word.groups,
        corrects=word.corrects,
        source_day=word.basis.source_day,
        basis_kind=word.basis.kind,
    )


def _held(session: Session, caller: Caller, rule_id: UUID, version: int | None, newest: bool = True) -> KeptRule:
    """The rule as it is now, held until the transaction ends.

    Raises    RuleChangedError when it was ended since, or has a newer version where the `newest` is wanted.
    """
    store.hold_rules(session, caller.practice_id, [rule_id])
    rules = store.kept_rules(session, caller.practice_id)
    found = next((one for one in rules if one.id == rule_id), None)
    if found is None:
        raise RuleNotFoundError
    if found.version != version or (newest and found.replaced_by is not None):
        raise RuleChangedError(found)
    return found


def _end(
    session: Session,
    caller: Caller,
    action: RuleAction,
    old: KeptRule,
    last_day: date,
    reason: str,
    code: str | None = None,
) -> None:
    end = NewEnd(old.id, code, last_day, reason, action.at, action.by, action.id)
    store.end_practice_rule(session, caller.practice_id, end)


def _keep(session: Session, caller: Caller, action: RuleAction, rule: PracticeRule, replaces: UUID | None) -> UUID:
    key = new_id()
    named = replace(rule, ref=f"practice#{key}")
    new = NewPracticeRule(key, named, action.at, action.by, action.id, replaces)
    store.add_practice_rule(session, caller.practice_id, new)
    if rule.corrects:
        note_corrected(caller, key, rule)
    return key


def _renew(session: Session, caller: Caller, action: RuleAction, one: OwnRule, renewal: Renewal) -> UUID:
    old = one.kept.rule
    if one.last_day is None:
        raise RefusedRuleError("A rule that never held cannot be renewed. Record it anew.")
    if old.need is Need.NOT_REQUIRED and (old.providers or old.groups):
        raise RefusedRuleError(_ONLY_ON_NOTICE)
    begins = one.last_day + timedelta(days=1)
    if not begins <= renewal.until <= last_day_of_rule(begins):
        raise RefusedRuleError(
            f"A rule that ends {short_day(one.last_day)} can be renewed until a day between {short_day(begins)} and "
            f"{short_day(last_day_of_rule(begins))}."
        )
    span = DateSpan(begins, renewal.until)
    codes = frozenset(
        code for part in parts_of(old, one.kept.ends) if part.span.ends == one.last_day for code in part.codes
    )
    if old.need is Need.NOT_REQUIRED and not old.corrects:
        codes -= (left_out if old.routine else always_asked)(
            current_book(session, caller.practice_id), old.payer, codes, span
        )
    if not codes:
        raise RefusedRuleError("The library now asks approval for every code of one of the rules. Let that rule end.")
    basis = renewal.basis
    rule = replace(
        old,
        codes=codes,
        span=span,
        recorded_on=today_of(caller),
        basis=basis.text,
        basis_kind=basis.kind,
        source_day=basis.source_day,
    )
    return _keep(session, caller, action, rule, one.kept.id)
