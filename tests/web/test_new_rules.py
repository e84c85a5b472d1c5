"""New rules on their pages: what they change, asked for by one person, accepted by another, rejected, put back."""

import re
from dataclasses import replace
from html import unescape

import pytest
from flask import g

from app.platform.caller import Caller
from app.platform.db import db
from app.policies.actions.library import refresh_rules
from app.policies.store import proposals, rule_sets
from app.practice.actions.signing_in import begin_session
from app.practice.facts.staff import Role
from tests.support import make
from tests.support.desk import Booking, Desk
from tests.support.queries import counted
from tests.support.rule_files import two_people
from tests.support.web import equipped, token_of

LIST = "/rules/new-rules"
PAYER_FILE = """
schema: payer/1
payer: {id: acme, name: Acme Health, kind: commercial}
products:
  med: {name: Medical, line: commercial, benefit: medical}
read_on: 2026-02-01
"""
RULES = """
schema: rules/1
payer: acme
read_on: 2026-02-01
sources:
  s: {title: "Acme list", url: "https://acme.example/list", kind: primary}
rules:
  - id: excision
    product: med
    service: excision
    summary: "Excision of a benign lesion"
    approval: not_required
    coverage: covered
    from: unknown
    confidence: seen
    source: s
    codes: ["11401"]
"""


@pytest.fixture
def folder(tmp_path):
    """Rule files of one payer."""
    directory = tmp_path / "our rules" / "acme"
    directory.mkdir(parents=True)
    (directory / "payer.yaml").write_text(PAYER_FILE)
    (directory / "minor.yaml").write_text(RULES)
    return tmp_path / "our rules"


@pytest.fixture
def desk(web_app, web_clock, folder):
    """A practice whose payer's rules are in force, with others that wait."""
    with web_app.app_context():
        desk = Desk(equipped(Caller(db.session(), make.PRACTICE_ID, web_clock, via="test"))).furnish()
        refresh_rules(desk.caller, folder)
        desk.book(Booking(9, "Abbott", "Lena", "office"))
        desk.imported().judge()
        offer(desk, folder)
        yield desk


def offer(desk, folder, was="not_required", becomes="required"):
    """Change the files and put them forward."""
    file = folder / "acme" / "minor.yaml"
    file.write_text(file.read_text().replace(f"approval: {was}", f"approval: {becomes}"))
    return refresh_rules(desk.caller, folder)


class Person:
    """A browser of its own; the test's context, which all share, forgets who was there before."""

    def __init__(self, app, caller, staff_id):
        self.client = app.test_client()
        begun = begin_session(caller, staff_id)
        with self.client.session_transaction() as cookie:
            cookie.update(_user_id=begun.hex, _fresh=True)

    def get(self, address):
        return self._alone().get(address)

    def post(self, address, **given):
        return self._alone().post(address, **given)

    def _alone(self):
        for name in ("csrf_token", "_login_user"):
            g.pop(name, None)
        return self.client


@pytest.fixture
def first(desk, web_app):
    return Person(web_app, desk.caller, two_people(desk.caller)[0])


@pytest.fixture
def second(desk, web_app):
    return Person(web_app, desk.caller, two_people(desk.caller)[1])


def words(page):
    """A page's text without its tags."""
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", page.text)).split())


def waiting(desk):
    """The address of the set that waits."""
    desk.session.rollback()
    (found,) = proposals.open_proposals(desk.session, desk.practice_id, "")
    return f"{LIST}/{found.proposal.id}"


def fields(browser, address):
    """The hidden fields of a page's forms."""
    page = browser.get(address)
    assert page.status_code == 200, address
    found = {name: re.search(rf'name="{name}" value="([^"]*)"', page.text) for name in ("once", "stamp")}
    return {name: value[1] for name, value in found.items() if value} | {"csrf_token": token_of(browser, address)}


def in_force(desk):
    desk.session.rollback()
    return rule_sets.in_force(desk.session, desk.practice_id).version


def post(browser, address, form):
    return browser.post(address, data=form, follow_redirects=True)


def test_new_rules_are_asked_for_by_one_person_and_accepted_by_another(desk, first, second):
    before, address = in_force(desk), waiting(desk)
    assert "The directory our rules" in words(first.get(LIST))
    shown = words(first.get(address))
    assert "Acme Health 1 rule changed 11401: was not required, is required." in shown
    asked = post(first, f"{address}/ask", fields(first, f"{address}/impact"))
    assert "It is asked for. Another person who may change rules can accept it now." in words(asked)
    mine = words(first.get(f"{address}/impact"))
    assert "You asked for these rules, so another person must accept them" in mine
    assert "Accept: put them in force" not in mine
    twice = first.post(f"{address}/accept", data=fields(first, f"{address}/impact") | stamp(second, address))
    assert (twice.status_code, "another person must accept them" in words(twice)) == (422, True)
    assert in_force(desk) == before
    form = fields(second, f"{address}/impact")
    done = post(second, f"{address}/accept", form)
    assert "The new rules are in force. " in words(done)
    again = post(second, f"{address}/accept", form)
    assert "This was done before; nothing was done twice." in words(again)
    assert in_force(desk) != before
    undo = unescape(re.search(r'action="(/rules/new-rules/put-back\?[^"]+)"', done.text)[1])
    back = post(second, undo, {"csrf_token": form["csrf_token"]})
    assert "The former rules are in force again." in words(back)
    assert in_force(desk) == before


