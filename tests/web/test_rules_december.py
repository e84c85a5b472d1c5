"""The December list: what ends with the year, how many visits that leaves open, and renewing several in one go."""

import re
from datetime import UTC, date, datetime
from html import unescape

import pytest

from app.patients import store as patient_store
from app.platform.caller import Caller
from app.platform.db import db
from app.platform.ids import new_id
from app.policies.actions.payer_answers import save_answer
from app.policies.facts.answers import Need, PracticeRule
from app.policies.facts.payer_answers import AnswerWord
from app.policies.facts.records import NewPracticeRule
from app.policies.store.answers import answers_of
from app.policies.store.practice import add_practice_rule, kept_rules, practice_rules
from app.practice.facts.staff import Role
from app.schedule import store as schedule_store
from app.values.spans import DateSpan
from tests.support import make
from tests.support.desk import DAY, PAYER, PAYER_NAME, TODAY, Booking, Desk
from tests.support.queries import counted
from tests.support.web import equipped, token_of

ADDRESS = "/rules/december"
TYPED = {"basis_kind": "list", "source_day": "12/1/2026", "basis": "list of 2027", "until": "12/31/2027"}
DECEMBER = datetime(2026, 12, 1, 15, 0, tzinfo=UTC)


@pytest.fixture
def desk(web_app, web_clock):
    """A furnished practice in December, with visits of January: two office visits and one of light therapy."""
    web_clock.instant = DECEMBER
    with web_app.app_context():
        desk = Desk(equipped(Caller(db.session(), make.PRACTICE_ID, web_clock, via="test"))).furnish()
        january = [Booking(8 + number, f"Person{number}", "Kim", case, day=date(2027, 1, 12)) for number, case in
                   enumerate(("office", "office", "none"))]  # fmt: skip
        desk.book(*january, *DAY[:1])
        desk.imported().judge()
        yield desk


@pytest.fixture
def browser(desk, sign_in):
    return sign_in(Role.COORDINATOR)


def words(page):
    """A page's text without its tags."""
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", page.text)).split())


def form_of(browser, **typed):
    """The form as shown with every rule ticked."""
    page = browser.get(ADDRESS)
    once = re.search(r'name="once" value="([^"]+)"', page.text)[1]
    ticks = re.findall(r'name="rule" value="([^"]+)"', page.text)
    return TYPED | {"once": once, "csrf_token": token_of(browser, ADDRESS), "rule": ticks} | typed


def held(desk):
    """When each rule holds, by its first code."""
    desk.session.rollback()
    return sorted((min(rule.codes), rule.span.begins, rule.span.ends) for rule in
                  practice_rules(desk.session, desk.practice_id))  # fmt: skip


def test_the_list_says_how_many_visits_each_end_leaves_open(browser):
    text = words(browser.get(ADDRESS))
    assert re.search(rf"{PAYER_NAME} , 96910 and 96912 See .* Approval needed 96910 and 96912 .* 1 visit ", text)
    assert re.search(r"No approval needed 99213 and 99214 .* 2 visits ", text)


def test_several_are_renewed_in_one_go_from_the_day_after_their_end(browser, desk):
    page = browser.post(ADDRESS, data=form_of(browser), follow_redirects=True)
    assert "2 rules are renewed. 3 visits have another answer now." in words(page)
    assert held(desk) == [
        ("96910", date(2026, 1, 1), date(2026, 12, 31)),
        ("96910", date(2027, 1, 1), date(2027, 12, 31)),
        ("99213", date(2026, 1, 1), date(2026, 12, 31)),
        ("99213", date(2027, 1, 1), date(2027, 12, 31)),
    ]
    assert "payer's list 12/01/2026, list of 2027" in words(page)
    assert "No rule ends with the year or within 45 days." in words(browser.get(ADDRESS))
    actions = {one.action for one in kept_rules(desk.session, desk.practice_id) if one.replaces}
    assert len(actions) == 1


def answered(desk):
    """Record what the payer says for the patient whose January visit is light therapy. Returns the patient."""
    visit = next(one for one in visits_of(desk) if one.lines[0].code == "96910" and one.day.year == 2027)
    word = AnswerWord(new_id(), PAYER, "96910", Need.NOT_REQUIRED, "7781-A", date(2026, 12, 1), date(2026, 12, 31))
    save_answer(desk.caller, visit.patient_id, word)
    return visit.patient_id


def visits_of(desk):
    people = [one.id for one in patient_store.in_patient_order(desk.session, desk.practice_id)]
    return [one for them in schedule_store.of_patients(desk.session, desk.practice_id, people).values() for one in them]


def spans(desk, patient):
    desk.session.rollback()
    found = answers_of(desk.session, desk.practice_id, [patient])[patient]
    return [(one.span.begins, one.span.ends, one.reference) for one in found]


