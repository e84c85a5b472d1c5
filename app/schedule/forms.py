"""What a person types about visit types -> values, or a sentence."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from app.schedule.facts import CLASSES, MOST_LINES, BillTo, TypeLine
from app.values.codes import read_procedure

LARGEST = 1000


class TypeLineError(ValueError):
    """A line of a visit type cannot be read; the text says how to write it."""


def read_type_line(text: str, klass: str | None = None, bill_to: BillTo | None = None) -> TypeLine:
    """Read one line: `17311:1`, `drug:dupixent:1` or `self_pay`; without a count one unit is meant.

    Raises    TypeLineError with a sentence.
    """
    cleaned = text.strip()
    if cleaned.lower().replace("-", "_").replace(" ", "_") == BillTo.SELF_PAY:
        return TypeLine(klass=klass, bill_to=BillTo.SELF_PAY)
    if cleaned.lower().startswith("drug:"):
        name, _, count = cleaned[5:].partition(":")
        if not name.strip():
            raise TypeLineError(f"'{text}' names no drug; write drug:dupixent:1.")
        return TypeLine(None, f"drug:{name.strip().lower()}", _units(text, count), klass, bill_to)
    first, _, count = cleaned.partition(":")
    code = read_procedure(first)
    if code is None:
        raise TypeLineError(
            f"'{text}' is not a line: write a CPT or HCPCS code and units (17311:1), drug:dupixent:1, or self_pay."
        )
    return TypeLine(code, None, _units(text, count), klass, bill_to)


def _units(text: str, count: str) -> int:
    if not count:
        return 1
    if not count.isascii() or not count.isdigit() or not 0 < int(count) <= LARGEST:
        raise TypeLineError(f"'{text}': units are a whole number from 1 to {LARGEST}; write 17311:1.")
    return int(count)


CELLS = ("code", "drug", "units", "class", "bill_to")
CODE = "Write five characters, such as 17000 or J2357."
DRUG = "No drug of the list has this name. Write its name, such as Dupixent, or leave it empty and give the code."
UNITS = f"Units are a whole number from 1 to {LARGEST}."
NEITHER = "Write a code or a drug; or choose Self-pay for a service that the patient pays."
NOTHING = "Say at least one line: a code, a drug, or a service that the patient pays."
BILLS = {one.value: one for one in BillTo}


@dataclass
class TypeForm:
    """The form of one visit type: what was typed by field (`code-1`), its lines, and errors by field."""

    typed: dict[str, str]
    lines: tuple[TypeLine, ...] = ()
    version: int = 0
    errors: dict[str, str] = field(default_factory=dict)


def read_type(form: Mapping[str, str], drugs: Mapping[str, str]) -> TypeForm:
    """Read up to eight lines; rows that are left empty do not count.

    Takes     the form's fields; the drugs that the rules know: service key by name in small letters.
    """
    typed = {name: form.get(name, "").strip() for name in field_names()}
    version = form.get("version", "")
    read = TypeForm(typed, version=int(version) if version.isascii() and version.isdigit() else 0)
    lines = [_typed_line(read, number, drugs) for number in range(1, MOST_LINES + 1) if _is_typed(typed, number)]
    read.lines = tuple(line for line in lines if line is not None)
    if not lines:
        read.errors["code-1"] = NOTHING
    return read


def field_names() -> tuple[str, ...]:
    """Name the fields of the form, row by row."""
    return tuple(f"{cell}-{number}" for number in range(1, MOST_LINES + 1) for cell in CELLS)


def _is_typed(typed: Mapping[str, str], number: int) -> bool:
    return any(typed[f"{cell}-{number}"] for cell in CELLS)


def _typed_line(read: TypeForm, number: int, drugs: Mapping[str, str]) -> TypeLine | None:
    code_text, drug_text, units_text, klass, payer = (read.typed[f"{cell}-{number}"] for cell in CELLS)
    code, drug = read_procedure(code_text) if code_text else None, _drug(drug_text, drugs)
    if code_text and code is None:
        read.errors[f"code-{number}"] = CODE
    if drug_text and drug is None:
        read.errors[f"drug-{number}"] = DRUG
    if not code_text and not drug_text and payer != BillTo.SELF_PAY:
        read.errors[f"code-{number}"] = NEITHER
    units = _typed_units(units_text)
    if units is None:
        read.errors[f"units-{number}"] = UNITS
    if units is None or any(name.endswith(f"-{number}") for name in read.errors):
        return None
    return TypeLine(code, drug, units, klass if klass in CLASSES else None, BILLS.get(payer))


def _typed_units(text: str) -> int | None:
    if not text:
        return 1
    return int(text) if text.isascii() and text.isdigit() and 0 < int(text) <= LARGEST else None


def _drug(text: str, drugs: Mapping[str, str]) -> str | None:
    folded = " ".join(text.casefold().removeprefix("drug:").split())
    return drugs.get(folded) or drugs.get("".join(letter for letter in folded if letter.isalnum()))
