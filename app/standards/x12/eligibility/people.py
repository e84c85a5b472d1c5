"""Who stands in a 270 or 271: payer (loop 2100A), provider (2100B), subscriber (2100C), dependent (2100D).

HL03 tells the level (20, 21, 22, 23). HL02, the parent, is not believed: a level belongs to the last one above it.
"""

from typing import Any

from app.standards.errors import Fault, ReadingError
from app.standards.x12.eligibility.values import first_day, moment
from app.standards.x12.facts import Segment, Transaction, element

LEVELS = {"20": "source", "21": "receiver", "22": "subscriber", "23": "dependent"}
PERSON = "1"
NATIONAL = "XX"
GROUP_NUMBER = "6P"


def payer_of(segment: Segment) -> dict[str, Any]:
    """Read the payer's NM1: its name, and NM109 whatever its qualifier."""
    return {"name": name_of(segment), "id": element(segment, 9)}


def provider_of(segment: Segment) -> dict[str, Any]:
    """Read the provider's NM1: its name, and its NPI when NM108 says XX."""
    return {"name": name_of(segment), "npi": element(segment, 9) if element(segment, 8) == NATIONAL else None}


def name_of(segment: Segment) -> str | None:
    """Write the name of an NM1 in one text: an organization's as sent, a person's with the first name before it."""
    last, first = element(segment, 3), element(segment, 4)
    if element(segment, 2) != PERSON or first is None:
        return last
    return first if last is None else f"{first} {last}"


def no_subscriber() -> dict[str, Any]:
    """Give a subscriber of whom nothing is said."""
    return dict.fromkeys(("member_id", "last_name", "first_name", "birth_date", "sex", "group_number"))


def no_dependent() -> dict[str, Any]:
    """Give a dependent of whom nothing is said."""
    return dict.fromkeys(("last_name", "first_name", "birth_date", "sex", "relationship"))


class People:
    """The people at the present place of a transaction set. A kind of set adds what it says about the patient.

    `level` is None before the first HL, and "other" for one that eligibility does not have. `dependent` is None while
    no level 23 stands below the subscriber.
    """

    def __init__(self, transaction: Transaction) -> None:
        self.transaction = transaction
        self.level: str | None = None
        self.payer: dict[str, Any] = {"name": None, "id": None}
        self.provider: dict[str, Any] = {"name": None, "npi": None}
        self.subscriber = no_subscriber()
        self.dependent: dict[str, Any] | None = None
        self.named = False

    def turn(self, segment: Segment) -> None:
        """Take an HL: go to its level; who stands below the level is gone."""
        self.level = LEVELS.get(element(segment, 3) or "", "other")
        self.named = False
        if self.level == "source":
            self.payer = {"name": None, "id": None}
        if self.level in ("source", "receiver"):
            self.provider = {"name": None, "npi": None}
        self.dependent = no_dependent() if self.level == "dependent" else None
        if self.level != "dependent":
            self.subscriber = no_subscriber()

    def on_nm1(self, segment: Segment) -> None:
        """Take the first name of a level."""
        if self.named or self.level is None:
            return
        self.named = True
        if self.level == "source":
            self.payer = payer_of(segment)
        elif self.level == "receiver":
            self.provider = provider_of(segment)
        elif self.level == "subscriber":
            self.subscriber["member_id"] = element(segment, 9)
        if (person := self.person()) is not None:
            person["last_name"], person["first_name"] = element(segment, 3), element(segment, 4)

    def on_dmg(self, segment: Segment) -> None:
        """Take birth date (DMG02) and sex (DMG03)."""
        if (person := self.person()) is not None:
            person["birth_date"] = first_day(moment(element(segment, 2) or ""))
            person["sex"] = element(segment, 3)

    def on_ins(self, segment: Segment) -> None:
        """Take the dependent's relationship (INS02)."""
        if self.dependent is not None:
            self.dependent["relationship"] = element(segment, 2)

    def on_group(self, segment: Segment) -> None:
        """Take a group number (REF*6P). A dependent's is that of the coverage when the subscriber's level has none."""
        if element(segment, 1) == GROUP_NUMBER and self.person() is not None:
            self.subscriber["group_number"] = self.subscriber["group_number"] or element(segment, 2)

    def person(self) -> dict[str, Any] | None:
        """Give the subscriber or dependent of the present level."""
        if self.level == "subscriber":
            return self.subscriber
        return self.dependent if self.level == "dependent" else None

    def fault(self, code: Fault, sentence: str) -> ReadingError:
        """Give an error at the present segment."""
        kind = f"x12.{self.transaction.set_id}"
        return ReadingError(code, sentence, "segment", self.transaction.number, kind)