def stamp(browser, address):
    """The fields of another person's form."""
    found = fields(browser, f"{address}/impact")
    return {"once": found["once"], "stamp": found["stamp"]}


def test_who_comes_second_to_a_changed_page_saves_nothing(desk, first, second):
    address = waiting(desk)
    old = fields(second, f"{address}/impact")
    post(first, f"{address}/ask", fields(first, f"{address}/impact"))
    stale = second.post(f"{address}/ask", data=old)
    assert (stale.status_code, "Somebody was quicker" in words(stale)) == (409, True)
    rejected = second.post(f"{address}/reject", data=old | {"reason": "Read it wrong."})
    assert (rejected.status_code, ">Read it wrong.</textarea>" in rejected.text) == (409, True)


def test_a_rejection_needs_a_reason_and_the_set_can_be_put_forward_again(desk, first):
    address = waiting(desk)
    form = fields(first, address)
    bare = first.post(f"{address}/reject", data=form)
    assert (bare.status_code, "Say why you reject them" in words(bare)) == (422, True)
    done = post(first, f"{address}/reject", form | {"reason": "The payer took its list back."})
    assert "The new rules are rejected. The rules in force stay." in words(done)
    assert "The payer took its list back." in words(first.get(address))
    again = post(first, f"{address}/offer-again", fields(first, address))
    assert "The rules are put forward again." in words(again)
    assert waiting(desk) != address


def test_the_history_says_how_each_set_came_and_what_it_said_otherwise(desk, first, second):
    address = waiting(desk)
    post(first, f"{address}/ask", fields(first, f"{address}/impact"))
    post(second, f"{address}/accept", fields(second, f"{address}/impact"))
    page = first.get(LIST)
    assert "The first rules at this practice" in words(page) and "Asked for by" in words(page)
    links = re.findall(r'href="(/rules/new-rules/since/[^"]+)"', page.text)
    assert "11401: was not required, is required." in words(first.get(links[0]))
    assert "No rules were in force before them." in words(first.get(links[1]))
    form = fields(first, LIST)
    assert "This is the safe way out, so one person may do it" in words(first.get(LIST))
    post(first, f"{LIST}/put-back", form)
    assert "Put back by" in words(first.get(LIST))
    assert first.post(f"{LIST}/put-back", data=form | {"once": str(make.an_id(9))}).status_code == 409


def test_who_may_only_see_rules_decides_nothing(desk, sign_in):
    browser, address = sign_in(Role.BILLER), waiting(desk)
    assert "11401: was not required, is required." in words(browser.get(address))
    assert "Reject" not in browser.get(address).text
    assert browser.get(f"{address}/impact").status_code == 403
    assert "wait for you to look at them" not in words(browser.get("/rules"))


def test_whoever_may_change_rules_is_told_on_rules_and_today(desk, first):
    for address in ("/rules", "/today"):
        assert "New payer rules wait for you to look at them." in words(first.get(address)), address
    form = fields(first, waiting(desk))
    post(first, f"{waiting(desk)}/reject", form | {"reason": "Not ours."})
    for address in ("/rules", "/today"):
        assert "wait for you to look at them" not in words(first.get(address)), address


def test_the_number_of_queries_does_not_grow_with_what_was_put_forward(desk, first, folder):
    counts = []
    first.get(LIST)
    for number in range(2):
        with counted(db.engine) as seen:
            first.get(LIST)
        counts.append(len(seen))
        post(first, f"{waiting(desk)}/reject", fields(first, waiting(desk)) | {"reason": "No."})
        offer(desk, folder, ("required", "notification")[number], ("notification", "unknown")[number])
    assert counts[0] == counts[1]


def test_fifty_are_shown_a_page_and_the_rest_is_led_to(desk, first):
    (waits,) = proposals.open_proposals(desk.session, desk.practice_id, "")
    content = rule_sets.rule_set(desk.session, desk.practice_id, waits.proposal.version)
    for number in range(51):
        more = replace(waits.proposal, id=make.an_id(70_000 + number), files=f"files {number}")
        proposals.add_proposal(desk.session, desk.practice_id, more, content)
    desk.session.commit()
    page = first.get(LIST)
    assert len(re.findall(r'<a href="/rules/new-rules/[0-9a-f-]{36}" data-open>', page.text)) == 50
    following = unescape(re.search(r'href="(/rules/new-rules\?after=[^"]+)"', page.text)[1])
    rest = first.get(following)
    assert len(re.findall(r'<a href="/rules/new-rules/[0-9a-f-]{36}" data-open>', rest.text)) == 2
    assert "First page" in words(rest)


def test_a_reason_that_is_too_long_and_a_form_that_came_cut_off_do_nothing(desk, first):
    address = waiting(desk)
    form = fields(first, address)
    long = first.post(f"{address}/reject", data=form | {"reason": "x" * 401})
    assert (long.status_code, "at most 400 characters; you entered 401" in words(long)) == (422, True)
    cut = first.post(f"{address}/ask", data=form | {"once": "cut"})
    assert (cut.status_code, "Nothing was done; press the button again." in words(cut)) == (422, True)
    assert first.get(f"{LIST}/{make.an_id(3)}").status_code == 404
