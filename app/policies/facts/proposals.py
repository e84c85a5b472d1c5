"""Rule sets that wait for people: who put them forward, what was done with them, and which one was in force when."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from uuid import UUID


class Origin(StrEnum):
    """Where the files of a proposal came from."""

    SHIPPED = "shipped"
    SAMPLE = "sample"
    DIRECTORY = "directory"


class ProposalAct(StrEnum):
    """What was done with a proposal, or (RESTORE) with the rules in force. The program itself only supersedes."""

    ASK = "ask"
    ACCEPT = "accept"
    REJECT = "reject"
    SUPERSEDE = "supersede"
    RESTORE = "restore"


class ProposalState(StrEnum):
    """How far a proposal has come: WAITING for a first person, ASKED: for a second one; the others are ends."""

    WAITING = "waiting"
    ASKED = "asked"
    ACCEPTED = "accepted"
    REJECTED = "rejected"
    SUPERSEDED = "superseded"


OPEN = frozenset({ProposalState.WAITING, ProposalState.ASKED})
"""States in which something can still be done with a proposal."""


@dataclass(frozen=True, slots=True)
class Offered:
    """Files that are offered as a rule set: by name, their hash, where they came from.

    `again`: also when people decided on the same files before.
    """

    files: Mapping[str, bytes]
    stamp: str
    origin: Origin
    folder: str | None
    again: bool = False


@dataclass(frozen=True, slots=True)
class Proposal:
    """A rule set that was put forward.

    `files`    the hash of the files' names and bytes.
    `folder`   the last part of the directory's name, where a directory was named.
    `by`       who put it forward; None: the program at its start, or the command line.
    """

    id: UUID
    version: str
    files: str
    origin: Origin
    folder: str | None
    at: datetime
    by: UUID | None


@dataclass(frozen=True, slots=True)
class DoneAct:
    """One act, under the id that the form carried: done twice, it counts once.

    `proposal`   None for RESTORE.
    `basis`      the version that was in force when it was done: what the person compared with.
    `in_force`   the row that it put in force: of ACCEPT and RESTORE.
    `reason`     why, in the person's own words: of REJECT.
    """

    id: UUID
    kind: ProposalAct
    proposal: UUID | None
    basis: str
    at: datetime
    by: UUID | None
    in_force: UUID | None = None
    reason: str | None = None


@dataclass(frozen=True, slots=True)
class Standing:
    """A proposal with its acts, the oldest first, and what they make of it."""

    proposal: Proposal
    acts: tuple[DoneAct, ...]
    state: ProposalState

    @property
    def asked_by(self) -> UUID | None:
        """Who asked for it last."""
        return next((one.by for one in reversed(self.acts) if one.kind is ProposalAct.ASK), None)


@dataclass(frozen=True, slots=True)
class Reign:
    """One time at which a rule set came into force. `restored`: a person put a former one back."""

    id: UUID
    version: str
    files: str
    shipped: bool
    since: datetime
    restored: bool = False


@dataclass(frozen=True, slots=True)
class Begun:
    """A rule set that came into force just now: the id of the time in force, and the payers whose answers may differ.

    `everybody`: a list that all payers share differs, so that every visit is judged anew, a little later.
    """

    id: UUID
    payers: frozenset[str]
    everybody: bool


@dataclass(frozen=True, slots=True)
class HistoryLine:
    """One time in force, and how it came: `act` None: the first set, which the program put in force itself."""

    reign: Reign
    act: DoneAct | None
    asked: DoneAct | None


@dataclass(frozen=True, slots=True)
class RuleSetHistory:
    """The times in force, the newest first, and what was put forward, the newest first.

    `former`: the time in force whose set one person may put back. `names`: of the people, by id.
    """

    reigns: tuple[HistoryLine, ...]
    proposals: tuple[Standing, ...]
    former: Reign | None
    names: Mapping[UUID | None, str]
