"""What we answer to an interchange or to a functional group that we received."""

from dataclasses import dataclass

from app.standards.errors import ReadingError
from app.standards.x12.facts import Group, Interchange


@dataclass(frozen=True, slots=True)
class InterchangeAnswer:
    """An interchange that a TA1 answers, and why it is refused as a whole; None: it was taken in."""

    interchange: Interchange
    fault: ReadingError | None = None


@dataclass(frozen=True, slots=True)
class SegmentFault:
    """A segment that could not be read: its id, its position in the set (the ST is 1), and the code of IK304."""

    segment_id: str
    position: int
    code: str


@dataclass(frozen=True, slots=True)
class SetAnswer:
    """A set that was received; it is accepted when it has no fault. `reasons`: codes of IK502 and behind."""

    set_id: str
    control: str
    version: str
    reasons: tuple[str, ...] = ()
    faults: tuple[SegmentFault, ...] = ()

    @property
    def accepted(self) -> bool:
        """Say whether it was taken in."""
        return not (self.reasons or self.faults)


@dataclass(frozen=True, slots=True)
class GroupAnswer:
    """A functional group, what came of each of its sets, and the interchange in which it came."""

    group: Group
    sets: tuple[SetAnswer, ...]
    interchange: Interchange | None = None

    @property
    def accepted(self) -> int:
        """Count the sets that were taken in."""
        return sum(one.accepted for one in self.sets)

    @property
    def status(self) -> str:
        """Give AK901: A all sets accepted, P some, R none."""
        if self.accepted == len(self.sets):
            return "A"
        return "P" if self.accepted else "R"
