"""The practice's own rules: listed, recorded by hand, changed by a new version, ended, undone."""

import re
from datetime import date
from html import unescape

import pytest

from app.platform.caller import Caller
from app.platform.db import db
from app.policies.store.practice import kept_rules, practice_rules
from app.practice.facts.staff import Role
from tests.support import make
from tests.support.desk import DAY, PAYER, PAYER_NAME, Desk
from tests.support.queries import counted
from tests.support.web import equipped, token_of

NEW = "/rules/practice/new"
TYPED = {
    "payer": PAYER, "codes": "96910 96920-96922", "need": "not_required", "begins": "3/2/2026", "until": "12/31/2026",
    "basis_kind": "call", "basis": "7781-A", "source_day": "t",
}  # fmt: skip


@pytest.fixture
def desk(web_app, web_clock):
    """A furnished practice with a judged day; the desk put two rules on file."""
    with web_app.app_context():
        desk = Desk(equipped(Caller(db.session(), make.PRACTICE_ID, web_clock, via="test"))).furnish()
        desk.book(*DAY)
        desk.imported().judge()
        yield desk


@pytest.fixture
def browser(desk, sign_in):
    return sign_in(Role.COORDINATOR)


def words(page):
    """A page's text without its tags."""
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", page.text)).split())


def hidden_of(browser, address):
    """The hidden fields of a form: its token, the id that counts once, the version that it showed."""
    page = browser.get(address)
    assert page.status_code == 200, address
    once = re.search(r'name="once" value="([^"]+)"', page.text)
    version = re.search(r'name="version" value="([^"]*)"', page.text)
    assert once and version
    return {"csrf_token": token_of(browser, address), "once": once[1], "version": version[1]}


def rules(desk, **filters):
    """The rules on file, the oldest first."""
    desk.session.rollback()
    found = kept_rules(desk.session, desk.practice_id)
    return [one for one in found if all(getattr(one.rule, name) == value for name, value in filters.items())]


def light(desk):
    """The desk's rule that asks approval for light therapy."""
    return next(one for one in rules(desk) if "96912" in one.rule.codes)


def test_the_list_says_payer_codes_days_basis_who_and_state(browser):
    page = browser.get("/rules/practice")
    text = words(page)
    assert page.status_code == 200
    assert f"{PAYER_NAME} Approval needed 96910 and 96912 01/01/2026 to 12/31/2026 In force" in text
    assert "Provider manual of Acme Health, section 4 the command line, 01/05/2026" in text
    assert "All 2 In force 2 Coming 0 Ended 0" in text


def test_the_list_is_filtered_by_its_address(browser):
    assert "96912" in browser.get("/rules/practice?code=96912").text
    only = words(browser.get("/rules/practice?code=99213"))
    assert "No approval needed 99213 and 99214" in only and "96912" not in only
    assert "No rule matches the filters." in words(browser.get("/rules/practice?state=ended"))
    assert "No rule matches the filters." in words(browser.get("/rules/practice?payer=aetna"))
    faulty = browser.get("/rules/practice?code=9x&state=gone")
    assert faulty.status_code == 422
    assert "Code must be a CPT or HCPCS code, like 96910; found 9x." in words(faulty)
    assert "State must be one of in force, coming and ended." in words(faulty)


def test_a_rule_is_recorded_by_hand_with_what_the_address_gave(browser, desk):
    address = f"{NEW}?payer=Acme+Health&codes=96910&places=11&need=required"
    page = browser.get(address)
    assert f'<option value="{PAYER}" selected>' in page.text
    assert 'value="required" checked' in page.text and ">96910</textarea>" in page.text
    page = browser.post(NEW, data=TYPED | hidden_of(browser, address), follow_redirects=True)
    assert "The rule is recorded." in words(page)
    (made,) = rules(desk, basis="7781-A")
    assert made.rule.codes == {"96910", "96920-96922"}
    assert made.recorded_by is not None
    assert "call 03/02/2026, reference 7781-A Kim Example, 03/02/2026" in words(page)


