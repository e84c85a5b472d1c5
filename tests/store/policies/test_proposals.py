"""New rule sets wait for two people: put forward once, asked for, accepted, rejected, put back; on both databases."""

import shutil
import threading
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy.engine import make_url

from app.audit.actions import first_broken
from app.platform import changes
from app.platform.caller import Caller
from app.platform.changes import Changed, listen
from app.platform.db import writing
from app.platform.ids import new_id
from app.platform.sessions import engine_of, session_on
from app.policies.actions import library
from app.policies.facts.proposals import Origin, ProposalState
from app.policies.rules.proposals import stamp_of
from app.policies.store import proposals, rule_sets
from app.practice.facts.staff import Role
from app.practice.store import staff as staffing
from app.rule_changes.actions import activating
from app.rule_changes.actions.activating import RefusedActError, StaleActError
from app.rule_changes.facts.acts import Word
from app.web.opening import bring_rules_in
from tests.support import make
from tests.support.rule_files import put_in_force, two_people


@pytest.fixture
def heard(monkeypatch):
    """What was announced."""
    said: list[Changed] = []
    monkeypatch.setattr(changes, "_listeners", [])
    listen(lambda _caller, changed: said.append(changed))
    return said


@pytest.fixture
def directory(tmp_path, caller, heard):
    """A copy of two shipped payers, in force."""
    for name in ("_grid", "aetna", "medicare_ffs"):
        shutil.copytree(library.SHIPPED / name, tmp_path / "rules" / name)
    library.refresh_rules(caller, tmp_path / "rules")
    heard.clear()
    return tmp_path / "rules"


def edit(directory, old="approval: required", new="approval: notification", file="aetna/biologics.yaml"):
    text = (directory / file).read_text()
    assert old in text
    (directory / file).write_text(text.replace(old, new, 1))


def standing(caller, proposal_id):
    """A proposal as it is now, and the stamp that its page shows."""
    reign = proposals.reigns(caller.session, caller.practice_id)[-1]
    found = proposals.proposal(caller.session, caller.practice_id, proposal_id, reign.version)
    return found, stamp_of(found, reign)


def do(act, caller, person, proposal_id, reason="", once=None):
    """Do an act as a person who has just opened the page."""
    stamp = standing(caller, proposal_id)[1]
    return act(replace(caller, user_id=person), proposal_id, Word(once or new_id(), stamp, reason))


def put_back(caller, person):
    stamp = stamp_of(None, proposals.reigns(caller.session, caller.practice_id)[-1])
    return activating.put_back(replace(caller, user_id=person), Word(new_id(), stamp))


def in_force(caller):
    return rule_sets.in_force(caller.session, caller.practice_id).version


def test_other_files_are_put_forward_once_and_change_nothing(caller, heard, directory):
    before = in_force(caller)
    edit(directory)
    first = library.refresh_rules(caller, directory)
    again = library.refresh_rules(caller, directory)
    assert (first.version, first.changed, first.put_forward) == (before, False, True)
    assert (again.put_forward, again.proposal.proposal.id) == (False, first.proposal.proposal.id)
    assert in_force(caller) == before
    assert heard == []
    assert len(proposals.proposals(caller.session, caller.practice_id, before)) == 1
    assert first.proposal.proposal.folder == "rules"


def test_two_people_put_a_set_in_force_and_the_same_person_twice_does_not(caller, heard, directory):
    edit(directory)
    wanted = library.refresh_rules(caller, directory).proposal.proposal
    ada, ben = two_people(caller)
    before = in_force(caller)
    with pytest.raises(RefusedActError, match="Ask for it first"):
        do(activating.accept, caller, ada, wanted.id)
    do(activating.ask_for, caller, ada, wanted.id)
    with pytest.raises(RefusedActError, match="another person must accept them: Ben Second"):
        do(activating.accept, caller, ada, wanted.id)
    assert in_force(caller) == before
    once = new_id()
    stamp = standing(caller, wanted.id)[1]
    word = Word(once, stamp)
    done = activating.accept(replace(caller, user_id=ben), wanted.id, word)
    twice = activating.accept(replace(caller, user_id=ben), wanted.id, word)
    assert (done.again, twice.again) == (False, True)
    assert in_force(caller) == wanted.version
    assert heard == [Changed(payers=frozenset({"aetna"}))]
    assert standing(caller, wanted.id)[0].state is ProposalState.ACCEPTED
    assert len(proposals.reigns(caller.session, caller.practice_id)) == 2
    assert first_broken(caller) is None


