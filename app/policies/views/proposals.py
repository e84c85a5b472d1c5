"""Proposed rule sets in words: where they came from, how far they have come, what loading a directory did."""

from collections.abc import Iterator, Mapping
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from app.policies.facts.proposals import HistoryLine, Origin, Proposal, ProposalAct, ProposalState, RuleSetHistory
from app.policies.facts.records import Loaded
from app.values.wording import counted, short_day

STATE_WORDS = {
    ProposalState.WAITING: "Waits for a person to look at it",
    ProposalState.ASKED: "Asked for, waits for a second person",
    ProposalState.ACCEPTED: "Accepted",
    ProposalState.REJECTED: "Rejected",
    ProposalState.SUPERSEDED: "Newer rules took its place",
}
SHOWN_OF_VERSION = 12
_HOW = (
    "They come into force when a person who may change rules asks for them on the page Rules, New rules, and another "
    "such person accepts them there."
)


def short_version(version: str) -> str:
    """The part of a version by which people name it."""
    return version[:SHOWN_OF_VERSION]


def origin_words(proposal: Proposal) -> str:
    """Where the files of a proposal came from."""
    return {
        Origin.SHIPPED: "The files that came with the program",
        Origin.SAMPLE: "The files of the sample practice",
        Origin.DIRECTORY: f"The directory {proposal.folder}",
    }[proposal.origin]


def loaded_words(loaded: Loaded) -> Iterator[str]:
    """Say what loading a directory did, one sentence a line."""
    standing = loaded.proposal
    if standing is None:
        payers = ", ".join(sorted(loaded.payers)) or "none"
        yield f"Rules {short_version(loaded.version)} are in force. Payers whose rules changed: {payers}."
        return
    version = short_version(standing.proposal.version)
    if loaded.put_forward:
        yield f"Rules {version} are put forward; rules {short_version(loaded.version)} stay in force."
        yield _HOW
    elif standing.state in (ProposalState.WAITING, ProposalState.ASKED):
        yield f"Rules {version} were put forward before. {STATE_WORDS[standing.state]}."
        yield _HOW
    else:
        yield (
            f"Rules {version} were put forward before: {STATE_WORDS[standing.state].lower()}. Rules "
            f"{short_version(loaded.version)} stay in force. To put them forward again, add --again."
        )


def history_words(line: HistoryLine, names: Mapping[UUID | None, str]) -> str:
    """How a rule set came into force."""
    if line.act is None:
        return "The first rules at this practice"
    by = _who(line.act.by, names)
    if line.act.kind is ProposalAct.RESTORE:
        return f"Put back by {by}"
    if line.asked is None:
        return f"Accepted by {by}"
    return f"Asked for by {_who(line.asked.by, names)}, accepted by {by}"


def put_forward_words(proposal: Proposal, names: Mapping[UUID | None, str]) -> str:
    """Who put a set forward: a person, the program at its start, or the command line."""
    if proposal.by is not None:
        return _who(proposal.by, names)
    return "the command line" if proposal.origin is Origin.DIRECTORY else "the program"


def waiting_words(count: int) -> str | None:
    """The notice for whoever may change rules; None where nothing waits."""
    if not count:
        return None
    return (
        "New payer rules wait for you to look at them."
        if count == 1
        else (f"{counted(count, 'set')} of new payer rules wait for you to look at them.")
    )


def versions_lines(found: RuleSetHistory, zone: ZoneInfo) -> Iterator[str]:
    """The history and the proposals, one sentence a line."""
    yield "In force:" if found.reigns else "No rule set is in force yet: 'policies load' puts the first one in force."
    for line in found.reigns:
        since = short_day(line.reign.since.astimezone(zone).date())
        yield f"  {short_version(line.reign.version)} since {since}. {history_words(line, found.names)}."
    yield "Put forward:" if found.proposals else "Nothing was ever put forward."
    for one in found.proposals:
        on = short_day(one.proposal.at.astimezone(zone).date())
        by = put_forward_words(one.proposal, found.names)
        yield f"  {short_version(one.proposal.version)} on {on} by {by}. {STATE_WORDS[one.state]}."


def versions_object(found: RuleSetHistory) -> dict[str, Any]:
    """The same for programs. People are named by their ids."""
    return {
        "in_force": [
            {
                "version": line.reign.version,
                "since": line.reign.since.isoformat(),
                "how": line.act.kind.value if line.act is not None else "first",
                "by": _id(line.act.by if line.act is not None else None),
                "asked_by": _id(line.asked.by if line.asked is not None else None),
            }
            for line in found.reigns
        ],
        "put_forward": [
            {
                "id": str(one.proposal.id),
                "version": one.proposal.version,
                "origin": one.proposal.origin.value,
                "at": one.proposal.at.isoformat(),
                "by": _id(one.proposal.by),
                "state": one.state.value,
            }
            for one in found.proposals
        ],
    }


def _who(staff_id: UUID | None, names: Mapping[UUID | None, str]) -> str:
    return names.get(staff_id, "a person who is no longer on file") if staff_id is not None else "the program"


def _id(staff_id: UUID | None) -> str | None:
    return str(staff_id) if staff_id is not None else None