@pytest.mark.parametrize(
    ("typed", "says"),
    [
        ({"payer": ""}, "Choose the payer."),
        ({"codes": ""}, "Enter at least one code or drug, like 96910, 96920-96922 or dupixent."),
        ({"codes": "96910 9x"}, "Codes must be CPT or HCPCS, like 96910 or J2357, or drugs of the library; found 9x."),
        ({"codes": "96922-96920"}, "or drugs of the library; found 96922-96920."),
        ({"need": ""}, "Choose what the payer says."),
        ({"begins": ""}, "Enter the first date of service for which it holds, like 03/02/2026."),
        ({"begins": "3/3/2027"}, "First day must lie within 12 months of today; found Wed 03/03/2027."),
        ({"until": "3/1/2026"}, "End date must be the same as or after 03/02/2026"),
        ({"until": "3/3/2027"}, "End date must be on or before 03/02/2027, 12 months on; found Wed 03/03/2027."),
        ({"places": "office"}, "Places must be two digits, like 11 or 22; found office."),
        ({"providers": "123"}, "Providers must be NPIs of 10 digits; found 123."),
        (
            {"groups": make.GROUP_NPI},
            "A rule for some providers or groups needs the payer's letter on file. Choose it.",
        ),
        (
            {"corrects": "yes", "basis_kind": "tool", "basis": ""},
            "Enter the payer's reference for the correction, like 7781-A.",
        ),
    ],
)
def test_what_cannot_be_stored_is_said_beside_its_field_and_stays(browser, desk, typed, says):
    page = browser.post(NEW, data=TYPED | hidden_of(browser, NEW) | typed)
    assert page.status_code == 422
    assert "<title>Error: Record a rule - Cleared</title>" in page.text
    assert words(page).count(says) == 2
    if "codes" not in typed:
        assert ">96910 96920-96922</textarea>" in page.text
    assert len(rules(desk)) == 2


def test_an_exemption_of_some_people_is_recorded_with_the_payers_notice_only(browser, desk):
    typed = {"groups": make.GROUP_NPI, "basis_kind": "letter", "basis": "gold card of 2026"}
    answer = browser.post(NEW, data=TYPED | hidden_of(browser, NEW) | typed)
    assert answer.status_code == 422
    assert "An exemption of some providers or groups stands only on the payer's notice." in words(answer)
    assert rules(desk, groups=frozenset({make.GROUP_NPI})) == []


def test_an_edit_makes_a_new_version_and_overwrites_nothing(browser, desk):
    old = light(desk)
    address = f"/rules/practice/{old.id}/edit"
    typed = TYPED | {"codes": "96910", "need": "required"} | hidden_of(browser, address)
    page = browser.post(address, data=typed, follow_redirects=True)
    assert "The new version is recorded; the one before it has ended." in words(page)
    was, now = [one for one in rules(desk) if "96910" in one.rule.codes]
    assert (was.id, was.rule.span.ends, now.replaces) == (old.id, old.rule.span.ends, old.id)
    parts = [one for one in practice_rules(desk.session, desk.practice_id) if "96910" in one.codes]
    assert [(part.span.begins.isoformat(), part.span.ends.isoformat()) for part in parts] == [
        ("2026-01-01", "2026-03-01"),
        ("2026-03-02", "2026-12-31"),
    ]
    text = words(browser.get(f"/rules/practice/{now.id}"))
    assert "Codes: was 96912, is none more" in text
    assert "Basis: was Provider manual of Acme Health, section 4, is call 03/02/2026, reference 7781-A" in text
    assert "This rule has a newer version." in words(browser.get(f"/rules/practice/{old.id}"))


def test_undoing_a_new_version_brings_the_old_one_back(browser, desk):
    before = practice_rules(desk.session, desk.practice_id)
    address = f"/rules/practice/{light(desk).id}/edit"
    page = browser.post(address, data=TYPED | hidden_of(browser, address), follow_redirects=True)
    undo = re.search(r'action="(/rules/undo/[^"]+)"', page.text)
    browser.post(undo[1], data={"csrf_token": token_of(browser, NEW)})
    desk.session.rollback()
    assert practice_rules(desk.session, desk.practice_id) == before


def test_an_end_for_one_code_leaves_the_others(browser, desk):
    address = f"/rules/practice/{light(desk).id}/end"
    typed = {"last_day": "3/31", "code": "96912", "reason": "list of April names it no longer"}
    page = browser.post(address, data=typed | hidden_of(browser, address), follow_redirects=True)
    assert "The end is recorded." in words(page)
    assert "96912 ended 03/31/2026: list of April names it no longer" in words(page)
    found = {tuple(one.codes): one.span.ends for one in practice_rules(desk.session, desk.practice_id)}
    assert (found[("96912",)], found[("96910",)]) == (date(2026, 3, 31), date(2026, 12, 31))


