"""The gate at booking: class with its source, the one missing fact, estimates with consents, and Medicare's notice."""

import re
from dataclasses import replace
from datetime import date
from html import unescape
from io import BytesIO
from uuid import UUID

import pypdf
import pytest

from app.authorizations import store as authorization_store
from app.authorizations.actions import change_authorization
from app.authorizations.facts import AuthorizationRecord, Item, Status
from app.booking import store
from app.booking.facts.papers import PaperKind, PaperState
from app.booking.jobs import open_estimates
from app.casework.actions.cosmetic import CosmeticRequestError
from app.casework.actions.sending import Sending, send_request
from app.clinical.facts import SourceKind
from app.clinical.store import charted
from app.coverage.facts import CheckResult, CoverageRecord
from app.coverage.store import coverages as coverage_store
from app.documents import store as documents
from app.platform.caller import Caller
from app.platform.db import db, writing
from app.practice.facts.staff import Role
from app.schedule import store as schedule_store
from app.schedule.facts import BillTo, LineSource, VisitRecord
from app.values.insurance import Line, Rank
from app.worklists.actions.work import mark_self_pay, undo_self_pay
from tests.support import make
from tests.support.desk import PAYER, PAYER_NAME, Booking, Desk
from tests.support.queries import counted
from tests.support.web import equipped, token_of
from tests.web.casework.support import fields_of

OFFICE = Booking(10, "Fontaine", "Claire", "office")


@pytest.fixture
def desk(web_app, web_clock):
    """A practice with sites, people and a payer, and nobody booked yet."""
    with web_app.app_context():
        yield Desk(equipped(Caller(db.session(), make.PRACTICE_ID, web_clock, via="test"))).furnish()


def planned(desk, *services, line=None, first=90_000):
    """Book a visit with services, each a code and its diagnoses. `line`: the line of business of its coverage."""
    (visit,) = desk.book(OFFICE)
    found = schedule_store.visits_by_ids(desk.session, desk.practice_id, [visit])[visit]
    (record,) = schedule_store.records(desk.session, desk.practice_id, [found.reference]).values()
    (whole,) = record.visit.lines
    booked = [
        replace(whole, id=make.an_id(first + place), position=place, code=code, diagnoses=diagnoses)
        for place, (code, *diagnoses) in enumerate(services)
    ]
    lines = tuple(replace(one, diagnoses=tuple(one.diagnoses)) for one in booked)
    sources = tuple(LineSource(place) for place in range(len(lines)))
    changed = VisitRecord(replace(record.visit, lines=lines), sources)
    schedule_store.change_visits(desk.session, desk.practice_id, [changed])
    if line is not None:
        coverage = CoverageRecord(
            make.an_id(91_000), found.patient_id, Rank.PRIMARY, PAYER, PAYER_NAME, "W1", begins=date(2026, 2, 1),
            line=line, checked_on=date(2026, 3, 1), result=CheckResult.ACTIVE, source="271",
        )  # fmt: skip
        coverage_store.add_coverages(desk.session, desk.practice_id, [coverage])
    desk.session.commit()
    return visit


def plain(page):
    """Read a page's text without its marks."""
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", page.text)).split())


def hidden_of(page, name):
    """Read a hidden field of the page's first form that has it."""
    return re.search(rf'name="{name}" value="([^"]*)"', page.text)[1]


def prepared(client, visit, kind="consent", **more):
    """Prepare a paper for one service, and return the address of its page."""
    form = client.get(f"/visits/{visit}/booking/prepare?kind={kind}")
    data = {
        "csrf_token": hidden_of(form, "csrf_token"),
        "key": hidden_of(form, "key"),
        "version": hidden_of(form, "version"),
        "kind": kind,
        "services": hidden_of(form, "services"),
        "words-0": "Peel of the face",
        "amount-0": "1,250.50",
        "valid_until": "t+30",
        "language": "es",
        **more,
    }
    return client.post(f"/visits/{visit}/booking/prepare", data=data)


