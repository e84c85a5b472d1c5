"""Which reading stands out: without a visit or a case, too many at once, the reader's own family name, break-glass."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import UTC, date, datetime, timedelta
from statistics import median
from uuid import UUID

from app.authorizations.facts import UNSENT, Authorization, Status
from app.oversight.facts import Look, Sign, Surroundings

BEFORE, AFTER = timedelta(days=90), timedelta(days=30)
"""A visit so long after a look, or before it, is a reason to open the patient: most requests are made weeks ahead."""

OPEN = UNSENT | {Status.SUBMITTED, Status.MORE_INFO, Status.IN_APPEAL, Status.DENIED}
RUNNING = frozenset({Status.APPROVED, Status.PARTLY_APPROVED, Status.NOTIFIED, Status.NOT_REQUIRED})
FEW = 25
"""So many patients in an hour stand out for nobody."""

TIMES = 3
"""How many times a person's usual hour is too many."""

Told = tuple[Sign, Look, int]


def around(visit: date, day: date) -> bool:
    """Say whether a visit is near enough to be a reason for a look on a day."""
    return visit - BEFORE <= day <= visit + AFTER


def has_work(approvals: Sequence[Authorization], day: date) -> bool:
    """Say whether a case of a patient is open on a day, or an approval of the patient runs or has just ended."""
    for one in approvals:
        ends = one.ends
        if one.status in OPEN or (one.status in RUNNING and (ends is None or day <= ends + AFTER)):
            return True
    return False


def usual_hour(hours: Iterable[int]) -> float:
    """The median number of patients that a person opens in an hour in which any was opened; 0 without any."""
    counted = list(hours)
    return median(counted) if counted else 0.0


def too_many(patients: int, usual: float) -> bool:
    """Say whether so many patients in an hour are beyond what this person usually opens."""
    return patients > max(FEW, TIMES * usual)


def hour_of(at: datetime) -> datetime:
    """The hour in which an instant lies."""
    return at.replace(minute=0, second=0, microsecond=0)


def signs_of(looks: Sequence[Look], known: Surroundings) -> Iterator[Told]:
    """Tell which looks stand out and why, each reason for itself, with a count: 1, or the patients of the hour.

    Takes     looks in order; all of an hour for each person who is named in it, so that its patients are counted.
    """
    for look in looks:
        if look.broke_glass:
            yield Sign.BREAK_GLASS, look, 1
        elif (look.patient_id, look.at.date()) not in known.reasons:
            yield Sign.UNSCHEDULED, look, 1
        mine = known.family.get(look.by)
        if mine is not None and mine == known.family.get(look.patient_id):
            yield Sign.OWN_NAME, look, 1
    for (by, _hour), (first, patients) in _hours(looks).items():
        if too_many(len(patients), known.usual.get(by, 0.0)):
            yield Sign.MANY, first, len(patients)


def _hours(looks: Sequence[Look]) -> Mapping[tuple[UUID, datetime], tuple[Look, set[UUID]]]:
    found: dict[tuple[UUID, datetime], tuple[Look, set[UUID]]] = {}
    for look in looks:
        found.setdefault((look.by, hour_of(look.at)), (look, set()))[1].add(look.patient_id)
    return found


def patients_an_hour(looks: Iterable[tuple[UUID, datetime, UUID]]) -> Mapping[UUID, list[int]]:
    """Count the patients of each hour in which a person opened any, by person. Takes person, instant and patient."""
    found: dict[tuple[UUID, datetime], set[UUID]] = defaultdict(set)
    for by, at, patient_id in looks:
        found[by, hour_of(at)].add(patient_id)
    counts: dict[UUID, list[int]] = defaultdict(list)
    for (by, _hour), patients in found.items():
        counts[by].append(len(patients))
    return counts


def cursor(at: datetime, number: int) -> str:
    """Write where the next page begins: an instant in microseconds and a number."""
    return f"{(at - datetime(1970, 1, 1, tzinfo=UTC)) // timedelta(microseconds=1)}-{number}"
