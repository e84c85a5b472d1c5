"""What a person typed into a form of the desk: read field by field, with a sentence beside each that cannot be read."""

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from typing import TypeVar
from uuid import UUID

from app.values.codes import read_diagnosis, read_ndc, read_npi, read_place
from app.values.days import read_typed_day

Choice = TypeVar("Choice", bound=StrEnum)
LONGEST = 100
NEW_PAYER = "new_payer"
_FIRST, _LAST = date(1900, 1, 1), date(2100, 12, 31)


@dataclass
class Typed:
    """The fields of one form. `errors` holds a sentence by field; `questions` what is asked once before it is stored.

    `confirmed` names the questions that the person has answered with yes.
    """

    values: Mapping[str, str]
    today: date
    errors: dict[str, str] = field(default_factory=dict)
    questions: dict[str, str] = field(default_factory=dict)

    @property
    def confirmed(self) -> frozenset[str]:
        """The questions that were answered with yes."""
        return frozenset(self.values.get("confirmed", "").split())

    @property
    def good(self) -> bool:
        """Nothing has to be mended and nothing is left to be asked."""
        return not self.errors and not self.questions

    def ask(self, name: str, sentence: str) -> None:
        """Ask a question once."""
        if name not in self.confirmed:
            self.questions[name] = sentence

    def asks(self, question: tuple[str, str] | None) -> bool:
        """Ask a question of a key and a sentence, where there is one. Returns whether something is left to be asked."""
        if question is not None:
            self.ask(*question)
        return bool(self.questions)

    def refuse(self, name: str, sentence: str) -> None:
        """Note what is wrong with a field; the first sentence stands."""
        self.errors.setdefault(name, sentence)

    def text(self, name: str, label: str = "", longest: int = LONGEST) -> str | None:
        """A text, spaces trimmed; None when empty."""
        found = " ".join(self.values.get(name, "").split())
        if len(found) > longest:
            self.refuse(name, f"{label} must have at most {longest} characters; you entered {len(found)}")
        return found or None

    def ticked(self, name: str) -> bool:
        """Say whether a box is ticked."""
        return self.values.get(name) == "yes"

    def day(self, name: str, label: str) -> date | None:
        """A day as people type it; None when empty."""
        typed = self.values.get(name, "").strip()
        if not typed:
            return None
        found = read_typed_day(typed, self.today)
        if found is None or not _FIRST <= found <= _LAST:
            self.refuse(name, f"{label} must be a date, like 12/5, 12/05/2026 or t+30; you entered {typed[:20]}")
            return None
        return found

    def span(self, begins: str, ends: str) -> tuple[date | None, date | None]:
        """Two days, of which the second may not come first."""
        first, last = self.day(begins, "Start date"), self.day(ends, "End date")
        if first is not None and last is not None and last < first:
            self.refuse(ends, f"End date must be the same as or after the start date, {first:%m/%d/%Y}")
        return first, last

    def choice(self, name: str, kind: type[Choice], label: str) -> Choice | None:
        """One of a closed list; None when empty."""
        typed = self.values.get(name, "").strip()
        if not typed:
            return None
        if typed not in [one.value for one in kind]:
            self.refuse(name, f"{label} must be one of the list; choose it again")
            return None
        return kind(typed)

    def one_of(self, name: str, ids: Iterable[UUID], label: str) -> UUID | None:
        """One of some records; None when empty."""
        typed = self.values.get(name, "").strip()
        if not typed:
            return None
        found = next((one for one in ids if str(one) == typed), None)
        if found is None:
            self.refuse(name, f"{label} is no longer on file; choose it again")
        return found

    def npi(self, name: str, label: str) -> str | None:
        """A provider's number: ten digits; None when empty."""
        typed = self.values.get(name, "").strip()
        digits = re.sub(r"\D", "", typed)
        if not typed:
            return None
        if len(digits) != 10:
            self.refuse(name, f"{label} must have 10 digits; you entered {len(digits)}")
            return None
        found = read_npi(digits)
        if found is None:
            self.refuse(name, f"{label} does not add up: its last digit checks the others. Compare it with the letter")
        return found

    def ndc(self, name: str) -> str | None:
        """A National Drug Code: 11 digits, or 10 with dashes; None when empty."""
        typed = re.sub(r"[^\d-]", "", self.values.get(name, "").replace("–", "-"))
        if not typed:
            if self.values.get(name, "").strip():
                self.refuse(name, "NDC must have 11 digits, or 10 digits with dashes; you entered none")
            return None
        found = read_ndc(typed)
        if found is None:
            digits = len(typed.replace("-", ""))
            self.refuse(name, f"NDC must have 11 digits, or 10 digits with dashes; you entered {digits}")
        return found

    def diagnoses(self, name: str) -> tuple[str, ...]:
        """Diagnosis codes, set off by commas, semicolons or spaces."""
        return self._codes(name, read_diagnosis, "Diagnosis must be an ICD-10-CM code, like L40.0")

    def places(self, name: str) -> tuple[str, ...]:
        """Places of service, set off by commas, semicolons or spaces."""
        return self._codes(name, read_place, "Place of service must have two digits, like 11")

    def _codes(self, name: str, reader: Callable[[str], str | None], sentence: str) -> tuple[str, ...]:
        found: list[str] = []
        for part in re.split(r"[;,\s]+", self.values.get(name, "").strip()):
            code = reader(part.strip(".")) if part else None
            if part and code is None:
                self.refuse(name, f"{sentence}; you entered {part[:20]}")
            if code and code not in found:
                found.append(code)
        return tuple(found)


def new_payer_words(name: str) -> str:
    """What is asked before a payer that nobody knows is added."""
    return f"No payer called {name} is known. It will be added as a payer without rules of its own."


def in_order(errors: Mapping[str, str], fields: Iterable[str]) -> dict[str, str]:
    """Put the sentences of a form in the order in which its fields stand on the page."""
    return {name: errors[name] for name in [*fields, *errors] if name in errors}
