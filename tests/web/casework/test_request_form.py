"""Writing a request: what the rules say at once, the case that it becomes, and bad input."""

import re
from dataclasses import replace
from datetime import date, timedelta
from html import unescape

import pytest
from sqlalchemy import select

from app.audit.models import AuditEntryRow
from app.authorizations import store
from app.authorizations.facts import Counting, Item, Kind, RequestedLine, Status
from app.casework.actions.requests import forget_discarded
from app.casework.models.requests import RequestDraftRow
from app.coverage.store import coverages as coverage_store
from app.deadlines.models import CaseOwnerRow
from app.platform.db import db
from app.policies.facts.answers import Need
from app.practice.facts.staff import Role
from tests.support import make
from tests.support.desk import MAIN, RIVERA, TODAY, Booking
from tests.support.queries import counted
from tests.web.casework.support import errors_of, fields_of, patient_id, words_of

TICKS = ("code", "visit", "have", "pick")
WHOLE = {
    "diagnoses": "L40.0",
    "begins": "3/9/2026",
    "ends": "6/9/2026",
    "provider": RIVERA,
    "reason": "Plaques on a tenth",
}


def begin_at(number: int = 1) -> str:
    """Where a request of a patient begins."""
    return f"/patients/{patient_id(number)}/requests/new"


def form_at(page) -> str:
    """The address that the form of a page goes to."""
    return re.search(r'id="request" action="([^"]+)"', page.text).group(1)


def ticks_of(page) -> dict[str, list[str]]:
    """What is ticked on a page, by field."""
    ticked: dict[str, list[str]] = {}
    for name, value in re.findall(r'name="(code|visit|have|pick)" value="([^"]*)" checked', page.text):
        ticked.setdefault(name, []).append(unescape(value))
    return ticked


def typed_on(page) -> dict:
    """What the form of a page would send."""
    fields = fields_of(page, form_at(page))
    return {name: value for name, value in fields.items() if name not in TICKS} | ticks_of(page)


def post(browser, page, do="save", **typed):
    """Send the form of a page with some fields typed; a list takes the place of what was ticked."""
    return browser.post(form_at(page), data=typed_on(page) | {"do": do} | typed)


def looked(browser, page, do="look", **typed):
    """Send the form to see what the rules say, and read the page that follows."""
    answer = post(browser, page, do, **typed)
    assert answer.status_code == 303, errors_of(answer)
    return browser.get(answer.location)


def made(browser, page, **typed):
    """Make a case: asked once what is unlikely, say yes."""
    answer = post(browser, page, **typed)
    if answer.status_code == 422 and "Is this right?" in answer.text:
        answer = post(browser, answer)
    assert answer.status_code == 303, (errors_of(answer), words_of(answer))
    return answer


def cases_of(number: int = 1):
    """What is on file of a patient's cases."""
    db.session.rollback()
    return store.records_of(db.session(), make.PRACTICE_ID, [patient_id(number)]).get(patient_id(number), [])


@pytest.fixture
def browser(desk, sign_in):
    """A coordinator, and three patients: without approval, with one, with a request under way."""
    cases = (("Bauer", "Otto", "none"), ("Castillo", "Ana", "approved"), ("Dubois", "Henri", "pending"))
    desk.book(*(Booking(8 + place, *case) for place, case in enumerate(cases)))
    return sign_in(Role.COORDINATOR)


def test_patient_coverage_and_code_make_a_case_with_owner_and_next_action(browser):
    page = browser.get(begin_at())
    asked = post(browser, page, service="96910:36")
    assert asked.status_code == 422
    assert "The day may end with other codes of UVB or PUVA in the office." in words_of(asked)
    answer = post(browser, asked)
    (case,) = cases_of()
    assert (answer.status_code, answer.location) == (303, f"/cases/{case.id}")
    assert (case.status, case.kind, case.items) == (
        Status.DRAFT,
        Kind.INITIAL,
        (Item(("96910",), None, Counting.UNITS, 36),),
    )
    assert (case.payer, case.member_id, case.plan) == ("local:acme-health", "W00000001", "PPO Gold")
    assert (case.next_action, case.next_action_on) == ("Complete the request", TODAY)
    owner = db.session.scalar(select(CaseOwnerRow.owner_id).where(CaseOwnerRow.id == case.id))
    assert owner is not None


