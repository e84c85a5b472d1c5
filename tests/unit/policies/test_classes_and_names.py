"""The class of a line by the grid; payers, drugs and routine services by name."""

from datetime import date

import pytest

from app.policies.actions.library import SHIPPED
from app.policies.facts.answers import Grounds, Need, Question, ServiceClass
from app.policies.facts.grid import GridFile
from app.policies.files.checks import check_set
from app.policies.files.directory import read_policies
from app.policies.rules.classify import classify, index_grid
from app.policies.rules.compiling import compile_book
from app.policies.rules.contradictions import contradictions
from app.policies.rules.determine import determine
from app.policies.rules.library import drug_key, drug_of_code
from app.policies.rules.payers import resolve_payer
from app.policies.rules.routine import last_day_of_rule, never_offered, offered_codes, usual_end_of_answer
from tests.unit.policies.books import DAY, book, policy_set, rule

MEDICAL, CONDITIONAL, COSMETIC = ServiceClass.MEDICAL, ServiceClass.CONDITIONAL, ServiceClass.COSMETIC


def service(id, klass, codes, medical=(), weak=(), **said):
    """A service of a test's grid."""
    base = {"id": id, "label": id, "class": klass, "codes": codes, "medical": medical, "weak": weak}
    return base | {"confidence": "seen"} | said


def grid_of(*services):
    """A grid file with these services."""
    head = {"schema": "grid/1", "read_on": "2026-01-05", "classes": {}, "rule": "a rule"}
    return head | {"triggers": {"pain": {"find": ["pain"]}}, "services": services}


NOTE = {"all": ["pain"], "any": ["bleeding", "itching"]}
BENIGN = service("benign", "conditional", ["17110", "17111"], ["L82.0", "L91.8"], ["L82.1", "L91.8"])
GRID = index_grid(
    GridFile.model_validate(
        grid_of(
            service("visit", "medical", ["99213"], ["L40.0"], ["Z41.1"]),
            BENIGN | {"medical_if_documented": NOTE},
            service("peel", "cosmetic", ["17999"], ["L57.*"], ["L81.4"]),
        )
    )
)
BOOK = compile_book(read_policies(SHIPPED), "shipped")


@pytest.mark.parametrize(
    ("code", "diagnoses", "documented", "klass"),
    [
        ("99213", (), (), MEDICAL),
        ("99213", ("R21",), (), MEDICAL),
        ("99213", ("Z41.1",), (), COSMETIC),
        ("99213", ("Z41.1", "R21"), (), MEDICAL),
        ("17110", ("L82.0",), (), MEDICAL),
        ("17110", ("L82.1",), (), CONDITIONAL),
        ("17110", ("L91.8",), (), CONDITIONAL),
        ("17110", ("R21",), (), CONDITIONAL),
        ("17110", (), ("pain",), CONDITIONAL),
        ("17110", (), ("bleeding",), CONDITIONAL),
        ("17110", (), ("pain", "itching"), MEDICAL),
        ("17110", (), ("patient_request_appearance",), COSMETIC),
        ("17110", (), ("patient_request_appearance", "pain", "itching"), MEDICAL),
        ("17999", ("L81.4",), (), COSMETIC),
        ("17999", ("L57.0",), (), MEDICAL),
        ("17999", (), (), COSMETIC),
        ("10000", (), (), ServiceClass.UNKNOWN),
    ],
)
def test_the_class_of_a_line(code, diagnoses, documented, klass):
    assert classify(GRID, code, diagnoses, frozenset(documented)).klass is klass


def test_a_finding_says_whether_all_is_weak_what_is_listed_and_the_family():
    found = classify(GRID, "17110", ("L82.1",), frozenset())
    assert (found.weak, found.listed, found.family) == (True, True, frozenset({"17110", "17111"}))
    assert found.triggers == frozenset({"pain", "bleeding", "itching"})
    assert classify(GRID, "17110", ("R21",), frozenset()).listed is False


def test_a_cosmetic_class_turns_not_covered_into_cosmetic():
    excluded = rule(approval="not_applicable", coverage="excluded_or_investigational", codes=["15775"])
    hair = grid_of(service("hair", "cosmetic", ["15775"]))
    asked = Question("p", DAY, "15775")
    assert determine(book(excluded), (), (), asked).need is Need.NOT_COVERED
    assert determine(book(excluded, grid=hair), (), (), asked).need is Need.COSMETIC


@pytest.mark.parametrize("text", ["p", "PAYER", " The  Payer Inc ", "the payer, inc."])
def test_a_payer_is_found_by_every_name_exactly(text):
    assert resolve_payer(book(rule()), text).key == "p"


def test_a_payer_is_never_found_by_likeness():
    found = resolve_payer(book(rule()), "Payers United of Ohio")
    assert (found.key, found.in_library, found.self_pay) == ("local:payers-united-of-ohio", False, False)


