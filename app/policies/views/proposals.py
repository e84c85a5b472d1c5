"""Proposed rule sets in words: where they came from, how far they have come, what loading a directory did."""

from collections.abc import Iterator

from app.policies.facts.proposals import Origin, Proposal, ProposalState
from app.policies.facts.records import Loaded

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
