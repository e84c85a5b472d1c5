"""The lines of a patient's booked visits as they were judged last, without judging them again."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import lru_cache
from uuid import UUID

from app.authorizations.facts import Authorization
from app.clearance.facts.stored import Stored
from app.clearance.facts.verdicts import LineVerdict
from app.clearance.rules.packing import StoredLine, unpack
from app.policies.facts.answers import Confidence, Grounds, Need, Requirement
from app.schedule.facts import Visit, VisitStatus

Today = Callable[[UUID], date]
"""The day that it is at a site."""


@dataclass(frozen=True, slots=True)
class Book:
    """What is on file of one patient, as far as clocks need it.

    `lines` are the judged lines in order of time: those of booked visits, and of done ones too where `judged`, because
    they were judged just now; none where it is `unknown` what was judged of them. `day` is the earliest day that it is
    at a site of the practice, `today` that of one site. `ahead` are the lines of visits from today on, `by_approval`
    all lines by the authorization that was held against them.
    """

    patient_id: UUID
    authorizations: tuple[Authorization, ...]
    visits: tuple[Visit, ...]
    lines: tuple[LineVerdict, ...]
    judged: bool
    day: date
    today: Today
    unknown: bool = False
    ahead: tuple[LineVerdict, ...] = field(init=False)
    by_approval: Mapping[UUID, Sequence[LineVerdict]] = field(init=False)

    def __post_init__(self) -> None:
        booked = [one for one in self.lines if one.visit.status is VisitStatus.BOOKED]
        ahead = tuple(one for one in booked if one.visit.day >= self.today(one.visit.site_id))
        by_approval: dict[UUID, list[LineVerdict]] = {}
        for one in self.lines:
            if one.chosen is not None:
                by_approval.setdefault(one.chosen.id, []).append(one)
        object.__setattr__(self, "ahead", ahead)
        object.__setattr__(self, "by_approval", by_approval)

    def held_against(self, row: Authorization) -> Sequence[LineVerdict]:
        """The lines that an authorization was held against, in order of time."""
        return self.by_approval.get(row.id, ())


def recalled(
    visits: Iterable[Visit], stored: Mapping[UUID, Stored], rows: Iterable[Authorization], today: Today
) -> tuple[LineVerdict, ...] | None:
    """Call the lines of booked visits back from what is stored of them.

    Takes     a patient's visits; what is stored, by visit; the patient's authorizations; the day at each site.
    Returns   the lines of booked visits in order of time; None where a visit from today on was not judged, or not for
              today: then the patient must be judged.
    """
    chosen = {row.id: row for row in rows}
    found: list[LineVerdict] = []
    for visit in visits:
        if visit.status is not VisitStatus.BOOKED:
            continue
        day, kept = today(visit.site_id), stored.get(visit.id)
        lines = unpack(kept.content) if kept is not None else ()
        if kept is None or len(lines) != len(visit.lines) or (kept.changes_on is not None and kept.changes_on <= day):
            if visit.day >= day:
                return None
            continue
        in_order = sorted(visit.lines, key=lambda line: line.position)
        for line, one in zip(in_order, lines, strict=True):
            if one.chosen is not None and one.chosen not in chosen:
                return None
            row = chosen.get(one.chosen) if one.chosen is not None else None
            found.append(
                LineVerdict(
                    visit, line, one.badge, one.klass, one.reasons, _required(one), None, row, one.units_left_after
                )
            )
    found.sort(key=lambda one: (one.visit.starts_at, one.visit.reference, one.line.position))
    return tuple(found)


def _required(one: StoredLine) -> Requirement:
    return _requirement(one.need, one.confidence, one.rule)


@lru_cache(maxsize=20_000)
def _requirement(need: Need, confidence: Confidence, rule: str | None) -> Requirement:
    return Requirement(need, confidence, Grounds.RULE, rule)
