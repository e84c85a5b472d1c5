"""How quickly eligibility answers (271) are read, beside the bare split of the same bytes; and in how much memory."""

import random
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from app.standards.reading import opened
from app.standards.x12.eligibility.answers import read_271
from app.standards.x12.reader import transactions
from tests.bench.measure import alone, machine, milliseconds, peak_mib, rounded, short
from tests.bench.x12_remittance import bench_835

ASKED_TIMES = 8
ASKED_MIB = 8
IN_A_SET = 500
MIB = 2**20
HEAD = (
    "ISA*00*          *00*          *ZZ*PAYERID        *ZZ*PRACTICE       *261015*1200*^*00501*000000001*0*P*:~\n"
    "GS*HB*PAYERID*PRACTICE*20261015*1200*1*X*005010X279A1~\n"
)
SET_HEAD = (
    "BHT*0022*11*{number}*20261015*1200",
    "HL*1**20*1",
    "NM1*PR*2*EXAMPLE HEALTH PLAN*****PI*60054",
    "PER*IC*MEMBER SERVICES*TE*8005550100",
    "HL*2*1*21*1",
    "NM1*1P*2*LAKE DERMATOLOGY*****XX*1245319599",
)


def bench(size: int, seed: int, claims: int) -> dict[str, Any]:
    """Read a 271 of `size` answers (benefits), and an 835 of `claims` claims.

    Returns   for the 271: bytes, seconds of split and of reading, how many times it takes (asked: at most 8), and what
              ten times the file adds to the peak memory (asked: at most 8 MiB); for the 835 what `bench_835` gives.
    """
    with tempfile.TemporaryDirectory() as folder:
        small, large = Path(folder) / "small.x12", Path(folder) / "large.x12"
        write_answers(small, max(size // 10, 1), seed)
        write_answers(large, size, seed)
        splitting = short([lambda: split(large)] * 3)
        reading = short([lambda: read(large)] * 3)
        documents = short([lambda: read_documents(large)])
        peaks = [alone(peak_of, str(path)) for path in (small, large)]
        times = reading.processor / splitting.processor
        return {
            "eligibility": {
                "answers": read(large),
                "bytes": large.stat().st_size,
                "split": splitting.milliseconds(),
                "read": reading.milliseconds(),
                "times": rounded(times),
                "asked_times": ASKED_TIMES,
                "read_after_checking_every_envelope_milliseconds": milliseconds(documents.processor),
                "times_after_checking_every_envelope": rounded(documents.processor / splitting.processor),
                "peak_memory_mib": [rounded(peak) for peak in peaks],
                "more_memory_for_ten_times_the_file_mib": rounded(peaks[1] - peaks[0]),
                "asked_mib": ASKED_MIB,
                "holds": times <= ASKED_TIMES and peaks[1] - peaks[0] <= ASKED_MIB,
            },
            "remittance": bench_835(claims),
            "machine": machine(),
        }


def write_answers(path: Path, size: int, seed: int) -> None:
    """Write a 271 of so many answers, in sets of 500, of invented people."""
    random_ = random.Random(seed)
    with path.open("w", encoding="ascii", newline="") as out:
        out.write(HEAD)
        sets = 0
        for first in range(0, size, IN_A_SET):
            sets += 1
            body = [*_set(first, min(IN_A_SET, size - first), random_)]
            out.write(f"ST*271*{sets:04}*005010X279A1~\n")
            out.writelines(f"{segment}~\n" for segment in body)
            out.write(f"SE*{len(body) + 2}*{sets:04}~\n")
        out.write(f"GE*{sets}*1~\nIEA*1*000000001~\n")


def _set(first: int, count: int, random_: random.Random) -> Iterator[str]:
    yield from (segment.format(number=first) for segment in SET_HEAD)
    for number in range(first, first + count):
        yield from _answer(number, random_)


def _answer(number: int, random_: random.Random) -> Iterator[str]:
    month, day = random_.randint(1, 12), random_.randint(1, 28)
    yield f"HL*{number + 3}*2*22*0"
    yield f"TRN*2*T{number:09}*9512345678"
    yield f"NM1*IL*1*RIVERA{number % 977}*ANA****MI*W{number:09}"
    yield f"REF*6P*G{number % 350:05}*EXAMPLE EMPLOYER"
    yield "N3*1 MAIN STREET"
    yield "N4*AUSTIN*TX*78701"
    yield f"DMG*D8*{1940 + number % 70}{month:02}{day:02}*{'FM'[number % 2]}"
    yield f"DTP*346*D8*2026{month:02}01"
    yield f"EB*{'6' if number % 9 == 0 else '1'}*IND*30*PR*OPEN ACCESS PLUS"
    yield f"EB*C*IND*30***23*{random_.randint(10, 90) * 50}*****Y"
    yield f"EB*C*IND*30***29*{random_.randint(0, 300000) / 100}*****Y"
    yield "DTP*292*RD8*20260101-20261231"
    yield f"EB*B**98^3^BY***27*{random_.randint(1, 16) * 5}*****Y"
    yield "MSG*SPECIALIST OFFICE VISIT"
    yield f"EB*A*IND*2***27**.{random_.randint(1, 5)}****N"
    yield "EB*CB*IND*******Y*Y*HC:17311"


def split(path: Path) -> int:
    """Split the bytes of a file into segments, and these into elements."""
    return sum(len(segment.split("*")) for segment in path.read_bytes().decode().split("~"))


def read(path: Path) -> int:
    """Read the answers of a file as they come; returns how many."""
    with path.open("rb") as stream:
        return sum(1 for found in transactions(stream) for _answer in read_271(found)["responses"])


def read_documents(path: Path) -> int:
    """Read as `scripts/manage read` does: only after the envelope of each interchange was checked to its end."""
    with path.open("rb") as stream:
        return sum(1 for make in opened(stream) for _answer in make()["responses"])


def peak_of(path: str) -> float:
    """Read a file in a fresh process. Returns its peak memory in MiB."""
    read_documents(Path(path))
    return peak_mib()