def lines_of(desk, visit):
    """The lines of a visit as they are on file."""
    desk.session.rollback()
    return schedule_store.visits_by_ids(desk.session, desk.practice_id, [visit])[visit].lines


def test_a_cosmetic_line_stays_blocked_until_the_consent_is_signed_and_comes_back_with_undo(desk, sign_in):
    visit = planned(desk, ("15788", "L81.1"))
    client = sign_in(Role.SCHEDULER)
    words = plain(client.get(f"/visits/{visit}/booking"))
    assert "Cosmetic. 15788" in words
    assert "Service grid, Age spot or melasma treatment: cosmetic." in words
    assert "1 cosmetic service without a signed consent. Until then this part stays blocked." in words
    answer = prepared(client, visit)
    assert answer.status_code == 303
    address = answer.headers["Location"]
    page = client.get(address)
    assert "Estimate and consent" in plain(page) and "$1,250.50" in plain(page)
    assert lines_of(desk, visit)[0].bill_to is BillTo.INSURANCE
    spanish = plain(client.get(f"{address}/print"))
    assert "Presupuesto y consentimiento de pago" in spanish and "Peel of the face (15788) $1,250.50" in spanish
    signed = client.post(
        f"{address}/step",
        data={
            "csrf_token": token_of(client, address),
            "do": "sign",
            "version": hidden_of(page, "version"),
            "signed_by": "Claire Fontaine",
            "signed_on": "t",
        },
    )
    assert signed.status_code == 303
    assert lines_of(desk, visit)[0].bill_to is BillTo.SELF_PAY
    gate = plain(client.get(f"/visits/{visit}/booking"))
    assert "Self-pay" in gate and "Signed on 03/02/2026" in gate
    undo = re.search(r'action="(/booking/estimates/[^"]+/back[^"]*)"', client.get(address).text)[1]
    (paper,) = store.of_visit(desk.session, desk.practice_id, visit)
    client.post(unescape(undo), data={"csrf_token": token_of(client, address), "version": paper.version})
    assert lines_of(desk, visit)[0].bill_to is BillTo.INSURANCE
    (paper,) = store.of_visit(desk.session, desk.practice_id, visit)
    assert (paper.state, paper.signed_by) == (PaperState.OPEN, None)


def test_a_conditional_service_asks_for_one_fact_and_is_judged_again(desk, sign_in):
    visit = planned(desk, ("17110", "L82.1"))
    client = sign_in(Role.COORDINATOR)
    address = f"/visits/{visit}/booking"
    page = client.get(address)
    words = plain(page)
    assert "Conditional: one fact is missing. 17110" in words
    assert "Not checked" in words and "L82.0" in words
    assert "prepare?kind=consent" not in page.text
    form = {"csrf_token": token_of(client, address), "key": hidden_of(page, "key"), "code": "17110"}
    nothing = client.post(f"{address}/facts", data=form)
    assert nothing.status_code == 422 and "Tick what is documented, or enter the diagnosis" in plain(nothing)
    nowhere = client.post(f"{address}/facts", data={**form, "triggers": "bleeding"})
    assert nowhere.status_code == 422 and "Choose where it is documented" in plain(nowhere)
    assert 'value="bleeding" checked' in nowhere.text
    for _twice in range(2):
        said = client.post(f"{address}/facts", data={**form, "triggers": "bleeding", "source": "chart"})
        assert said.status_code == 303
    assert lines_of(desk, visit)[0].documented == {"bleeding"}
    assert "Medical. 17110 with L82.1 is medical: a medical reason is documented." in plain(client.get(address))