def test_where_nobody_else_may_the_refusal_says_what_an_administrator_must_do(caller, directory):
    edit(directory)
    wanted = library.refresh_rules(caller, directory).proposal.proposal
    ada, ben = two_people(caller)
    with writing(caller.session) as session:
        person = staffing.person(session, caller.practice_id, ben)
        staffing.save_staff(session, caller.practice_id, replace(person, roles=frozenset({Role.BILLER})))
    do(activating.ask_for, caller, ada, wanted.id)
    with pytest.raises(RefusedActError, match="An administrator must make a second person coordinator or manager"):
        do(activating.accept, caller, ada, wanted.id)
    with pytest.raises(RefusedActError, match="Only a person with the right"):
        do(activating.accept, caller, ben, wanted.id)
    with pytest.raises(RefusedActError, match="Only a person with the right"):
        do(activating.accept, caller, None, wanted.id)


def test_newer_files_of_the_same_place_take_the_place_of_older_ones(caller, directory):
    edit(directory)
    old = library.refresh_rules(caller, directory).proposal.proposal.id
    edit(directory, "approval: notification", "approval: unknown")
    new = library.refresh_rules(caller, directory).proposal.proposal.id
    assert standing(caller, old)[0].state is ProposalState.SUPERSEDED
    assert [one.proposal.id for one in proposals.open_proposals(caller.session, caller.practice_id, "")] == [new]
    with pytest.raises(StaleActError):
        do(activating.ask_for, caller, two_people(caller)[0], old)


def test_files_that_are_again_those_in_force_end_what_waited(caller, directory):
    text = (directory / "aetna/biologics.yaml").read_text()
    edit(directory)
    old = library.refresh_rules(caller, directory).proposal.proposal.id
    (directory / "aetna/biologics.yaml").write_text(text)
    assert library.refresh_rules(caller, directory).proposal is None
    assert standing(caller, old)[0].state is ProposalState.SUPERSEDED


def test_rejected_files_come_again_only_by_a_person(caller, directory):
    edit(directory)
    wanted = library.refresh_rules(caller, directory).proposal.proposal.id
    ada, _ben = two_people(caller)
    do(activating.reject, caller, ada, wanted, "The payer took its bulletin back.")
    found, _stamp = standing(caller, wanted)
    assert (found.state, found.acts[-1].reason) == (ProposalState.REJECTED, "The payer took its bulletin back.")
    assert library.refresh_rules(caller, directory).put_forward is False
    assert proposals.open_proposals(caller.session, caller.practice_id, "") == ()
    offered = activating.offer_again(replace(caller, user_id=ada), wanted, Word(new_id(), ""))
    twice = activating.offer_again(replace(caller, user_id=ada), wanted, Word(new_id(), ""))
    assert (twice.again, twice.proposal) == (True, offered.proposal)
    (again,) = proposals.open_proposals(caller.session, caller.practice_id, "")
    assert (again.proposal.id, again.proposal.by) == (offered.proposal, ada)
    do(activating.reject, caller, ada, again.proposal.id, "Still not.")
    assert library.refresh_rules(caller, directory, again=True).put_forward is True


def test_former_rules_come_back_by_one_person_and_nothing_is_deleted(caller, heard, directory):
    first = in_force(caller)
    edit(directory)
    second = put_in_force(caller, directory)
    ada, ben = two_people(caller)
    heard.clear()
    put_back(caller, ada)
    assert in_force(caller) == first
    assert heard == [Changed(payers=frozenset({"aetna"}))]
    assert [one.version for one in proposals.reigns(caller.session, caller.practice_id)] == [first, second, first]
    with pytest.raises(RefusedActError, match="nothing to put back"):
        put_back(caller, ben)
    assert library.refresh_rules(caller, directory).put_forward is False


