"""What was done with practice rules is taken back whole, within a day, and only while nothing rests on it."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from app.policies.actions.basics import RefusedRuleError
from app.policies.actions.changing import RuleChangedError, end_rule, renew_rules, save_rule
from app.policies.actions.routine import confirm_routine_of_several
from app.policies.actions.undoing import undo_action
from app.policies.facts.answers import BasisKind, Need
from app.policies.facts.desk import Basis, RoutineWord
from app.policies.facts.own_rules import EndWord, Renewal, RuleWord
from app.policies.store.payers import payer_choices
from app.policies.store.practice import kept_rules, practice_rules
from tests.support import make

TODAY = date(2026, 3, 2)
BASIS = Basis(BasisKind.CALL, "7781-A", TODAY)
LIGHT = RuleWord(
    make.an_id(900), "aetna", frozenset({"96910", "96912"}), Need.REQUIRED, TODAY, date(2026, 12, 31), BASIS
)
ROUTINE = RoutineWord(
    make.an_id(901), ("aetna", "medicare_ffs"), frozenset({"99213", "11102"}), BASIS, date(2026, 12, 31)
)


def on_file(caller):
    """The rules in force, by payer and codes."""
    rules = practice_rules(caller.session, caller.practice_id)
    return [(rule.payer, sorted(rule.codes), rule.span.begins, rule.span.ends) for rule in rules]


def only(caller):
    """The newest rule on file."""
    return kept_rules(caller.session, caller.practice_id)[-1]


def test_a_confirmation_of_several_payers_is_undone_whole(caller):
    done = confirm_routine_of_several(caller, ROUTINE)
    assert (done.rules, len(on_file(caller))) == (2, 2)
    assert payer_choices(caller.session, caller.practice_id) == {"aetna": True, "medicare_ffs": True}
    assert undo_action(caller, done.action).rules == 2
    assert on_file(caller) == []
    assert undo_action(caller, done.action).again


def test_one_unknown_payer_leaves_all_of_them_as_they_were(caller):
    with pytest.raises(RefusedRuleError, match="No payer 'local:nobody' is on file"):
        confirm_routine_of_several(caller, replace(ROUTINE, payers=("aetna", "local:nobody")))
    assert on_file(caller) == []


def test_a_code_that_is_never_offered_is_refused(caller):
    with pytest.raises(RefusedRuleError, match="96910 is not among the routine services"):
        confirm_routine_of_several(caller, replace(ROUTINE, codes=frozenset({"96910", "99213"})))


def test_an_end_that_is_undone_holds_no_longer(caller):
    save_rule(caller, LIGHT)
    before, rule = on_file(caller), only(caller)
    end = EndWord(make.an_id(902), rule.id, rule.version, date(2026, 6, 30), "denied", "96910")
    end_rule(caller, end)
    assert len(on_file(caller)) == 2
    undo_action(caller, end.once)
    assert on_file(caller) == before
    assert only(caller).version > rule.version, "who saw the end and who did not saw different rules"
    with pytest.raises(RuleChangedError):
        end_rule(caller, replace(end, once=make.an_id(903)))


def test_what_a_later_change_rests_on_is_not_undone(caller):
    save_rule(caller, LIGHT)
    rule = only(caller)
    later = replace(LIGHT, once=make.an_id(904), replaces=rule.id, version=rule.version, codes=frozenset({"96910"}))
    save_rule(caller, later)
    with pytest.raises(RefusedRuleError, match="was changed since"):
        undo_action(caller, LIGHT.once)
    undo_action(caller, later.once)
    undo_action(caller, LIGHT.once)
    assert on_file(caller) == []


@pytest.mark.parametrize(("hours", "undone"), [(24, True), (25, False)])
def test_undo_is_open_for_a_day(caller, hours, undone):
    save_rule(caller, LIGHT)
    late = replace(caller, clock=make.clock(make.NOW + timedelta(hours=hours)))
    if undone:
        assert undo_action(late, LIGHT.once).rules == 1
    else:
        with pytest.raises(RefusedRuleError, match="more than 24 hours ago"):
            undo_action(late, LIGHT.once)
    assert (on_file(caller) == []) is undone


def test_what_is_not_on_file_is_not_undone(caller):
    with pytest.raises(RefusedRuleError, match="not on file"):
        undo_action(caller, make.an_id(999))


def test_a_version_that_was_replaced_meanwhile_is_not_replaced_again(caller):
    save_rule(caller, LIGHT)
    rule = only(caller)
    mine = replace(LIGHT, once=make.an_id(905), replaces=rule.id, version=rule.version)
    save_rule(caller, mine)
    with pytest.raises(RuleChangedError) as caught:
        save_rule(caller, replace(mine, once=make.an_id(906)))
    assert caught.value.rule.replaced_by is not None
    assert len(kept_rules(caller.session, caller.practice_id)) == 2


def test_a_renewal_takes_the_codes_that_still_hold(caller):
    save_rule(caller, LIGHT)
    rule = only(caller)
    end_rule(caller, EndWord(make.an_id(907), rule.id, rule.version, date(2026, 6, 30), "denied", "96910"))
    rule = only(caller)
    renew_rules(caller, Renewal(make.an_id(908), ((rule.id, rule.version),), BASIS, date(2027, 12, 31)))
    assert on_file(caller)[-1] == ("aetna", ["96912"], date(2027, 1, 1), date(2027, 12, 31))


def test_one_rule_that_cannot_be_renewed_renews_none(caller):
    save_rule(caller, LIGHT)
    save_rule(caller, replace(LIGHT, once=make.an_id(909), until=date(2026, 6, 30)))
    rules = tuple((one.id, one.version) for one in kept_rules(caller.session, caller.practice_id))
    with pytest.raises(RefusedRuleError, match="A rule that ends 06/30/2026 can be renewed until a day between"):
        renew_rules(caller, Renewal(make.an_id(910), rules, BASIS, date(2027, 12, 31)))
    assert len(kept_rules(caller.session, caller.practice_id)) == 2


def test_a_seen_library_rule_that_asks_approval_is_corrected_only_by_a_marked_rule(caller, monkeypatch):
    monkeypatch.setattr("app.policies.actions.changing.always_asked", lambda *_: frozenset({"96910"}))
    mild = replace(LIGHT, need=Need.NOT_REQUIRED)
    with pytest.raises(RefusedRuleError, match="The library says approval is needed for 96910"):
        save_rule(caller, mild)
    assert save_rule(caller, replace(mild, corrects=True)).rules == 1
    assert only(caller).rule.corrects
