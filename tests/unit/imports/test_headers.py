"""Which column is which, however a practice system names it."""

import pytest

from app.imports.facts import FileRefusedError, Kind
from app.imports.intake.headers import fold, match, recognise
from app.imports.intake.names import COLUMNS, OTHER_NAMES, REQUIRED

SCHEDULE = (
    "visit_id",
    "starts_at",
    "site",
    "provider_npi",
    "patient_mrn",
    "patient_last",
    "patient_first",
    "birth_date",
)


def test_canonical_names_are_known_in_any_case_and_punctuation():
    header = tuple(name.replace("_", " ").title() for name in (*SCHEDULE, "code"))
    assert set(match(header).places) == {*SCHEDULE, "code"}


@pytest.mark.parametrize(
    ("kind", "other", "column"),
    [
        (Kind.SCHEDULE, "Appt ID", "visit_id"),
        (Kind.SCHEDULE, "Appointment ID", "visit_id"),
        (Kind.SCHEDULE, "Appt Time", "starts_at"),
        (Kind.SCHEDULE, "Date and time", "starts_at"),
        (Kind.SCHEDULE, "Location", "site"),
        (Kind.SCHEDULE, "Office", "site"),
        (Kind.SCHEDULE, "NPI", "provider_npi"),
        (Kind.SCHEDULE, "MRN", "patient_mrn"),
        (Kind.SCHEDULE, "Chart #", "patient_mrn"),
        (Kind.SCHEDULE, "LAST NAME", "patient_last"),
        (Kind.SCHEDULE, "first-name", "patient_first"),
        (Kind.SCHEDULE, "DOB", "birth_date"),
        (Kind.SCHEDULE, "Date of Birth", "birth_date"),
        (Kind.SCHEDULE, "CPT", "code"),
        (Kind.SCHEDULE, "CPT Code", "code"),
        (Kind.SCHEDULE, "Qty", "units"),
        (Kind.SCHEDULE, "Dx", "diagnoses"),
        (Kind.SCHEDULE, "ICD-10", "diagnoses"),
        (Kind.SCHEDULE, "POS", "place_of_service"),
        (Kind.SCHEDULE, "Insurance", "payer"),
        (Kind.SCHEDULE, "Appt Status", "status"),
        (Kind.COVERAGE, "Member #", "member_id"),
        (Kind.COVERAGE, "Policy #", "member_id"),
        (Kind.COVERAGE, "Effective", "begins"),
        (Kind.COVERAGE, "Termination", "ends"),
        (Kind.AUTHORIZATIONS, "CPT", "codes"),
        (Kind.AUTHORIZATIONS, "Codes Approved", "codes"),
        (Kind.AUTHORIZATIONS, "Visits Approved", "units"),
        (Kind.AUTHORIZATIONS, "Auth #", "number"),
        (Kind.AUTHORIZATIONS, "Auth Start", "begins"),
        (Kind.AUTHORIZATIONS, "Auth End", "ends"),
        (Kind.AUTHORIZATIONS, "Effective", "begins"),
        (Kind.AUTHORIZATIONS, "NPI", "provider_npi"),
        (Kind.SCHEDULE, "NPI#", "provider_npi"),
        (Kind.SCHEDULE, "MRN #", "patient_mrn"),
        (Kind.COVERAGE, "Member No.", "member_id"),
        (Kind.COVERAGE, "Policy No", "member_id"),
    ],
)
def test_the_usual_other_names_mean_their_column(kind, other, column):
    rest = tuple(names[0] for names in REQUIRED[kind] if column not in names)
    assert match((other, *rest), kind).places[column] == 0


@pytest.mark.parametrize("kind", list(Kind))
def test_no_name_means_two_columns_of_one_table(kind):
    owners = {}
    for column, others in {**dict.fromkeys(COLUMNS[kind], ()), **OTHER_NAMES[kind]}.items():
        for name in {fold(column), *map(fold, others)}:
            assert owners.setdefault(name, column) == column


@pytest.mark.parametrize(
    ("header", "kind"),
    [
        ((*SCHEDULE, "visit_type", "payer", "member_id"), Kind.SCHEDULE),
        (("MRN", "Insurance", "Policy #", "Effective", "Status"), Kind.COVERAGE),
        (("MRN", "Insurance", "Member #", "Auth #", "CPT", "Auth Status"), Kind.AUTHORIZATIONS),
        (("MRN", "Insurance", "Drug", "Status"), Kind.AUTHORIZATIONS),
        (("Name", "Amount"), None),
    ],
)
def test_the_kind_is_recognised_by_the_headers(header, kind):
    assert recognise(header) is kind


def test_unknown_columns_are_listed():
    matched = match((*SCHEDULE, "code", "Room color", ""))
    assert matched.ignored == ("Room color", "column 11")


@pytest.mark.parametrize("pair", [("CPT", "CPT Code"), ("patient_mrn", "Chart #"), ("code", "code")])
def test_two_columns_for_one_meaning_are_refused(pair):
    header = (
        tuple(name for name in SCHEDULE if name not in pair)
        + pair
        + (() if "code" in pair or "CPT" in pair else ("code",))
    )
    with pytest.raises(FileRefusedError) as refused:
        match(header)
    assert refused.value.code == "double_column"
    assert pair[1] in refused.value.sentence


def test_a_less_usual_name_gives_way_and_is_listed():
    matched = match((*SCHEDULE, "code", "Procedure"))
    assert matched.places["code"] == 8
    assert matched.ignored == ("Procedure",)


def test_what_a_person_chose_goes_first():
    header = (*SCHEDULE, "CPT", "CPT Code")
    matched = match(header, chosen={fold("CPT Code"): ""})
    assert matched.places["code"] == 8
    assert matched.ignored == ("CPT Code",)


def test_a_missing_required_column_is_named():
    with pytest.raises(FileRefusedError) as refused:
        match(("patient_mrn", "payer"), Kind.COVERAGE)
    assert refused.value.code == "missing_column"
    assert "member_id" in refused.value.sentence


def test_a_date_column_without_a_time_column_is_the_start():
    header = tuple("Appt Date" if name == "starts_at" else name for name in SCHEDULE)
    assert match((*header, "code")).places["starts_at"] == 1
