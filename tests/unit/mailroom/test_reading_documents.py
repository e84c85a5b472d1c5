"""Documents from outside through the confined child process, and the command that prints what they say."""

import json
from datetime import date
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
import xlsxwriter
from click.testing import CliRunner

from app.mailroom.commands.read import read_files
from app.mailroom.files import child, lines, reading
from app.mailroom.files.lines import Named
from app.mailroom.files.reading import documents_in, documents_of, written
from app.mailroom.views.readings import in_words
from tests.support.edi import edi

ANSWER = (
    "BHT*0022*11*R-1*20261201*0915\nHL*1**20*1\nNM1*PR*2*PLAN*****PI*60054\nHL*2*1*21*1\nNM1*1P*2*LAKE*****XX*1245319599\n"
    "HL*3*2*22*0\nTRN*2*T-1\nNM1*IL*1*RIVERA*ANA****MI*W1\nEB*{}**30\nHL*4*2*22*0\nNM1*IL*1*CHO*MIN****MI*W2\nAAA*N**42*R"
)
FILE = edi(ANSWER.format(1), ANSWER.format(6), set_id="271", version="005010X279A1", functional="HB")
BROKEN = FILE.replace(b"SE*14*0002", b"SE*15*0002")
SCHEDULE = (
    b"visit_id,patient_mrn,last_name,first_name,birth_date,starts_at,site,provider_npi,code\n"
    b"V1,M1,Rivera,Ana,1980-02-14,2026-12-01 09:00,Main,1245319599,11102\n"
)
COVERAGE = b"patient_mrn,payer,member_id,begins\nM1,Example Health Plan,W1,2026-01-01\n"


def file_of(folder: Path, name: str, content: bytes) -> str:
    path = folder / name
    path.write_bytes(content)
    return str(path)


def run(*words: str, given: bytes | None = None) -> tuple[int, list[Any], str]:
    """Run the command. Returns its exit code, its JSON lines or its text lines, and what it said beside them."""
    ran = CliRunner().invoke(read_files, list(words), input=given, standalone_mode=False, catch_exceptions=False)
    lines = ran.stdout.splitlines()
    code = ran.return_value
    assert isinstance(code, int)
    return code, [json.loads(line) for line in lines] if "--json" in words else lines, ran.stderr


def test_each_set_of_a_file_is_an_object_of_its_own_line_with_its_file(tmp_path):
    name = file_of(tmp_path, "answers.txt", FILE)
    code, printed, _ = run(name, "--json")
    assert code == 0
    assert [(one["file"], one["kind"], one["transaction"]) for one in printed] == [
        (name, "x12.271", "0001"),
        (name, "x12.271", "0002"),
    ]
    assert [[answer["status"] for answer in one["responses"]] for one in printed] == [
        ["active", "rejected"],
        ["inactive", "rejected"],
    ]
    plain = [document | {"file": name} for document in documents_in(FILE)]
    assert printed == plain


def test_a_refused_file_gives_one_object_and_the_others_are_read(tmp_path):
    names = [
        file_of(tmp_path, "broken.json", BROKEN),
        str(tmp_path / "absent"),
        str(tmp_path),
        file_of(tmp_path, "message.csv", b'{"resourceType": "Patient"}'),
        file_of(tmp_path, "empty", b""),
    ]
    code, printed, _ = run("--json", *names)
    assert code == 1
    assert [one["file"] for one in printed] == names
    assert [one["error"]["code"] if "error" in one else one["kind"] for one in printed] == [
        "bad_count",
        "unknown_kind",
        "unknown_kind",
        "fhir.Patient",
        "empty",
    ]
    assert printed[0] == {
        "file": names[0],
        "kind": "x12.271",
        "error": {
            "code": "bad_count",
            "message": "SE01 does not give the number of segments that are there, 14.",
            "segment": 30,
        },
    }


def test_standard_input_is_read_too():
    code, printed, _ = run("-", "--json", given=FILE + BROKEN)
    assert code == 1
    assert [one.get("transaction", one.get("error", {}).get("code")) for one in printed] == [
        "0001",
        "0002",
        "bad_count",
    ]
    assert {one["file"] for one in printed} == {"-"}


def test_words_say_how_much_there_is_and_why_a_file_is_refused(tmp_path):
    name, broken = file_of(tmp_path, "a", FILE), file_of(tmp_path, "b", BROKEN)
    code, said, beside = run(name, broken, "-", given=b"hello")
    assert code == 1
    assert said == [
        f"{name}: x12.271, set 0001: 2 answers (1 active, 1 rejected).",
        f"{name}: x12.271, set 0002: 2 answers (1 inactive, 1 rejected).",
    ]
    assert beside.splitlines() == [
        f"{broken}: refused as bad_count, segment 30 (x12.271). "
        "SE01 does not give the number of segments that are there, 14.",
        "-: refused as unknown_kind. This is not a document of the trade: X12, FHIR or other JSON, HL7 v2.",
    ]


def said_of(content: bytes) -> list[Any]:
    """What the child writes of a document, in this process: the objects of its lines."""
    said: list[str] = []
    child.put_out(BytesIO(content), date(2026, 12, 1), said.extend)
    return [json.loads(line[1:]) for line in said if line.strip() not in ("W", "Enull")]


def workbook(content: bytes) -> bytes:
    """The same table as a workbook."""
    made = BytesIO()
    with xlsxwriter.Workbook(made) as book:
        sheet = book.add_worksheet()
        for row, line in enumerate(content.decode().splitlines()):
            sheet.write_row(row, 0, line.split(","))
    return made.getvalue()


