"""Reads an eligibility response (271; 004010X092 and 005010X279) into one response for each patient."""

from collections.abc import Callable, Iterator
from typing import Any

from app.standards.errors import Fault
from app.standards.x12.eligibility.people import NATIONAL, PERSON, People
from app.standards.x12.eligibility.status import TELLING, plan_dates, standing
from app.standards.x12.eligibility.values import FLAGS, REMEMBERED, first_day, last_day, moment, money, percent
from app.standards.x12.facts import Segment, Transaction, element

KIND = "x12.271"
EB_ELEMENTS = 14
PATIENTS = ("subscriber", "dependent")
QUALIFIER = 2
"""How many signs the qualifier of a procedure has."""
MOST_BENEFITS = 20_000
ABSENT = [""] * EB_ELEMENTS
NOTHING_SAID: dict[str, Any] = dict.fromkeys(
    (
        *("info", "coverage_level", "service_types", "insurance_type", "plan", "period", "amount", "percent"),
        *("quantity_qualifier", "quantity", "authorization_required", "in_network", "procedure"),
        *("dates", "entities", "references", "delivery", "messages"),
    )
)
"""The keys of a benefit, in their order."""

REPETITION = "^"
"""What separates repetitions where the ISA names no sign for it: codes of service types are letters and digits."""


def read_271(transaction: Transaction) -> dict[str, Any]:
    """Read a 271 into the object of the reading contract, without its file.

    `responses` is an iterator, once through, of one dict for each patient in the order of the set, so that memory does
    not grow with the set: the dependent where there is one, else the subscriber; a subscriber who has benefits of
    their own above a dependent too. An AAA above every patient, with none below, gives one response without a person.
    Raises, also while it is iterated, `ReadingError`: those of `transactions`, BAD_VALUE (EB07 or EB08 no number, an EB
    outside a patient), TOO_LARGE (more than 20,000 benefits of one patient).
    """
    return {
        "kind": KIND,
        "transaction": transaction.control or None,
        "interchange": transaction.interchange.control or None,
        "control_number": transaction.control or None,
        "responses": responses(transaction),
    }


def responses(transaction: Transaction) -> Iterator[dict[str, Any]]:
    """Give the responses of a 271, each as soon as it is whole; see `read_271`."""
    answers = _Answers(transaction)
    take = answers.takers().get
    for segment in transaction.segments:
        if (taker := take(segment[0])) is not None and (ended := taker(segment)) is not None:
            yield ended
    if (ended := answers.ended(None)) is not None:
        yield ended


