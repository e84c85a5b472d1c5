"""Which visits can a change touch? Told by the content of their lines alone, once for all visits of equal content."""

from collections.abc import Callable, Iterator
from typing import NamedTuple
from uuid import UUID

from app.clearance.facts.verdicts import ClassAnswer
from app.rule_changes.rules.impact_reach import Touched
from app.schedule.facts import ServiceLine
from app.schedule.rules.packing import unpack_lines

Classify = Callable[[str, tuple[str, ...], frozenset[str]], ClassAnswer]
NO_ID = UUID(int=0)
KEPT = 200_000  # contents remembered; a book of a million lines has about half as many


class Sifted(NamedTuple):
    """Whose visits of one content a change can touch.

    `everybody`: whoever's. `charted`: those of patients with clinical facts on file, which may show a trigger that the
    lines do not. `payers`: those of their members.
    """

    everybody: bool = False
    charted: bool = False
    payers: frozenset[str] = frozenset()


class Sieve:
    """Tells for the content of a visit whom a change can touch.

    Takes     what the change touches; how codes are classed under the rules in force, and under the others.
    """

    def __init__(self, touched: Touched, was: Classify, will: Classify) -> None:
        self._touched, self._was, self._will = touched, was, will
        self._kept: dict[str, Sifted] = {}
        self._alike: dict[Sifted, Sifted] = {}

    def of(self, content: str) -> Sifted:
        """Look at the packed lines of one visit."""
        found = self._kept.get(content)
        if found is None:
            if len(self._kept) >= KEPT:
                self._kept.clear()
            found = self._look(content)
            found = self._kept[content] = self._alike.setdefault(found, found)
        return found

    def _look(self, content: str) -> Sifted:
        touched = self._touched
        lines = [ServiceLine(NO_ID, position, *packed) for position, packed in unpack_lines(content)]
        codes = {line.code for line in lines if line.code is not None}
        drugs = [line.drug for line in lines if line.drug is not None]
        if touched.other_drug(codes, drugs) or any(self._classed_otherwise(line) for line in lines):
            return Sifted(everybody=True)
        graded = not touched.reach.every_code.isdisjoint(codes)
        return Sifted(charted=graded, payers=touched.payers_of(codes, drugs))

    def _classed_otherwise(self, line: ServiceLine) -> bool:
        """Say whether a line, or a code of its services of the grid that is asked for with it, is of another class."""
        return any(
            self._touched.other_code(code)
            or self._was(code, line.diagnoses, line.documented) != self._will(code, line.diagnoses, line.documented)
            for code in self._asked(line)
        )

    def _asked(self, line: ServiceLine) -> Iterator[str]:
        if line.code is not None:
            yield from self._touched.kin(line.code)
