"""Routine services: offered, and confirmed for several payers in one transaction."""

from dataclasses import replace
from datetime import date
from uuid import UUID

from app.audit.actions import record
from app.platform.caller import Caller
from app.platform.changes import Changed, announce, announced
from app.platform.ids import new_id
from app.policies.actions.basics import RefusedRuleError, rule_span, today_of, visits_changed
from app.policies.actions.library import current_book
from app.policies.facts.answers import Need, PracticeRule
from app.policies.facts.book import Book
from app.policies.facts.desk import Done, RoutineOffer, RoutineWord
from app.policies.facts.records import KeptRule, NewEnd, NewPracticeRule, PayerChoice, RuleAct, RuleAction
from app.policies.rules.extras import day_before
from app.policies.rules.offering import left_out, offered_groups, routine_until, strict_rules
from app.policies.rules.payers import payers_on
from app.policies.rules.practice import parts_of
from app.policies.rules.routine import last_day_of_rule, offered_codes
from app.policies.store import practice as store
from app.policies.store.payers import choose_payers, payer_choices, payers
from app.values.spans import DateSpan


def read_offer(caller: Caller, chosen: tuple[str, ...] = ()) -> RoutineOffer:
    """Read what the page of routine services offers: `chosen` payers are offered also when they are not turned on."""
    session, practice_id = caller.session, caller.practice_id
    book = current_book(session, practice_id)
    brought = payers(session, practice_id)
    library = {key: entry.name for key, entry in book.payers.items()}
    named = {**library, **brought}
    offered = payers_on(library, brought, payer_choices(session, practice_id))
    offered |= {key: named[key] for key in chosen if key in named}
    today = today_of(caller)
    span = DateSpan(today, last_day_of_rule(today))
    return RoutineOffer(
        groups=offered_groups(book),
        payers=tuple(sorted(offered.items(), key=lambda one: one[1].casefold())),
        asked=routine_until(store.practice_rules(session, practice_id), today),
        strict=strict_rules(book, offered, offered_codes(book), span),
        today=today,
    )


def confirm_routine_of_several(caller: Caller, word: RoutineWord) -> Done:
    """Keep the practice's word on routine services for all the payers that it names, or for none.

    An earlier word of the same payer, line and plan ends the day before. A code for which the library asks approval
    of every visit, or from memory, is left out for that payer.
    Raises    RefusedRuleError: an unknown payer, a code that is not offered, no basis, an end that is too far.
    """
    return confirm_routine_rules(caller, word)[0]


def confirm_routine_rules(caller: Caller, word: RoutineWord) -> tuple[Done, tuple[PracticeRule, ...]]:
    """The same, with the rules that were made."""
    book = current_book(caller.session, caller.practice_id)
    rules = _rules_of(caller, book, word)
    with announced(caller) as session:
        action = RuleAction(word.once, RuleAct.ROUTINE, caller.clock.now(), caller.user_id)
        if not store.begin_action(session, caller.practice_id, action):
            return Done(word.once, 0, 0, again=True), ()
        kept = [rule for rule in store.kept_rules(session, caller.practice_id) if rule.rule.routine]
        made = tuple(_keep(caller, action, rule, kept) for rule in rules)
        ids = [UUID(rule.ref.removeprefix("practice#")) for rule in made]
        _turn_on(caller, word.payers)
        record(caller, "policies.routine_confirmed", ids, once=word.once, payers=len(made))
        announce(session, Changed(payers=frozenset(word.payers)))
    return Done(word.once, len(made), visits_changed(caller)), made


def _turn_on(caller: Caller, keys: tuple[str, ...]) -> None:
    """Whoever confirms a payer's routine services works with it."""
    chosen = payer_choices(caller.session, caller.practice_id)
    now = caller.clock.now()
    new = [PayerChoice(key, turned_on=True, changed_at=now, changed_by=caller.user_id) for key in keys]
    choose_payers(caller.session, caller.practice_id, [one for one in new if not chosen.get(one.payer, False)])


def _rules_of(caller: Caller, book: Book, word: RoutineWord) -> list[PracticeRule]:
    known = {*book.payers, *payers(caller.session, caller.practice_id)}
    strangers = sorted(set(word.payers) - known)
    if strangers or not word.payers:
        raise RefusedRuleError(f"No payer '{', '.join(strangers)}' is on file; choose one of the list.")
    not_offered = sorted(word.codes - frozenset(offered_codes(book)))
    if not_offered:
        raise RefusedRuleError(f"{', '.join(not_offered)} is not among the routine services that are offered.")
    if word.basis.kind is None and not word.basis.text.strip():
        raise RefusedRuleError("Say on what it rests, such as the payer's list or a call with its reference.")
    today = today_of(caller)
    span = rule_span(today, word.until, last_day_of_rule(today), "A practice rule lasts at most 12 months")
    rule = PracticeRule(
        ref="",
        payer="",
        codes=word.codes,
        need=Need.NOT_REQUIRED,
        span=span,
        basis=word.basis.text.strip(),
        recorded_on=today,
        lines=frozenset({word.line} if word.line is not None else ()),
        plans=frozenset({word.plan} if word.plan else ()),
        routine=True,
        source_day=word.basis.source_day,
        basis_kind=word.basis.kind,
    )
    return [_for_payer(book, rule, key) for key in word.payers]


def _for_payer(book: Book, rule: PracticeRule, payer: str) -> PracticeRule:
    codes = rule.codes - left_out(book, payer, rule.codes, rule.span)
    if not codes:
        raise RefusedRuleError("No service is left to confirm; tick at least one for which the library asks nothing.")
    return replace(rule, payer=payer, codes=codes)


def _keep(caller: Caller, action: RuleAction, rule: PracticeRule, kept: list[KeptRule]) -> PracticeRule:
    """Keep one payer's rule in place of its earlier ones of the same line and plan."""
    session, practice_id = caller.session, caller.practice_id
    key = new_id()
    named = replace(rule, ref=f"practice#{key}")
    begins = rule.span.begins
    assert begins is not None
    earlier = [one for one in kept if _same_bounds(one.rule, rule) and _holds_from(one, begins)]
    newest = earlier[-1].id if earlier else None
    new = NewPracticeRule(key, named, action.at, action.by, action.id, newest)
    store.add_practice_rule(session, practice_id, new)
    last = day_before(begins)
    for one in earlier:
        end = NewEnd(one.id, None, last, "confirmed anew", action.at, action.by, action.id)
        store.end_practice_rule(session, practice_id, end)
    return named


def _same_bounds(one: PracticeRule, other: PracticeRule) -> bool:
    names = ("payer", "lines", "plans", "places", "providers", "groups")
    return all(getattr(one, name) == getattr(other, name) for name in names)


def _holds_from(one: KeptRule, day: date) -> bool:
    return any(part.span.ends is None or part.span.ends >= day for part in parts_of(one.rule, one.ends))
