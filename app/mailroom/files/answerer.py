"""Says what the sender of an X12 file is to be told of it, alone in its own process (app/platform/confinement.py).

The file comes on standard input. Out come `{"interchange": {...}, "fault": [fault, sentence] or null}` for each
interchange that a TA1 answers, then `{"group": {...}, "interchange": {...}, "sets": [...]}` for each functional group
that a 999 answers. Last comes `{"end": how many there are}`; of what is no X12, that alone.
"""

import io
import json
import sys
from dataclasses import asdict
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parents[3]))

from app.standards.errors import ReadingError
from app.standards.reading import BLANK, MARKS
from app.standards.x12.acknowledgements.answering import answers_to, interchanges_to_answer

MIB = 2**20
MEMORY = 512 * MIB
SECONDS = 120


def main() -> None:
    """Write what the sender of the file is to be told."""
    content, out, count = sys.stdin.buffer.read(), sys.stdout, 0
    if content[:4096].removeprefix(MARKS[0]).lstrip(BLANK).startswith(b"ISA"):
        for one in interchanges_to_answer(io.BytesIO(content)):
            out.write(json.dumps({"interchange": asdict(one.interchange), "fault": told(one.fault)}) + "\n")
            count += 1
        for group in answers_to(io.BytesIO(content)):
            out.write(json.dumps(asdict(group)) + "\n")
            count += 1
    out.write(json.dumps({"end": count}) + "\n")
    out.flush()


def told(fault: ReadingError | None) -> list[Any] | None:
    """Write a fault."""
    return None if fault is None else [fault.fault.value, fault.sentence]
