"""Clinical facts and criteria: recorded once, each proven, and asked of the provider where unknown."""

from dataclasses import replace
from datetime import date

import pytest

from app.authorizations.facts import Kind
from app.casework.actions.criteria import criteria_for, criteria_of
from app.casework.facts.criteria import CriteriaAsked
from app.clinical.actions.charting import record_facts
from app.clinical.facts import ClinicalFact, FactKind, Source, SourceKind
from app.clinical.store import asks as ask_store
from app.clinical.store import charted
from app.documents import store as document_store
from app.documents.actions import take_away
from app.documents.facts import Document, DocumentKind, MediaType
from app.platform.db import db
from app.policies.facts.answers import Truth
from app.practice.actions.staff import add_staff
from app.practice.facts.staff import Role
from app.practice.store import staff as staffing
from tests.support import make
from tests.support.desk import RIVERA
from tests.support.queries import counted
from tests.web.casework.support import errors_of, fields_of, fill, patient_id, words_of
from tests.web.clinical.conftest import CASE, request

NOTE = make.an_id(7001)
FACTS = f"/patients/{patient_id()}/facts"
AT = f"/cases/{CASE}/criteria"
ASK = f"/cases/{CASE}/ask-provider"
BSA = {
    "name": "bsa percent",
    "value": "12 %",
    "source": "document",
    "document": str(NOTE),
    "page": "2",
    "dated": "2/20",
}
TEXTS = (
    "The patient is at least 6 years old", "A diagnosis of any code under L20",
    "At least 10% of the body surface is affected", "A topical corticosteroid tried for at least 4 weeks",
    "The chart shows: other causes evaluated", "Not used together with a biologic",
)  # fmt: skip


@pytest.fixture
def note(desk):
    """A chart note of three pages on file."""
    return a_note(desk)


def a_note(desk):
    """Put a chart note of three pages on file."""
    at = desk.caller.clock.now()
    document = Document(
        NOTE, patient_id(), DocumentKind.CHART_NOTE, MediaType.PDF, "Note of February", 4, "00", 3, at, None,
        date(2026, 2, 20),
    )  # fmt: skip
    document_store.add_document(desk.session, desk.practice_id, document, b"%PDF")
    desk.session.commit()
    return document


def chart(desk, kind, name, source=None, dated=date(2026, 2, 20), number=1, **values):
    """Record a fact of the note."""
    said = source or Source(SourceKind.DOCUMENT, NOTE, 2)
    fact = ClinicalFact(
        make.an_id(7100 + number), patient_id(), kind, name, said, desk.caller.clock.now(), None, dated, values
    )
    record_facts(desk.caller, patient_id(), [fact])
    return fact


def results(desk, case=CASE):
    """The results of a case's criteria, in order."""
    return [line.result.value for line in criteria_of(desk.caller, case).lines]


def fill_chart(desk):
    """Prove all that the payer asks."""
    chart(desk, FactKind.DIAGNOSIS, "L20.9", number=1)
    chart(desk, FactKind.MEASURE, "bsa_percent", number=2, value="12")
    chart(desk, FactKind.TRIAL, "tcs", number=3, outcome="inadequate_response", duration="6 weeks")
    chart(desk, FactKind.FINDING, "other_causes_evaluated", number=4, value="yes")
    chart(desk, FactKind.MEDICATIONS, "medications", number=5, list="cetirizine", without="biologic")


def test_without_facts_all_but_the_age_is_unknown(desk):
    sheet = criteria_of(desk.caller, CASE)
    assert [line.text for line in sheet.lines][:1] == ["The patient is at least 6 years old"]
    assert [line.result for line in sheet.lines] == [Truth.MET, *[Truth.UNKNOWN] * 5]
    assert sheet.lines[0].proofs[0].said == "45 years old on 03/20/2026, by the birth date on file"
    assert [line.lacking for line in sheet.lines[1:]] == [
        ((FactKind.DIAGNOSIS, ""),),
        ((FactKind.MEASURE, "bsa_percent"),),
        ((FactKind.TRIAL, "tcs"),),
        ((FactKind.FINDING, "other_causes_evaluated"),),
        ((FactKind.MEDICATIONS, "biologic"),),
    ]
    assert sheet.documents == ("chart note of the last 6 months",)


def test_with_a_dated_source_for_each_all_are_met_and_say_by_what(desk, note):
    fill_chart(desk)
    sheet = criteria_of(desk.caller, CASE)
    assert {line.result for line in sheet.lines} == {Truth.MET}
    for line in sheet.lines[1:]:
        (proof,) = line.proofs
        assert (proof.document_name, proof.page, proof.dated) == ("Note of February", 2, date(2026, 2, 20))


