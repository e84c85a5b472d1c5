"""What a visit type stands for, and lines as one text."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.schedule.facts import (
    BillTo,
    LineSource,
    ServiceLine,
    Supply,
    TypeLine,
    Visit,
    VisitRecord,
    VisitStatus,
    VisitType,
)
from app.schedule.forms import TypeLineError, read_type_line
from app.schedule.rules.packing import (
    pack_lines,
    plain_facts,
    read_facts,
    referrals_of,
    unpack_lines,
    with_referral,
)
from app.schedule.rules.types import lines_of_type, type_key, with_meaning
from app.values.insurance import Channel
from app.values.members import MemberKey
from tests.support import make

MOHS = VisitType("Mohs", (TypeLine("17311"), TypeLine("17312", units=2)))
FACTS = {"provider_npi": make.NPI, "diagnoses": ("C44.311",), "units": 4}


def ids(count):
    return [make.an_id(number) for number in range(count)]


@pytest.mark.parametrize("name", ["Full Skin Exam", "full skin exam", "FULL-SKIN  EXAM"])
def test_the_name_of_a_type_counts_without_case_and_spaces(name):
    assert type_key(name) == "fullskinexam"


def test_an_unmapped_type_is_a_line_without_code():
    (line,) = lines_of_type("Mohs", None, FACTS, ids(1), 0)
    assert (line.code, line.visit_type, line.diagnoses) == (None, "Mohs", ("C44.311",))


def test_a_mapped_type_is_its_lines_with_what_the_row_says():
    first, second = lines_of_type("Mohs", MOHS, FACTS, ids(2), 3)
    assert (first.code, first.units, first.position) == ("17311", 1, 3)
    assert (second.code, second.units, second.position) == ("17312", 2, 4)
    assert second.diagnoses == ("C44.311",)


def test_of_a_type_with_one_line_the_larger_count_holds():
    one = VisitType("NBUVB", (TypeLine("96910", units=2),))
    assert lines_of_type("NBUVB", one, FACTS, ids(1), 0)[0].units == 4
    assert lines_of_type("NBUVB", one, {}, ids(1), 0)[0].units == 2


def test_who_pays_is_the_rows_word_before_the_types():
    cosmetic = VisitType("Cosmetic consult", (TypeLine(bill_to=BillTo.SELF_PAY, klass="cosmetic"),))
    (line,) = lines_of_type("Cosmetic consult", cosmetic, {}, ids(1), 0)
    assert (line.bill_to, line.klass, line.code) == (BillTo.SELF_PAY, "cosmetic", None)
    (line,) = lines_of_type("Cosmetic consult", cosmetic, {"bill_to": BillTo.INSURANCE}, ids(1), 0)
    assert line.bill_to is BillTo.INSURANCE


def test_a_new_meaning_keeps_the_other_lines_and_the_ids():
    typed = lines_of_type("Mohs", None, {}, ids(1), 0)
    other = ServiceLine(make.an_id(9), 1, "99213")
    visit = Visit(
        make.an_id(20),
        "A1",
        make.an_id(21),
        make.an_id(22),
        make.NOW,
        make.NOW.date(),
        VisitStatus.BOOKED,
        (*typed, other),
    )
    record = VisitRecord(visit, (LineSource(0, {}), LineSource(1)))
    new = iter(ids(40)[30:])
    changed = with_meaning(record, type_key("mohs"), MOHS, lambda: next(new))
    assert [line.code for line in changed.visit.lines] == ["17311", "17312", "99213"]
    assert [line.position for line in changed.visit.lines] == [0, 1, 2]
    assert changed.visit.lines[0].id == typed[0].id
    assert changed.visit.lines[2].id == other.id
    assert with_meaning(changed, type_key("mohs"), MOHS, lambda: next(new)) == changed


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("17311:1", TypeLine("17311")),
        ("17311", TypeLine("17311")),
        ("j2357:3", TypeLine("J2357", units=3)),
        ("drug:Dupixent:2", TypeLine(None, "drug:dupixent", 2)),
        ("drug:dupixent", TypeLine(None, "drug:dupixent")),
        ("self_pay", TypeLine(bill_to=BillTo.SELF_PAY)),
        ("Self-Pay", TypeLine(bill_to=BillTo.SELF_PAY)),
    ],
)
def test_lines_of_a_type_as_typed(text, line):
    assert read_type_line(text) == line


@pytest.mark.parametrize("text", ["", "1731", "17311:0", "17311:1:2", "17311:-1", "drug:", "17311:1.5", "17311:²"])
def test_a_line_that_cannot_be_read_says_how_to_write_it(text):
    with pytest.raises(TypeLineError) as refused:
        read_type_line(text)
    assert str(refused.value).endswith(".")


WORDS = st.text(max_size=8)
CODES = st.lists(st.sampled_from(["L40.0", "C44.311", "25"]), max_size=2).map(tuple)
LINES = st.builds(
    ServiceLine,
    id=st.just(make.an_id(1)),
    position=st.integers(0, 9),
    code=st.none() | st.sampled_from(["96910", "0001A"]),
    units=st.integers(1, 9),
    drug=st.none() | WORDS,
    visit_type=st.none() | WORDS,
    modifiers=CODES,
    diagnoses=CODES,
    documented=st.frozensets(WORDS, max_size=2),
    channel=st.none() | st.sampled_from(Channel),
    bill_to=st.sampled_from(BillTo),
    supply=st.none() | st.sampled_from(Supply),
    named_payer=st.none() | WORDS,
    refused_row=st.none() | st.integers(2, 60_000),
)


@given(st.lists(LINES, max_size=3))
def test_lines_come_back_from_their_text_as_they_were(lines):
    named = json.loads(referrals_of(tuple(lines)) or json.dumps([None] * len(lines)))
    back = [
        ServiceLine(make.an_id(1), place, *with_referral(content, referral))
        for (place, content), referral in zip(unpack_lines(pack_lines(tuple(lines))), named, strict=True)
    ]
    assert back == lines


def test_the_number_of_a_referral_stands_in_no_plain_text():
    lines = (ServiceLine(make.an_id(1), 0, "99213", referral="R-778"),)
    facts = {"referral": "R-778", "units": 1}
    assert "R-778" not in pack_lines(lines) + json.dumps(plain_facts(facts))
    assert read_facts(plain_facts(facts), "R-778") == facts


def test_what_a_row_said_comes_back_from_storing():
    said = {
        **FACTS,
        "documented": frozenset({"pain", "bleeding"}),
        "modifiers": ("25",),
        "channel": Channel.PHARMACY,
        "bill_to": BillTo.OUTSIDE,
        "supply": Supply.SAMPLE,
        "named_member": MemberKey(b"a" * 16, b"b" * 16, b"c" * 16),
    }
    assert read_facts(plain_facts(said), said.get("referral")) == said
    assert read_facts(plain_facts(None), None) is None
