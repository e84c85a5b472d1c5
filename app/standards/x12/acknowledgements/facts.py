"""What we answer to a functional group that we received."""

from dataclasses import dataclass

from app.standards.x12.facts import Group


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
    """A functional group and what came of each of its sets."""

    group: Group
    sets: tuple[SetAnswer, ...]

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
