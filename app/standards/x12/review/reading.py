"""Reads a services review, 278: what was asked of a payer's utilization management, and what it answered."""

from typing import Any

from app.standards.x12.facts import Transaction
from app.standards.x12.loops import Level, heading, levels, named, said, too_much
from app.standards.x12.periods import iso_day
from app.standards.x12.review.events import Event, rejections_of
from app.standards.x12.review.services import KIND

DIRECTIONS = {"13": "request", "11": "response"}
MOST_REVIEWS = 20_000
MEMBERS = ("MI", "II", "ZZ")
NOBODY = {"member_id": None, "last_name": None, "first_name": None, "birth_date": None}


def read_278(transaction: Transaction) -> dict[str, Any]:
    """Read a 278 of any version into the shape of the reading contract.

    Takes     the transaction set; its segments are read through.
    Returns   `kind`, `direction`, `control_number` and `reviews`: one for each patient event; where a patient has none,
              one for the patient; where a payer rejected all before any patient, one that names nobody.
    Raises    ReadingError: BAD_VALUE for a date of an approval that is none, TOO_LARGE, and what the envelope raises.
    """
    reader = _Reader(transaction)
    for level in levels(transaction):
        reader.take(level)
    reader.end()
    direction = reader.direction()
    reviews = reader.reviews if direction == "response" else [unanswered(review) for review in reader.reviews]
    return heading(transaction, KIND) | {"direction": direction, "reviews": reviews}


def unanswered(review: dict[str, Any]) -> dict[str, Any]:
    """Leave out of a request what only an answer may say."""
    nothing: dict[str, Any] = {"action": None, "number": None, "reasons": []}
    services = [service | nothing for service in review["services"]]
    return review | nothing | {"decision": None, "services": services}


class _Reader:
    """The place in a 278: who pays, whose level it is, and what was rejected above."""

    def __init__(self, transaction: Transaction) -> None:
        self.reviews: list[dict[str, Any]] = []
        self._transaction = transaction
        self._purpose = ""
        self._answers = False
        self._reference: str | None = None
        self._payer: str | None = None
        self._rejected: dict[str, list[dict[str, Any]]] = {}
        self._subscriber = self._patient = NOBODY
        self._event: Event | None = None
        self._named = True
        self._steps = {
            "": self._begin,
            "source": self._source,
            "receiver": self._receiver,
            "subscriber": self._take_subscriber,
            "dependent": self._take_dependent,
            "event": self._take_event,
        }

    def direction(self) -> str:
        """Tell a request from a response: by BHT02, else by what only answers have (HCR, AAA, TRN of type 2)."""
        return DIRECTIONS.get(self._purpose) or ("response" if self._answers else "request")

    def take(self, level: Level) -> None:
        """Take in the next level."""
        echoes = any(said(segment, 1) == "2" for _, segment in level.of("TRN"))
        self._answers = self._answers or echoes or any(level.of("HCR", "AAA"))
        self._steps.get(level.name, self._take_part)(level)

    def end(self) -> None:
        """Take in that no level follows."""
        self._close()
        if not self._named:
            self._open(Level("event"))
            self._close()

    def _begin(self, level: Level) -> None:
        bht = level.first("BHT") or []
        self._purpose = (said(bht, 2) or "").strip()
        self._reference = said(bht, 3)

    def _source(self, level: Level) -> None:
        self.end()
        names = named(level, "X3", "PR")
        self._payer = (said(names[0], 3) or said(names[0], 9)) if names else None
        self._subscriber = self._patient = NOBODY
        self._reject("source", level)

    def _receiver(self, level: Level) -> None:
        self._close()
        self._subscriber = self._patient = NOBODY
        self._reject("receiver", level)

    def _take_subscriber(self, level: Level) -> None:
        self._close()
        self._subscriber = self._patient = person_of(level, None, "IL")
        self._reject("subscriber", level)
        self._open(level)

    def _take_dependent(self, level: Level) -> None:
        self._close_bare()
        self._patient = person_of(level, self._subscriber["member_id"], "QC", "03")
        self._reject("dependent", level)
        self._open(level)

    def _take_event(self, level: Level) -> None:
        self._close_bare()
        self._open(level)

    def _take_part(self, level: Level) -> None:
        """Take in a service, a provider, or a level that is not known; the last two make no event of their own."""
        if self._event is None and (level.name == "service" or any(level.of("AAA"))):
            self._open(Level("patient"))
        if self._event is not None:
            self._event.take(level)

    def _reject(self, name: str, level: Level) -> None:
        """Keep what a level rejects for all below it; what levels below it rejected before is over."""
        order = ("source", "receiver", "subscriber", "dependent")
        kept = order[: order.index(name)]
        self._rejected = {above: self._rejected.get(above, []) for above in kept} | {name: rejections_of(level)}
        self._named = self._named and not self._rejected[name]

    def _open(self, level: Level) -> None:
        above = [rejection for rejections in self._rejected.values() for rejection in rejections]
        self._event = Event(self._transaction, level, dict(self._patient), above)

    def _close_bare(self) -> None:
        """Leave a patient's level that turned out to be only that: its events, or its dependent, follow."""
        if self._event is not None and self._event.is_bare():
            self._event = None
        self._close()

    def _close(self) -> None:
        if self._event is not None:
            if len(self.reviews) == MOST_REVIEWS:
                raise too_much(self._transaction, f"The set has more than {MOST_REVIEWS:,} reviews.")
            self.reviews.append(self._event.review({"reference": self._reference, "payer": self._payer}))
            self._named = True
        self._event = None


def person_of(level: Level, member_id: str | None, *roles: str) -> dict[str, Any]:
    """Give who a level is about; a dependent without a member id has the subscriber's."""
    names = named(level, *roles)
    name = names[0] if names else []
    own = said(name, 9) if member_id is None or said(name, 8) in MEMBERS else None
    return {
        "member_id": own or member_id,
        "last_name": said(name, 3),
        "first_name": said(name, 4),
        "birth_date": iso_day(said(level.first("DMG") or [], 2)),
    }
