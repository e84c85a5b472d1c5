"""The answer that a visit showed on a day, given again: equal in every check, or it is said where and why it is not."""

import shutil
from dataclasses import replace
from datetime import timedelta
from random import Random

import pytest

from app.authorizations import store as authorizations
from app.authorizations.actions import change_authorization
from app.authorizations.facts import Status
from app.clearance.actions.answering import VisitNotFoundError
from app.clearance.actions.keeping import rejudge_stale
from app.clearance.facts.reasons import Check
from app.clearance.rules.packing import unpack
from app.clearance.store import history
from app.coverage.store import coverages
from app.platform.changes import Changed, announce, announced
from app.platform.ids import new_id
from app.policies.actions.library import SHIPPED, current_book
from app.policies.facts.answers import Need, PracticeRule
from app.policies.facts.records import NewPracticeRule
from app.policies.files.directory import read_policies
from app.policies.store.practice import add_practice_rule
from app.practice.store import practice as practices
from app.rule_changes.actions.replay import NothingShownError, replay
from app.rule_changes.facts.replay import Cause
from app.rule_changes.rules.replay import kept_answer
from app.schedule import store as schedule
from app.schedule.facts import LineSource, VisitRecord, VisitStatus
from app.values.spans import DateSpan
from app.web.sample.filling import POLICIES
from app.web.wiring import wire
from tests.support import make
from tests.support.rule_crowd import Crowd
from tests.support.rule_files import put_in_force


class Practice:
    """A crowd under the sample's payers, whose clock and rules move on."""

    def __init__(self, caller, folder):
        self.caller, self.folder = caller, folder
        self.crowd = Crowd(caller, read_policies(folder), Random(11), 20)
        self.today = self.crowd.today

    def shown(self):
        """What every booked visit shows now, by reference."""
        session, practice_id = self.caller.session, self.caller.practice_id
        found = {}
        for visits in schedule.of_patients(session, practice_id, self.crowd.people).values():
            for visit in visits:
                now = history.shown_now(session, practice_id, visit.id)
                if now is not None:
                    found[visit.reference] = (now.badge, tuple(map(kept_answer, unpack(now.content))))
        return found

    def later(self, days=1):
        """Let days pass, and what turns with them be judged."""
        self.caller.clock.instant += timedelta(days=days)
        rejudge_stale(self.caller)

    def rules_change(self):
        """Put other rules in force, as two people do: what was required is to be notified."""
        for path in self.folder.glob("[a-z]*/*.yaml"):
            path.write_text(path.read_text().replace("approval: required\n", "approval: notification\n"))
        return put_in_force(self.caller, self.folder)

    def replayed(self, day, said):
        """Give every answer of a day again; each must be the one that was shown."""
        found = {one: replay(self.caller, one, day) for one in said}
        assert {one: (again.badge, again.kept) for one, again in found.items()} == said
        return found


@pytest.fixture
def practice(caller, tmp_path):
    wire()
    folder = tmp_path / "policies"
    shutil.copytree(SHIPPED / "_grid", folder / "_grid")
    shutil.copytree(POLICIES, folder, dirs_exist_ok=True)
    practices.add_site(caller.session, caller.practice_id, make.site())
    caller.session.commit()
    put_in_force(caller, folder)
    return Practice(caller, folder)


def test_answers_given_before_the_rules_changed_are_given_again_by_the_rules_of_their_day(practice):
    before = current_book(practice.caller.session, practice.caller.practice_id).version
    first = practice.shown()
    practice.later()
    version = practice.rules_change()
    practice.later()
    second = practice.shown()
    assert version != before
    assert {one for one in first if first[one] != second[one]}, "the rules turned something"
    found = practice.replayed(practice.today, first)
    assert all(one.equal for one in found.values())
    assert {one.basis.rules_version for one in found.values()} == {before}
    assert all(one.equal for one in practice.replayed(practice.today + timedelta(days=2), second).values())


def test_an_approval_and_a_practice_rule_of_a_later_day_take_no_answer_back(practice):
    caller, first = practice.caller, practice.shown()
    practice.later()
    rows = authorizations.of_patients(caller.session, caller.practice_id, practice.crowd.people)
    approved = [row for some in rows.values() for row in some if row.status is Status.APPROVED]
    for row in approved:
        change_authorization(caller, row.id, row.version, {"ends": row.begins, "number": None})
    with announced(caller) as session:
        for payer in practice.crowd.payers:
            add_practice_rule(session, caller.practice_id, _practice_rule(practice, payer))
        announce(session, Changed(payers=frozenset(practice.crowd.payers)))
    assert practice.shown() != first
    assert all(one.equal for one in practice.replayed(practice.today, first).values())


def _practice_rule(practice, payer):
    key = new_id()
    span = DateSpan(practice.today, practice.today + timedelta(days=90))
    codes = frozenset(practice.crowd.codes)
    rule = PracticeRule(f"practice#{key}", payer, codes, Need.REQUIRED, span, "Call 2", practice.today)
    return NewPracticeRule(key, rule, practice.caller.clock.now(), None)


def test_a_visit_that_was_canceled_since_is_given_again(practice):
    caller, first = practice.caller, practice.shown()
    practice.later()
    reference = next(iter(first))
    with announced(caller) as session:
        visit = schedule.visit_by_reference(session, caller.practice_id, reference)
        gone = replace(visit, status=VisitStatus.CANCELED)
        schedule.change_visits(
            session, caller.practice_id, [VisitRecord(gone, tuple(LineSource(n) for n in range(len(visit.lines))))]
        )
        announce(session, Changed(frozenset({visit.patient_id})))
    again = practice.replayed(practice.today, {reference: first[reference]})[reference]
    assert again.equal
    practice.later()
    with pytest.raises(NothingShownError, match="Nothing was shown"):
        replay(caller, reference, practice.today + timedelta(days=2))


def test_a_fact_that_was_overwritten_is_named_by_its_check_and_never_hidden(practice):
    caller, first = practice.caller, practice.shown()
    practice.later()
    records = coverages.records_of(caller.session, caller.practice_id, practice.crowd.people)
    with announced(caller) as session:
        day = practice.today + timedelta(days=1)
        ended = [replace(one, ends=practice.today, checked_on=day) for some in records.values() for one in some]
        coverages.change_coverages(session, caller.practice_id, ended)
        announce(session, Changed(frozenset(practice.crowd.people)))
    found = practice.replayed(practice.today, first)
    differing = [one for one in found.values() if not one.equal]
    assert differing
    for one in differing:
        assert Check.COVERAGE in {check.check for line in one.differences for check in line.checks}
        assert one.causes == (Cause.COVERAGE,)


def test_a_day_ahead_a_day_before_and_an_unknown_visit_are_refused_with_a_sentence(practice):
    reference, today = next(iter(practice.shown())), practice.today
    with pytest.raises(NothingShownError, match="lies ahead"):
        replay(practice.caller, reference, today + timedelta(days=1))
    with pytest.raises(NothingShownError, match="Nothing was shown"):
        replay(practice.caller, reference, today - timedelta(days=1))
    with pytest.raises(VisitNotFoundError):
        replay(practice.caller, "nobody's", today)
