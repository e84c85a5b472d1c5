"""Invitations: by printed code or e-mail, once, for 72 hours, revocable; and who gets in by one."""

import re
from datetime import timedelta

import pytest

from app.alerts.actions.delivering import deliver
from app.alerts.actions.hands import HANDS
from app.alerts.store import outbox
from app.audit import store as audit
from app.gateways.facts import Answer, Outcome
from app.practice.actions import staff as staffing
from app.practice.facts.accounts import CodeKind
from app.practice.facts.staff import Role
from app.practice.rules.accounts import digest_of
from app.practice.store import accounts as codes
from app.practice.store import practice as places
from app.practice.store import staff as store
from app.web.models import all_tables
from tests.support import make
from tests.support.accounts import CODE, GOOD, JO, LINK, acting_in, choose, enter, send, with_mail
from tests.support.web import EMAIL


@pytest.fixture
def mail(web_app):
    """The e-mails that leave."""
    return with_mail(web_app)


@pytest.fixture
def admin(sign_in):
    """An administrator's browser."""
    return sign_in(Role.ADMINISTRATOR)


@pytest.fixture
def acting(web_app, web_clock):
    """`acting(work)` does something as the practice, outside the browser."""
    return lambda work: acting_in(web_app, web_clock, work)


def _jo(acting):
    people = acting(lambda caller: store.staff_of(caller.session, caller.practice_id))
    return next(one for one in people if one.email == JO["email"])


def _printed(admin, form=JO):
    return CODE.search(send(admin, "/admin/users/new", form).text)[1]


def test_a_printed_code_lets_its_person_choose_a_password_and_sign_in(admin, acting, web_app):
    code = _printed(admin)
    other = web_app.test_client()
    assert enter(other, JO["email"], GOOD).status_code == 422
    assert choose(other, f"  {code.upper().replace('-', ' ')} ").location == "/password-chosen"
    assert enter(other, JO["email"], GOOD).status_code == 302
    assert other.get("/schedule").status_code == 200
    assert other.get("/admin").status_code == 403
    assert _jo(acting).active


def test_a_code_is_good_once(admin, web_app):
    code = _printed(admin)
    assert choose(web_app.test_client(), code).status_code == 303
    again = choose(web_app.test_client(), code, GOOD + " again")
    assert again.status_code == 422
    assert "This code opens nothing" in again.text
    assert enter(web_app.test_client(), JO["email"], GOOD).status_code == 302


@pytest.mark.parametrize(("after", "status"), [(timedelta(hours=71, minutes=59), 303), (timedelta(hours=72), 422)])
def test_an_invitation_is_good_for_72_hours(admin, web_app, web_clock, after, status):
    code = _printed(admin)
    web_clock.instant += after
    assert choose(web_app.test_client(), code).status_code == status


def test_a_revoked_and_a_replaced_invitation_open_nothing(admin, acting, web_app):
    first = _printed(admin)
    page = f"/admin/users/{_jo(acting).id}"
    second = CODE.search(send(admin, f"{page}/invite", {"way": "printed"}, page).text)[1]
    assert choose(web_app.test_client(), first).status_code == 422
    assert send(admin, f"{page}/revoke", {}, page).status_code == 303
    assert choose(web_app.test_client(), second).status_code == 422
    assert "Invitation revoked" in admin.get("/admin/users").text
    third = CODE.search(send(admin, f"{page}/invite", {"way": "printed"}, page).text)[1]
    assert choose(web_app.test_client(), third).status_code == 303


def test_a_weak_password_is_refused_with_the_reason_and_the_code_stays_good(admin, web_app):
    code = _printed(admin)
    other = web_app.test_client()
    for password, sentence in (
        ("short", "at least 15 characters; this one has 5"),
        ("Jo Park Example Dermatology", "made of names that anybody would try here"),
        ("qwertyuiopasdfghjkl", "follows the keyboard"),
    ):
        refused = choose(other, code, password)
        assert refused.status_code == 422
        assert "<title>Error: " in refused.text
        assert sentence in refused.text
        assert password not in refused.text
    assert choose(other, code).status_code == 303


def test_two_passwords_that_differ_change_nothing(admin, web_app):
    code = _printed(admin)
    form = {"code": code, "password": GOOD, "password_again": GOOD + "x"}
    assert send(web_app.test_client(), "/choose-password", form).status_code == 422
    assert choose(web_app.test_client(), code).status_code == 303