def test_a_diagnosis_of_the_request_counts_only_when_the_chart_shows_it(desk, note):
    assert results(desk)[1] == "unknown"
    chart(desk, FactKind.DIAGNOSIS, "L20.84", number=1)
    assert results(desk)[1] == "unknown"
    chart(desk, FactKind.DIAGNOSIS, "L20.9", number=2)
    assert results(desk)[1] == "met"
    request(desk, 501, diagnoses=("L40.0",))
    assert results(desk, make.an_id(60_501))[1] == "unknown"
    chart(desk, FactKind.DIAGNOSIS, "L40.0", number=3)
    assert results(desk, make.an_id(60_501))[1] == "not_met"


def test_what_was_only_said_is_shown_and_proves_nothing(desk, note):
    chart(desk, FactKind.MEASURE, "bsa_percent", Source(SourceKind.CALL, words="the nurse"), value="12")
    line = criteria_of(desk.caller, CASE).lines[2]
    assert (line.result, line.proofs, line.told[0].said) == (Truth.UNKNOWN, (), "BSA percent: 12")


def test_a_document_that_is_taken_away_proves_nothing_any_more(desk, note):
    fill_chart(desk)
    take_away(desk.caller, NOTE)
    assert results(desk) == ["met", *["unknown"] * 5]


def test_a_renewal_is_asked_the_criteria_of_renewals(desk, note):
    request(desk, 502, kind=Kind.RENEWAL)
    sheet = criteria_of(desk.caller, make.an_id(60_502))
    assert [(rule.own_renewal, len(rule.lines)) for rule in sheet.rules] == [(True, 1)]
    chart(desk, FactKind.RESPONSE, "EASI", value="yes")
    assert results(desk, make.an_id(60_502)) == ["met"]


def test_a_request_that_is_not_saved_is_asked_the_same(desk, note):
    fill_chart(desk)
    asked = CriteriaAsked("acme", ("J3590",), "drug:dupixent", ("L20.9",), date(2026, 3, 20))
    assert criteria_for(desk.caller, patient_id(), asked).lines == criteria_of(desk.caller, CASE).lines
    assert criteria_for(desk.caller, patient_id(), CriteriaAsked("nobody", ("J3590",))).rules == ()


def test_a_fact_is_recorded_from_the_criterion_that_lacks_it(desk, note, sign_in):
    browser = sign_in(Role.COORDINATOR)
    page = browser.get(AT)
    assert "6 criteria: 1 met and 5 not known" in words_of(page)
    token = fields_of(page, f"{FACTS}/new")["csrf_token"]
    started = browser.post(
        f"{FACTS}/new", data={"csrf_token": token, "kind": "measure", "name": "bsa_percent", "case_id": str(CASE)}
    )
    assert fields_of(started, FACTS)["name"] == "BSA percent"
    answer = browser.post(FACTS, data=fields_of(started, FACTS) | BSA)
    assert answer.status_code == 303 and answer.location == AT
    text = words_of(browser.get(AT))
    assert "Met: At least 10% of the body surface is affected" in text
    assert "BSA percent: 12 Note of February, page 2, 02/20/2026" in text


def test_a_form_that_is_sent_twice_records_once_and_the_list_shows_it(desk, note, sign_in):
    browser = sign_in(Role.COORDINATOR)
    data = fields_of(browser.get(f"{FACTS}/new/measure"), FACTS) | BSA
    assert [browser.post(FACTS, data=data).status_code for _ in range(2)] == [303, 303]
    assert len(charted.history_of(db.session(), make.PRACTICE_ID, patient_id())) == 1
    assert "BSA percent: 12 02/20/2026 Note of February, page 2, 02/20/2026" in words_of(browser.get(FACTS))