def test_a_complete_request_is_ready_and_keeps_what_is_asked_line_by_line(browser):
    page = looked(browser, browser.get(begin_at()), service="96910:36; 96912-96913:4", **WHOLE)
    text = words_of(page)
    assert "Approval is needed" in text
    assert "Nothing is lacking: it is ready to send." in text
    typed = {
        "reason": "Plaques on a tenth",
        "modifiers-96910": "59 xs",
        "counting-96910": "visits",
        "site": str(MAIN),
        "place": "11",
        "urgent": "yes",
    }
    made(browser, page, **typed)
    (case,) = cases_of()
    assert (case.status, case.urgent, case.note) == (Status.READY, True, "Plaques on a tenth")
    assert case.next_action == "Send the request"
    shared = {
        "begins": date(2026, 3, 9), "ends": date(2026, 6, 9), "diagnoses": ("L40.0",), "provider_npi": RIVERA,
        "provider_group": make.provider(50, RIVERA).group_npi, "site_id": MAIN, "place": "11",
    }  # fmt: skip
    assert sorted(case.requested, key=lambda line: line.code) == [
        RequestedLine(code="96910", modifiers=("59", "XS"), counting=Counting.VISITS, count=36, **shared),
        RequestedLine(code="96912", last="96913", counting=Counting.UNITS, count=4, **shared),
    ]


def test_a_form_sent_twice_makes_one_case(browser):
    page = looked(browser, browser.get(begin_at()), service="99214", **WHOLE)
    first = post(browser, page)
    second = post(browser, page)
    assert (first.status_code, second.status_code, first.location) == (303, 303, second.location)
    assert len(cases_of()) == 1


def test_words_find_services_and_drugs_are_known_by_name(browser):
    page = looked(browser, browser.get(begin_at()), "add", service="mohs; dupilumab")
    text = words_of(page)
    assert "Which service is meant by “mohs”?" in text
    assert "Dupixent" in text
    page = looked(browser, page, "add", pick=["17311/17312/17313/17314/17315"])
    assert set(ticks_of(page)["code"]) == {"drug:dupixent", "17311", "17312", "17313", "17314", "17315"}


def test_a_family_is_offered_once_with_the_usual_codes_ticked_and_what_was_unticked_stays_so(browser):
    page = looked(browser, browser.get(begin_at()), "add", service="17311:1")
    assert set(ticks_of(page)["code"]) == {"17311", "17312", "17315"}
    assert "How many stages it takes is known only when the margins are clear." in words_of(page)
    page = looked(browser, page, code=["17311", "14060"])
    assert set(ticks_of(page)["code"]) == {"17311", "14060"}
    made(browser, page, diagnoses="C44.311")
    (case,) = cases_of()
    assert [item.codes for item in case.items] == [("17311",), ("14060",)]


def test_a_drug_without_its_injection_is_said(browser):
    page = looked(browser, browser.get(begin_at()), "add", service="64650")
    assert "None of these is ticked, and what is asked for is not billed without one of them." in words_of(page)
    page = looked(browser, page, code=["64650", "J0585"])
    assert "None of these is ticked" not in words_of(page)


def test_the_need_of_each_code_of_a_family_is_shown(desk, browser):
    desk.rule(62, Need.REQUIRED, "17311", "14060")
    desk.rule(63, Need.NOT_REQUIRED, "17312")
    desk.session.commit()
    page = looked(browser, browser.get(begin_at()), "add", service="17311")
    rows = re.findall(r'id="code-(\w+)".*?<td data-label="Payer"><span>(.*?)</span></td>', page.text, re.DOTALL)
    needs = {code: re.sub(r"<[^>]+>", "", words) for code, words in rows}
    assert (needs["17311"], needs["14060"], needs["17312"]) == ("Approval needed", "Approval needed", "None needed")
    assert needs["14061"] == "Not known"