def test_an_invitation_goes_by_e_mail_and_its_code_is_nowhere_else(admin, acting, web_app, mail):
    assert send(admin, "/admin/users/new", JO | {"way": "email"}).status_code == 303
    message = acting(lambda caller: outbox.page(caller.session, caller.practice_id))[0].message
    shown = admin.get(f"/admin/outbox/{message.id}").text
    assert "http://localhost/choose-password" in shown
    assert not LINK.search(shown)
    assert acting(lambda caller: deliver(caller, HANDS)) == 1
    [sent] = mail.sent
    assert (sent.to, sent.subject) == (JO["email"], "You are invited to Cleared")
    code = LINK.search(sent.text)[1]
    assert _copies_of(acting, code) == []
    assert choose(web_app.test_client(), code).status_code == 303
    assert enter(web_app.test_client(), JO["email"], GOOD).status_code == 302


def _copies_of(acting, code):
    """Where in the whole database a code stands, or its SHA-256 beside the one table of digests."""

    def look(caller):
        found = []
        for table in all_tables().sorted_tables:
            rows = repr(caller.session.execute(table.select()).all())
            if code in rows or code.replace("-", "") in rows:
                found.append(table.name)
        return found

    return acting(look)


def test_a_printed_code_is_kept_as_its_digest_only(admin, acting):
    code = _printed(admin)
    assert _copies_of(acting, code) == []
    behind = acting(lambda caller: codes.code_behind(caller.session, digest_of(code)))
    assert behind.kind is CodeKind.INVITATION


def test_an_invitation_that_was_revoked_is_not_sent(admin, acting, mail):
    send(admin, "/admin/users/new", JO | {"way": "email"})
    page = f"/admin/users/{_jo(acting).id}"
    send(admin, f"{page}/revoke", {}, page)
    acting(lambda caller: deliver(caller, HANDS))
    assert mail.sent == []


def test_an_e_mail_that_is_sent_again_brings_a_code_of_its_own_and_one_of_them_is_used(admin, acting, web_app, mail):
    mail.answers.append(Answer(Outcome.LATER, code="450"))
    send(admin, "/admin/users/new", JO | {"way": "email"})
    acting(lambda caller: deliver(caller, HANDS))
    web_app.extensions["cleared_clock"].instant += timedelta(hours=1)
    acting(lambda caller: deliver(caller, HANDS))
    first, second = (LINK.search(one.text)[1] for one in mail.sent)
    assert first != second
    assert mail.sent[0].message_id == mail.sent[1].message_id
    assert choose(web_app.test_client(), first).status_code == 303
    assert choose(web_app.test_client(), second).status_code == 422


def test_who_is_invited_gets_in_by_no_other_way(admin, acting, web_app):
    _printed(admin)
    jo = _jo(acting)
    page = f"/admin/users/{jo.id}"
    assert send(admin, page, JO | {"active": "yes"}).status_code == 303
    assert not _jo(acting).active
    assert admin.post(f"{page}/reset", data={}).status_code == 400  # without a token
    refused = send(admin, f"{page}/reset", {"way": "printed"}, page)
    assert refused.status_code == 404


def test_no_page_changes_anything_by_being_opened(admin, acting, web_app):
    code = _printed(admin)
    other = web_app.test_client()
    for _ in range(3):
        shown = other.get("/choose-password")
        assert shown.status_code == 200
        assert code not in shown.text
    assert choose(other, code).status_code == 303


def test_the_code_of_a_link_stands_where_no_server_log_or_referrer_gets_it(client, web_app, admin, acting, mail):
    send(admin, "/admin/users/new", JO | {"way": "email"})
    acting(lambda caller: deliver(caller, HANDS))
    [link] = re.findall(r"http://\S+", mail.sent[0].text)
    asked, _, code = link.partition("#")  # what stands behind # is sent to nobody
    assert len(code) * 4 == 256
    answer = web_app.test_client().get(asked.removeprefix("http://localhost"))
    assert answer.headers["Referrer-Policy"] in ("same-origin", "no-referrer")
    assert answer.headers["Cache-Control"] == "no-store"
    assert re.findall(r"<script[^>]*>[^<]", answer.text) == []
    assert "link_code.js" in answer.text


