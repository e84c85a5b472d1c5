"""Read a remittance (835, 004010 and 005010): one payment and its claims, in the shape that other programs rely on.

What stands in the document is given as sent; a day that is none of the calendar is given as null. Claims are read where
they stand; a payer or payee that is named again further on does not change the payment.
"""

import gc
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from app.standards.errors import Fault, ReadingError
from app.standards.x12.facts import Segment, Transaction, element
from app.standards.x12.remittance.denials import categories_of
from app.standards.x12.remittance.values import code_of, day, money, parts

KIND = "x12.835"
_ADJUSTMENTS = range(2, 20, 3)
_PADDING = [""] * 8  # so that elements that are not there are empty, without asking for each
# An end that is given but is no day: no single day either.
_UNREAD = ""
_BEGINS, _ENDS, _WHOLE = ("232", "150"), ("233", "151"), "472"


class _Remittance:
    """What was read so far; each method takes one kind of segment."""

    def __init__(self, transaction: Transaction) -> None:
        self.transaction = transaction
        self.component = transaction.delimiters.component
        self.payment: dict[str, Any] = dict.fromkeys(("amount", "method", "date", "trace", "payer", "payee_npi"))
        self.claims: list[dict[str, Any]] = []
        self.claim: dict[str, Any] | None = None
        self.line: dict[str, Any] | None = None

    def on_bpr(self, segment: Segment) -> None:
        """Payment: amount, method, day."""
        self.payment["amount"] = money(element(segment, 2), self.transaction.number)
        self.payment["method"] = element(segment, 4)
        self.payment["date"] = day(element(segment, 16))

    def on_trn(self, segment: Segment) -> None:
        """Check or transfer number."""
        if self.claim is None and self.payment["trace"] is None:
            self.payment["trace"] = element(segment, 2)

    def on_n1(self, segment: Segment) -> None:
        """Payer, or payee: of the payee only a national provider id is given."""
        if self.claim is not None:
            return
        role = element(segment, 1)
        if role == "PR" and self.payment["payer"] is None:
            self.payment["payer"] = element(segment, 2)
        elif role == "PE" and self.payment["payee_npi"] is None and element(segment, 3) == "XX":
            self.payment["payee_npi"] = element(segment, 4)

    def on_clp(self, segment: Segment) -> None:
        """A claim begins."""
        number = self.transaction.number
        segment = segment + _PADDING
        self.line = None
        self.claim = {
            "claim_id": segment[1] or None,
            "status": segment[2] or None,
            "charge": money(segment[3], number),
            "paid": money(segment[4], number),
            "patient_responsibility": money(segment[5], number),
            "payer_control_number": segment[7] or None,
            "patient": {"last_name": None, "first_name": None, "member_id": None},
            "corrected": None,
            "service_dates": {"begins": None, "ends": None},
            "adjustments": [],
            "remarks": [],
            "lines": [],
            "denial_categories": [],
        }
        self.claims.append(self.claim)

    def on_nm1(self, segment: Segment) -> None:
        """Patient (QC), insured (IL: its member id where the patient has none) or corrected insured (74)."""
        claim = self._claim("A name")
        role = element(segment, 1)
        if role == "QC":
            patient = claim["patient"]
            patient["last_name"], patient["first_name"] = element(segment, 3), element(segment, 4)
            patient["member_id"] = element(segment, 9) or patient["member_id"]
        elif role == "IL":
            claim["patient"]["member_id"] = claim["patient"]["member_id"] or element(segment, 9)
        elif role == "74":
            claim["corrected"] = {
                "member_id": element(segment, 9),
                "last_name": element(segment, 3),
                "first_name": element(segment, 4),
            }

    def on_svc(self, segment: Segment) -> None:
        """A service line begins."""
        claim = self._claim("A service line")
        number = self.transaction.number
        segment = segment + _PADDING
        composite = parts(segment[1], self.component)
        self.line = {
            "code": code_of(composite),
            "modifiers": [each for each in composite[2:6] if each],
            "charge": money(segment[2], number),
            "paid": money(segment[3], number),
            "units": segment[5] or None,
            "service_dates": {"begins": None, "ends": None},
            "adjustments": [],
            "remarks": [],
        }
        claim["lines"].append(self.line)

    def on_cas(self, segment: Segment) -> None:
        """Up to six adjustments under one group."""
        under = self.line or self._claim("An adjustment")
        size = len(segment)
        segment = segment + _PADDING
        group, adjustments = segment[1] or None, under["adjustments"]
        for at in _ADJUSTMENTS:
            if at >= size:
                return
            reason, amount, quantity = segment[at : at + 3]
            if reason or amount or quantity:
                taken = money(amount, self.transaction.number)
                adjustments.append(
                    {"group": group, "reason": reason or None, "amount": taken, "quantity": quantity or None}
                )

    def on_dtm(self, segment: Segment) -> None:
        """Days of service of a claim (232, 233) or line (150, 151, 472); days of other kinds are not of the shape."""
        if self.claim is None:
            return
        dates = (self.line or self.claim)["service_dates"]
        qualifier = element(segment, 1)
        if qualifier == _WHOLE and element(segment, 5) == "RD8":
            first, _, last = (element(segment, 6) or "").partition("-")
            dates["begins"], dates["ends"] = day(first), day(last) or _UNREAD
        elif qualifier == _WHOLE:
            dates["begins"], dates["ends"] = day(element(segment, 2)), None
        elif qualifier in _BEGINS:
            dates["begins"] = day(element(segment, 2))
        elif qualifier in _ENDS:
            dates["ends"] = day(element(segment, 2)) or _UNREAD

    def on_lq(self, segment: Segment) -> None:
        """A remark code (HE) of a line, or of the claim where no line stands before it."""
        under = self.line or self._claim("A remark")
        if element(segment, 1) == "HE" and (code := element(segment, 2)):
            under["remarks"].append(code)

    def on_moa(self, segment: Segment) -> None:
        """Remark codes of an outpatient claim."""
        self._claim("A remark")["remarks"] += filter(None, segment[3:8])

    def on_mia(self, segment: Segment) -> None:
        """Remark codes of an inpatient claim."""
        self._claim("A remark")["remarks"] += filter(None, (*segment[5:6], *segment[20:24]))

    def _claim(self, what: str) -> dict[str, Any]:
        if self.claim is None:
            raise ReadingError(
                Fault.BAD_VALUE,
                f"{what} stands here before any claim (CLP); the segments are out of order.",
                "segment",
                self.transaction.number,
                KIND,
            )
        return self.claim