@pytest.mark.parametrize(
    ("typed", "says"),
    [
        ({"last_day": ""}, "Enter the last date of service for which it holds, like 03/02/2026."),
        ({"last_day": "1/1/2027"}, "Last day must be on or before 12/31/2026, the rule's end; found Fri 01/01/2027."),
        ({"reason": ""}, "Enter why it ends, like: the payer's list of January names it."),
        ({"reason": "x" * 201}, "The reason must have at most 200 characters; you entered 201."),
        ({"code": "11102"}, "Choose one code of the rule, or all."),
    ],
)
def test_an_end_that_cannot_be_stored_is_said_beside_its_field(browser, desk, typed, says):
    address = f"/rules/practice/{light(desk).id}/end"
    filled = {"last_day": "t", "code": "", "reason": "denied"} | hidden_of(browser, address) | typed
    page = browser.post(address, data=filled)
    assert page.status_code == 422
    assert words(page).count(says) == 2
    assert light(desk).ends == ()


def test_who_comes_second_sees_both_and_may_keep_either(browser, desk):
    rule = light(desk)
    edit, end = f"/rules/practice/{rule.id}/edit", f"/rules/practice/{rule.id}/end"
    mine = TYPED | {"codes": "96910 96912"} | hidden_of(browser, edit)
    theirs = {"last_day": "6/30/2026", "code": "", "reason": "manual changed"} | hidden_of(browser, end)
    assert browser.post(end, data=theirs).status_code == 303
    page = browser.post(edit, data=mine)
    assert page.status_code == 409
    text = words(page)
    assert "Somebody changed this rule while you worked on it" in text
    assert "On file now: Approval needed, 96910 and 96912, 01/01/2026 to 06/30/2026" in text
    assert (
        "You entered: No approval needed, 96910 96912, 3/2/2026 to 12/31/2026; call, with its reference, t, 7781-A."
        in text
    )
    assert len(rules(desk)) == 2
    again = {name: re.search(rf'name="{name}" value="([^"]*)"', page.text)[1] for name in ("once", "version")}
    assert browser.post(edit, data=mine | again).status_code == 303
    assert len(rules(desk)) == 3


def test_an_end_of_a_rule_that_was_ended_meanwhile_is_asked_again(browser, desk):
    address = f"/rules/practice/{light(desk).id}/end"
    typed = {"last_day": "6/30/2026", "code": "", "reason": "manual changed"}
    first, second = (typed | hidden_of(browser, address) for _ in range(2))
    assert browser.post(address, data=first).status_code == 303
    page = browser.post(address, data=second | {"last_day": "4/30/2026"})
    assert page.status_code == 409
    assert "01/01/2026 to 06/30/2026" in words(page) and "You entered 4/30/2026: manual changed" in words(page)


def test_a_form_sent_twice_counts_once(browser, desk):
    form = TYPED | hidden_of(browser, NEW)
    browser.post(NEW, data=form)
    assert "nothing was saved twice" in words(browser.post(NEW, data=form, follow_redirects=True))
    assert len(rules(desk, basis="7781-A")) == 1


def test_the_list_is_paged_with_a_fixed_number_of_queries(browser, desk):
    counts = []
    for more in (2, 60):
        for _ in range(more):
            assert browser.post(NEW, data=TYPED | hidden_of(browser, NEW)).status_code == 303
        with counted(db.engine) as seen:
            page = browser.get("/rules/practice")
        counts.append(len(seen))
    assert counts[0] == counts[1]
    assert page.text.count("<tr>") == 51
    following = re.search(r'href="([^"]+)">Next page', page.text)
    rest = browser.get(unescape(following[1]))
    assert rest.text.count("<tr>") == 15
    assert "First page" in rest.text and "Next page" not in rest.text


def test_who_may_only_see_rules_changes_none(desk, sign_in):
    browser = sign_in(Role.PROVIDER)
    page = browser.get("/rules/practice")
    assert page.status_code == 200
    assert "Record a rule" not in page.text and "/edit" not in page.text
    for address in (NEW, f"/rules/practice/{light(desk).id}/edit", f"/rules/practice/{light(desk).id}/end"):
        assert browser.get(address).status_code == 403


def test_a_rule_that_is_not_on_file_is_not_found(browser):
    assert browser.get(f"/rules/practice/{make.an_id(9)}").status_code == 404