def test_a_code_is_in_no_address_log_or_audit_line(admin, acting, web_app, capsys):
    code = _printed(admin)
    choose(web_app.test_client(), code)
    logged = capsys.readouterr()
    assert code not in logged.out + logged.err
    lines = acting(lambda caller: list(audit.entries(caller.session, caller.practice_id)))
    assert [entry.action for entry, _mac in lines].count("practice.invitation_accepted") == 1
    assert code.replace("-", "") not in repr(lines)


def test_sites_and_provider_of_an_invited_person_are_kept(admin, acting, web_app):
    acting(lambda caller: (places.add_site(caller.session, caller.practice_id, make.site()), caller.session.commit()))
    acting(
        lambda caller: (
            places.add_provider(caller.session, caller.practice_id, make.provider()),
            caller.session.commit(),
        )
    )
    chosen = {"roles": ["provider"], "sight": "chosen", "sites": [make.site().id.hex], "provider_npi": make.NPI}
    _printed(admin, JO | chosen)
    jo = _jo(acting)
    assert jo.sites == {make.site().id}
    assert jo.provider_npi == make.NPI
    listed = admin.get("/admin/users").text
    assert "Main; is Pat Example" in listed
    assert "Invited until Thu 03/05/2026 10:00 AM EST" in listed


@pytest.mark.parametrize(
    ("typed", "field", "sentence"),
    [
        ({"roles": ["provider"]}, "provider_npi", "Choose which provider this person is"),
        ({"sight": "chosen"}, "sites", "Choose at least one site"),
    ],
)
def test_a_provider_is_somebody_and_chosen_sites_are_some(admin, typed, field, sentence):
    refused = send(admin, "/admin/users/new", JO | typed)
    assert refused.status_code == 422
    assert sentence in refused.text
    assert f'href="#{field}"' in refused.text


def test_an_administrator_who_widens_own_rights_is_audited_and_all_administrators_are_told(admin, acting, mail):
    acting(lambda caller: staffing.add_staff(caller, "lee@example.test", "Lee", frozenset({Role.ADMINISTRATOR})))
    kim = acting(lambda caller: store.sign_in_state(caller.session, EMAIL)).staff
    form = {
        "name": kim.name,
        "email": kim.email,
        "roles": ["administrator", "manager"],
        "sight": "all",
        "active": "yes",
    }
    assert send(admin, f"/admin/users/{kim.id}", form).status_code == 303
    assert admin.get("/admin/users").status_code == 302  # signed out: the rights changed
    acting(lambda caller: deliver(caller, HANDS))
    told = {(one.to, one.subject) for one in mail.sent}
    assert ("lee@example.test", "An administrator widened own rights") in told
    assert (EMAIL, "What you may do was changed") in told
    lines = acting(lambda caller: [entry for entry, _mac in audit.entries(caller.session, caller.practice_id)])
    [raised] = [entry for entry in lines if entry.action == "practice.own_rights_raised"]
    assert raised.details["role_manager"] == 1


def test_a_changed_address_is_told_at_both_and_ends_the_sessions(admin, acting, web_app, mail):
    password = acting(lambda caller: staffing.add_staff(caller, "jo@example.test", "Jo", frozenset({Role.BILLER})))
    jo, other = _jo(acting), web_app.test_client()
    enter(other, JO["email"], password)
    form = {"name": "Jo", "email": "jo.park@example.test", "roles": ["biller"], "sight": "all", "active": "yes"}
    assert send(admin, f"/admin/users/{jo.id}", form).status_code == 303
    assert other.get("/settings").status_code == 302
    acting(lambda caller: deliver(caller, HANDS))
    assert {one.to for one in mail.sent} == {"jo@example.test", "jo.park@example.test"}
    assert enter(web_app.test_client(), "jo.park@example.test", password).status_code == 302


def test_an_address_of_somebody_else_is_refused(admin, acting):
    acting(lambda caller: staffing.add_staff(caller, "jo@example.test", "Jo", frozenset({Role.BILLER})))
    form = {"name": "Jo", "email": EMAIL, "roles": ["biller"], "sight": "all", "active": "yes"}
    refused = send(admin, f"/admin/users/{_jo(acting).id}", form)
    assert refused.status_code == 422
    assert "Someone with this address is on file" in refused.text


def test_the_last_sign_in_is_listed(admin, acting):
    assert "Never" not in admin.get("/admin/users").text
    acting(lambda caller: staffing.add_staff(caller, "jo@example.test", "Jo", frozenset({Role.BILLER})))
    assert "Never" in admin.get("/admin/users").text
