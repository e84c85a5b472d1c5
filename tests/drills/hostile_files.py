"""Files that mean harm, or were broken on their way: X12, workbooks, CSV, XML, YAML, PDF, HL7, JSON, odd names."""

import io
import json
import re
import zipfile
from dataclasses import dataclass
from itertools import cycle, pairwise
from random import Random

from tests.drills.hostile_x12 import MIB, REVIEW, X12, Maker, any_set
from tests.support.edi import edi

HEADER = "visit_id,patient_mrn,patient_last,patient_first,patient_dob,starts_at,site,provider_npi,code\n"
ROW = "A1,M1,Marlow,Quentin,1961-02-03,2026-12-07 09:00,Main,1234567893,17000\n"
SIU = (
    "MSH|^~\\&|PMS|CLINIC|CLEARED|CLINIC|20261201091500||SIU^S12|M-1|P|2.5\r"
    "SCH|P-1|F-1|||||||30|min|^^30^20261207090000\rPID|||M1||Marlow^Quentin||19610203|M\r"
)
LAUGHS = (
    '<?xml version="1.0"?><!DOCTYPE a [<!ENTITY a "ha">'
    + "".join(f'<!ENTITY {name} "{f"&{before};" * 10}">' for before, name in pairwise("abcdefghij"))
    + "]><a>&j;</a>"
)
ENTITY = '<?xml version="1.0"?><!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]><a>&x;</a>'


@dataclass(frozen=True, slots=True)
class Hostile:
    """One file: of which kind, by which trick, how it is called and what it holds."""

    kind: str
    trick: str
    name: str
    content: bytes


def _book(parts: dict[str, str], extra: dict[str, bytes] | None = None) -> bytes:
    """A small workbook; parts replace its own."""
    types = "application/vnd.openxmlformats-officedocument.spreadsheetml"
    main = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    office = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
    package = "http://schemas.openxmlformats.org/package/2006"
    held = {
        "[Content_Types].xml": f'<Types xmlns="{package}/content-types"><Default Extension="rels" '
        'ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Override PartName="/xl/workbook.xml" '
        f'ContentType="{types}.sheet.main+xml"/></Types>',
        "_rels/.rels": f'<Relationships xmlns="{package}/relationships"><Relationship Id="r1" '
        f'Type="{office}/officeDocument" Target="xl/workbook.xml"/></Relationships>',
        "xl/workbook.xml": f'<workbook xmlns="{main}" xmlns:r="{office}"><sheets>'
        '<sheet name="A" sheetId="1" r:id="r1"/></sheets></workbook>',
        "xl/_rels/workbook.xml.rels": f'<Relationships xmlns="{package}/relationships"><Relationship Id="r1" '
        f'Type="{office}/worksheet" Target="worksheets/sheet1.xml"/></Relationships>',
        "xl/worksheets/sheet1.xml": f'<worksheet xmlns="{main}"><sheetData><row r="1"><c r="A1" t="inlineStr"><is><t>'
        "visit_id</t></is></c></row></sheetData></worksheet>",
    } | parts
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in held.items():
            archive.writestr(name, text)
        for name, content in (extra or {}).items():
            archive.writestr(name, content)
    return out.getvalue()


SHEET = "xl/worksheets/sheet1.xml"


def _far_cell() -> bytes:
    far = (
        '<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><dimension ref="A1:XFD1048576"/>'
    )
    cells = '<row r="1"><c r="A1"><v>1</v></c></row><row r="1048576"><c r="XFD1048576"><v>1</v></c></row>'
    return _book({SHEET: f"{far}<sheetData>{cells}</sheetData></worksheet>"})


def _damaged(draw: Random) -> bytes:
    content = bytearray(_book({}))
    for _ in range(10):
        content[draw.randrange(4, len(content))] ^= 1 + draw.randrange(255)
    return bytes(content)


XLSX: dict[str, Maker] = {
    "unpacks to a gigabyte": lambda _: _book({}, {"xl/media/a.bin": bytes(200 * MIB)}),
    "a sheet that unpacks to 200 MB": lambda _: _book({SHEET: "<worksheet>" + " " * (200 * MIB)}),
    "five thousand parts": lambda _: _book({f"xl/x{number}.xml": "" for number in range(5000)}),
    "an archive in an archive": lambda _: _book({}, {"xl/a.zip": _book({}, {"b.bin": bytes(MIB)})}),
    "entities that multiply": lambda _: _book({SHEET: LAUGHS}),
    "an entity from a file": lambda _: _book({SHEET: ENTITY, "xl/sharedStrings.xml": ENTITY}),
    "a cell at the far end": lambda _: _far_cell(),
    "damaged": _damaged,
    "cut off": lambda draw: _book({})[: draw.randrange(4, 900)],
    "parts outside its folder": lambda _: _book({"../../../outside.xml": "x", "/etc/passwd": "x"}),
    "no workbook in it": lambda _: zipped({"hello.txt": b"hello"}),
}