@pytest.mark.parametrize("text", ["self pay", "Self-Pay", "CASH", "private pay", "none", "Uninsured"])
def test_words_for_no_coverage(text):
    assert resolve_payer(book(rule()), text).self_pay


@pytest.mark.parametrize("text", ["drug:dupixent", "Dupixent", "dupilumab", "00024591401"])
def test_a_drug_is_found_by_key_name_and_ndc(text):
    assert drug_key(BOOK, text) == "drug:dupixent"


def test_a_drug_code_leads_to_its_drug_and_an_administration_code_does_not():
    assert drug_of_code(BOOK, "J2357") == "drug:xolair"
    assert drug_of_code(BOOK, "96372") is None


def test_a_class_rule_answers_for_the_drugs_of_the_class():
    drugs = {"schema": "drugs/1", "drugs": {"skyrizi": {"names": ["Skyrizi"], "classes": ["biologics"]}}}
    made = book(rule(service="drug_class:biologics", codes=[]), drugs=drugs)
    assert ("p", "drug:skyrizi") in made.by_drug


def test_a_class_rule_that_names_drugs_answers_for_these_alone():
    drugs = {
        "schema": "drugs/1",
        "drugs": {key: {"names": [key], "classes": ["biologics"]} for key in ("cimzia", "skyrizi", "taltz")},
    }
    steps = [
        rule("two", service="drug_class:biologics", codes=[], drugs=["cimzia"], approval="step_edit"),
        rule("three", service="drug_class:biologics", codes=[], drugs=["taltz", "other"]),
    ]
    assert set(book(*steps, drugs=drugs).by_drug) == {("p", "drug:cimzia"), ("p", "drug:taltz")}
    assert list(contradictions(policy_set(*steps, drugs=drugs).payers["p"])) == []
    steps[1]["drugs"] = []
    assert len(list(contradictions(policy_set(*steps, drugs=drugs).payers["p"]))) == 1


def test_drugs_that_narrow_a_class_must_be_of_it():
    drugs = {"schema": "drugs/1", "drugs": {"skyrizi": {"names": ["Skyrizi"], "classes": ["biologics"]}}}
    wrong = rule(service="drug_class:other", codes=[], drugs=["skyrizi", "none"])
    found = [
        fault for fault in check_set(policy_set(wrong, drugs=drugs), lambda _file, _path: 7) if fault.key == "drugs"
    ]
    assert [(fault.line, fault.found) for fault in found] == [
        (7, "rule r: 'skyrizi' is no drug of drug_class:other"),
        (7, "rule r: 'none' is no drug of drug_class:other"),
    ]


@pytest.mark.parametrize(
    "code",
    [
        "J0585",
        "Q5101",
        "96401",
        "96910",
        "14040",
        "15260",
        "15271",
        "15823",
        "17106",
        "17107",
        "17108",
        "64650",
        "77401",
        "0089U",
        "81529",
        "0479T",
        "17999",
        "69399",
    ],
)
def test_codes_that_are_never_offered_as_routine(code):
    assert BOOK.routine is not None
    assert never_offered(BOOK.routine, code)
    assert code not in offered_codes(BOOK)


def test_everything_that_is_offered_may_be_offered():
    assert BOOK.routine is not None
    offered = offered_codes(BOOK)
    assert {"99213", "11102", "11300", "11400", "17000", "12031", "11900", "10060", "88305", "17311"} <= set(offered)
    assert [code for code in offered if never_offered(BOOK.routine, code)] == []


def test_ends_of_practice_rules_and_answers():
    assert last_day_of_rule(date(2026, 2, 28)) == date(2027, 2, 28)
    assert usual_end_of_answer(date(2026, 3, 2)) == date(2026, 5, 31)
    assert usual_end_of_answer(date(2026, 12, 1)) == date(2026, 12, 31)


@pytest.mark.parametrize(
    ("question", "rule_ref", "need"),
    [
        (
            {
                "payer": "medicare_ffs",
                "code": "J0585",
                "companions": frozenset({"64615"}),
                "place": "22",
                "state": "TX",
            },
            "medicare_ffs/hospital_outpatient#opd.botulinum",
            "required",
        ),
        ({"payer": "medicare_ffs", "code": "17000", "place": "11"}, None, "not_required"),
        ({"payer": "aetna", "code": "J2357", "diagnoses": ("L50.1",)}, "aetna/biologics#xolair.csu", "required"),
        ({"payer": "aetna", "drug": "drug:dupixent", "code": None, "diagnoses": ("L20.9",)}, None, "unknown"),
        ({"payer": "aetna", "code": "99999"}, None, "unknown"),
    ],
)
def test_the_shipped_rules_answer_what_must_be_shown(question, rule_ref, need):
    found = determine(BOOK, (), (), Question(**({"day": date(2026, 11, 26)} | question)))
    assert found.need == need
    if rule_ref is not None:
        assert found.rule == rule_ref
        assert found.cite is not None
        assert found.grounds in (Grounds.RULE, Grounds.CONDITION_TRUE)