class _Answers(People):
    """What was read of the present patient, and of whom stands above."""

    def __init__(self, transaction: Transaction) -> None:
        super().__init__(transaction)
        self.repetition = transaction.delimiters.repetition or REPETITION
        self.component = transaction.delimiters.component
        self.types: dict[str, list[str]] = {}
        self.day: str | None = None
        self.above: dict[str, list[dict[str, Any]]] = {"source": [], "receiver": [], "subscriber": []}
        self.answered = False
        self._clear()

    def _clear(self) -> None:
        self.trace: list[str] = []
        self.dates: dict[str, str | None] = {}
        self.rejections: list[dict[str, Any]] = []
        self.benefits: list[dict[str, Any]] = []
        self.telling: list[dict[str, Any]] = []
        self.benefit: dict[str, Any] | None = None

    def takers(self) -> dict[str, Callable[[Segment], dict[str, Any] | None]]:
        """Name who takes which segment; an HL gives the response that it ends."""
        return {
            "HL": self.on_hl,
            "EB": self.on_eb,
            "DTP": self.on_dtp,
            "MSG": self.on_msg,
            "REF": self.on_ref,
            "HSD": self.on_hsd,
            "NM1": self.on_nm1,
            "AAA": self.on_aaa,
            "TRN": self.on_trn,
            "DMG": self.on_dmg,
            "INS": self.on_ins,
            "BHT": self.on_bht,
        }

    def ended(self, following: str | None) -> dict[str, Any] | None:
        """Give the response of the level that ends where a level `following` (HL03, None at the end) begins."""
        if self.level == "dependent" or (self.level == "subscriber" and (following != "23" or self.benefits)):
            self.answered = True
            return self._response()
        alone = following in ("20", None) or (following == "21" and self.level != "source")
        if self.level not in (None, "subscriber") and alone and not self.answered and any(self.above.values()):
            return self._response()
        return None

    def on_hl(self, segment: Segment) -> dict[str, Any] | None:
        """Go to the next level. Returns the response of the one that ends."""
        ended = self.ended(element(segment, 3))
        self.turn(segment)
        return ended

    def turn(self, segment: Segment) -> None:
        """Take an HL."""
        if self.level == "subscriber":
            self.above["subscriber"] = [rejected for rejected in self.rejections if rejected["level"] != "benefit"]
        super().turn(segment)
        if self.level != "dependent":
            self.above["subscriber"] = []
        if self.level in ("source", "receiver"):
            self.above["receiver"] = []
            self.answered = False
        if self.level == "source":
            self.above["source"] = []
        self._clear()

    def _response(self) -> dict[str, Any]:
        """Put the response together."""
        above = self.above
        rejections = [*above["source"], *above["receiver"], *above["subscriber"], *self.rejections]
        rejected = bool(rejections) and any(one["level"] != "benefit" for one in rejections)
        asked = self.dates.get("291") or self.dates.get("307") or self.dates.get("472")
        stands = standing(self.telling, last_day(asked) or self.day)
        plan = stands.benefit if stands.status == "active" else None
        begins, ends = plan_dates(self.dates)
        return {
            "trace": self.trace,
            "payer": dict(self.payer),
            "provider": dict(self.provider),
            "subscriber": dict(self.subscriber),
            "dependent": self.dependent,
            "status": "rejected" if rejected else stands.status,
            "rejections": rejections,
            "dates": self.dates,
            "plan": {
                "name": plan and plan["plan"],
                "insurance_type": plan and plan["insurance_type"],
                "begins": begins,
                "ends": ends,
            },
            "benefits": self.benefits,
        }

    def on_bht(self, segment: Segment) -> None:
        """Take the day of the answer (BHT04)."""
        self.day = first_day(moment(element(segment, 4) or ""))

    def on_trn(self, segment: Segment) -> None:
        """Take a trace number (TRN02)."""
        if (trace := element(segment, 2)) is not None:
            self.trace.append(trace)

    def on_aaa(self, segment: Segment) -> None:
        """Take a rejection: AAA01 (Y: the request was valid), AAA03, AAA04."""
        level = "benefit" if self.benefit is not None else self.level
        rejected = {
            "code": element(segment, 3),
            "follow_up": element(segment, 4),
            "valid": FLAGS.get(element(segment, 1) or ""),
            "level": level,
        }
        self.above.get(level if level in ("source", "receiver") else "", self.rejections).append(rejected)

    def on_eb(self, segment: Segment) -> None:
        """Take a benefit."""
        if self.level not in PATIENTS:
            raise self.fault(Fault.BAD_VALUE, "A benefit (EB) stands outside a patient (HL 22 or 23).")
        try:
            self.benefit = self._benefit((segment + ABSENT)[:EB_ELEMENTS])
        except ValueError:
            raise self.fault(Fault.BAD_VALUE, "The amount or the percentage of this benefit is no number.") from None
        self.benefits.append(self.benefit)
        if self.benefit["info"] in TELLING:
            self.telling.append(self.benefit)
        if len(self.benefits) > MOST_BENEFITS:
            raise self.fault(Fault.TOO_LARGE, f"One patient has more than {MOST_BENEFITS:,} benefits (EB).")

    def _benefit(self, elements: Segment) -> dict[str, Any]:
        """Read an EB. A copy of what all have is filled in: files are mostly of these, and that is the quickest."""
        _, info, covered, types, insurance, plan, period, amount, share, unit, number, needed, near, code = elements
        benefit = NOTHING_SAID.copy()
        benefit["info"] = info or None
        benefit["coverage_level"] = covered or None
        benefit["service_types"] = self.types[types].copy() if types in self.types else self.types_of(types)
        benefit["insurance_type"] = insurance or None
        benefit["plan"] = plan or None
        benefit["period"] = period or None
        if amount:
            benefit["amount"] = money(amount)
        if share:
            benefit["percent"] = percent(share)
        if unit or number:
            benefit["quantity_qualifier"], benefit["quantity"] = unit or None, number or None
        benefit["authorization_required"] = FLAGS.get(needed)
        benefit["in_network"] = FLAGS.get(near)
        if code:
            benefit["procedure"] = procedure_of(code, self.component)
        benefit["dates"] = {}
        benefit["entities"] = []
        benefit["references"] = {}
        benefit["delivery"] = []
        benefit["messages"] = []
        return benefit

    def types_of(self, text: str) -> list[str]:
        """Read the service types (EB03), and remember them by their text: a file repeats few."""
        types = repeats(text, self.repetition)
        if len(self.types) < REMEMBERED:
            self.types[text] = types.copy()
        return types

    def on_dtp(self, segment: Segment) -> None:
        """Take a date: of the benefit, else of the patient."""
        if (qualifier := element(segment, 1)) is not None and len(segment) > 3:
            dates = self.dates if self.benefit is None else self.benefit["dates"]
            dates[qualifier] = moment(segment[3])

    def on_msg(self, segment: Segment) -> None:
        """Take a message on a benefit."""
        if self.benefit is not None and (text := element(segment, 1)) is not None:
            self.benefit["messages"].append(text)

    def on_ref(self, segment: Segment) -> None:
        """Take a reference of a benefit, else a group number."""
        if self.benefit is None:
            self.on_group(segment)
        elif (qualifier := element(segment, 1)) is not None:
            self.benefit["references"][qualifier] = element(segment, 2)

    def on_hsd(self, segment: Segment) -> None:
        """Take how a benefit is delivered."""
        if self.benefit is not None:
            self.benefit["delivery"].append(delivery_of(segment))

    def on_nm1(self, segment: Segment) -> None:
        """Take who is named by a benefit (loop 2120, with or without LS and LE), else who stands at the level."""
        if self.benefit is None:
            super().on_nm1(segment)
        else:
            self.benefit["entities"].append(entity_of(segment))