def test_an_approval_on_file_is_offered_only_where_clearance_would_take_it(browser):
    at = f"{begin_at(2)}?visit={make.an_id(20_002)}"
    text = words_of(browser.get(at))
    assert "An approval on file covers it" in text
    assert "Covers 96910; 14 left after that." in text
    typed = {"begins": "7/9/2026", "ends": "8/9/2026", "visit": []}
    text = words_of(looked(browser, browser.get(at), **typed))
    assert "Approval is needed" in text
    assert "96910: approval ends 9 days before visit." in text


def test_an_approval_is_held_against_every_visit_that_is_ticked(desk, browser):
    desk.book(Booking(8, "Eriksen", "Astrid", "renewal"))
    visits = [str(make.an_id(20_004)), str(make.an_id(40_004))]
    page = looked(browser, browser.get(begin_at(4)), service="96910:2", visit=visits, **WHOLE | {"begins": "3/2/2026"})
    text = words_of(page)
    assert "Approval is needed" in text
    assert "96910 for 1 of 2 visits; then: approval ends 10 days before visit." in text


def test_a_second_request_is_said_to_be_a_duplicate_and_asked_about_once(browser):
    page = looked(browser, browser.get(begin_at(3)), service="96910:10", **WHOLE)
    assert "It is asked for already" in words_of(page)
    assert "96910 is asked for, sent 01/02/2026 and not decided. A second request would be a duplicate." in words_of(
        page
    )
    asked = post(browser, page)
    assert asked.status_code == 422
    assert "REF-703 on file is not decided, and speaks of the same." in words_of(asked)
    assert post(browser, asked).status_code == 303


def test_a_draft_case_for_the_same_is_named_and_leads_on(browser):
    made(browser, looked(browser, browser.get(begin_at()), service="96910:10", **WHOLE))
    (case,) = cases_of()
    page = looked(browser, browser.get(begin_at()), service="96910:10")
    assert "A request for 96910 is written and not sent. Go on with that one." in words_of(page)
    assert f"/cases/{case.id}/request" in page.text
    leads = browser.get(f"/cases/{case.id}/request")
    assert leads.location == f"/patients/{patient_id()}/requests/{case.id}"


def test_a_visit_fills_the_form_with_what_approval_may_be_needed_for(desk, browser):
    desk.book(Booking(8, "Kowalski", "Ewa", "two", npi=RIVERA))
    page = browser.get(f"{begin_at(4)}?visit={make.an_id(20_004)}")
    shown = fields_of(page, form_at(page))
    assert ticks_of(page) == {"code": ["99213", "96910"], "visit": [str(make.an_id(20_004))]}  # both are settled
    assert (shown["diagnoses"], shown["begins"], shown["provider"]) == ("L40.0", "03/02/2026", RIVERA)
    desk.book(Booking(9, "Moreau", "Anne", "none"))
    page = browser.get(f"{begin_at(5)}?visit={make.an_id(20_005)}")
    assert ticks_of(page)["code"] == ["96910"]


def test_a_visit_and_a_case_lead_to_the_form_of_their_patient(browser):
    leads = browser.get(f"/visits/{make.an_id(20_001)}/request")
    assert leads.location == f"{begin_at()}?visit={make.an_id(20_001)}"
    assert browser.get(f"/requests/new?patient={patient_id()}").location == begin_at()
    assert "New request" in words_of(browser.get(f"/visits/{make.an_id(20_001)}"))


