"""Whom payers are asked about, in which batch, and what became of it."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from uuid import UUID

from app.coverage.facts import Coverage
from app.schedule.facts import Visit
from app.values.fact import choices, fact
from app.values.insurance import Line


@choices
class AskState(StrEnum):
    """Where a request to a payer stands."""

    MADE = "made"
    SENT = "sent"
    ANSWERED = "answered"
    OVERDUE = "overdue"
    REFUSED = "refused"


OPEN = frozenset({AskState.MADE, AskState.SENT})
"""States in which an answer may still come at its time."""
WITHOUT_ANSWER = frozenset({AskState.OVERDUE, AskState.REFUSED})
"""States that mean: we could not ask the plan."""


@choices
class NotAsked(StrEnum):
    """Why a coverage cannot be asked about. `views/asking.py` has a sentence for each."""

    SELF_PAY = "self_pay"
    NO_COVERAGE = "no_coverage"
    UNVERIFIED = "unverified"
    NO_MEMBER = "no_member"
    NO_BIRTH_DATE = "no_birth_date"
    NO_PAYER_ID = "no_payer_id"
    NO_CLEARINGHOUSE = "no_clearinghouse"
    NO_NPI = "no_npi"
    NEW_YEAR = "new_year"
    NOT_WRITABLE = "not_writable"


@choices
class Detail(StrEnum):
    """How much a payer may be asked at once: the plan, office visits too, or dermatology too."""

    PLAN = "plan"
    OFFICE = "office"
    DERMATOLOGY = "dermatology"


SERVICE_TYPES: Mapping[Detail, tuple[str, ...]] = {
    Detail.PLAN: ("30",),
    Detail.OFFICE: ("30", "98"),
    Detail.DERMATOLOGY: ("30", "98", "DG"),
}


@fact
class Route:
    """How one payer is asked: its id at the clearinghouse, which clearinghouse (None: the first), and how much.

    `procedures`: the codes of the visit may be named too. `version` counts edits; 0: not on file.
    """

    payer: str
    payer_id: str
    clearinghouse: str | None = None
    detail: Detail = Detail.OFFICE
    procedures: bool = False
    version: int = 0


@fact
class Ask:
    """One request about one coverage. `trace` is ours and says nothing; `service_day` the day that was asked about.

    `number`: its place in its file, from 1, which is the number of its set (ST02). `code`: why it was refused, as
    `intake/receipts.py` writes it; None: not refused, or before this was kept.
    """

    id: UUID
    batch_id: UUID
    number: int
    patient_id: UUID
    coverage_id: UUID
    trace: str
    asked_on: date
    service_day: date
    state: AskState
    ended_at: datetime | None = None
    code: str | None = None


@fact
class Batch:
    """One file of requests. `control` is its number in our envelopes, never used again; `code` why it was refused."""

    id: UUID
    clearinghouse: str
    control: int
    state: AskState
    made_at: datetime
    asks: int
    tries: int = 0
    sent_at: datetime | None = None
    code: str | None = None


@dataclass(frozen=True, slots=True)
class Reply:
    """What a clearinghouse answered at once to a file of requests: bytes that nobody has judged."""

    clearinghouse: str
    content: bytes = field(repr=False)


@fact
class ToAsk:
    """One coverage to ask about, for the first of the visits that need it."""

    coverage: Coverage
    visit: Visit
    codes: tuple[str, ...] = ()


@fact
class CannotAsk:
    """One visit whose coverage cannot be asked about, and why."""

    visit: Visit
    why: NotAsked
    coverage: Coverage | None = None


@dataclass(frozen=True, slots=True)
class AskingDay:
    """What asking on a day rests on.

    `today` and `fresh_days` by site; `line_of` finds a coverage's line of business; `held` coverages that were asked
    about today or whose answer is still to come; `again` coverages whose last request brought no answer.
    """

    today: Callable[[UUID], date]
    fresh_days: Callable[[UUID], int]
    line_of: Callable[[Coverage], Line | None]
    held: frozenset[UUID] = frozenset()
    again: frozenset[UUID] = frozenset()


@dataclass(frozen=True, slots=True)
class Wanted:
    """Whom to ask about, in order of the visits, and who cannot be asked about."""

    asks: tuple[ToAsk, ...]
    cannot: tuple[CannotAsk, ...]


@dataclass(frozen=True, slots=True)
class Made:
    """What came of making requests: the batches, and who could not be asked about."""

    batches: tuple[Batch, ...] = ()
    cannot: tuple[CannotAsk, ...] = ()

    @property
    def asks(self) -> int:
        """How many coverages are asked about."""
        return sum(one.asks for one in self.batches)


@dataclass(frozen=True, slots=True)
class Sender:
    """Who asks, in every request: the practice's name and group NPI."""

    name: str
    npi: str | None


@dataclass(frozen=True, slots=True)
class Person:
    """Whose coverage is asked about, opened: never for a log. `dependent`: not the subscriber, by what is on file."""

    last_name: str
    first_name: str
    birth_date: date | None
    member_id: str = field(repr=False)
    relationship: str | None = None

    @property
    def dependent(self) -> bool:
        """Say whether the coverage is another person's, by what is on file."""
        told = (self.relationship or "").strip().casefold()
        return told not in ("", "self", "18", "subscriber", "insured")
