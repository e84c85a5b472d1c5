"""Acts with rule sets: ask for one, accept it as another person, reject it, put former rules back, offer it anew.

Each is done by a person, once a form, and audited. They run one after another, so that two people who act at the same
time do not both succeed with what only one of them saw.
"""

from dataclasses import replace
from typing import NoReturn
from uuid import UUID

from sqlalchemy.orm import Session

from app.audit.actions import record
from app.platform.caller import Caller
from app.platform.changes import announced
from app.platform.db import writing
from app.platform.ids import new_id
from app.policies.actions.library import bring_into_force
from app.policies.facts.proposals import OPEN, Begun, DoneAct, Origin, ProposalAct, ProposalState, Reign, Standing
from app.policies.facts.records import InForce
from app.policies.rules.proposals import former_of, stamp_of, stamp_of_reign
from app.policies.store import proposals, rule_sets
from app.practice.facts.staff import Permission, Staff
from app.practice.store.staff import staff_of
from app.rule_changes.facts.acts import ActDone, Word
from app.rule_changes.rules.people import second_people, second_person_words, who_may


class ProposalNotFoundError(Exception):
    """No such rule set was put forward here."""


class RefusedActError(Exception):
    """The act is not open to this person, or not at this time; the text says what to do."""


class StaleActError(Exception):
    """Somebody did something with the rules since the page was opened; nothing was done."""


def ask_for(caller: Caller, proposal_id: UUID, word: Word) -> ActDone:
    """Ask that a proposal be put in force, as the first of two people. Raises the three errors of this module."""
    with writing(caller.session) as session:
        if _done_before(session, caller, word):
            return ActDone(again=True)
        standing, reign = _held(session, caller, proposal_id, word)
        _person(caller, session)
        if standing.state is not ProposalState.WAITING:
            raise RefusedActError("It was asked for already. A second person can accept it now.")
        _note(caller, session, word, ProposalAct.ASK, standing, reign)
        record(caller, "rule_changes.asked", (proposal_id,), version=standing.proposal.version[:16])
    return ActDone()


def accept(caller: Caller, proposal_id: UUID, word: Word) -> ActDone:
    """Put a proposal in force, as another person than the one who asked for it; its visits are judged anew.

    Raises the three errors of this module.
    """
    with announced(caller) as session:
        if _done_before(session, caller, word):
            return ActDone(again=True)
        standing, reign = _held(session, caller, proposal_id, word)
        person = _person(caller, session)
        if standing.state is not ProposalState.ASKED:
            raise RefusedActError("Nobody has asked for it yet. Ask for it first; another person accepts it then.")
        if person.id == standing.asked_by:
            raise RefusedActError(second_person_words(second_people(_staff(caller, session), person.id)))
        proposal = standing.proposal
        shipped = proposal.origin is Origin.SHIPPED
        begun = _begin(caller, session, InForce(proposal.version, proposal.files, shipped, caller.clock.now()))
        _note(caller, session, word, ProposalAct.ACCEPT, standing, reign, in_force=begun.id)
        _let_equals_go(caller, session, proposal.version, proposal_id)
        record(
            caller, "rule_changes.accepted", (proposal_id,), version=proposal.version[:16], asked_by=standing.asked_by
        )
    return ActDone(_changed(caller), undo=stamp_of_reign(begun.id), later=begun.everybody)


def reject(caller: Caller, proposal_id: UUID, word: Word) -> ActDone:
    """Reject a proposal with a reason; the rules in force stay. Raises the three errors of this module."""
    with writing(caller.session) as session:
        if _done_before(session, caller, word):
            return ActDone(again=True)
        standing, reign = _held(session, caller, proposal_id, word)
        _person(caller, session)
        _note(caller, session, word, ProposalAct.REJECT, standing, reign, reason=word.reason)
        record(caller, "rule_changes.rejected", (proposal_id,), version=standing.proposal.version[:16])
    return ActDone()


def put_back(caller: Caller, word: Word) -> ActDone:
    """Put the rules that were in force before back in force: the quick way out, for one person alone.

    Raises    RefusedActError where no others were in force before; StaleActError.
    """
    with announced(caller) as session:
        if _done_before(session, caller, word):
            return ActDone(again=True)
        reigns = proposals.reigns(session, caller.practice_id)
        if not reigns or word.stamp != stamp_of(None, reigns[-1]):
            raise StaleActError
        _person(caller, session)
        former = former_of(reigns)
        if former is None:
            raise RefusedActError("No other rules were in force before these. There is nothing to put back.")
        now = caller.clock.now()
        begun = _begin(caller, session, InForce(former.version, former.files, former.shipped, now))
        act = DoneAct(word.once, ProposalAct.RESTORE, None, reigns[-1].version, now, caller.user_id, begun.id)
        proposals.add_act(session, caller.practice_id, act)
        record(caller, "rule_changes.put_back", version=former.version[:16], instead_of=reigns[-1].version[:16])
    return ActDone(_changed(caller), later=begun.everybody)