def test_what_only_the_patient_says_is_kept_and_settles_nothing(desk, sign_in):
    visit = planned(desk, ("17110", "L82.1"))
    client, address = sign_in(Role.COORDINATOR), f"/visits/{visit}/booking"
    page = client.get(address)
    form = {"csrf_token": token_of(client, address), "key": hidden_of(page, "key"), "code": "17110"}
    said = {"triggers": "bleeding", "source": "patient", "dated": "t"}
    assert client.post(f"{address}/facts", data={**form, **said}).status_code == 303
    assert "Conditional: one fact is missing" in plain(client.get(address))
    (fact,) = charted.of_patients(desk.session, desk.practice_id, [make.an_id(10_001)])[make.an_id(10_001)]
    assert (fact.name, fact.source.kind) == ("bleeding", SourceKind.PATIENT)


def test_a_diagnosis_or_the_wish_for_the_look_settles_a_conditional_service_either_way(desk, sign_in):
    visit = planned(desk, ("17110", "L82.1"), ("11200",))
    client, address = sign_in(Role.COORDINATOR), f"/visits/{visit}/booking"
    form = {"csrf_token": token_of(client, address), "key": hidden_of(client.get(address), "key")}
    assert client.post(f"{address}/facts", data={**form, "code": "17110", "pick": "L82.0"}).status_code == 303
    assert lines_of(desk, visit)[0].diagnoses == ("L82.0", "L82.1")
    look = {"code": "11200", "triggers": "patient_request_appearance", "source": "chart"}
    assert client.post(f"{address}/facts", data={**form, **look}).status_code == 303
    words = plain(client.get(address))
    assert "Medical. 17110 with L82.0 and L82.1 is medical" in words
    assert "Cosmetic. 11200 is cosmetic" in words


def test_a_mixed_visit_is_split_and_its_badge_stays_the_worst_of_all(desk, sign_in):
    visit = planned(desk, ("99213", "L40.0"), ("15788", "L81.1"))
    words = plain(sign_in(Role.BILLER).get(f"/visits/{visit}/booking"))
    assert "This visit is mixed." in words
    assert "Asked of insurance Cleared By itself this part is: Cleared." in words
    assert "Paid by the patient Blocked 1 cosmetic service without a signed consent." in words
    assert "Prepare estimate" not in words


@pytest.mark.parametrize("line", [Line.MEDICARE, Line.MEDICARE_ADVANTAGE])
def test_medicare_names_modifiers_and_its_notice_and_an_advantage_plan_does_not(desk, sign_in, line):
    visit = planned(desk, ("15788", "L81.1"), line=line)
    client = sign_in(Role.SCHEDULER)
    words = plain(client.get(f"/visits/{visit}/booking"))
    if line is Line.MEDICARE_ADVANTAGE:
        assert "No Medicare notice (ABN) for this plan" in words and "15788-GY" not in words
        return
    assert "Medicare notice (ABN): voluntary" in words
    assert "15788-GY , as long as no notice is signed" in words
    address = prepared(client, visit, "notice").headers["Location"]
    sheet = plain(client.get(f"{address}/print?language=es"))
    assert "Medicare no paga los servicios que se hacen por motivos estéticos." in sheet
    assert "CMS-R-131" in sheet and "From memory, to verify before use." in sheet
    token = {"csrf_token": token_of(client, address), "version": "1"}
    signed = client.post(f"{address}/step", data={**token, "do": "sign", "signed_by": "C", "signed_on": "t"})
    assert signed.status_code == 303
    assert lines_of(desk, visit)[0].bill_to is BillTo.INSURANCE
    assert "15788-GX-GY" in plain(client.get(f"/visits/{visit}/booking"))


def test_the_list_pages_by_day_of_the_visit_with_a_fixed_number_of_queries(desk, sign_in):
    visit = planned(desk, ("15788", "L81.1"))
    client = sign_in(Role.SCHEDULER)
    prepared(client, visit)
    (paper,) = store.of_visit(desk.session, desk.practice_id, visit)
    with counted(db.engine) as one:
        first = client.get("/booking/estimates")
    assert "1 paper waits" in plain(first) and "Fontaine, Claire" in plain(first)
    with writing(desk.session):
        for number in range(60):
            fresh = replace(
                paper, id=make.an_id(95_000 + number), lines=(replace(paper.lines[0], service=f"S{number}"),)
            )
            store.add(desk.session, desk.practice_id, fresh)
    with counted(db.engine) as many:
        full = client.get("/booking/estimates")
    assert len(one) == len(many)
    assert full.text.count("/booking/estimates/") == 50 and "61 papers wait" in plain(full)
    after = unescape(re.search(r'href="(/booking/estimates\?after=[^"]+)"', full.text)[1])
    assert client.get(after).text.count("/booking/estimates/") == 11


