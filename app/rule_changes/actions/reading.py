"""Read what was put forward, what it says otherwise, what it would change, and which rules were in force when."""

from uuid import UUID

from app.clearance.actions.opening import saw
from app.patients import store as patient_store
from app.platform.caller import Caller
from app.policies.actions.basics import today_of, zone_of
from app.policies.actions.library import policies_of_version
from app.policies.actions.versions import history_lines
from app.policies.facts.conflicts import Conflict
from app.policies.facts.grid import PolicySet
from app.policies.facts.proposals import OPEN, Reign
from app.policies.facts.set_differences import SetDifferences
from app.policies.rules.conflicts import conflicts
from app.policies.rules.proposals import former_of
from app.policies.rules.set_differences import set_differences
from app.policies.store import proposals as store
from app.policies.store.practice import practice_rules
from app.practice.store.staff import staff_of
from app.rule_changes.actions.activating import ProposalNotFoundError
from app.rule_changes.actions.impact import impact_of
from app.rule_changes.facts.pages import PAGE_SIZE, ImpactDetail, NewRules, People, ProposalDetail, ReignDetail
from app.rule_changes.rules.people import second_people

SHOWN = 50
"""Visits, and cases, that the page of an impact names; it counts all of them."""
_compared: dict[tuple[str, str], SetDifferences] = {}
_MOST_COMPARED = 64


def read_list(caller: Caller, after: UUID | None = None, earlier: UUID | None = None) -> NewRules:
    """Read one page of what was put forward, and one of what was in force, the newest first."""
    session, practice_id = caller.session, caller.practice_id
    reigns = store.reigns(session, practice_id)
    in_force = reigns[-1].version if reigns else ""
    standings = store.proposals(session, practice_id, in_force, most=PAGE_SIZE + 1, after=after)
    lines = history_lines(caller, reigns)
    rest = [one for one in lines if earlier is None or one.reign.id < earlier]
    return NewRules(
        proposals=standings[:PAGE_SIZE],
        next=standings[PAGE_SIZE - 1].proposal.id if len(standings) > PAGE_SIZE else None,
        history=tuple(rest[:PAGE_SIZE]),
        earlier=rest[PAGE_SIZE - 1].reign.id if len(rest) > PAGE_SIZE else None,
        current=reigns[-1] if reigns else None,
        former=former_of(reigns),
        people=_people(caller),
    )


def read_proposal(caller: Caller, proposal_id: UUID) -> ProposalDetail:
    """Read one set that was put forward, compared with the rules in force. Raises ProposalNotFoundError."""
    session, practice_id = caller.session, caller.practice_id
    reigns = store.reigns(session, practice_id)
    standing = store.proposal(session, practice_id, proposal_id, reigns[-1].version) if reigns else None
    if standing is None:
        raise ProposalNotFoundError
    version = standing.proposal.version
    return ProposalDetail(
        standing=standing,
        current=reigns[-1],
        differences=_differences(caller, reigns[-1].version, version),
        conflicts=_conflicts(caller, reigns[-1], version) if standing.state in OPEN else (),
        others=second_people(staff_of(session, practice_id), caller.user_id),
        people=_people(caller),
    )


def read_impact(caller: Caller, proposal_id: UUID) -> ImpactDetail:
    """Read what a set would change were it in force, and note whom the page shows. Raises ProposalNotFoundError."""
    detail = read_proposal(caller, proposal_id)
    policies = _policies(caller, detail.standing.proposal.version)
    impact = impact_of(caller, policies)
    visits, cases = impact.visits[:SHOWN], impact.cases[:SHOWN]
    named = list(dict.fromkeys([*(one.patient_id for one in visits), *(one.patient_id for one in cases)]))
    patients = patient_store.opened(caller.session, caller.practice_id, named)
    saw(caller, "rule_changes.impact_listed", [*named, *(one.visit_id for one in visits)])
    return ImpactDetail(detail, impact, patients)


def read_reign(caller: Caller, reign_id: UUID) -> ReignDetail:
    """Read one time in force with what it said otherwise than the rules before. Raises ProposalNotFoundError."""
    reigns = store.reigns(caller.session, caller.practice_id)
    lines = history_lines(caller, reigns)
    place = next((place for place, one in enumerate(lines) if one.reign.id == reign_id), None)
    if place is None:
        raise ProposalNotFoundError
    before = lines[place + 1].reign if place + 1 < len(lines) else None
    version = lines[place].reign.version
    found = _differences(caller, before.version, version) if before is not None else SetDifferences((), ())
    return ReignDetail(lines[place], before, found, _people(caller))


def _policies(caller: Caller, version: str) -> PolicySet:
    found = policies_of_version(caller.session, caller.practice_id, version)
    assert found is not None
    return found


def _differences(caller: Caller, before: str, after: str) -> SetDifferences:
    """Compare two sets; neither ever changes, so the answer is kept."""
    if (before, after) not in _compared:
        if len(_compared) >= _MOST_COMPARED:
            _compared.clear()
        _compared[before, after] = set_differences(_policies(caller, before), _policies(caller, after))
    return _compared[before, after]


def _conflicts(caller: Caller, current: Reign, version: str) -> tuple[Conflict, ...]:
    """Where the set comes apart with the practice's own rules that hold or will hold."""
    today = today_of(caller)
    rules = practice_rules(caller.session, caller.practice_id)
    holding = [one for one in rules if one.span.ends is None or one.span.ends >= today]
    return conflicts(holding, _policies(caller, current.version), _policies(caller, version))


def _people(caller: Caller) -> People:
    names: dict[UUID | None, str] = {one.id: one.name for one in staff_of(caller.session, caller.practice_id)}
    return People(names, zone_of(caller), caller.user_id)
