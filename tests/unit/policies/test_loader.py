"""What the loader refuses: each fault with file, line, key and remedy; all faults of a directory at once."""

import pytest

from app.policies.facts.faults import PolicyFilesError
from app.policies.files.directory import hash_of, policies_of
from app.policies.files.yaml_text import MOST_DEPTH, read_yaml

PAYER = """schema: payer/1
payer: {id: p, name: Payer, kind: commercial}
read_on: 2026-01-05
products:
  med: {name: Medical, line: commercial, benefit: medical}
  lcd: {name: Local, line: commercial, benefit: medical, jurisdiction: local}
"""
TOPIC = """schema: rules/1
payer: p
read_on: 2026-01-05
sources:
  s: {title: A source, url: "https://payer.example/a", kind: primary}
rules:
  - id: one
    product: med
    service: phototherapy
    summary: UVB
    approval: required
    coverage: criteria
    confidence: seen
    source: s
    from: 2026-01-01
    codes: ["96910"]
"""
MORE = "\n".join(f"  {line}" for line in TOPIC.splitlines()[7:])


def second(id="two", **changes):
    """A second rule like the first, with some of its lines changed, dropped (None) or added."""
    said = {
        "product": "med", "service": "phototherapy", "summary": "UVB", "approval": "required", "coverage": "criteria",
        "confidence": "seen", "source": "s", "from": "2026-01-01", "codes": '["96910"]',
    } | {key.rstrip("_"): value for key, value in changes.items()}  # fmt: skip
    lines = [f"    {key}: {value}" for key, value in said.items() if value is not None]
    return "\n".join([f"  - id: {id}", *lines, ""])


def faults_of(topic=TOPIC, payer=PAYER, **files):
    """Load one payer; give what was refused as (line, key, sentence) of the topic, or of all with the file."""
    content = {"p/payer.yaml": payer, "p/light.yaml": topic} | files
    try:
        policies_of({name: text if isinstance(text, bytes) else text.encode() for name, text in content.items()})
    except PolicyFilesError as error:
        return [(fault.file, fault.line, fault.key, str(fault)) for fault in error.faults]
    return []


def test_a_good_directory_is_read():
    assert faults_of() == []