@pytest.mark.parametrize(
    ("kind", "typed", "sentence"),
    [
        ("measure", {"value": "twelve"}, "Value must be a number, like 12 or 12.5; you entered twelve"),
        ("measure", {"name": ""}, "Enter the measure"),
        ("measure", {"document": ""}, "Choose the document that says it; add it to the patient's documents first"),
        ("measure", {"page": "4"}, "Page must be a number from 1 to 3"),
        ("measure", {"dated": "t+1"}, "Day must be today or before, 03/02/2026 at the latest"),
        ("measure", {"source": "call", "dated": ""}, "Enter the day on which it was so: the day of the note, the photo "
         "or the result"),
        ("measure", {"source": "provider"}, "Choose who or what says it"),
        ("measure", {"source": "claim", "document": ""}, "Enter the number of the paid claim, or choose the document "
         "that shows it"),
        ("diagnosis", {"name": "eczema"}, "Diagnosis must be an ICD-10-CM code, like L40.0; you entered eczema"),
        ("trial", {"name": "tcs"}, "Enter this: outcome"),
        ("trial", {"name": "tcs", "outcome": "tried", "began": "2/1/2026", "ended": "1/1/2026"},
         "Ended must be the same as or after begun, 02/01/2026"),
        ("history", {"name": "malignancy"}, "Say either that it never happened, or when it happened last"),
        ("medications", {}, "Enter what the patient takes, or below what is not among it"),
    ],
)  # fmt: skip
def test_what_cannot_be_read_is_said_and_nothing_is_lost(desk, note, sign_in, kind, typed, sentence):
    browser = sign_in(Role.COORDINATOR)
    answer = fill(browser, f"{FACTS}/new/{kind}", FACTS, **BSA | typed)
    assert answer.status_code == 422
    assert errors_of(answer)[0] == sentence
    assert 'value="2"' in answer.text or typed.get("page")
    assert charted.history_of(db.session(), make.PRACTICE_ID, patient_id()) == ()


def test_without_a_day_the_day_of_the_document_counts_and_lengths_are_counted(desk, note, sign_in):
    browser = sign_in(Role.COORDINATOR)
    typed = BSA | {"name": "TCS", "outcome": "inadequate_response", "began": "1/1/2026", "ended": "2/12/2026"}
    assert fill(browser, f"{FACTS}/new/trial", FACTS, **typed | {"dated": ""}).status_code == 303
    (fact,) = charted.history_of(db.session(), make.PRACTICE_ID, patient_id())
    assert (fact.name, fact.dated, fact.values["duration"]) == ("tcs", date(2026, 2, 20), "42 days")
    assert results(desk)[3] == "met"


def test_two_who_correct_one_fact_see_both_and_choose(desk, note, sign_in):
    fact = chart(desk, FactKind.MEASURE, "bsa_percent", value="12")
    browser = sign_in(Role.COORDINATOR)
    at = f"{FACTS}/{fact.id}/correct"
    first, second = (fields_of(browser.get(at), at) for _ in range(2))
    assert browser.post(at, data=first | {"value": "9"}).status_code == 303
    both = browser.post(at, data=second | {"value": "15"})
    assert both.status_code == 409
    assert "Somebody changed this while you were typing" in both.text
    assert "Value 9 15" in words_of(both)
    assert results(desk)[2] == "not_met"
    again = next(
        one for one in charted.history_of(db.session(), make.PRACTICE_ID, patient_id()) if one.ended_at is None
    )
    kept = f"{FACTS}/{again.id}/correct"
    assert browser.post(kept, data=fields_of(both, kept)).status_code == 303
    assert results(desk)[2] == "met"
    assert "Corrected: another fact stands in its place" in words_of(browser.get(FACTS))


def test_a_fact_is_taken_away_and_brought_back(desk, note, sign_in):
    fact = chart(desk, FactKind.MEASURE, "bsa_percent", value="12")
    browser = sign_in(Role.COORDINATOR)
    away = f"{FACTS}/{fact.id}/take-away"
    assert browser.post(away, data=fields_of(browser.get(FACTS), away)).status_code == 303
    assert results(desk)[2] == "unknown"
    back = f"{FACTS}/{fact.id}/bring-back"
    assert browser.post(back, data=fields_of(browser.get(FACTS), back)).status_code == 303
    assert results(desk)[2] == "met"


def asked(browser, who, **typed):
    """Ask a provider all that is lacking."""
    fields = fields_of(browser.get(ASK), ASK)
    items = ["measure bsa_percent", "trial tcs", "finding other_causes_evaluated", "medications biologic"]
    return browser.post(ASK, data=fields | {"asked_of": str(who), "item": items, "note": "Before Friday"} | typed)


def me():
    """The person who is signed in."""
    return next(one for one in staffing.staff_of(db.session(), make.PRACTICE_ID) if one.name == "Kim Example").id


