"""Answers of an invented payer to requests for review (X12 278), as the payer would send them."""

from collections.abc import Sequence
from dataclasses import dataclass

PAYER, PAYER_ID = "Acme Health", "ACME1"


@dataclass(frozen=True, slots=True)
class Response:
    """One answer: our trace, the member, and what was decided. `lines`: code, action and units of each service."""

    trace: str
    member: str
    last: str
    first: str
    action: str = "A1"
    number: str | None = "AUTH0001"
    reason: str | None = None
    reference: str = "A12345"
    begins: str = "20260301"
    ends: str = "20260831"
    lines: Sequence[tuple[str, str, str]] = (("96910", "A1", "36"),)


def response_set(one: Response, number: int = 1) -> list[str]:
    """Write one transaction set, from ST to SE."""
    decided = "*".join(["HCR", one.action, one.number or "", one.reason or ""]).rstrip("*")
    segments = [
        f"ST*278*{number:04}*005010X217",
        f"BHT*0007*11*{one.reference}*20260302*1015*18",
        "HL*1**20*1",
        f"NM1*X3*2*{PAYER.upper()}*****PI*{PAYER_ID}",
        "HL*2*1*21*1",
        "NM1*1P*2*BRIGHT SKIN CLINIC*****XX*1003000126",
        "HL*3*2*22*1",
        f"NM1*IL*1*{one.last}*{one.first}****MI*{one.member}",
        "HL*4*3*EV*1",
        f"TRN*2*{one.trace}*9CLEARED01",
        "UM*HS*I*2*11:B",
        decided,
        f"DTP*007*RD8*{one.begins}-{one.ends}",
    ]
    for place, (code, action, units) in enumerate(one.lines, start=5):
        segments += [f"HL*{place}*4*SS*0", f"SV1*HC:{code}**UN*{units}", f"HCR*{action}"]
    return [*segments, f"SE*{len(segments) + 1}*{number:04}"]


def interchange(sets: Sequence[list[str]], control: int = 417, sender: str = "ACMEHEALTH") -> bytes:
    """Put sets into one interchange and group."""
    head = (
        f"ISA*00*          *00*          *ZZ*{sender:<15}*ZZ*{'BRIGHTSKIN':<15}*260302*1015*^*00501*{control:09}*0*T*:"
    )
    group = f"GS*HI*{sender}*BRIGHTSKIN*20260302*1015*{control}*X*005010X217"
    segments = [
        head,
        group,
        *(one for each in sets for one in each),
        f"GE*{len(sets)}*{control}",
        f"IEA*1*{control:09}",
    ]
    return ("~\n".join(segments) + "~\n").encode()


def response(one: Response, control: int = 417) -> bytes:
    """Write a file with one answer."""
    return interchange([response_set(one)], control)