@pytest.mark.parametrize(
    ("old", "new", "line", "key", "says"),
    [
        (
            "from: 2026-01-01",
            "untill: 2026-01-01",
            15,
            "untill",
            "unknown key 'untill'. The keys here are accepts_requests_from, alternative",
        ),
        ("from: 2026-01-01", "fro: 1", 15, "fro", "unknown key"),
        ("summary: UVB", "summary: UVB\n    summary: PUVA", 11, "summary", "stands here again (first on line 10)"),
        ("summary: UVB", "summary: &a UVB", 10, "summary", "anchor or alias"),
        ("summary: UVB", "summary: !!str UVB", 10, "summary", "a tag"),
        ("from: 2026-01-01", "from: 2026-02-30", 15, "from", "'2026-02-30' is no date. Write"),
        ("from: 2026-01-01", "from: soon", 15, "from", "'soon'"),
        ("approval: required", "approval: maybe", 11, "approval", "'maybe' is not one of its words"),
        ("approval: required", "approval: [required]", 11, "approval", "is not one of its words"),
        ('codes: ["96910"]', 'codes: ["9691"]', 16, "codes", "'9691' is not a CPT or HCPCS code. Write five"),
        ('codes: ["96910"]', 'codes: ["96910", "j0585"]', 16, "codes", "'j0585' is not a CPT or HCPCS code"),
        ('codes: ["96910"]', "codes: 96910", 16, "codes", "should be a list"),
        ('codes: ["96910"]', "ranges: [96922-96920]", 16, "ranges", "is not a range of codes"),
        ('codes: ["96910"]', "closed_list: perhaps", 16, "closed_list", "neither yes nor no"),
        ("    source: s\n", "", 7, "rules", "rule one: a seen rule names its source. Add 'source'"),
        ("source: s", "source: t", 14, "source", "there is no source 't'"),
        ("confidence: seen", "confidence: memory", 7, "rules", "rule one: a rule from memory has no source"),
        ("product: med", "product: dental", 8, "product", "there is no product 'dental'. Name one of payer.yaml: med"),
        ("    from: 2026-01-01\n", "", 7, "from", "is missing. Add it"),
        (
            'codes: ["96910"]',
            'codes: ["96910"]\n    diagnoses: [L40.77]',
            17,
            "diagnoses",
            "'L40.77' is no ICD-10-CM code",
        ),
        (
            'codes: ["96910"]',
            'codes: ["96910"]\n    diagnoses: [C98.*]',
            17,
            "diagnoses",
            "'C98.*' is no ICD-10-CM code",
        ),
        (
            'codes: ["96910"]',
            'codes: ["96910"]\n    diagnoses: [psoriasis]',
            17,
            "diagnoses",
            "is not written as it should be",
        ),
        (
            'codes: ["96910"]',
            'codes: ["96910"]\n    until: 2025-01-01',
            7,
            "rules",
            "rule one: 'until' lies before 'from'",
        ),
        (
            'codes: ["96910"]',
            'codes: ["96910"]\n    when: {places: ["22"]}',
            7,
            "rules",
            "rule one: 'when' is the condition of",
        ),
        ('codes: ["96910"]', 'codes: ["96910"]\n    min_interval: fortnight', 17, "min_interval", "write a length as"),
        ('codes: ["96910"]', 'codes: ["96910"]\n    applies: {places: [office]}', 17, "places", "not written as"),
        ('codes: ["96910"]', 'codes: ["96910"]\n    applies: {states: [Texas]}', 17, "states", "not written as"),
        ('codes: ["96910"]', 'codes: ["96910"]\n    criteria: {bsa: 10}', 17, "bsa", "unknown key 'bsa'"),
        ('codes: ["96910"]', 'codes: ["96910"]\n    criteria: {all: []}', 17, "all", "is empty"),
        (
            'codes: ["96910"]',
            'codes: ["96910"]\n    criteria: {severity: mild, attested: x}',
            17,
            "criteria",
            "exactly one of",
        ),
        (
            'codes: ["96910"]',
            'codes: ["96910"]\n    criteria: {at_least: 3, of: [{severity: mild}]}',
            17,
            "criteria",
            "at_least 3 of only 1",
        ),
        (
            'codes: ["96910"]',
            'codes: ["96910"]\n    criteria: {age: {unit: year}}',
            17,
            "age",
            "say at least one of gte",
        ),
        (
            'codes: ["96910"]',
            'codes: ["96910"]\n    criteria: {score: {name: PASI, gte: high}}',
            17,
            "criteria",
            "'high' is no grade of PASI",
        ),
        ('codes: ["96910"]', "renew_before: 1 month", 7, "codes", "names no code, range or drug"),
        (
            'codes: ["96910"]',
            'codes: ["96910"]\n    replaced_by: nine',
            17,
            "replaced_by",
            "there is no other rule 'nine'",
        ),
        ("read_on: 2026-01-05", "read_on: 2026-01-05: x", 3, "", "cannot be read here"),
        ("payer: p", "payer: q", 2, "payer", "'q' in the folder 'p'"),
        ("schema: rules/1", "schema: rules/9", 1, "schema", "the schema is 'rules/9'"),
    ],
)
def test_one_fault_is_refused_with_line_key_and_remedy(old, new, line, key, says):
    assert old in TOPIC
    found = faults_of(TOPIC.replace(old, new, 1))
    assert ("p/light.yaml", line, key) in [fault[:3] for fault in found], found
    assert any(says.lower() in fault[3].lower() for fault in found), found