def test_answers_for_patients_are_renewed_beside_the_rules_of_their_payer_and_undone(browser, desk):
    patient = answered(desk)
    page = browser.get(f"{ADDRESS}?payer={PAYER}")
    assert f"December list: {PAYER_NAME}" in words(page)
    assert re.search(
        r"No approval needed 96910 12/01/2026 to 12/31/2026 payer's answer of .*7781-A 1 visit", words(page)
    )
    tick = re.search(r'name="answer" value="([^"]+)"', page.text)[1]
    form = form_of(browser, answer=[tick])
    page = browser.post(f"{ADDRESS}?payer={PAYER}", data=form, follow_redirects=True)
    assert "3 rules and answers are renewed." in words(page)
    assert "No rule ends with the year or within 45 days." in words(page)
    assert spans(desk, patient) == [
        (date(2026, 12, 1), date(2026, 12, 31), "7781-A"),
        (date(2027, 1, 1), date(2027, 12, 31), "list of 2027"),
    ]
    again = browser.post(ADDRESS, data=form | {"once": str(new_id()), "rule": []})
    assert again.status_code == 409 and "A rule or answer that was ticked has changed since." in words(again)
    undo = re.search(r'action="(/rules/undo/[^"]+)"', page.text)
    browser.post(undo[1], data={"csrf_token": form["csrf_token"]})
    assert len(spans(desk, patient)) == 1 and len(held(desk)) == 2


def test_who_sees_no_cases_sees_no_answers_of_patients(desk, sign_in):
    answered(desk)
    page = sign_in(Role.ADMINISTRATOR).get(ADDRESS)
    assert page.status_code == 200 and "Answers for one patient" not in page.text


def test_undo_takes_all_renewals_back(browser, desk):
    form = form_of(browser)
    page = browser.post(ADDRESS, data=form, follow_redirects=True)
    undo = re.search(r'action="(/rules/undo/[^"]+)"', page.text)
    browser.post(undo[1], data={"csrf_token": form["csrf_token"]})
    assert len(held(desk)) == 2
    assert re.search(r"99213 and 99214 .* 2 visits ", words(browser.get(ADDRESS)))


def test_a_form_sent_twice_renews_once(browser, desk):
    form = form_of(browser)
    browser.post(ADDRESS, data=form)
    assert "nothing was saved twice" in words(browser.post(ADDRESS, data=form, follow_redirects=True))
    assert len(held(desk)) == 4


@pytest.mark.parametrize(
    ("typed", "says"),
    [
        ({"rule": []}, "Tick at least one rule or answer."),
        ({"until": ""}, "Enter the date until which they hold, like 12/31/2027."),
        ({"until": "12/1/2026"}, "End date must be after today, 12/01/2026; found Tue 12/01/2026."),
        (
            {"until": "1/2/2028"},
            "A rule that ends 12/31/2026 can be renewed until a day between 01/01/2027 and 01/01/2028.",
        ),
        ({"basis_kind": ""}, "Choose on what it rests, like the payer's look-up tool."),
        ({"source_day": "12/2/2026"}, "The day must be today, 12/01/2026, or earlier; found Wed 12/02/2026."),
    ],
)
def test_what_cannot_be_renewed_is_said_and_what_was_typed_stays(browser, desk, typed, says):
    page = browser.post(ADDRESS, data=form_of(browser) | typed)
    assert page.status_code == 422
    assert words(page).count(says) == 2
    if "rule" not in typed:
        assert page.text.count('" checked') >= 2
    assert 'value="list of 2027"' in page.text
    assert len(held(desk)) == 2


def test_a_rule_that_changed_meanwhile_renews_none(browser, desk):
    form = form_of(browser)
    stale = [re.sub(r":\d+$", ":9", form["rule"][0]), *form["rule"][1:]]
    page = browser.post(ADDRESS, data=form | {"rule": stale})
    assert page.status_code == 409
    assert "A rule or answer that was ticked has changed since." in words(page)
    assert len(held(desk)) == 2


def test_the_number_of_queries_does_not_grow(browser, desk):
    with counted(db.engine) as one:
        browser.get(ADDRESS)
    desk.book(*(Booking(9, f"More{number}", "Kim", "office", day=date(2027, 1, 13)) for number in range(20)))
    desk.judge()
    with counted(db.engine) as many:
        page = browser.get(ADDRESS)
    assert "22 visits" in words(page)
    assert len(one) == len(many)
    assert PAYER not in words(page)


def test_a_scheduler_sees_the_list_and_renews_nothing(desk, sign_in):
    browser = sign_in(Role.SCHEDULER)
    page = browser.get(ADDRESS)
    assert page.status_code == 200
    assert "Renew what is ticked" not in page.text and 'name="rule"' not in page.text
    assert browser.post(ADDRESS, data={"csrf_token": token_of(browser, "/schedule")}).status_code == 403


def test_a_long_list_is_paged(browser, desk):
    for number in range(60):
        rule_id = make.an_id(700 + number)
        span = DateSpan(date(2026, 1, 1), date(2026, 12, 31))
        rule = PracticeRule(f"practice#{rule_id}", PAYER, frozenset({"11102"}), Need.REQUIRED, span, "list", TODAY)
        kept = NewPracticeRule(rule_id, rule, DECEMBER, None)
        add_practice_rule(desk.session, desk.practice_id, kept)
    desk.session.commit()
    page = browser.get(ADDRESS)
    assert page.text.count('name="rule"') == 50
    assert "50 of 62 rules are shown" in words(page)
    following = unescape(re.search(r'href="([^"]+)">Next page', page.text)[1])
    rest = browser.get(following)
    assert rest.text.count('name="rule"') == 12
    assert "Next page" not in rest.text
    assert browser.get(f"{ADDRESS}?after=cut").text.count('name="rule"') == 50