def test_tables_are_known_by_their_columns():
    assert [one["head"]["kind"] for one in said_of(COVERAGE)] == ["csv.coverage"]
    (document,) = documents_in(workbook(SCHEDULE))
    assert (document["kind"], len(document["appointments"])) == ("csv.schedule", 1)


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"a,b\n1,2\n", "unknown_kind"),
        (b"PK\x03\x04 not a workbook", "not_text"),
        (b"<a>1,2</a>", "unknown_kind"),
        (b"%PDF-1.7 1,2\n", "unknown_kind"),
        (b"\x1f\x8b\x08,", "unknown_kind"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1,", "unknown_kind"),
        (b"Dear Dr. Smith, hello", "unknown_kind"),
        ("a,b\n1,2".encode("utf-16"), "not_text"),
        (b"\x00\x01\x02,\x03", "not_text"),
    ],
)
def test_what_is_no_table_of_ours_is_refused(content, code):
    (found,) = said_of(content)
    assert (found["kind"], found["error"]["code"]) == ("unknown", code)


def test_nothing_is_given_of_a_set_that_cannot_be_read_and_the_others_are(tmp_path):
    path = Path(file_of(tmp_path, "a", FILE.replace(b"EB*6**30", b"EB*6**30****x")))
    out = BytesIO()
    assert written([Named(path, "a")], out)
    first, refused = map(json.loads, out.getvalue().splitlines())
    assert (first["transaction"], refused["error"]["code"], refused["error"]["segment"]) == ("0001", "bad_value", 26)
    assert [{"file": "a"} | one for one in documents_of(path)] == [first, refused]


@pytest.mark.parametrize("said", ["", 'H{"head": {"kind": "x12.271"}, "list": "responses"}\nI{"a": 1}\n'])
def test_a_child_that_ends_before_its_end_refuses_the_document(tmp_path, monkeypatch, said):
    worker = tmp_path / "worker.py"
    worker.write_text(f"MEMORY, SECONDS = 300 * 2**20, 5\ndef main():\n    print({said!r}, end='')\n")
    monkeypatch.setattr(lines, "CHILD", worker)
    (found,) = documents_in(b"x")
    assert found["error"]["code"] == "too_large"
    out = BytesIO()
    assert written([Named(Path(file_of(tmp_path, "a", b"x")), "a")], out)
    assert json.loads(out.getvalue().splitlines()[-1])["error"]["code"] == "too_large"


def test_what_the_parent_holds_is_limited(monkeypatch):
    monkeypatch.setattr(reading, "MOST_HELD", 2_000)
    found = list(documents_in(FILE))
    assert found[-1]["error"]["code"] == "too_large"


def test_the_child_has_512_mb_and_10_seconds_for_a_usual_file():
    assert (child.MEMORY, child.SECONDS) == (512 * 2**20, 10)


@pytest.mark.parametrize(("broken", "code"), [(RecursionError, "bad_value"), (MemoryError, "too_large")])
def test_a_fault_of_the_reader_itself_is_a_refusal_and_no_crash(monkeypatch, broken, code):
    def put_out(*_given: Any) -> None:
        raise broken

    monkeypatch.setattr(child, "put_out", put_out)
    said: list[str] = []
    child.read_one(BytesIO, date(2026, 12, 1), said.extend)
    assert json.loads(said[-1].strip()[1:])["error"]["code"] == code


def test_many_files_are_read_by_one_child_and_one_that_ends_it_is_refused_alone(tmp_path, monkeypatch):
    worker = tmp_path / "worker.py"
    worker.write_text(
        "import json, sys\nMEMORY, SECONDS = 300 * 2**20, 5\ndef main():\n"
        "    for path in json.loads(sys.stdin.buffer.read()):\n"
        "        if path.endswith('b'): return\n"
        '        print(\'H{"head": {"kind": "json"}, "list": null}\\nW\\nEnull\')\n'
    )
    monkeypatch.setattr(lines, "CHILD", worker)
    files = [Named(Path(file_of(tmp_path, name, b"x")), name) for name in "aabac"]
    out = BytesIO()
    assert written(files, out)
    said = [json.loads(line) for line in out.getvalue().splitlines()]
    assert [one["file"] for one in said] == list("aabac")
    assert ["error" in one for one in said] == [False, False, True, False, False]


def test_a_child_reads_only_so_many_files_and_bytes(tmp_path, monkeypatch):
    files = [Named(Path(file_of(tmp_path, name, b"x" * 10)), name) for name in "abcde"]
    monkeypatch.setattr(lines, "MOST_FILES", 3)
    assert len(lines.batch_of(files)) == 3
    monkeypatch.setattr(lines, "MOST_BYTES", 25)
    assert len(lines.batch_of(files)) == 2
    monkeypatch.setattr(lines, "MOST_BYTES", 5)
    assert len(lines.batch_of(files)) == 1


@pytest.mark.parametrize(
    ("document", "said"),
    [
        ({"kind": "fhir.Patient", "content": {}}, "fhir.Patient."),
        (
            {"kind": "x12.278", "transaction": "1", "reviews": [{"decision": None}]},
            "x12.278, set 1: 1 review (1 no decision).",
        ),
        (
            {"kind": "x12.278", "transaction": "1", "reviews": [{"decision": "partly_approved"}] * 2},
            "x12.278, set 1: 2 reviews (2 partly approved).",
        ),
        ({"kind": "x12.835", "transaction": "1", "claims": [{}, {}]}, "x12.835, set 1: 2 claims."),
        ({"kind": "unknown", "error": {"code": "empty", "message": "Empty."}}, "refused as empty. Empty."),
    ],
)
def test_a_document_in_words(document, said):
    assert in_words(document) == said