@pytest.mark.parametrize(
    ("first", "extra", "key", "says"),
    [
        (
            "",
            second(approval="not_required"),
            "approval",
            "rule two: says not_required/criteria where light#one says required",
        ),
        ("", second("one"), "id", "stands already in p/light.yaml"),
        ("    until: 2026-06-30\n    replaced_by: two\n", second(from_="2026-08-01"), "until", "a hole between them"),
        (
            "    until: 2026-08-30\n    replaced_by: two\n",
            second(from_="2026-08-01"),
            "until",
            "an overlap between them",
        ),
        ("    replaced_by: two\n", second(from_="unknown"), "replaced_by", "does not say from when it holds"),
    ],
)
def test_two_rules_that_do_not_fit_together(first, extra, key, says):
    found = faults_of(TOPIC + first + extra)
    assert [fault[2] for fault in found] == [key]
    assert says in found[0][3]


@pytest.mark.parametrize(
    ("first", "extra"),
    [
        ("", second(approval="not_required", diagnoses="[L40.0]")),
        ("", second(approval="not_required", codes='["96912"]')),
        ("", second(approval="not_required", confidence="memory", source=None)),
        ("", second(approval="not_required", applies='{places: ["11"]}')),
        ("", second(approval="not_required", product="lcd")),
        ("", second(approval="notification", program="notification")),
        ("    until: 2026-05-31\n", second(approval="not_required", from_="2026-06-01")),
        ("    replaced_by: two\n", second(approval="not_required", from_="2026-06-01")),
        ("    until: 2026-05-31\n    replaced_by: two\n", second(approval="not_required", from_="2026-06-01")),
        ("", second(summary="The same answer by another source")),
    ],
)
def test_two_rules_that_may_stand_side_by_side(first, extra):
    assert faults_of(TOPIC + first + extra) == []


def test_all_faults_of_all_files_are_named_at_once():
    broken = TOPIC.replace("approval: required", "approval: maybe").replace('"96910"', '"9"')
    found = faults_of(broken, PAYER.replace("benefit: medical", "benefit: dental", 1))
    assert {(fault[0], fault[2]) for fault in found} >= {
        ("p/light.yaml", "approval"), ("p/light.yaml", "codes"), ("p/payer.yaml", "benefit"),
    }  # fmt: skip


@pytest.mark.parametrize(
    ("name", "content", "says"),
    [
        ("q/light.yaml", TOPIC, "there is no q/payer.yaml"),
        ("p/other.yml", TOPIC, "the ending is not .yaml"),
        ("p/other.yaml", b"\xff\xfe", "is not UTF-8"),
        ("p/other.yaml", "", "there is no key 'schema'"),
        ("p/other.yaml", "a: 1\n---\nb: 2\n", "a second document begins"),
        ("p/other.yaml", "a: " + "[" * (MOST_DEPTH + 2), "more than"),
        ("p/other.yaml", "a: '" + "x" * 5000 + "'", "a text of 5000 characters"),
        ("p/other.yaml", "# " + "x" * 600_000, "bytes"),
        ("p/other.yaml", "{[a, b]: c}", "a key that is not plain text"),
        ("p/other.yaml", "a: *b", "alias"),
        ("p/other.yaml", PAYER, "schema payer/1 in this place"),
        ("_grid/other.yaml", TOPIC, "schema rules/1 in this place"),
        ("q/payer.yaml", PAYER.replace("id: p", "id: q"), "is that of p too"),
        ("q/payer.yaml", PAYER.replace("name: Payer", "name: Other"), "the payer's id is 'p', its folder 'q'"),
    ],
)
def test_files_that_do_not_belong_or_cannot_be_read(name, content, says):
    found = faults_of(**{name: content})
    assert any(says in fault[3] for fault in found), found


def test_scalars_are_text_until_the_schema_types_them():
    reading = read_yaml("x.yaml", b"a: 012\nb: no\nc: 12:30:00\nd: 1e3\ne: ~\n")
    assert reading.value == {"a": "012", "b": "no", "c": "12:30:00", "d": "1e3", "e": "~"}


def test_the_hash_is_of_names_and_bytes():
    assert hash_of({"a": b"1", "b": b"2"}) == hash_of({"b": b"2", "a": b"1"})
    assert hash_of({"a": b"12", "b": b""}) != hash_of({"a": b"1", "b": b"2"})