def test_the_provider_is_asked_answers_all_on_one_page_and_the_case_shows_it(desk, note, sign_in):
    browser = sign_in(Role.COORDINATOR, Role.PROVIDER)
    assert asked(browser, me(), due_on="3/6").status_code == 303
    (ask,) = ask_store.of_case(db.session(), make.PRACTICE_ID, CASE)
    assert "Kim Example was asked 4 things" in words_of(browser.get(AT))
    assert "Henri Dubois a provider was asked 4 things" in words_of(browser.get("/asks"))
    at = f"/asks/{ask.id}"
    page = browser.get(at)
    assert fields_of(page, at)["a0-dated"] == "03/02/2026"
    wrong = browser.post(at, data=fields_of(page, at) | {"a0-value": "14"})
    assert wrong.status_code == 422 and 'value="14"' in wrong.text
    typed = {"a0-value": "14", "a1-outcome": "inadequate_response", "a1-duration": "8 weeks", "a2-value": "yes",
             "a3-unknown": "yes", "words": "See the photos"}  # fmt: skip
    assert browser.post(at, data=fields_of(page, at) | typed).status_code == 303
    assert results(desk) == ["met", "unknown", "met", "met", "met", "unknown"]
    text = words_of(browser.get(AT))
    assert "BSA percent: 14 Answer of Kim Example, 03/02/2026" in text
    assert "Not known" in words_of(browser.get(at))
    assert browser.post(at, data=fields_of(page, at) | typed).status_code == 303
    assert len(charted.history_of(db.session(), make.PRACTICE_ID, patient_id())) == 3
    assert "Nothing is asked of you" in words_of(browser.get("/asks"))
    case = words_of(browser.get(f"/cases/{CASE}"))
    assert "Before Friday" in case and "See the photos" in case


def test_nobody_answers_for_a_provider(desk, note, sign_in):
    add_staff(desk.caller, "rivera@example.test", "Dr. Rivera", frozenset({Role.PROVIDER}))
    desk.session.commit()
    browser = sign_in(Role.COORDINATOR)
    who = next(one for one in staffing.staff_of(db.session(), make.PRACTICE_ID) if one.name == "Dr. Rivera")
    unseen = (
        "No visit of the patient with this provider is on file, so that the provider would not see it; choose another"
    )
    assert errors_of(asked(browser, who.id)) == [unseen]
    staffing.save_staff(db.session(), make.PRACTICE_ID, replace(who, provider_npi=RIVERA))
    db.session.commit()
    assert asked(browser, who.id).status_code == 303
    (ask,) = ask_store.of_case(db.session(), make.PRACTICE_ID, CASE)
    page = browser.get(f"/asks/{ask.id}")
    assert "Only Dr. Rivera answers this, signed in." in words_of(page)
    token = fields_of(page, f"/asks/{ask.id}/withdraw")
    forged = {f"a{place}-unknown": "yes" for place in range(4)}
    assert browser.post(f"/asks/{ask.id}", data=token | forged).status_code == 403
    assert browser.post(f"/asks/{ask.id}/withdraw", data=token).status_code == 303
    assert ask_store.of_case(db.session(), make.PRACTICE_ID, CASE)[0].open is False


def test_a_question_without_a_provider_or_a_thing_is_not_sent(desk, note, sign_in):
    browser = sign_in(Role.COORDINATOR, Role.PROVIDER)
    answer = asked(browser, "", item=[], due_on="2/1")
    assert errors_of(answer) == [
        "Tick what the provider is to answer",
        "Choose the provider",
        "Needed by must be today or later, 03/02/2026 at the earliest",
    ]
    assert "Before Friday" in answer.text
    assert ask_store.of_case(db.session(), make.PRACTICE_ID, CASE) == ()


@pytest.mark.parametrize("role", [Role.SCHEDULER, Role.BILLER])
def test_clinical_facts_are_not_for_everybody(desk, note, sign_in, role):
    browser = sign_in(role)
    assert {browser.get(at).status_code for at in (FACTS, AT, ASK, "/asks")} == {403}


def queries(browser, at):
    """Count what a page asks, once the book of rules is in memory."""
    browser.get(at)
    with counted(db.engine) as seen:
        assert browser.get(at).status_code == 200
    return len(seen)


def test_the_pages_ask_the_same_number_of_queries_whatever_is_on_file(desk, note, sign_in):
    browser = sign_in(Role.COORDINATOR)
    chart(desk, FactKind.SCORE, "IGA", number=9, value="3")
    few = [queries(browser, at) for at in (AT, FACTS, ASK)]
    fill_chart(desk)
    for number in range(10, 40):
        chart(desk, FactKind.SCORE, f"score{number}", number=number, value="3")
    assert [queries(browser, at) for at in (AT, FACTS, ASK)] == few
