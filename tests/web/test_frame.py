"""What every page costs and shows around its own content."""

from app.platform.db import db
from app.practice.facts import Role
from tests.support.queries import counted


def test_the_frame_of_a_page_takes_two_queries_and_this_page_one(web_app, sign_in):
    browser = sign_in(Role.ADMINISTRATOR)
    with web_app.app_context():
        engine = db.engine
    with counted(engine) as seen:
        assert browser.get("/setup").status_code == 200
    assert len([statement for statement in seen if "staff_session" in statement]) == 1
    assert len(seen) == 3


def test_a_role_sees_only_the_pages_that_it_may_open(sign_in):
    page = sign_in(Role.BILLER).get("/", follow_redirects=True).text
    assert ">Schedule<" in page
    assert "Kim Example" in page


def test_an_administrator_without_another_role_is_not_led_to_patients(sign_in):
    page = sign_in(Role.ADMINISTRATOR).get("/", follow_redirects=True).text
    assert ">Schedule<" not in page