def test_a_stale_form_saves_nothing_and_shows_both(desk, sign_in):
    visit = planned(desk, ("15788", "L81.1"))
    client = sign_in(Role.SCHEDULER)
    address = prepared(client, visit).headers["Location"]
    key = address.rsplit("/", 1)[1]
    stale = prepared_again(client, visit, key, "0", "99.00")
    assert stale.status_code == 409 and "Nothing was saved" in plain(stale) and "1,250.50" in plain(stale)
    assert prepared_again(client, visit, key, "1", "99.00").status_code == 303
    given = {"csrf_token": token_of(client, address), "do": "give"}
    assert client.post(f"{address}/step", data={**given, "version": "1"}).status_code == 409
    assert client.post(f"{address}/step", data={**given, "version": "2"}).status_code == 303
    assert client.post(f"{address}/step", data={**given, "version": "2"}).status_code == 303


def prepared_again(client, visit, key, version, amount):
    """Send the form of a paper that is on file."""
    data = {
        "csrf_token": token_of(client, f"/booking/estimates/{key}"), "key": key, "version": version, "kind": "consent",
        "services": "15788", "words-0": "Peel of the face", "amount-0": amount, "valid_until": "t+30", "language": "es",
    }  # fmt: skip
    return client.post(f"/visits/{visit}/booking/prepare", data=data)


def test_a_request_to_insurance_for_a_cosmetic_service_is_refused_and_its_draft_stays(desk, sign_in):
    visit = planned(desk, ("15788", "L81.1"))
    client = sign_in(Role.COORDINATOR)
    begun = client.get(f"/patients/{make.an_id(10_001)}/requests/new?visit={visit}")
    address = re.search(r'id="request" action="([^"]+)"', begun.text)[1]
    typed = fields_of(begun, address) | {"do": "save", "service": "15788", "diagnoses": "L81.1", "ends": "t+30"}
    refused = client.post(address, data=typed)
    words = plain(refused)
    assert refused.status_code == 422
    assert "15788 with L81.1 is cosmetic by the service grid" in words
    assert "prepare the estimate and the consent in the visit's booking check" in words
    draft = UUID(address.rsplit("/", 1)[1])
    assert authorization_store.record_of(desk.session, desk.practice_id, draft) is None
    assert "L81.1" in client.get(address).text


def test_an_estimate_that_the_program_opened_is_priced_by_a_person(desk, sign_in):
    visit = planned(desk, ("15788", "L81.1"))
    assert open_estimates(desk.caller) == 1
    (paper,) = store.of_visit(desk.session, desk.practice_id, visit)
    client = sign_in(Role.SCHEDULER)
    gate = plain(client.get(f"/visits/{visit}/booking"))
    assert "15788, No price yet. Prices are to be entered." in gate and "Prepare estimate" not in gate
    page = client.get(f"/booking/estimates/{paper.id}")
    assert "Enter the prices" in plain(page) and "Record as signed" not in page.text and "/print" not in page.text
    token = {"csrf_token": token_of(client, f"/booking/estimates/{paper.id}"), "version": "1"}
    early = client.post(f"/booking/estimates/{paper.id}/step", data={**token, "do": "give"})
    assert early.status_code == 422 and "Enter the prices first" in plain(early)
    form = client.get(f"/visits/{visit}/booking/prepare?kind=consent&paper={paper.id}")
    assert (hidden_of(form, "services"), hidden_of(form, "key")) == ("15788", str(paper.id))
    assert prepared_again(client, visit, paper.id, "1", "350").status_code == 303
    assert "Record as signed" in client.get(f"/booking/estimates/{paper.id}").text


