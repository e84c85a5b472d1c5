"""What was asked beside what was granted, line by line."""

from dataclasses import replace
from datetime import date

import pytest

from app.authorizations.facts import AuthorizationRecord, Counting, Item, RequestedLine, Status
from app.authorizations.rules.requested import Aspect, Outcome, asked_of, compare, was_cut
from app.values.insurance import Channel
from tests.support import make

UNITS, VISITS = Counting.UNITS, Counting.VISITS
LINE = RequestedLine(
    code="96910", modifiers=("59",), counting=UNITS, count=36, begins=date(2026, 3, 1), ends=date(2026, 8, 31),
    diagnoses=("L40.0",), provider_npi=make.NPI, provider_group="1000000004", site_id=make.an_id(7), place="11",
    channel=Channel.MEDICAL,
)  # fmt: skip
GRANT = AuthorizationRecord(
    make.an_id(1), make.an_id(2), "", "aetna", "Aetna", Status.APPROVED, "approved", number="PA-1",
    items=(Item(("96910",), None, UNITS, 36),), begins=date(2026, 3, 1), ends=date(2026, 8, 31),
    requested=(LINE,),
)  # fmt: skip


def of(record: AuthorizationRecord, aspect: Aspect) -> Outcome:
    (line,) = compare(record)
    return next(one.outcome for one in line.aspects if one.aspect is aspect)


def test_a_grant_as_asked_is_granted():
    (line,) = compare(GRANT)
    assert (line.outcome, line.item, line.cut) == (Outcome.GRANTED, GRANT.items[0], ())
    assert of(GRANT, Aspect.MODIFIERS) is Outcome.NOT_SAID
    assert not was_cut(GRANT)


@pytest.mark.parametrize(
    ("values", "aspect", "outcome"),
    [
        ({"items": (Item(("96910",), None, UNITS, 35),)}, Aspect.UNITS, Outcome.CUT),
        ({"items": (Item(("96910",), None, UNITS, 0),)}, Aspect.UNITS, Outcome.REFUSED),
        ({"items": (Item(("96910",), None, UNITS, 40),)}, Aspect.UNITS, Outcome.GRANTED),
        ({"items": (Item(("96910",), None, Counting.NOT_COUNTED),)}, Aspect.UNITS, Outcome.GRANTED),
        ({"items": (Item(("96910",), None, UNITS, None),)}, Aspect.UNITS, Outcome.NOT_SAID),
        ({"items": (Item(("96910",), None, VISITS, 36),)}, Aspect.COUNTING, Outcome.CHANGED),
        ({"items": (Item(("96900",), "96999", UNITS, 36),)}, Aspect.CODE, Outcome.GRANTED),
        ({"items": (Item(("96912",), None, UNITS, 36),)}, Aspect.CODE, Outcome.REFUSED),
        ({"begins": date(2026, 3, 2)}, Aspect.BEGINS, Outcome.CUT),
        ({"begins": date(2026, 2, 28)}, Aspect.BEGINS, Outcome.GRANTED),
        ({"ends": date(2026, 8, 30)}, Aspect.ENDS, Outcome.CUT),
        ({"ends": None, "no_end": True}, Aspect.ENDS, Outcome.GRANTED),
        ({"ends": None}, Aspect.ENDS, Outcome.NOT_SAID),
        ({"diagnoses": ("L40",)}, Aspect.DIAGNOSES, Outcome.GRANTED),
        ({"diagnoses": ("L20.9",)}, Aspect.DIAGNOSES, Outcome.CHANGED),
        ({"provider_npi": make.NPI}, Aspect.PROVIDER, Outcome.GRANTED),
        ({"provider_npi": "1000000004"}, Aspect.PROVIDER, Outcome.CHANGED),
        ({"site_id": make.an_id(8)}, Aspect.SITE, Outcome.CHANGED),
        ({"places": ("22",)}, Aspect.PLACE, Outcome.CHANGED),
        ({"places": ("11", "22")}, Aspect.PLACE, Outcome.GRANTED),
        ({"channel": Channel.PHARMACY}, Aspect.CHANNEL, Outcome.CHANGED),
        ({"provider_group": "1000000012"}, Aspect.GROUP, Outcome.CHANGED),
    ],
)
def test_each_aspect_is_judged(values, aspect, outcome):
    record = replace(GRANT, **values)
    assert of(record, aspect) is outcome
    assert was_cut(record) is (outcome in (Outcome.CUT, Outcome.CHANGED, Outcome.REFUSED))


def test_a_drug_and_its_product_are_lines_too():
    asked = RequestedLine(drug="drug:dupixent", ndc="00024591801", counting=UNITS, count=2)
    record = replace(GRANT, items=(), drug="drug:dupixent", ndc="00024591802", requested=(asked,))
    assert of(record, Aspect.DRUG) is Outcome.GRANTED
    assert of(record, Aspect.NDC) is Outcome.CHANGED


def test_while_it_waits_all_is_open_and_after_a_denial_all_is_refused():
    for status, outcome in (
        (Status.SUBMITTED, Outcome.OPEN),
        (Status.IN_APPEAL, Outcome.OPEN),
        (Status.DENIED, Outcome.REFUSED),
    ):
        (line,) = compare(replace(GRANT, status=status))
        assert line.outcome is outcome
        assert {one.outcome for one in line.aspects} == {outcome}
        assert {one.granted for one in line.aspects} == {None}


def test_a_line_that_nothing_answers_is_refused_beside_one_that_is_granted():
    other = replace(LINE, code="96912", count=10)
    first, second = compare(replace(GRANT, status=Status.PARTLY_APPROVED, requested=(LINE, other)))
    assert (first.outcome, second.outcome, second.item) == (Outcome.GRANTED, Outcome.REFUSED, None)


def test_what_is_asked_is_made_of_what_the_case_names():
    items = (Item(("96910", "96912"), None, UNITS, 36, 4), Item(("96920",), "96922", VISITS, 12))
    lines = asked_of(replace(GRANT, items=items, requested=(), places=("11",)))
    assert [(one.code, one.last, one.count, one.place) for one in lines] == [
        ("96910", None, 36, "11"), ("96912", None, 36, "11"), ("96920", "96922", 12, "11"),
    ]  # fmt: skip
    assert [one.drug for one in asked_of(replace(GRANT, items=(), drug="dupixent"))] == ["dupixent"]
    assert asked_of(replace(GRANT, items=())) == ()
    granted = replace(GRANT, items=items, requested=lines)
    assert not was_cut(granted)


def test_nothing_is_compared_where_the_program_does_not_know_what_was_asked():
    assert compare(replace(GRANT, requested=())) == ()
