"""Sign-ins and refusals are written down; whoever was signed in can always sign out; instants are of one clock."""

from datetime import UTC, datetime, timedelta, timezone

import pytest
from sqlalchemy import select, text
from sqlalchemy.dialects import postgresql, sqlite

from app.audit.models import AuditEntryRow
from app.platform.db import UtcDateTime, db
from app.practice.facts.staff import Role
from tests.support import make
from tests.support.web import EMAIL, token_of


def lines_of(web_app, action: str) -> list[AuditEntryRow]:
    """The audit lines of an action, oldest first."""
    with web_app.app_context():
        found = select(AuditEntryRow).where(AuditEntryRow.practice_id == make.PRACTICE_ID)
        rows = db.session.scalars(found.where(AuditEntryRow.action == action).order_by(AuditEntryRow.sequence)).all()
        db.session.expunge_all()
        return list(rows)


def test_signing_in_and_being_refused_are_both_in_the_log(sign_in, web_app):
    browser = sign_in(Role.COORDINATOR)
    assert len(lines_of(web_app, "practice.signed_in")) == 1
    browser.post("/sign-out", data={"csrf_token": token_of(browser, "/settings")})
    form = {"email": EMAIL, "password": "not the one that it is", "csrf_token": token_of(browser)}
    assert browser.post("/sign-in", data=form).status_code == 422
    (refused,) = lines_of(web_app, "practice.sign_in_refused")
    assert refused.subjects
    assert "not the one" not in str(refused.details)


def test_a_page_that_is_not_open_to_a_role_and_an_object_out_of_sight_are_in_the_log(sign_in, web_app):
    browser = sign_in(Role.SCHEDULER)
    assert browser.get("/admin").status_code == 403
    assert browser.get(f"/visits/{make.an_id(999)}").status_code == 404
    told = [(line.details["view"], line.details["code"]) for line in lines_of(web_app, "web.refused")]
    assert told == [("admin_pages.show", 403), ("visit_pages.show", 404)]
    assert all(line.user_id is not None for line in lines_of(web_app, "web.refused"))


def test_a_form_that_no_page_of_ours_sent_is_in_the_programs_log(sign_in, capsys):
    browser = sign_in(Role.COORDINATOR)
    capsys.readouterr()
    answer = browser.post("/settings", data={"theme": "dark"}, headers={"Origin": "https://elsewhere.example"})
    assert answer.status_code == 403
    told = capsys.readouterr().err
    assert '"event": "refused"' in told
    assert '"status": 403' in told
    assert "elsewhere" not in told


@pytest.mark.parametrize("address", ["/today", "/settings", "/sign-in/own", "/admin"])
def test_every_page_has_the_way_out(sign_in, address):
    page = sign_in(Role.COORDINATOR).get(address).text
    assert 'action="/sign-out"' in page


def test_instants_are_stored_in_utc_and_never_without_a_zone():
    kind, at = UtcDateTime(), datetime(2026, 3, 8, 1, 30, tzinfo=timezone(timedelta(hours=-5)))
    for dialect in (sqlite.dialect(), postgresql.dialect()):
        stored = kind.process_bind_param(at, dialect)
        assert stored is not None
        assert stored.replace(tzinfo=UTC) == datetime(2026, 3, 8, 6, 30, tzinfo=UTC)
        with pytest.raises(ValueError, match="zone"):
            kind.process_bind_param(datetime(2026, 3, 8, 1, 30), dialect)


def test_lines_of_the_programs_log_are_in_utc(web_app, client, capsys):
    client.post("/sign-in", data={"email": "x"}, headers={"Origin": "https://elsewhere.example"})
    assert '"timestamp": "' in (told := capsys.readouterr().err)
    assert told.partition('"timestamp": "')[2].split('"')[0].endswith("Z")
    with web_app.app_context():
        assert db.session.scalar(text("SELECT 1")) == 1
