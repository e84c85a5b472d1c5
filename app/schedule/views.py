"""Visit types, ready for their pages."""

from collections.abc import Mapping
from dataclasses import dataclass

from app.schedule.actions import SeenType
from app.schedule.facts import CLASSES, MOST_LINES, BillTo, TypeLine, VisitType
from app.values.wording import counted

CLASS_CHOICES = (("", "As the codes say"), *((one, one.capitalize()) for one in CLASSES))
BILL_CHOICES = (
    ("", "As the schedule says"),
    (BillTo.INSURANCE.value, "Insurance"),
    (BillTo.SELF_PAY.value, "Self-pay"),
    (BillTo.OUTSIDE.value, "Billed outside"),
)
_BILLED = dict(BILL_CHOICES)
SHOWN = 3
"""Rows of the form that are open when nothing is mapped yet."""


@dataclass(frozen=True, slots=True)
class TypeWords:
    """A visit type as the list shows it: `stands` holds its lines in words, nothing where it is not mapped."""

    key: str
    name: str
    visits: str
    stands: tuple[str, ...]


def types_page(types: tuple[SeenType, ...]) -> tuple[TypeWords, ...]:
    """Put the list into words."""
    return tuple(TypeWords(one.key, one.name, f"{one.visits:,}", stands_for(one.meaning)) for one in types)


def stands_for(meaning: VisitType | None) -> tuple[str, ...]:
    """Say what a type stands for, a line each."""
    return () if meaning is None else tuple(map(_line, meaning.lines))


def _line(line: TypeLine) -> str:
    named = [one for one in (line.code, drug_label(line.drug)) if one]
    words = [" with ".join(named) or "A service without a code"]
    if line.units != 1:
        words.append(counted(line.units, "unit"))
    if line.klass:
        words.append(line.klass)
    if line.bill_to is not None:
        words.append(_BILLED[line.bill_to.value].lower())
    return ", ".join(words)


def drug_label(drug: str | None) -> str:
    """A drug as people write it: `drug:dupixent` is Dupixent."""
    return "" if drug is None else drug.removeprefix("drug:").replace("_", " ").capitalize()


def typed_of(meaning: VisitType | None) -> dict[str, str]:
    """Write what is on file into the fields of the form."""
    typed: dict[str, str] = {}
    for number in range(1, MOST_LINES + 1):
        line = meaning.lines[number - 1] if meaning is not None and number <= len(meaning.lines) else None
        typed |= {
            f"code-{number}": (line.code or "") if line else "",
            f"drug-{number}": drug_label(line.drug) if line else "",
            f"units-{number}": str(line.units) if line else "",
            f"class-{number}": (line.klass or "") if line else "",
            f"bill_to-{number}": line.bill_to.value if line and line.bill_to else "",
        }
    return typed


def rows_open(typed: Mapping[str, str]) -> int:
    """Say how many rows of the form are open: those that are filled and one more."""
    filled = [int(name.rpartition("-")[2]) for name, text in typed.items() if text]
    return min(MOST_LINES, max([SHOWN, *(number + 1 for number in filled)]))


def drug_choices(drugs: Mapping[str, str]) -> tuple[str, ...]:
    """The drugs that can be chosen, as people write them."""
    return tuple(sorted({drug_label(key) for key in drugs.values()}, key=str.casefold))


def summary_of(errors: Mapping[str, str]) -> dict[str, str]:
    """The errors as the top of the page lists them: each with the line that it is about."""
    told = {}
    for name, sentence in errors.items():
        cell, _, number = name.rpartition("-")
        told[name] = f"Line {number}, {cell}: {sentence}"
    return told
