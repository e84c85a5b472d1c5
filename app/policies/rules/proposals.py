"""What becomes of a proposed rule set: its state, what files may be put forward, which set a person may put back."""

from collections.abc import Sequence
from uuid import UUID

from app.policies.facts.proposals import OPEN, DoneAct, Origin, Proposal, ProposalAct, ProposalState, Reign, Standing

_ENDS = {
    ProposalAct.ACCEPT: ProposalState.ACCEPTED,
    ProposalAct.REJECT: ProposalState.REJECTED,
    ProposalAct.SUPERSEDE: ProposalState.SUPERSEDED,
}


def state_of(acts: Sequence[DoneAct], in_force: str) -> ProposalState:
    """The state that acts make, given the version now in force.

    Who asked for it compared it with the rules in force then: once others are in force, it is to be asked for anew.
    """
    ends = [_ENDS[one.kind] for one in acts if one.kind in _ENDS]
    if ends:
        return ends[0]
    asked = any(one.kind is ProposalAct.ASK and one.basis == in_force for one in acts)
    return ProposalState.ASKED if asked else ProposalState.WAITING


def standing_of(proposal: Proposal, acts: Sequence[DoneAct], in_force: str) -> Standing:
    """A proposal with its acts and their state."""
    return Standing(proposal, tuple(acts), state_of(acts, in_force))


def known_before(files: str, standings: Sequence[Standing]) -> bool:
    """Say whether the program is to leave files alone: they wait, or a person decided on them before."""
    return any(one.proposal.files == files and one.state is not ProposalState.SUPERSEDED for one in standings)


def superseded_by(
    origin: Origin, folder: str | None, standings: Sequence[Standing], files: str | None = None
) -> tuple[Standing, ...]:
    """The open proposals of an origin that newer files take the place of; those of the same `files` stay."""
    return tuple(
        one
        for one in standings
        if one.state in OPEN
        and (one.proposal.origin, one.proposal.folder) == (origin, folder)
        and one.proposal.files != files
    )


def former_of(reigns: Sequence[Reign]) -> Reign | None:
    """The rule set that one person may put back: the one before that in force, what was put back left out.

    Takes     every time at which a set came into force, the oldest first.
    Returns   None while no other set was in force. A set that was taken out of force this way never comes back by it:
              it is put forward anew.
    """
    standing: list[Reign] = []
    for one in reigns:
        if one.restored:
            while standing and standing[-1].version != one.version:
                standing.pop()
        if standing and standing[-1].version == one.version:
            standing[-1] = one
        else:
            standing.append(one)
    return standing[-2] if len(standing) > 1 else None


def stamp_of(standing: Standing | None, reign: Reign) -> str:
    """What a form saw: the number of acts, and which set was in force. Another stamp now means that it is stale."""
    return stamp_of_reign(reign.id, len(standing.acts) if standing is not None else 0)


def stamp_of_reign(reign_id: UUID, acts: int = 0) -> str:
    """The stamp of a time in force, with no proposal or with one of so many acts."""
    return f"{acts}-{reign_id.hex}"