def test_who_saw_other_rules_in_force_is_stale_and_an_old_asking_counts_no_more(caller, directory, tmp_path):
    other = tmp_path / "other"
    shutil.copytree(directory, other)
    edit(other, new="approval: unknown")
    edit(directory)
    one = library.refresh_rules(caller, directory).proposal.proposal.id
    two = library.refresh_rules(caller, other).proposal.proposal.id
    ada, ben = two_people(caller)
    do(activating.ask_for, caller, ada, one)
    do(activating.ask_for, caller, ada, two)
    seen = standing(caller, two)[1]
    caller.clock.instant += timedelta(minutes=1)
    do(activating.accept, caller, ben, one)
    with pytest.raises(StaleActError):
        activating.accept(replace(caller, user_id=ben), two, Word(new_id(), seen))
    assert standing(caller, two)[0].state is ProposalState.WAITING
    with pytest.raises(RefusedActError, match="Ask for it first"):
        do(activating.accept, caller, ben, two)


def test_a_list_that_all_payers_share_touches_every_visit(caller, heard, directory):
    edit(directory, "rule:", "rule: Read again.", "_grid/service_grid.yaml")
    put_in_force(caller, directory)
    assert [(one.payers, one.practice) for one in heard] == [(frozenset({"aetna", "medicare_ffs"}), True)]


def test_a_start_puts_other_shipped_files_forward_once_and_says_so(caller, heard, tmp_path, monkeypatch):
    for name in ("_grid", "aetna", "medicare_ffs"):
        shutil.copytree(library.SHIPPED / name, tmp_path / "shipped" / name)
    monkeypatch.setattr(library, "SHIPPED", tmp_path / "shipped")
    assert bring_rules_in(caller) is None
    before = in_force(caller)
    edit(tmp_path / "shipped")
    assert "stay until two people accept the new ones" in bring_rules_in(caller)
    assert bring_rules_in(caller) is None
    (waits,) = proposals.open_proposals(caller.session, caller.practice_id, before)
    assert (waits.proposal.origin, waits.proposal.by, in_force(caller)) == (Origin.SHIPPED, None, before)
    edit(tmp_path / "shipped", "approval: notification", "approval: maybe")
    assert "so the rules in force stay as they were" in bring_rules_in(caller)
    (still,) = proposals.open_proposals(caller.session, caller.practice_id, before)
    assert (still.proposal.id, in_force(caller)) == (waits.proposal.id, before)


def at_once(database_url, *acts):
    """Do acts at the same time, each through a session of its own. Returns what came of each."""
    came = {}
    begin = threading.Barrier(len(acts))

    def run(number, act, person, proposal_id, word):
        engine = engine_of(make_url(database_url))
        try:
            with session_on(engine, make.keys()) as session:
                caller = Caller(session, make.PRACTICE_ID, make.clock(), user_id=person)
                begin.wait(20)
                came[number] = act(caller, proposal_id, word)
        except (StaleActError, RefusedActError) as error:
            came[number] = error
        finally:
            engine.dispose()

    threads = [threading.Thread(target=run, args=(number, *one)) for number, one in enumerate(acts)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    return [came[number] for number in range(len(acts))]


def test_one_form_sent_twice_at_once_puts_the_set_in_force_once(caller, directory, database_url):
    edit(directory)
    wanted = library.refresh_rules(caller, directory).proposal.proposal
    ada, ben = two_people(caller)
    do(activating.ask_for, caller, ada, wanted.id)
    word = Word(new_id(), standing(caller, wanted.id)[1])
    caller.session.rollback()
    came = at_once(database_url, *[(activating.accept, ben, wanted.id, word)] * 2)
    assert sorted(one.again for one in came) == [False, True]
    caller.session.rollback()
    assert [one.version for one in proposals.reigns(caller.session, caller.practice_id)][1:] == [wanted.version]


def test_of_two_people_who_decide_otherwise_at_once_one_comes_too_late(caller, directory, database_url):
    edit(directory)
    wanted = library.refresh_rules(caller, directory).proposal.proposal
    ada, ben = two_people(caller)
    do(activating.ask_for, caller, ada, wanted.id)
    stamp = standing(caller, wanted.id)[1]
    caller.session.rollback()
    came = at_once(
        database_url,
        (activating.accept, ben, wanted.id, Word(new_id(), stamp)),
        (activating.reject, ada, wanted.id, Word(new_id(), stamp, "Not yet.")),
    )
    assert sum(isinstance(one, StaleActError) for one in came) == 1
    caller.session.rollback()
    accepted = not isinstance(came[0], StaleActError)
    assert (in_force(caller) == wanted.version) is accepted
