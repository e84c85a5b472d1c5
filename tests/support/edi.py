"""X12 files of invented content: an envelope with right counts and control numbers around the segments of a set."""

from collections.abc import Sequence
from io import BytesIO
from typing import Any

from app.standards.x12.facts import Transaction
from app.standards.x12.reader import transactions

CONTROL = "000000417"


def edi(
    *sets: str,
    set_id: str = "278",
    version: str = "005010X217",
    functional: str = "HI",
    signs: str = "*^:~",
    isa_version: str = "00501",
    ends: str = "\n",
) -> bytes:
    """Write sets, each given as lines `HL*1**20*1` with the usual signs, under the signs that are asked for.

    `signs`: element, repetition, component, terminator; the repetition may be `U`, as in 004010.
    """
    element, repetition, component, terminator = signs
    head = "ISA*00*          *00*          *ZZ*PAYERHUB       *ZZ*CLINIC         *261201*0915*"
    lines = [f"GS*{functional}*PAYERHUB*CLINIC*20261201*0915*41*X*{version}"]
    for number, text in enumerate(sets, 1):
        body = [line.strip() for line in text.strip().splitlines() if line.strip()]
        lines += [f"ST*{set_id}*{number:04}*{version}", *body, f"SE*{len(body) + 2}*{number:04}"]
    lines += [f"GE*{len(sets)}*41", f"IEA*1*{CONTROL}"]
    translated = str.maketrans("*^:", element + (repetition if repetition != "U" else "^") + component)
    isa = head.translate(translated) + element.join([repetition, isa_version, CONTROL, "0", "P", component])
    return "".join(line + terminator + ends for line in [isa, *(line.translate(translated) for line in lines)]).encode()


def sets_of(content: bytes) -> list[Transaction]:
    """Give the sets of a file with their segments in hand."""
    found = []
    for transaction in transactions(BytesIO(content)):
        transaction.segments = list(transaction.segments)
        found.append(transaction)
    return found


def only(found: Sequence[Any]) -> Any:
    """Give the one that is there."""
    assert len(found) == 1, found
    return found[0]
