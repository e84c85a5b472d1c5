"""Reads an eligibility request (270; 004010X092 and 005010X279) into one request for each patient."""

from collections.abc import Callable, Iterator
from typing import Any

from app.standards.errors import Fault
from app.standards.x12.eligibility.answers import REPETITION, procedure_of, repeats
from app.standards.x12.eligibility.people import People
from app.standards.x12.eligibility.values import first_day, last_day, moment
from app.standards.x12.facts import Segment, Transaction, element

KIND = "x12.270"
ASKED = ("291", "472", "307")
"""The dates (DTP01) that say for which days is asked, first the one that is believed first."""


def read_270(transaction: Transaction) -> dict[str, Any]:
    """Read a 270 into the object of the reading contract, without its file.

    `requests` is an iterator, once through, of one dict for each patient: the dependent where there is one, else the
    subscriber; a subscriber for whom something is asked (EQ) above a dependent too. Raises, also while it is iterated,
    `ReadingError`: those of `transactions`, BAD_VALUE (an EQ outside a patient).
    """
    return {
        "kind": KIND,
        "transaction": transaction.control or None,
        "interchange": transaction.interchange.control or None,
        "control_number": transaction.control or None,
        "requests": requests(transaction),
    }


def requests(transaction: Transaction) -> Iterator[dict[str, Any]]:
    """Give the requests of a 270, each as soon as it is whole; see `read_270`."""
    questions = _Questions(transaction)
    take = questions.takers().get
    for segment in transaction.segments:
        if segment[0] == "HL":
            if (ended := questions.ended(element(segment, 3))) is not None:
                yield ended
            questions.turn(segment)
        elif (taker := take(segment[0])) is not None:
            taker(segment)
    if (ended := questions.ended(None)) is not None:
        yield ended


class _Questions(People):
    """What was read of the present patient, and of whom stands above."""

    def __init__(self, transaction: Transaction) -> None:
        super().__init__(transaction)
        self._clear()

    def _clear(self) -> None:
        self.trace: list[str] = []
        self.dates: dict[str, str | None] = {}
        self.types: list[str] = []
        self.procedures: list[dict[str, Any]] = []
        self.asked = False

    def takers(self) -> dict[str, Callable[[Segment], None]]:
        """Name who takes which segment."""
        return {
            "NM1": self.on_nm1,
            "DMG": self.on_dmg,
            "INS": self.on_ins,
            "TRN": self.on_trn,
            "DTP": self.on_dtp,
            "EQ": self.on_eq,
        }

    def ended(self, following: str | None) -> dict[str, Any] | None:
        """Give the request of the level that ends where a level `following` (HL03, None at the end) begins."""
        if self.level == "dependent" or (self.level == "subscriber" and (following != "23" or self.asked)):
            return self._request()
        return None

    def turn(self, segment: Segment) -> None:
        """Take an HL."""
        super().turn(segment)
        self._clear()

    def _request(self) -> dict[str, Any]:
        """Put the request together."""
        when = next((self.dates[key] for key in ASKED if self.dates.get(key)), None)
        return {
            "trace": self.trace,
            "payer": dict(self.payer),
            "provider": dict(self.provider),
            "subscriber": {key: value for key, value in self.subscriber.items() if key != "group_number"},
            "dependent": self.dependent,
            "service_dates": {"begins": first_day(when), "ends": last_day(when)},
            "service_types": self.types,
            "procedures": self.procedures,
        }

    def on_trn(self, segment: Segment) -> None:
        """Take a trace number (TRN02)."""
        if (trace := element(segment, 2)) is not None:
            self.trace.append(trace)

    def on_dtp(self, segment: Segment) -> None:
        """Take a date: those of the patient come before what is asked, and so are kept."""
        if (qualifier := element(segment, 1)) is not None:
            self.dates.setdefault(qualifier, moment(element(segment, 3) or ""))

    def on_eq(self, segment: Segment) -> None:
        """Take what is asked: service types (EQ01, may repeat) and a procedure (EQ02)."""
        if self.person() is None:
            raise self.fault(Fault.BAD_VALUE, "A question (EQ) stands outside a patient (HL 22 or 23).")
        self.asked = True
        delimiters = self.transaction.delimiters
        self.types.extend(repeats(element(segment, 1) or "", delimiters.repetition or REPETITION))
        if (procedure := element(segment, 2)) is not None:
            self.procedures.append(procedure_of(procedure, delimiters.component))