def zipped(parts: dict[str, bytes]) -> bytes:
    """An archive of parts."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return out.getvalue()


CSV: dict[str, Maker] = {
    "a line of 8 MB": lambda _: (HEADER + "x," * (4 * MIB)).encode(),
    "a cell of 3 MB": lambda _: (HEADER + "x" * (3 * MIB) + ",1\n").encode(),
    "a quotation mark that never closes": lambda _: (HEADER + '"' + ROW * 2000).encode(),
    "half a million columns": lambda _: (",".join(f"c{number}" for number in range(500_000)) + "\n").encode(),
    "more rows than a table has": lambda _: (HEADER + "a,b\n" * 600_000).encode(),
    "NUL signs": lambda _: (HEADER + ROW.replace("Marlow", "Mar\0low")).encode(),
    "UTF-16": lambda _: (HEADER + ROW).encode("utf-16"),
    "formulas": lambda _: (HEADER + ROW.replace("Marlow", "=cmd|'/c calc'!A1").replace("M1", "@SUM(1)")).encode(),
    "a header without rows": lambda _: HEADER.encode(),
    "rows of unlike length": lambda draw: "".join("x," * draw.randrange(30) + "\n" for _ in range(500)).encode(),
    "dates of other worlds": lambda _: (HEADER + ROW.replace("1961-02-03", "99999-99-99") * 50).encode(),
}  # fmt: skip
XML: dict[str, Maker] = {
    "entities that multiply": lambda _: LAUGHS.encode(),
    "an entity from a file": lambda _: ENTITY.encode(),
    "an entity from the network": lambda _: ENTITY.replace("file:///etc/passwd", "http://192.0.2.1/a").encode(),
    "one entity a million times": lambda _: (
        f'<!DOCTYPE a [<!ENTITY x "{"y" * 50_000}">]><a>' + "&x;" * 100_000 + "</a>"
    ).encode(),
    "a million elements deep": lambda _: b"<a>" * 1_000_000,
    "a FHIR bundle in XML": lambda _: b'<Bundle xmlns="http://hl7.org/fhir"><type value="collection"/></Bundle>',
}
YAML: dict[str, Maker] = {
    "aliases that multiply": lambda _: (
        "a: &a [x,x,x,x,x,x,x,x,x]\n"
        + "".join(f"{after}: &{after} [{f'*{name},' * 9}]\n" for name, after in pairwise("abcdefghi"))
    ).encode(),
    "an object of Python": lambda _: b"!!python/object/apply:os.system ['true']\n",
    "a hundred thousand deep": lambda _: b"[" * 100_000,
    "an alias to itself": lambda _: b"a: &a\n  b: *a\n",
}  # fmt: skip
PDF: dict[str, Maker] = {
    "a script that runs when opened": lambda _: b"%PDF-1.7\n1 0 obj<</OpenAction<</S/JavaScript/JS(alert())>>>>endobj",
    "an X12 file inside": lambda _: b"%PDF-1.4\nstream\n" + edi(REVIEW) + b"endstream",
    "four megabytes of junk": lambda draw: b"%PDF-1.4\n" + draw.randbytes(4 * MIB),
}  # fmt: skip
HL7: dict[str, Maker] = {
    "a million segments": lambda _: (SIU + "NTE|1||x\r" * 500_000).encode(),
    "thousands of messages": lambda _: (SIU * 2_000).encode(),
    "a field of 4 MB": lambda _: (SIU + "NTE|1||" + "x" * (4 * MIB)).encode(),
    "no signs in MSH": lambda _: b"MSH\rPID|1\r",
    "signs that are letters": lambda _: SIU.replace("^~\\&", "abcd").encode(),
    "one sign for all": lambda _: SIU.replace("MSH|^~\\&", "MSH||||||").encode(),
    "NUL inside": lambda _: SIU.replace("Marlow", "Mar\0low").encode(),
    "cut off": lambda draw: SIU.encode()[: draw.randrange(4, len(SIU))],
    "repeats and components without end": lambda _: (SIU + "PID|||" + "~".join(["M^^^&&&"] * 200_000) + "\r").encode(),
    "times that are none": lambda _: SIU.replace("20261207090000", "20269999999999").encode(),
    "bytes that are no UTF-8": lambda draw: SIU.encode().replace(b"Marlow", draw.randbytes(40)),
    "a batch that never ends": lambda _: ("FHS|^~\\&\rBHS|^~\\&\r" * 5000 + SIU).encode(),
}
BUNDLE = '{"resourceType": "Bundle", "type": "collection", "entry": ['


def _entries(times: int) -> bytes:
    entry = {"resource": {"resourceType": "ClaimResponse", "item": [{"itemSequence": 1}]}}
    return (BUNDLE + ",".join([json.dumps(entry)] * times) + "]}").encode()


JSON: dict[str, Maker] = {
    "a million lists deep": lambda _: b"[" * 1_000_000,
    "a hundred thousand objects deep": lambda _: b'{"a":' * 100_000 + b"1" + b"}" * 100_000,
    "a resource a thousand deep": lambda _: b'{"resourceType":"Claim","contained":[' * 900 + b"1" + b"]}" * 900,
    "a number of a hundred thousand digits": lambda _: b'{"resourceType": "Claim", "total": ' + b"9" * 100_000 + b"}",
    "numbers beyond numbers": lambda _: b'{"resourceType": "Claim", "total": 1e999999999, "x": -1E-99999}',
    "not a number": lambda _: b'{"resourceType": "Claim", "total": NaN, "x": Infinity}',
    "a key twice": lambda _: b'{"resourceType": "ClaimResponse", "outcome": "error", "outcome": "complete"}',
    "half a sign": lambda _: b'{"resourceType": "ClaimResponse", "disposition": "\\ud800", "\\udfff": "\\u0000"}',
    "a hundred thousand keys": lambda _: json.dumps({f"k{number}": number for number in range(200_000)}).encode(),
    "thousands of entries": lambda _: _entries(5_000),
    "a string of 8 MB": lambda _: b'{"resourceType": "' + b"x" * (8 * MIB) + b'"}',
    "cut off": lambda draw: _entries(20)[: draw.randrange(2, 900)],
    "parts of a wrong type": lambda draw: json.dumps(
        {"resourceType": "Bundle", "entry": draw.choice([5, "x", {"a": 1}, [[]], [None, {"resource": []}]]), "type": {}}
    ).encode(),
    "a type that is no text": lambda _: b'{"resourceType": ["Bundle"], "cards": {"a": 1}, "hook": 7}',
    "a bundle that refers to itself": lambda _: (
        BUNDLE + '{"fullUrl": "a", "resource": {"resourceType": "ClaimResponse", "patient": {"reference": "a"}, '
        '"request": {"reference": "a"}, "insurer": {"reference": "a"}}}]}'
    ).encode(),
    "UTF-16": lambda _: '{"resourceType": "Claim"}'.encode("utf-16"),
    "cards without end": lambda _: json.dumps({"cards": [{"suggestions": [{}] * 10}] * 20_000}).encode(),
}  # fmt: skip
OTHER: dict[str, Maker] = {
    "nothing": lambda _: b"",
    "blanks": lambda _: b" \r\n\t" * 100_000,
    "a mark alone": lambda _: b"\xef\xbb\xbf",
    "dice": lambda draw: draw.randbytes(draw.randrange(1, 200_000)),
    "a packed gigabyte": lambda _: b"\x1f\x8b\x08\x00" + bytes(2000),
    "a program": lambda draw: b"\x7fELF" + draw.randbytes(3000),
    "a locked workbook": lambda draw: b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + draw.randbytes(3000),
}
NAMES: dict[str, str] = {
    "a way out of the folder": "../../../../etc/passwd",
    "a whole path": "/etc/shadow",
    "a path of Windows": "C:\\Windows\\system32\\..\\a.csv",
    "a thousand signs": "x" * 1000 + ".csv",
    "a line break and a header": "a.csv\r\nSet-Cookie: a=1",
    "a NUL sign": "a\0.csv",
    "control signs": "a\x1b[2J\x07.csv",
    "a script": "<script>alert(1)</script>.csv",
    "a form of its own": "{{ config }} %s %n $(true) `true`.csv",
    "signs that turn the reading": "\u202egnp.csv",
    "a thousand pictures": "\U0001f9b4" * 1000,
    "nothing": "",
    "an option": "--json",
}
HEAVY = re.compile("million|thousand|MB|mega|giga|more rows|endless|without end|never|within an element|components")
MAKERS = {
    "x12": X12,
    "xlsx": XLSX,
    "csv": CSV,
    "xml": XML,
    "yaml": YAML,
    "pdf": PDF,
    "hl7": HL7,
    "json": JSON,
    "other": OTHER,
}


def hostile_files(draw: Random, size: int, light: bool = False) -> list[Hostile]:
    """Make so many files: every trick once before any comes again, of each kind in turn.

    `light`: without those that are large or take long to read.
    """
    kinds = {kind: cycle(_in_any_order(draw, tricks)) for kind, tricks in MAKERS.items()}
    kinds["name"] = cycle(_in_any_order(draw, dict.fromkeys(NAMES, _small)))
    made: list[Hostile] = []
    for number, kind in enumerate(cycle(_turns()), start=1):
        if len(made) == size:
            break
        trick, maker = next(kinds[kind])
        if not (light and HEAVY.search(trick)):
            name = NAMES[trick] if kind == "name" else f"file{number}.{kind}"
            made.append(Hostile(kind, trick, name, maker(draw)))
    return made


def _turns() -> list[str]:
    """The kinds in turn, each as often as it has tricks, spread over the whole."""
    sizes = {kind: len(tricks) for kind, tricks in MAKERS.items()} | {"name": len(NAMES)}
    spread = [((place + 0.5) / size, kind) for kind, size in sizes.items() for place in range(size)]
    return [kind for _place, kind in sorted(spread)]


def _in_any_order(draw: Random, tricks: dict[str, Maker]) -> list[tuple[str, Maker]]:
    return draw.sample(list(tricks.items()), len(tricks))


def _small(draw: Random) -> bytes:
    return any_set(draw) if draw.random() < 0.5 else (HEADER + ROW).encode()