def offer_again(caller: Caller, proposal_id: UUID, word: Word) -> ActDone:
    """Put a set forward again that was rejected, superseded or taken out of force. Raises the errors of this module."""
    with writing(caller.session) as session:
        standing, reign = _held(session, caller, proposal_id, None)
        _person(caller, session)
        of_same = proposals.proposals_of_files(session, caller.practice_id, standing.proposal.files, reign.version)
        waiting = next((one for one in of_same if one.state in OPEN), None)
        if waiting is not None:
            return ActDone(again=True, proposal=waiting.proposal.id)
        if standing.proposal.version == reign.version:
            raise RefusedActError("These rules are in force. There is nothing to put forward.")
        content = rule_sets.rule_set(session, caller.practice_id, standing.proposal.version)
        assert content is not None
        made = replace(standing.proposal, id=new_id(), at=caller.clock.now(), by=caller.user_id)
        proposals.add_proposal(session, caller.practice_id, made, content)
        record(caller, "policies.put_forward", (made.id,), version=made.version[:16], origin=made.origin)
    return ActDone(proposal=made.id)


def _done_before(session: Session, caller: Caller, word: Word) -> bool:
    """Say whether this form came before, also a moment ago: acts run one after another from here on."""
    proposals.hold_rules_in_force(session, caller.practice_id)
    return proposals.was_done(session, caller.practice_id, word.once)


def _held(session: Session, caller: Caller, proposal_id: UUID, word: Word | None) -> tuple[Standing, Reign]:
    """The proposal and the rules in force as they are now, held until the transaction ends."""
    proposals.hold_rules_in_force(session, caller.practice_id)
    reign = proposals.reigns(session, caller.practice_id)[-1]
    standing = proposals.proposal(session, caller.practice_id, proposal_id, reign.version)
    if standing is None:
        raise ProposalNotFoundError
    if word is not None and (word.stamp != stamp_of(standing, reign) or standing.state not in OPEN):
        raise StaleActError
    return standing, reign


def _begin(caller: Caller, session: Session, entry: InForce) -> Begun:
    content = rule_sets.rule_set(session, caller.practice_id, entry.version)
    assert content is not None
    return bring_into_force(caller, session, content, entry)


def _note(
    caller: Caller,
    session: Session,
    word: Word,
    kind: ProposalAct,
    standing: Standing,
    reign: Reign,
    *,
    in_force: UUID | None = None,
    reason: str | None = None,
) -> None:
    now, about = caller.clock.now(), standing.proposal.id
    act = DoneAct(word.once, kind, about, reign.version, now, caller.user_id, in_force, reason)
    proposals.add_act(session, caller.practice_id, act)


def _let_equals_go(caller: Caller, session: Session, version: str, accepted: UUID) -> None:
    """End other open proposals of the very set that is in force now: nothing is left to decide on them."""
    for one in proposals.open_proposals(session, caller.practice_id, version):
        if one.proposal.version == version and one.proposal.id != accepted:
            now, about = caller.clock.now(), one.proposal.id
            act = DoneAct(new_id(), ProposalAct.SUPERSEDE, about, version, now, caller.user_id)
            proposals.add_act(session, caller.practice_id, act)
            record(caller, "policies.superseded", (about,), version=version[:16])


def _staff(caller: Caller, session: Session) -> tuple[Staff, ...]:
    return staff_of(session, caller.practice_id)


def _person(caller: Caller, session: Session) -> Staff:
    """Who acts: a person who may change rules. The command line and jobs are nobody."""
    people = who_may(_staff(caller, session))
    found = next((one for one in people if one.id == caller.user_id), None)
    if found is None:
        _refuse_nobody()
    return found


def _refuse_nobody() -> NoReturn:
    raise RefusedActError(f"Only a person with the right {Permission.EDIT_RULES.value.replace('_', ' ')} can do this.")


def _changed(caller: Caller) -> int:
    return int(caller.session.info.get("visits_changed", 0))
