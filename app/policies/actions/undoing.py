"""Take back what was done with practice rules: what an action made holds no longer, what it ended holds again."""

from datetime import timedelta
from uuid import UUID

from app.audit.actions import record
from app.platform.caller import Caller
from app.platform.changes import Changed, announce, announced
from app.platform.ids import new_id
from app.policies.actions.basics import RefusedRuleError, visits_changed
from app.policies.facts.desk import Done
from app.policies.facts.records import KeptRule, RuleAct, RuleAction
from app.policies.store import practice as store
from app.policies.store.answers import answers_made, renewed_among

UNDO_HOURS = 24


def undo_action(caller: Caller, action_id: UUID) -> Done:
    """Take back one action, at most a day after it and only while nothing rests on it.

    Raises    RefusedRuleError: not on file, too long ago, or what it made was changed since.
    """
    with announced(caller) as session:
        found = store.action_of(session, caller.practice_id, action_id)
        if found is None or found[0].kind is RuleAct.UNDO:
            raise RefusedRuleError("What was to be undone is not on file.")
        done, undone = found
        if undone:
            return Done(action_id, 0, 0, again=True, kind=done.kind)
        if caller.clock.now() - done.at > timedelta(hours=UNDO_HOURS):
            instead = "Verify the rules anew" if done.kind is RuleAct.VERIFY else "End or edit the rule"
            raise RefusedRuleError(f"It was done more than 24 hours ago. {instead} instead.")
        rules = store.kept_rules(session, caller.practice_id)
        touched = [one for one in rules if _touched(one, action_id)]
        answers = answers_made(session, caller.practice_id, action_id)
        if answers and renewed_among(session, caller.practice_id, [one.id for one in answers]):
            raise RefusedRuleError("The answer was renewed since. Undo the renewal first.")
        if any(_changed_since(one, action_id) for one in touched if one.action == action_id):
            raise RefusedRuleError("The rule was changed since. Undo the later change first, or edit the rule.")
        undo = RuleAction(new_id(), RuleAct.UNDO, caller.clock.now(), caller.user_id, action_id)
        if not store.begin_action(session, caller.practice_id, undo):
            return Done(action_id, 0, 0, again=True)
        patients = frozenset(one.patient_id for one in answers)
        record(caller, "policies.rules_undone", [*(one.id for one in touched), *sorted(patients)], of=action_id)
        announce(session, Changed(patients=patients, payers=frozenset(one.rule.payer for one in touched)))
    return Done(action_id, len(touched) + len(answers), visits_changed(caller), kind=done.kind)


def _touched(one: KeptRule, action_id: UUID) -> bool:
    return one.action == action_id or any(end.action == action_id for end in one.ends)


def _changed_since(one: KeptRule, action_id: UUID) -> bool:
    return one.replaced_by is not None or any(end.action != action_id for end in one.ends)
