"""X12 files that mean harm, or were broken on their way."""

from collections.abc import Callable
from random import Random

from tests.support.edi import edi

MIB = 2**20
Maker = Callable[[Random], bytes]

ANSWER = """
BHT*0022*11*R-1*20261201*0915
HL*1**20*1
NM1*PR*2*Lakeside Health Plan*****PI*LHP01
HL*2*1*21*1
NM1*1P*1*Okafor*Ines****XX*1234567893
HL*3*2*22*0
TRN*2*T-1*9CLINIC001
NM1*IL*1*Marlow*Quentin****MI*LHP00042
DMG*D8*19610203*M
DTP*346*D8*20260101
EB*1**30**Gold
EB*C*IND*30***23*1500
"""
REVIEW = """
BHT*0007*11*R-1*20261201*0915*18
HL*1**20*1
NM1*X3*2*Lakeside Health Plan*****PI*LHP01
HL*2*1*21*1
NM1*1P*1*Okafor*Ines****XX*1234567893
HL*3*2*22*1
NM1*IL*1*Marlow*Quentin****MI*LHP00042
HL*4*3*EV*1
TRN*2*T-1*9CLINIC001
UM*HS*I*2*11:B
HCR*A1*AU-1
DTP*007*RD8*20261201-20270228
HL*5*4*SS*0
SV1*HC:96910**UN*24
"""
RECEIPT = "AK1*HI*41*005010X217\nAK2*278*0001*005010X217\nIK3*NM1*8**8\nIK5*R*5\nAK9*R*1*1*0"
REMITTANCE = """
BPR*I*100*C*ACH************20261201
TRN*1*PAY-1*1999999999
N1*PR*Lakeside Health Plan
N1*PE*North Shore Dermatology*XX*1234567893
LX*1
CLP*C-1*1*150*100*0*12*PCN-1
CAS*CO*45*50
NM1*QC*1*Marlow*Quentin****MI*LHP00042
SVC*HC:17000*150*100**1
CAS*CO*45*50
"""
SETS = (("271", ANSWER), ("278", REVIEW), ("999", RECEIPT), ("835", REMITTANCE))


def any_set(draw: Random, **envelope: str) -> bytes:
    set_id, text = draw.choice(SETS)
    return edi(text, set_id=set_id, **envelope)


def _many(line: str, times: int, set_id: str = "278", text: str = REVIEW) -> bytes:
    return edi(text + "\n".join([line] * times), set_id=set_id)


def _changed(draw: Random, before: bytes, after: bytes) -> bytes:
    return any_set(draw).replace(before, after)


def _shuffled(draw: Random) -> bytes:
    head, *rest = any_set(draw).split(b"~\n")
    draw.shuffle(rest)
    return b"~\n".join([head, *rest])


def _cut(draw: Random) -> bytes:
    content = any_set(draw)
    return content[: draw.randrange(1, len(content) - 3)]


def _flipped(draw: Random) -> bytes:
    content = bytearray(any_set(draw))
    for _ in range(20):
        content[draw.randrange(len(content))] = draw.randrange(256)
    return bytes(content)


def _deep_levels(times: int) -> bytes:
    lines = "\n".join(f"HL*{number}*{number - 1}*22*1" for number in range(1, times))
    return edi("BHT*0007*11*R\n" + lines)


def _signs(signs: str) -> bytes:
    text = edi(REVIEW).decode()
    return text.translate(str.maketrans("*^:~", signs)).encode()


X12: dict[str, Maker] = {
    "cut off": _cut,
    "bytes changed": _flipped,
    "segments shuffled": _shuffled,
    "NUL inside": lambda draw: _changed(draw, b"Quentin", b"Que\0tin").replace(b"AK9", b"AK\0"),
    "a segment of a megabyte": lambda _: edi(REVIEW + "MSG*" + "x" * MIB),
    "no terminator": lambda _: edi(REVIEW)[:106] + b"GS*HI" + b"*x" * MIB,
    "a million repeats": lambda _: _many("MSG*x", 1_000_000),
    "a million rejections": lambda _: _many("AAA*N**75*C", 1_000_000, text="BHT*0007*11\nHL*1**20*1\n"),
    "a million benefits": lambda _: _many("EB*1**30", 1_000_000, "271", ANSWER),
    "repeats within an element": lambda _: edi(ANSWER + f"EB*1**{'^'.join(['30'] * 20_000)}", set_id="271"),
    "a million levels": lambda _: _deep_levels(1_000_000),
    "a million services": lambda _: _many("HL*6*4*SS*0\nSV1*HC:96910**UN*1", 500_000),
    "thousands of sets": lambda _: edi(*["BHT*0007*11*R"] * 10_000),
    "a million errors": lambda _: edi("AK1*HI*1\nAK2*278*1\n" + "IK3*NM1*8**8\n" * 500_000, set_id="999"),
    "a million claims": lambda _: edi("BPR*I*1\nTRN*1*1\nLX*1\n" + "CLP*1*1*1*1\n" * 500_000, set_id="835"),
    "a wrong SE count": lambda draw: _changed(draw, b"SE*", b"SE*9"),
    "a wrong GE count": lambda draw: _changed(draw, b"GE*1", b"GE*2"),
    "a wrong IEA count": lambda draw: _changed(draw, b"IEA*1", b"IEA*0"),
    "a wrong control number": lambda draw: _changed(draw, b"GE*1*41", b"GE*1*42"),
    "a count of 50,000 digits": lambda draw: _changed(draw, b"IEA*1", b"IEA*" + b"1" * 50_000),
    "letters as delimiters": lambda _: _signs("xyzq"),
    "one sign for all delimiters": lambda _: _signs("****"),
    "control signs as delimiters": lambda _: _signs("\x1d\x1f\x1e\x1c"),
    "a short ISA": lambda draw: any_set(draw)[: draw.randrange(3, 105)],
    "no ISA": lambda draw: any_set(draw)[107:],
    "ISA within ISA": lambda draw: any_set(draw)[:107] + any_set(draw),
    "junk behind the IEA": lambda draw: any_set(draw) + draw.randbytes(5000),
    "bytes that are no UTF-8": lambda draw: _changed(draw, b"Marlow", b"M\xff\xfe\xc3low"),
    "days that are none": lambda _: edi(REVIEW.replace("20270228", "20270230")),
    "days beyond the calendar": lambda _: edi(REVIEW.replace("20261201-", "00000000-")),
    "an amount beyond numbers": lambda _: edi(REMITTANCE.replace("C-1*1*150", "C-1*1*1e99999999"), set_id="835"),
    "an amount of many digits": lambda _: edi(REMITTANCE.replace("17000*150", "17000*" + "9" * 30_000), set_id="835"),
    "thousands of components": lambda _: edi(REVIEW + f"HI*{':'.join(['ABK'] * 15_000)}"),
    "the same interchange a thousand times": lambda draw: any_set(draw) * 1000,
    "endless blanks": lambda draw: b" " * (3 * MIB) + any_set(draw),
    "endless line breaks": lambda draw: any_set(draw).replace(b"\n", b"\r\n" * 2000),
}  # fmt: skip
