"""What payers send in the drill `replay`: each file once, all invented, and how one byte of a file is changed."""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from random import Random

from tests.support.reviews import Response, response

PEOPLE = (("Abbott", "Lena"), ("Bauer", "Otto"), ("Castillo", "Marisol"), ("Dubois", "Henri"), ("Eriksen", "Astrid"))
APPROVED, DENIED, PENDED, CANCELED, SHORT = range(5)
"""Which person's case each answer is for."""
SENDERS = {"HB": "271", "HP": "835"}


def answer_to(person: int, **other: object) -> Response:
    """The answer to a person's request, approved unless told otherwise."""
    last, first = PEOPLE[person]
    base = Response(f"T-{person + 1}", f"W{person + 1:08}", last, first, number=f"AUTH{person + 1:05}")
    return replace(base, reference=f"R2026{person + 1:04}", **other)  # type: ignore[arg-type]


def files() -> Mapping[str, bytes]:
    """The files of a day: answers to requests, a plan's answer, a remittance; of others, and to what is canceled."""
    denied = {"action": "A3", "reason": "0F", "lines": (("96910", "A3", "36"),)}
    pended = {"action": "A4", "reason": "0U", "lines": (), "number": "P00033"}
    return {
        "approved": response(answer_to(APPROVED), 101),
        "denied": response(answer_to(DENIED, **denied), 102),
        "pended": response(answer_to(PENDED, **pended), 103),
        "pended, then approved": response(answer_to(PENDED), 104),
        "approved, but canceled": response(answer_to(CANCELED), 105),
        "partly approved": response(answer_to(SHORT, action="A6", lines=(("96910", "A6", "12"),)), 106),
        "of another practice": response(Response("X-77", "Z99999999", "Nobody", "Here", reference="R99999"), 107),
        "plan answers": _plan_answers(),
        "remittance": _remittance(),
    }


def _interchange(functional: str, version: str, body: str, control: int) -> bytes:
    """Put one set into an interchange; its segments stand one a line."""
    sender = "ACMEHEALTH"
    segments = body.strip().split("\n")
    head = [
        f"ISA*00*          *00*          *ZZ*{sender:<15}*ZZ*{'BRIGHTSKIN':<15}*260302*1015*^*00501*{control:09}*0*T*:",
        f"GS*{functional}*{sender}*BRIGHTSKIN*20260302*1015*{control}*X*{version}",
        f"ST*{SENDERS[functional]}*0001*{version}",
    ]
    tail = [f"SE*{len(segments) + 2}*0001", f"GE*1*{control}", f"IEA*1*{control:09}"]
    return ("~".join([*head, *segments, *tail]) + "~").encode()


def _plan_answers() -> bytes:
    last, first = PEOPLE[APPROVED]
    return _interchange(
        "HB",
        "005010X279A1",
        f"""
BHT*0022*11*10001234*20260302*1319
HL*1**20*1
NM1*PR*2*ACME HEALTH*****PI*ACME1
HL*2*1*21*1
NM1*1P*2*BRIGHT SKIN CLINIC*****XX*1003000126
HL*3*2*22*0
TRN*2*E-000001*9CLEARED01
NM1*IL*1*{last}*{first}****MI*W00000001
DMG*D8*19800517*F
DTP*346*D8*20260101
EB*1**30**PPO GOLD
EB*B**98***27*30""",
        108,
    )


def _remittance() -> bytes:
    last, first = PEOPLE[DENIED]
    return _interchange(
        "HP",
        "005010X221A1",
        f"""
BPR*I*0*C*NON************20260302
TRN*1*PAY0001*1999999999
DTM*405*20260302
N1*PR*ACME HEALTH
N3*1 PLAN WAY
N4*SOMEWHERE*NY*10001
PER*BL*HELP*TE*5550100123
N1*PE*BRIGHT SKIN CLINIC*XX*1003000126
LX*1
CLP*Q-1*4*100*0**12*PCN1*11*1
NM1*QC*1*{last}*{first}****MI*W00000002
DTM*232*20260302
SVC*HC:96910*100*0**1
DTM*472*20260302
CAS*CO*197*100""",
        109,
    )


def changed(content: bytes, dice: Random) -> tuple[bytes, int]:
    """Change one byte of a file to another letter or digit. Returns the file, and which byte it was."""
    while True:
        place = dice.randrange(len(content))
        old, new = content[place : place + 1], dice.choice("ABCDEFGHJKLMNPQRSTUVWXYZ0123456789").encode()
        if old != new and old not in b"\n":
            return content[:place] + new + content[place + 1 :], place


AIMED = (
    (b"HCR*A1", b"HCR*A3"),
    (b"HCR*A3", b"HCR*A1"),
    (b"HCR*A4", b"HCR*A1"),
    (b"*AUTH0", b"*AUTH9"),
    (b"*W0000000", b"*W1000000"),
    (b"**UN*36", b"**UN*96"),
    (b"EB*1**30", b"EB*6**30"),
    (b"-20260831", b"-20290831"),
)
"""One byte that changes what a file says: a no for a yes, a number, a member, units, coverage, days."""


def forgeries(genuine: Mapping[str, bytes], each: int, dice: Random) -> Iterator[bytes]:
    """Each file with one byte changed: wherever that says something else, and so many times anywhere."""
    for content in genuine.values():
        yield from (content.replace(old, new, 1) for old, new in AIMED if old in content)
        for _copy in range(each):
            yield changed(content, dice)[0]
