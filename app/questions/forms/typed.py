"""What people typed into the form of an answer: read field by field, with a sentence beside what cannot be read."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date

from app.values.days import read_typed_day
from app.values.wording import short_day

LONGEST = 200


@dataclass
class Typed:
    """The fields as typed, the day that it is, a sentence for each that could not be read, and what to ask once."""

    values: Mapping[str, str]
    today: date
    errors: dict[str, str] = field(default_factory=dict)
    asked: list[str] = field(default_factory=list)

    def sure(self, unlikely: str | None) -> None:
        """Ask once about what is unlikely; sending the form again answers yes."""
        if unlikely is not None and self.values.get("sure") != "yes":
            self.asked.append(unlikely)

    @property
    def open(self) -> bool:
        """Say whether something is to be mended, or asked once, before anything is recorded."""
        return bool(self.errors or self.asked)

    def text(self, name: str, missing: str | None = None, longest: int = LONGEST) -> str | None:
        """Read a text. `missing`: the sentence where it is needed and empty."""
        found = " ".join(self.values.get(name, "").split())
        if not found and missing is not None:
            self.errors[name] = missing
        if len(found) > longest:
            self.errors[name] = f"Write at most {longest} characters; this has {len(found)}."
        return found or None

    def day(self, name: str, label: str, missing: str | None = None) -> date | None:
        """Read a day. `missing`: the sentence where it is needed and empty."""
        text = self.values.get(name, "").strip()
        if not text:
            if missing is not None:
                self.errors[name] = missing
            return None
        found = read_typed_day(text, self.today)
        if found is None or not date(2000, 1, 1) <= found <= date(2100, 12, 31):
            self.errors[name] = f"{label} must be a day, like 12/05/2026; found {text[:40]}."
            return None
        return found

    def not_later(self, name: str, label: str, day: date | None, latest: date, why: str) -> None:
        """Refuse a day after the latest."""
        if day is not None and day > latest:
            self.errors[name] = f"{label} must be {short_day(latest)} or earlier: {why}"

    def not_before(self, name: str, label: str, day: date | None, earliest: date, why: str) -> None:
        """Refuse a day before the earliest."""
        if day is not None and day < earliest:
            self.errors[name] = f"{label} must be {short_day(earliest)} or later: {why}"

    def one_of(self, name: str, allowed: Iterable[str], missing: str) -> str | None:
        """Read one choice; anything else gets the sentence."""
        found = self.values.get(name, "")
        if found not in allowed:
            self.errors[name] = missing
            return None
        return found