def repeats(text: str, repetition: str) -> list[str]:
    """Read EB03 or EQ01. Where the sign that the ISA names is not there, `^` separates: no code has it."""
    return [code for code in text.split(repetition if repetition in text else REPETITION) if code]


def procedure_of(text: str, component: str) -> dict[str, Any]:
    """Read EB13 or EQ02: qualifier, code and up to four modifiers.

    Some senders write another sign than the ISA names (`HC>11102` under `:`): it is the one behind the qualifier.
    """
    if component not in text and len(text) > QUALIFIER and not text[QUALIFIER].isalnum():
        component = text[QUALIFIER]
    parts = text.split(component)
    return {
        "qualifier": parts[0] or None,
        "code": (parts[1] or None) if len(parts) > 1 else None,
        "modifiers": [modifier for modifier in parts[2:6] if modifier],
    }


def delivery_of(segment: Segment) -> dict[str, Any]:
    """Read an HSD: HSD01, HSD02, HSD03, HSD05, HSD06, as sent."""
    keys = {"qualifier": 1, "quantity": 2, "per": 3, "period": 5, "period_count": 6}
    return {key: element(segment, place) for key, place in keys.items()}


def entity_of(segment: Segment) -> dict[str, Any]:
    """Read the NM1 of loop 2120: an organization has `name`, a person the other two; NM109 is `npi` or `id`."""
    person = element(segment, 2) == PERSON
    last, number = element(segment, 3), element(segment, 9)
    national = element(segment, 8) == NATIONAL
    return {
        "role": element(segment, 1),
        "name": None if person else last,
        "last_name": last if person else None,
        "first_name": element(segment, 4),
        "npi": number if national else None,
        "id": None if national else number,
    }
