"""The form of a visit type: up to eight lines, errors beside their fields, everything typed kept."""

import pytest

from app.schedule.facts import BillTo, TypeLine, VisitType
from app.schedule.forms import CODE, DRUG, NEITHER, NOTHING, UNITS, read_type
from app.schedule.views import rows_open, stands_for, typed_of

DRUGS = {"dupixent": "drug:dupixent", "dupilumab": "drug:dupixent", "botox cosmetic": "drug:botox_cosmetic"}


def test_lines_are_read_in_their_order_and_empty_rows_do_not_count():
    form = read_type(
        {
            "code-1": " 17311 ",
            "units-1": "1",
            "class-1": "medical",
            "code-3": "j0585",
            "drug-3": "Dupilumab",
            "units-3": "100",
            "bill_to-3": "outside",
            "version": "4",
        },
        DRUGS,
    )
    assert (form.errors, form.version) == ({}, 4)
    assert form.lines == (
        TypeLine("17311", None, 1, "medical"),
        TypeLine("J0585", "drug:dupixent", 100, None, BillTo.OUTSIDE),
    )


def test_a_service_that_the_patient_pays_needs_no_code():
    form = read_type({"bill_to-1": "self_pay", "class-1": "cosmetic"}, DRUGS)
    assert form.lines == (TypeLine(None, None, 1, "cosmetic", BillTo.SELF_PAY),)


@pytest.mark.parametrize(
    ("fields", "errors"),
    [
        ({}, {"code-1": NOTHING}),
        ({"code-1": "1731"}, {"code-1": CODE}),
        ({"code-1": "17311", "units-1": "0"}, {"units-1": UNITS}),
        ({"code-1": "17311", "units-1": "1.5"}, {"units-1": UNITS}),
        ({"code-1": "17311", "units-1": "\u00b2"}, {"units-1": UNITS}),
        ({"code-2": "17311", "units-2": "1001"}, {"units-2": UNITS}),
        ({"drug-1": "nobody knows"}, {"drug-1": DRUG}),
        ({"units-1": "2"}, {"code-1": NEITHER}),
        ({"bill_to-1": "insurance"}, {"code-1": NEITHER}),
        ({"code-1": "1", "drug-1": "x", "units-1": "y"}, {"code-1": CODE, "drug-1": DRUG, "units-1": UNITS}),
    ],
)
def test_what_cannot_be_read_is_told_beside_its_field(fields, errors):
    form = read_type(fields, DRUGS)
    assert form.errors == errors
    assert all(form.typed[name] == text for name, text in fields.items())


def test_a_choice_that_is_on_no_list_is_none():
    form = read_type({"code-1": "17311", "class-1": "grand", "bill_to-1": "nobody"}, DRUGS)
    assert form.lines == (TypeLine("17311"),)


def test_what_is_on_file_fills_the_form_and_reads_back_as_it_was():
    lines = (
        TypeLine("17311", None, 2, "conditional", BillTo.INSURANCE),
        TypeLine(None, "drug:botox_cosmetic", 1, None, BillTo.SELF_PAY),
    )
    meaning = VisitType("Mohs", lines)
    typed = typed_of(meaning)
    assert read_type(typed, DRUGS).lines == lines
    assert rows_open(typed) == 3
    assert rows_open(typed_of(VisitType("Mohs", lines * 4))) == 8
    assert stands_for(meaning) == ("17311, 2 units, conditional, insurance", "Botox cosmetic, self-pay")
