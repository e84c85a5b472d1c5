"""Remittances made by hand for tests: invented names and numbers, one segment a line."""

from typing import Any

from app.standards.x12.facts import Delimiters, Group, Interchange, Transaction
from app.standards.x12.remittance.reading import read_835

HEAD = """BPR*I*100*C*ACH*CCP*01*111000025*DA*11*1512345678**01*111000025*DA*22*20261015
TRN*1*CHK-778*1512345678
N1*PR*EXAMPLE HEALTH PLAN
N1*PE*LAKE DERMATOLOGY*XX*1245319599
REF*TJ*123456789
LX*1"""


def transaction(lines: str, element: str = "*", component: str = ":") -> Transaction:
    """Make a transaction set of lines; each is a segment with `*` and `:`, written over with other signs."""
    delimiters = Delimiters(element, "^", component, "~")
    interchange = Interchange("ZZ", "PAYER", "ZZ", "US", "000000001", "00501", "P")
    made = Transaction(
        "835", "0001", "005010X221A1", delimiters, interchange, Group("HP", "A", "B", "1", "005010X221A1"), ()
    )

    def segments():
        for number, line in enumerate(lines.splitlines(), start=4):
            made.number = number
            yield line.strip().replace(":", component).split("*")

    made.segments = segments()
    return made


def remittance(lines: str, **signs: str) -> dict[str, Any]:
    """Read lines below a header that is always there."""
    return read_835(transaction(f"{HEAD}\n{lines}", **signs))


def claim(lines: str, **signs: str) -> dict[str, Any]:
    """Read the one claim of `lines`."""
    (only,) = remittance(lines, **signs)["claims"]
    return only
