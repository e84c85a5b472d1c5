"""A forgotten password: the same answer for everybody, one link in 15 minutes, good once; codes of administrators."""

from datetime import timedelta

import pytest
from sqlalchemy import text

from app.alerts.actions.delivering import deliver
from app.alerts.actions.hands import HANDS
from app.audit import store as audit
from app.platform.db import db
from app.practice.actions import passwords
from app.practice.actions import staff as staffing
from app.practice.facts.staff import Role
from app.practice.store import staff as store
from tests.support.accounts import CODE, GOOD, LINK, acting_in, choose, enter, send, with_mail
from tests.support.queries import counted
from tests.support.web import EMAIL

JO = "jo@example.test"
ASK, OWN = "/forgotten-password", "/password"


@pytest.fixture
def mail(web_app):
    """The e-mails that leave."""
    return with_mail(web_app)


@pytest.fixture
def acting(web_app, web_clock):
    """`acting(work)` does something as the practice, outside the browser."""
    return lambda work: acting_in(web_app, web_clock, work)


@pytest.fixture
def old(acting):
    """The password of Jo, a scheduler."""
    return acting(lambda caller: staffing.add_staff(caller, JO, "Jo Park", frozenset({Role.SCHEDULER})))


@pytest.fixture
def answered(acting, mail):
    """`answered()` lets the jobs run and gives the e-mails that went."""

    def run():
        acting(passwords.answer_who_asked)
        acting(lambda caller: deliver(caller, HANDS))
        return mail.sent

    return run


def _state(acting):
    return acting(lambda caller: store.sign_in_state(caller.session, JO))


@pytest.mark.usefixtures("old", "mail")
def test_known_and_unknown_addresses_get_the_same_answer_and_the_same_work(web_app, client):
    with web_app.app_context():
        engine = db.engine
    seen = []
    for address in ("nobody@example.test", JO, "nobody.else@example.test", JO):
        with counted(engine) as queries:
            answer = send(client, ASK, {"email": address})
        seen.append((answer.status_code, answer.location, [one.split("VALUES")[0] for one in map(str, queries)]))
    assert seen[0] == seen[1] == seen[2] == seen[3]
    assert "belongs to somebody who may sign in here" in client.get(seen[0][1]).text


def test_a_link_is_good_once_ends_every_session_and_keeps_the_second_factor(web_app, acting, old, answered):
    signed_in, other = web_app.test_client(), web_app.test_client()
    assert enter(signed_in, JO, old).status_code == 302
    send(other, ASK, {"email": f"  {JO.upper()} "})
    [sent] = answered()
    assert (sent.to, sent.subject) == (JO, "A new password for Cleared")
    assert enter(web_app.test_client(), JO, old).status_code == 302  # whoever asks ends nothing yet
    before = acting(_factors)
    assert choose(other, LINK.search(sent.text)[1]).location == "/password-chosen"
    assert signed_in.get("/settings").status_code == 302
    assert enter(web_app.test_client(), JO, old).status_code == 422
    assert enter(web_app.test_client(), JO, GOOD).status_code == 302
    assert choose(other, LINK.search(sent.text)[1], GOOD + " again").status_code == 422
    assert acting(_factors) == before
    assert [one.subject for one in answered()][1:] == ["Your password was changed"]


def _factors(caller):
    return caller.session.scalar(text("SELECT count(*) FROM staff_factor"))


@pytest.mark.usefixtures("old")
@pytest.mark.parametrize(("after", "status"), [(timedelta(minutes=14, seconds=59), 303), (timedelta(minutes=15), 422)])
def test_a_link_is_good_for_15_minutes(web_clock, client, answered, after, status):
    send(client, ASK, {"email": JO})
    code = LINK.search(answered()[0].text)[1]
    web_clock.instant += after
    assert choose(client, code).status_code == status


@pytest.mark.usefixtures("old")
def test_however_often_somebody_asks_one_e_mail_goes_in_15_minutes(web_clock, client, answered):
    for minutes in (0, 1, 13):
        web_clock.instant += timedelta(minutes=minutes)
        send(client, ASK, {"email": JO})
        answered()
    assert len(answered()) == 1
    web_clock.instant += timedelta(minutes=1)
    send(client, ASK, {"email": JO})
    assert len(answered()) == 2


@pytest.mark.usefixtures("old", "mail")
def test_from_one_address_ten_an_hour_may_ask(web_clock, client):
    for number in range(10):
        assert send(client, ASK, {"email": f"p{number}@example.test"}).status_code == 303
    refused = send(client, ASK, {"email": JO})
    assert refused.status_code == 429
    assert "Wait an hour" in refused.text
    web_clock.instant += timedelta(hours=1)
    assert send(client, ASK, {"email": JO}).status_code == 303


def test_who_may_not_sign_in_is_sent_nothing_and_what_was_typed_is_erased(acting, client, old, answered):
    jo = _state(acting).staff
    acting(lambda caller: caller.session.execute(text("UPDATE staff SET active = false")) and caller.session.commit())
    for address in (jo.email, "nobody@example.test"):
        send(client, ASK, {"email": address})
    assert acting(lambda caller: caller.session.scalar(text("SELECT count(typed) FROM reset_asked"))) == 2
    assert answered() == []
    assert acting(lambda caller: caller.session.scalar(text("SELECT count(typed) FROM reset_asked"))) == 0
    assert acting(passwords.answer_who_asked) == 0