def read_835(transaction: Transaction) -> dict[str, Any]:
    """Read a remittance.

    Takes     the transaction set; its segments are used up.
    Returns   `{"kind", "payment", "claims"}` as the contract has them.
    Raises    ReadingError, naming the segment, for an amount that is no number and for segments out of order.
    """
    remittance = _Remittance(transaction)
    with _uncollected():
        _read(remittance, transaction)
    return {"kind": KIND, "payment": remittance.payment, "claims": remittance.claims}


@contextmanager
def _uncollected() -> Iterator[None]:
    """Let nobody look for cycles of objects meanwhile: there are none, and looking takes as long as reading."""
    collecting = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if collecting:
            gc.enable()


def _read(remittance: _Remittance, transaction: Transaction) -> None:
    take = _takers(remittance)
    for segment in transaction.segments:
        taker = take.get(segment[0])
        if taker is not None:
            taker(segment)
    for claim in remittance.claims:
        _close(claim)


def _takers(remittance: _Remittance) -> dict[str, Callable[[Segment], None]]:
    ids = ("BPR", "TRN", "N1", "CLP", "NM1", "SVC", "CAS", "DTM", "LQ", "MOA", "MIA")
    return {each: getattr(remittance, f"on_{each.lower()}") for each in ids}


def _close(claim: dict[str, Any]) -> None:
    """A period of which only the beginning is given is a single day; then say what was denied."""
    for dates in (claim["service_dates"], *(line["service_dates"] for line in claim["lines"])):
        dates["ends"] = dates["begins"] if dates["ends"] is None else dates["ends"] or None
    claim["denial_categories"] = categories_of(claim)