BAD = [
    ({"coverage": ""}, "coverage", "Choose the coverage under which approval is asked"),
    ({"service": "", "code": []}, "service", "Enter the code or the drug that approval is asked for"),
    ({"service": "nothing like it"}, "service", "Nothing is called nothing like it."),
    ({"service": "9691"}, "service", "'9691' is not a CPT or HCPCS code."),
    ({"service": "dupixent; humira"}, "service", "A request is for one drug"),
    ({"count-99214": "many"}, "count-99214", "99214: Units must be a whole number, like 36"),
    ({"modifiers-99214": "LONG"}, "modifiers-99214", "99214: modifiers have two characters each"),
    ({"diagnoses": "psoriasis"}, "diagnoses", "Diagnosis must be an ICD-10-CM code"),
    ({"begins": "soon"}, "begins", "Start date must be a date"),
    ({"begins": "6/9/2026", "ends": "3/9/2026"}, "ends", "End date must be the same as or after the start date"),
    ({"provider": "123"}, "provider", "Provider number must have 10 digits; you entered 3"),
    ({"kind": "renewal"}, "parent", "Choose the earlier request that this renewal follows"),
    ({"kind": "gift"}, "kind", "Kind must be one of the list"),
    ({"ndc": "12"}, "ndc", "NDC must have 11 digits"),
]


def test_bad_input_has_a_sentence_beside_its_field_and_loses_nothing(browser):
    page = looked(browser, browser.get(begin_at()), service="99214", **WHOLE)
    good = typed_on(page) | {"do": "save", "reason": "What was typed stays"}
    for typed, field, sentence in BAD:
        version = typed_on(page)["version"]
        answer = browser.post(form_at(page), data=good | {"version": version} | typed)
        assert answer.status_code == 422, typed
        assert "Error: New request - Cleared" in answer.text
        assert any(one.startswith(sentence) for one in errors_of(answer)), errors_of(answer)
        assert f'id="{field}' in answer.text
        assert "What was typed stays" in answer.text
        page = browser.get(form_at(answer))
        assert "What was typed stays" in page.text
    assert cases_of() == []


def test_what_is_unlikely_is_asked_once(browser):
    page = looked(
        browser, browser.get(begin_at()), service="99214:500", **WHOLE | {"begins": "2/2/2026", "ends": "3/2/2028"}
    )
    answer = post(browser, page, visit=[])
    text = words_of(answer)
    assert answer.status_code == 422
    for sentence in ("over 24 months.", "which is past.", "The request is for 500 units."):
        assert sentence in text
    assert post(browser, answer).status_code == 303


def test_every_kind_can_be_asked_for_and_a_follower_names_what_it_follows(browser):
    parent = str(make.an_id(60_002))
    for place, kind in enumerate(Kind):
        follows = {"parent": parent} if kind in (Kind.RENEWAL, Kind.EXTENSION, Kind.APPEAL) else {}
        begins = {"begins": f"{place + 1}/9/2027", "ends": f"{place + 1}/20/2027"}
        page = looked(browser, browser.get(begin_at(2)), service="99215", **WHOLE | begins)
        made(browser, page, kind=kind.value, **follows)
    found = {case.kind: case.parent_id for case in cases_of(2) if case.status is not Status.APPROVED}
    assert set(found) == set(Kind)
    assert str(found[Kind.RENEWAL]) == parent


def test_a_draft_is_kept_as_typed_and_gone_on_with(browser):
    page = browser.get(begin_at())
    at = form_at(page)
    answer = browser.post(f"{at}/keep", data=typed_on(page) | {"service": "mohs", "reason": "Half a sentence"})
    assert answer.json == {"said": "Draft saved 10:00 AM", "version": 1}
    sealed = db.session.scalar(select(RequestDraftRow.typed))
    assert b"Half a sentence" not in bytes(sealed)
    listed = browser.get("/requests")
    assert "Bauer, Otto" in words_of(listed)
    assert "Half a sentence" in browser.get(at).text
    assert cases_of() == []
    other = browser.get(begin_at())
    assert "Another request of this patient is being written" in words_of(other)


def test_a_draft_is_discarded_brought_back_and_forgotten_after_a_day(desk, browser, web_clock):
    page = browser.get(begin_at())
    at = form_at(page)
    post(browser, page, "draft", service="99214")
    token = {"csrf_token": typed_on(page)["csrf_token"]}
    assert browser.post(f"{at}/discard", data=token).location == "/requests"
    assert "No request is being written." in words_of(browser.get("/requests"))
    assert browser.post(f"{at}/restore", data=token).location == at
    assert "Bauer, Otto" in words_of(browser.get("/requests"))
    browser.post(f"{at}/discard", data=token)
    assert forget_discarded(desk.caller) == 0
    web_clock.instant += timedelta(hours=24)
    assert (forget_discarded(desk.caller), forget_discarded(desk.caller)) == (1, 0)