def test_without_e_mail_the_page_says_whom_to_ask(client):
    page = client.get(ASK).text
    assert "Ask an administrator of your practice for a code on paper" in page
    assert '<input class="form-control' not in page


def test_an_administrators_code_ends_the_old_password_at_once_and_is_good_for_a_day(
    sign_in, web_app, web_clock, acting, old
):
    admin, jo = sign_in(Role.ADMINISTRATOR), _state(acting).staff
    signed_in = web_app.test_client()
    enter(signed_in, JO, old)
    page = f"/admin/users/{jo.id}"
    code = CODE.search(send(admin, f"{page}/reset", {"way": "printed"}, page).text)[1]
    assert signed_in.get("/settings").status_code == 302
    assert enter(web_app.test_client(), JO, old).status_code == 422
    web_clock.instant += timedelta(hours=23, minutes=59)
    assert choose(web_app.test_client(), code).status_code == 303
    assert enter(web_app.test_client(), JO, GOOD).status_code == 302


def test_an_administrator_may_send_the_link_instead(sign_in, acting, mail, old, web_app):
    admin, jo = sign_in(Role.ADMINISTRATOR), _state(acting).staff
    page = f"/admin/users/{jo.id}"
    assert send(admin, f"{page}/reset", {"way": "email"}, page).status_code == 303
    acting(lambda caller: deliver(caller, HANDS))
    assert enter(web_app.test_client(), JO, old).status_code == 422
    assert choose(web_app.test_client(), LINK.search(mail.sent[0].text)[1]).status_code == 303


def test_shutting_a_person_out_ends_the_code_too(sign_in, acting, web_app, old):
    admin, jo = sign_in(Role.ADMINISTRATOR), _state(acting).staff
    page = f"/admin/users/{jo.id}"
    code = CODE.search(send(admin, f"{page}/reset", {"way": "printed"}, page).text)[1]
    form = {"name": "Jo Park", "email": JO, "roles": ["scheduler"], "sight": "all"}
    assert send(admin, page, form).status_code == 303
    assert choose(web_app.test_client(), code).status_code == 422
    assert not _state(acting).staff.active


def test_a_password_that_somebody_else_knows_opens_only_the_page_where_it_is_changed(acting, web_app, old):
    given = acting(lambda caller: passwords.give_password(caller, JO))
    browser = web_app.test_client()
    assert enter(browser, JO, given).status_code == 302
    assert browser.get("/schedule").location == OWN
    assert browser.post("/settings", data={}).status_code in (303, 400)
    assert "Somebody else made your password" in browser.get(OWN).text
    assert _own(browser, given, given).status_code == 422
    assert _own(browser, given, GOOD).location == "/password-chosen"
    assert browser.get("/schedule").location.startswith("/sign-in")
    assert enter(browser, JO, GOOD).status_code == 302
    assert browser.get("/schedule").status_code == 200


def _own(browser, before, new):
    return send(browser, OWN, {"old_password": before, "password": new, "password_again": new})


def test_the_first_administrator_changes_the_password_before_the_practices_page(acting, web_app):
    password = acting(
        lambda caller: staffing.add_staff(caller, EMAIL, "First", frozenset({Role.ADMINISTRATOR}), must_change=True)
    )
    acting(
        lambda caller: caller.session.execute(text("UPDATE practice SET set_up = false")) and caller.session.commit()
    )
    browser = web_app.test_client()
    enter(browser, EMAIL, password)
    assert browser.get("/setup").location == OWN
    assert browser.get(OWN).status_code == 200
    assert _own(browser, password, GOOD).status_code == 303
    enter(browser, EMAIL, GOOD)
    assert browser.get("/").location == "/setup"


def test_ones_own_password_is_changed_with_the_old_one_and_ends_every_browser(acting, web_app, old, mail):
    first, second = web_app.test_client(), web_app.test_client()
    for browser in (first, second):
        enter(browser, JO, old)
    wrong = _own(first, "not the password", GOOD)
    assert wrong.status_code == 422
    assert "This is not your password" in wrong.text
    weak = _own(first, old, "jo@example.test")
    assert "names that anybody would try" in weak.text
    assert _own(first, old, GOOD).status_code == 303
    assert [one.get("/settings").status_code for one in (first, second)] == [302, 302]
    assert enter(first, JO, GOOD).status_code == 302
    acting(lambda caller: deliver(caller, HANDS))
    assert [one.subject for one in mail.sent] == ["Your password was changed"]
    lines = acting(lambda caller: [entry.action for entry, _mac in audit.entries(caller.session, caller.practice_id)])
    assert lines.count("practice.password_change_refused") == 1
    assert lines.count("practice.password_changed") == 1


@pytest.mark.usefixtures("old", "mail")
def test_what_was_asked_and_old_codes_are_forgotten(acting, web_clock, client):
    send(client, ASK, {"email": JO})
    acting(passwords.answer_who_asked)
    assert acting(passwords.forget_old_codes) == 0
    web_clock.instant += timedelta(days=30)
    assert acting(passwords.forget_old_codes) == 2
    assert acting(lambda caller: caller.session.scalar(text("SELECT count(*) FROM one_time_code_digest"))) == 0
