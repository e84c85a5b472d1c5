"""What a person types about visit types -> values, or a sentence."""

from app.schedule.facts import BillTo, TypeLine
from app.values.codes import read_procedure

CLASSES = ("medical", "conditional", "cosmetic")
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
