"""How quickly a remittance is read into claims: beside pyx12, which only validates it, over the same bytes."""

import io
import logging
import random
from typing import Any

import pyx12.params
from pyx12.x12n_document import x12n_document

from app.standards.x12.reader import transactions
from app.standards.x12.remittance.reading import read_835
from tests.bench.measure import rounded, short

ASKED = 20
"""At least so many times faster than pyx12."""
_HEAD = (
    "ISA*00*          *00*          *ZZ*PAYERID        *ZZ*PRACTICE       *261015*1200*^*00501*000000001*0*P*:",
    "GS*HP*PAYERID*PRACTICE*20261015*1200*1*X*005010X221A1",
    "ST*835*0001",
    "BPR*I*100*C*ACH*CCP*01*111000025*DA*11*1512345678**01*111000025*DA*22*20261015",
    "TRN*1*CHK778*1512345678",
    "DTM*405*20261015",
    "N1*PR*EXAMPLE HEALTH PLAN",
    "N3*1 MAIN STREET",
    "N4*AUSTIN*TX*787010000",
    "PER*BL*PROVIDER SERVICE*TE*5125550100",
    "N1*PE*LAKE DERMATOLOGY*XX*1245319599",
    "REF*TJ*123456789",
    "LX*1",
)


def remittance_file(claims: int, seed: int = 1) -> bytes:
    """Make a valid 835 of so many claims of two lines, with invented people, in the order of a payer's file."""
    random_ = random.Random(seed)
    segments = list(_HEAD)
    for number in range(claims):
        segments += _claim(number, random_)
    segments.append(f"SE*{len(segments) - 1}*0001")
    segments += ["GE*1*1", "IEA*1*000000001"]
    return "".join(f"{each}~\n" for each in segments).encode()


def _claim(number: int, random_: random.Random) -> list[str]:
    first, second = random_.randint(80, 400), random_.randint(80, 400)
    share, less = random_.randint(0, 40), random_.randint(0, 40)
    denied = random_.random() < 0.1
    paid = 0 if denied else second - less
    reason = f"CAS*CO*197*{second}" if denied else f"CAS*CO*45*{less}"
    return [
        f"CLP*A{number:07}*1*{first + second}*{first - share + paid}*{share}*12*P{number:09}*11*1",
        f"NM1*QC*1*RIVERA*ANA****MI*W{number:09}",
        "MOA***MA01",
        "DTM*232*20261001",
        "DTM*233*20261001",
        f"SVC*HC:11102:59*{first}*{first - share}**1",
        "DTM*472*20261001",
        f"CAS*PR*1*{share}",
        f"AMT*B6*{first}",
        f"SVC*HC:17311*{second}*{paid}**1",
        "DTM*472*20261001",
        reason,
        *(["LQ*HE*N54"] if denied else []),
    ]


def bench_835(claims: int = 10_000) -> dict[str, Any]:
    """Read an 835 of so many claims, and let pyx12 validate the same bytes.

    Returns   claims, seconds of each on the wall and of the processor, how many times less of the processor reading
              takes, what is asked, and whether it holds.
    """
    content = remittance_file(claims)
    reading = short([lambda: read_all(content)] * 3)
    validating = short([lambda: validate(content)])
    times = validating.processor / reading.processor
    return {
        "claims": read_all(content),
        "read_seconds": rounded(reading.seconds),
        "read_processor_seconds": rounded(reading.processor),
        "pyx12_seconds": rounded(validating.seconds),
        "pyx12_processor_seconds": rounded(validating.processor),
        "times_faster": round(times, 1),
        "asked": ASKED,
        "holds": times >= ASKED,
    }


def read_all(content: bytes) -> int:
    """Read the claims of a file; returns how many."""
    return sum(len(read_835(each)["claims"]) for each in transactions(io.BytesIO(content)))


def validate(content: bytes) -> bool:
    """Let pyx12 say whether a file is valid; its own log stays still."""
    logging.getLogger("pyx12").setLevel(logging.CRITICAL + 1)
    return bool(x12n_document(pyx12.params.params(), io.StringIO(content.decode()), None, None))