def test_a_draft_for_a_cosmetic_service_is_not_sent_until_a_medical_fact_is_recorded(desk, sign_in):
    visit = planned(desk, ("15788", "L81.1"))
    patient, case = make.an_id(10_001), make.an_id(97_000)
    row = AuthorizationRecord(
        case, patient, "A97", PAYER, PAYER_NAME, Status.READY, "ready", items=(Item(("15788",)),),
        diagnoses=("L81.1",), begins=date(2026, 3, 2), ends=date(2026, 6, 2),
    )  # fmt: skip
    authorization_store.add_authorizations(desk.session, desk.practice_id, [row], [])
    desk.session.commit()
    caller, told = desk.caller, Sending(make.an_id(97_001), date(2026, 3, 2), "fax")
    with pytest.raises(CosmeticRequestError) as refused:
        send_request(caller, case, 1, told)
    assert "15788 with L81.1 is cosmetic" in refused.value.sentence and "L81" not in str(refused.value)
    browser = sign_in(Role.COORDINATOR)
    assert browser.get(f"/cases/{case}/send").status_code == 200
    assert authorization_store.record_of(desk.session, desk.practice_id, case)[0].status is Status.READY
    version = authorization_store.record_of(desk.session, desk.practice_id, case)[1]
    change_authorization(caller, case, version, {"diagnoses": ("L57.0",)})
    assert send_request(caller, case, version + 1, told).status is Status.SUBMITTED
    assert lines_of(desk, visit)[0].diagnoses == ("L81.1",)


def test_the_same_sheet_comes_as_a_pdf_whose_name_tells_nothing(desk, sign_in):
    visit = planned(desk, ("15788", "L81.1"))
    client = sign_in(Role.SCHEDULER)
    answer = client.get(f"{prepared(client, visit).headers['Location']}/pdf")
    assert (answer.status_code, answer.mimetype) == (200, "application/pdf")
    assert answer.headers["Content-Disposition"] == 'attachment; filename="consent-es.pdf"'
    text = "".join(page.extract_text() for page in pypdf.PdfReader(BytesIO(answer.data)).pages)
    assert "Presupuesto y consentimiento de pago" in text and "$1,250.50" in text
    assert len(pypdf.PdfReader(BytesIO(answer.data)).pages) == 1


def test_who_pays_follows_the_consent_through_a_later_schedule_a_withdrawal_and_its_undo(desk, sign_in):
    visit = planned(desk, ("15788", "L81.1"))
    client = sign_in(Role.SCHEDULER)
    address = prepared(client, visit).headers["Location"]

    def step(do, **typed):
        (paper,) = store.of_visit(desk.session, desk.practice_id, visit)
        data = {"csrf_token": token_of(client, address), "version": paper.version, "do": do, **typed}
        end = "step" if do in ("sign", "withdraw") else do
        assert client.post(f"{address}/{end}", data=data).status_code == 303
        return lines_of(desk, visit)[0].bill_to

    assert step("sign", signed_by="Claire Fontaine", signed_on="t") is BillTo.SELF_PAY
    found = schedule_store.visits_by_ids(desk.session, desk.practice_id, [visit])[visit]
    (record,) = schedule_store.records(desk.session, desk.practice_id, [found.reference]).values()
    again = tuple(replace(line, bill_to=BillTo.INSURANCE) for line in record.visit.lines)
    schedule_store.change_visits(desk.session, desk.practice_id, [replace(record, visit=replace(found, lines=again))])
    desk.session.commit()
    assert "Let the patient pay again" in client.get(f"/visits/{visit}/booking").text
    assert step("bill-patient") is BillTo.SELF_PAY
    assert step("withdraw") is BillTo.INSURANCE
    assert step("back") is BillTo.SELF_PAY
    assert step("back") is BillTo.INSURANCE