def test_two_people_on_one_draft_the_second_sees_both_and_chooses(browser):
    page = browser.get(begin_at())
    first = looked(browser, page, service="99214:3", diagnoses="L40.0")
    looked(browser, first, diagnoses="L20.9")
    answer = post(browser, first, "look", diagnoses="L73.2")
    text = words_of(answer)
    assert answer.status_code == 409
    assert "Somebody changed this while you were typing" in text
    assert "Diagnoses L20.9 L73.2" in text
    kept = post(browser, answer, "look")
    assert kept.status_code == 303
    assert "L73.2" in browser.get(kept.location).text


def test_two_people_on_one_case_the_second_sees_both_and_chooses(browser):
    made(browser, looked(browser, browser.get(begin_at()), service="99214:3", **WHOLE))
    (case,) = cases_of()
    at = f"/patients/{patient_id()}/requests/{case.id}"
    page = browser.get(at)
    made(browser, browser.get(at), diagnoses="L20.9")
    db.session.rollback()
    stale = typed_on(page) | {"do": "save", "diagnoses": "L73.2", "version": typed_on(browser.get(at))["version"]}
    answer = browser.post(at, data=stale)
    assert answer.status_code == 409
    assert "Diagnoses L20.9 L73.2" in words_of(answer)
    assert post(browser, answer).status_code == 303
    assert cases_of()[0].diagnoses == ("L73.2",)


def test_a_case_is_changed_by_the_same_form_until_it_is_sent(browser):
    made(browser, looked(browser, browser.get(begin_at()), service="99214:3"))
    (case,) = cases_of()
    assert case.status is Status.DRAFT
    page = browser.get(f"/patients/{patient_id()}/requests/{case.id}")
    made(browser, page, **WHOLE)
    (case,) = cases_of()
    assert (case.status, case.next_action) == (Status.READY, "Send the request")


def sent(browser, case, **typed):
    """Record a case as sent."""
    at = f"/cases/{case.id}/send"
    return browser.post(at, data=fields_of(browser.get(at), at) | {"way": "portal"} | typed)


def test_sending_keeps_what_was_asked_and_says_how_it_went(browser):
    made(browser, looked(browser, browser.get(begin_at()), service="99214:3", **WHOLE))
    (case,) = cases_of()
    answer = sent(browser, case, reference="REF 99-1", person="Ada", on="t", ask_on="t+5", words="By the portal")
    assert (answer.status_code, answer.location) == (303, f"/cases/{case.id}")
    (now,) = cases_of()
    assert (now.status, now.requested_on, now.reference) == (Status.SUBMITTED, TODAY, "REF 99-1")
    assert (now.submitted_by_channel, now.next_action_on) == ("Payer's portal", TODAY + timedelta(days=5))
    assert now.requested == case.requested
    text = words_of(browser.get(f"/cases/{case.id}"))
    assert "Submitted" in text
    assert "REF 99-1" in text
    again = browser.get(f"/patients/{patient_id()}/requests/{case.id}")
    assert again.location == f"/cases/{case.id}"
    assert db.session.scalar(select(RequestDraftRow.id)) is None
    assert sent_again(browser, case).location == f"/cases/{case.id}"


def sent_again(browser, case):
    """Ask for the page of sending of a case that was sent."""
    return browser.get(f"/cases/{case.id}/send")


def test_a_payer_that_only_wants_notice_leaves_nothing_to_wait_for(desk, browser):
    desk.rule(62, Need.NOTIFICATION, "99215")
    desk.session.commit()
    made(browser, looked(browser, browser.get(begin_at()), service="99215:1", **WHOLE))
    (case,) = cases_of()
    at = f"/cases/{case.id}/send"
    assert fields_of(browser.get(at), at)["told"] == "yes"
    sent(browser, case, ask_on="")
    assert cases_of()[0].status is Status.NOTIFIED