def test_a_scheduler_reads_no_diagnosis_at_the_gate_and_more_services_ask_no_more_queries(desk, sign_in):
    few, client = planned(desk, ("17110", "L82.1")), sign_in(Role.SCHEDULER)
    with counted(db.engine) as one:
        words = plain(client.get(f"/visits/{few}/booking"))
    assert "what is on file does not say why it is needed" in words and "with L82.1" not in words
    assert "A coordinator records it." in words
    services = (("99213", "L40.0"), ("17110", "L82.1"), ("15788", "L81.1"), ("11200",), ("17380",))
    many = planned(desk, *services, first=92_000)
    with counted(db.engine) as more:
        client.get(f"/visits/{many}/booking")
    assert len(one) == len(more)


def test_a_needed_notice_and_a_voluntary_one_are_two_papers(desk, sign_in):
    visit = planned(desk, ("17110", "L82.1"), ("15788", "L81.1"), line=Line.MEDICARE)
    client = sign_in(Role.SCHEDULER)
    assert "17110-GZ" in plain(client.get(f"/visits/{visit}/booking"))
    prepared(client, visit, "notice")
    prepared(client, visit, "notice")
    papers = store.of_visit(desk.session, desk.practice_id, visit)
    assert [line.service for paper in papers for line in paper.lines] == ["15788", "17110"]
    none_left = client.get(f"/visits/{visit}/booking/prepare?kind=notice")
    assert none_left.status_code == 303


def step_of(client, address, paper, do, **typed):
    """Take a step of a paper as its page does."""
    data = {"csrf_token": token_of(client, address), "version": paper.version, "do": do, **typed}
    assert client.post(f"{address}/step", data=data).status_code == 303


def test_marking_self_pay_opens_what_is_to_be_signed_and_all_pages_say_so_until_it_is(desk, sign_in):
    visit = planned(desk, ("99213", "L40.0"), ("15788", "L81.1"))
    desk.judge()
    marked = mark_self_pay(desk.caller, [visit])
    assert (marked.visits, marked.to_sign) == (1, 1)
    (paper,) = store.of_visit(desk.session, desk.practice_id, visit)
    assert [(line.service, line.cents) for line in paper.lines] == [("99213", None), ("15788", None)]
    assert open_estimates(desk.caller) == 0
    client = sign_in(Role.MANAGER)
    assert "Consent to pay not signed: 99213 and 15788" in plain(client.get("/schedule"))
    shown = plain(client.get(f"/visits/{visit}"))
    assert "Self-pay" in shown
    assert "The consent to pay for 99213 is not signed yet. The patient pays, and insurance might cover it." in shown
    assert "The consent to pay for 15788 is not signed yet. The patient pays, and it is cosmetic." in shown
    gate = plain(client.get(f"/visits/{visit}/booking"))
    assert "2 consents to pay not signed yet." in gate and "Prepare estimate" not in gate
    assert "Fontaine, Claire" in plain(client.get("/booking/estimates?show=self-pay"))
    undo_self_pay(desk.caller, marked.step_id)
    (paper,) = store.of_visit(desk.session, desk.practice_id, visit)
    assert paper.standing and "15788" in paper.services  # a cosmetic service asks for it all the same
    assert "not signed" not in plain(client.get("/schedule"))
    assert "Fontaine" not in plain(client.get("/booking/estimates?show=self-pay"))