UNSENDABLE = [
    ({"way": ""}, "Say how it was sent"),
    ({"way": "other", "other_way": ""}, "Say how it was sent"),
    ({"on": ""}, "Enter the day on which it was sent"),
    ({"on": "t+1"}, "Sent on must be today or before"),
    ({"ask_on": ""}, "Enter the day on which to ask where it stands"),
    ({"ask_on": "t-1"}, "Ask on must be today or after"),
    ({"reference": "TBD"}, "Payer's reference must be the one that the payer gave"),
]


def test_sending_refuses_what_cannot_be(browser):
    made(browser, looked(browser, browser.get(begin_at()), service="99214:3", **WHOLE))
    (case,) = cases_of()
    for typed, sentence in UNSENDABLE:
        answer = sent(browser, case, person="Ada who took it", **typed)
        assert answer.status_code == 422, typed
        assert errors_of(answer)[0].startswith(sentence)
        assert "Ada who took it" in answer.text
    assert cases_of()[0].status is Status.READY


def test_a_case_changed_while_it_is_sent_is_not_sent_unseen(browser):
    made(browser, looked(browser, browser.get(begin_at()), service="99214:3", **WHOLE))
    (case,) = cases_of()
    at = f"/cases/{case.id}/send"
    page = fields_of(browser.get(at), at)
    made(browser, browser.get(f"/patients/{patient_id()}/requests/{case.id}"), diagnoses="L20.9")
    answer = browser.post(at, data=page | {"way": "fax"})
    assert answer.status_code == 409
    assert cases_of()[0].status is Status.READY


def test_a_draft_of_another_patient_is_not_there(browser):
    page = browser.get(begin_at())
    post(browser, page, "draft", service="99214")
    other = form_at(page).replace(str(patient_id(1)), str(patient_id(2)))
    assert browser.get(other).location == "/requests"
    assert browser.post(other, data=typed_on(page) | {"do": "look", "version": "1"}).status_code == 404


def test_whom_a_form_showed_is_noted_and_nothing_of_the_person_stands_in_the_address(browser):
    answer = post(browser, browser.get(begin_at()), "look", service="99214", **WHOLE)
    assert "L40" not in answer.location
    actions = set(db.session.scalars(select(AuditEntryRow.action)))
    assert {"casework.request_form_seen", "casework.request_kept"} <= actions


def test_the_form_asks_as_many_queries_for_many_visits_as_for_one(desk, browser, web_app):
    with web_app.app_context():
        engine = db.engine
    browser.get(begin_at())
    with counted(engine) as few:
        browser.get(begin_at())
    for day in range(1, 9):
        desk.book(Booking(8, f"Extra{day}", "Person", "none", day=TODAY + timedelta(days=day)))
    with counted(engine) as many:
        browser.get(begin_at())
    assert len(few) == len(many)


def test_only_who_edits_cases_may_write_requests(desk, sign_in):
    desk.book(Booking(8, "Bauer", "Otto", "none"))
    scheduler = sign_in(Role.SCHEDULER)
    assert scheduler.get(begin_at()).status_code == 403
    assert scheduler.get("/requests/new").status_code == 403


def test_a_library_rule_shows_criteria_documents_and_ways_and_what_lacks_makes_a_case_wait(desk, browser):
    found = coverage_store.on_file(desk.session, desk.practice_id, patient_id())
    rows = [replace(row, payer="aetna", payer_name="Aetna") for row in found]
    coverage_store.change_coverages(desk.session, desk.practice_id, rows)
    desk.session.commit()
    page = looked(browser, browser.get(begin_at()), service="J2357:12", **WHOLE | {"diagnoses": "L50.1"})
    text = words_of(page)
    assert "Criteria" in text
    assert "Not shown yet." in text
    assert "not shown yet" in text[text.index("Before it can be sent") :]
    made(browser, page)
    (case,) = cases_of()
    assert (case.status, case.next_action) == (Status.NEEDS_DOCUMENTS, "Get what the payer wants to see")
    at = f"/cases/{case.id}/send"
    assert "It still lacks:" in words_of(browser.get(at))