def test_a_signed_consent_ends_what_pages_say_and_says_why_the_patient_pays(desk, sign_in):
    visit = planned(desk, ("99213", "L40.0"))
    desk.judge()
    first = mark_self_pay(desk.caller, [visit])
    undo_self_pay(desk.caller, first.step_id)
    assert [one.state for one in store.of_visit(desk.session, desk.practice_id, visit)] == [PaperState.WITHDRAWN]
    assert mark_self_pay(desk.caller, [visit]).to_sign == 1
    paper = store.of_visit(desk.session, desk.practice_id, visit)[0]
    client, address = sign_in(Role.COORDINATOR), f"/booking/estimates/{paper.id}"
    typed = {
        "csrf_token": token_of(client, address), "key": str(paper.id), "version": "1", "kind": "consent",
        "services": "99213", "words-0": "Office visit", "amount-0": "150", "valid_until": "t+30", "language": "es",
    }  # fmt: skip
    assert client.post(f"/visits/{visit}/booking/prepare", data=typed).status_code == 303
    sheet = plain(client.get(f"{address}/print?language=es"))
    assert "Es posible que su seguro médico pague estos servicios." in sheet
    assert "Estos servicios cambian el aspecto de la piel." not in sheet
    paper = store.of_visit(desk.session, desk.practice_id, visit)[0]
    step_of(client, address, paper, "sign", signed_by="Claire Fontaine", signed_on="t")
    assert lines_of(desk, visit)[0].bill_to is BillTo.SELF_PAY
    for page in ("/schedule", f"/visits/{visit}", f"/visits/{visit}/booking"):
        assert "not signed" not in plain(client.get(page))
    assert "Every self-pay visit that needs one" in plain(client.get("/booking/estimates?show=self-pay"))


def test_a_self_pay_mark_under_medicare_opens_the_notice_and_pages_show_the_modifier_with_its_reason(desk, sign_in):
    visit = planned(desk, ("17110", "L82.1"), line=Line.MEDICARE)
    desk.judge()
    client = sign_in(Role.BILLER)
    assert "Modifier for the claim: 17110-GZ , as long as no notice is signed." in plain(client.get(f"/visits/{visit}"))
    assert mark_self_pay(desk.caller, [visit]).to_sign == 1
    papers = store.of_visit(desk.session, desk.practice_id, visit)
    assert {one.kind for one in papers} == {PaperKind.CONSENT, PaperKind.NOTICE}
    for page in (f"/visits/{visit}", f"/schedule?visit={visit}", f"/visits/{visit}/booking"):
        words = plain(client.get(page))
        assert "17110-GZ" in words and "Medicare may deny this as not medically necessary." in words
        assert "17110-GY" not in words


@pytest.mark.parametrize(("role", "opens"), [(Role.SCHEDULER, 0), (Role.COORDINATOR, 2)], ids=str)
def test_a_scan_of_the_signed_paper_is_kept_by_versions_and_a_wrong_file_is_refused(desk, sign_in, role, opens):
    visit = planned(desk, ("15788", "L81.1"))
    client = sign_in(role)
    address = prepared(client, visit).headers["Location"]

    def sent(content, name="scan.pdf"):
        data = {"csrf_token": token_of(client, address), "file": (BytesIO(content), name)}
        return client.post(f"{address}/attach", data=data, content_type="multipart/form-data")

    refused = sent(b"<html>not a scan</html>")
    assert refused.status_code == 422 and 'id="file-error"' in refused.text
    missing = client.post(f"{address}/attach", data={"csrf_token": token_of(client, address)})
    assert missing.status_code == 422 and "Choose the file" in plain(missing)
    for content in (pdf(1), pdf(1), pdf(2)):
        assert sent(content).status_code == 303
    found = documents.of_patient(desk.session, desk.practice_id, make.an_id(10_001))
    assert sorted(one.pages for one in found) == [1, 2]
    assert {one.name for one in found} == {"Signed estimate and consent: Fontaine, Claire, visit 03/02/2026"}
    page = client.get(address)
    assert plain(page).index("PDF, 1 page,") < plain(page).index("PDF, 2 pages,")
    assert page.text.count('href="/documents/') == opens


def pdf(pages):
    """A small PDF of some empty pages."""
    writer, out = pypdf.PdfWriter(), BytesIO()
    for _ in range(pages):
        writer.add_blank_page(200, 200)
    writer.write(out)
    return out.getvalue()
