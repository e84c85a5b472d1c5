"""Admin: sites, providers, participation and users, as an administrator keeps them; each error in its words."""

import re
from html import unescape

import pytest
from sqlalchemy import text

from app.clearance.actions.book import rejudge_all
from app.platform.caller import Caller
from app.platform.db import db
from app.practice.actions import staff as actions
from app.practice.facts.practice import Network
from app.practice.facts.staff import Role
from app.practice.store import practice as store
from app.practice.store import staff as staffing
from app.timetable import JOBS
from tests.support import make
from tests.support.desk import CHEN, DAY, MAIN, PAYER, PAYER_NAME, RIVERA, Desk
from tests.support.queries import counted
from tests.support.web import EMAIL, equipped, token_of

VERSION = re.compile(r'name="version" value="([^"]+)"')
SITE = {"name": "Main Street", "code": "M1", "zone": "America/Chicago", "state": "IL", "fresh_days": "3"}
PERSON = {"name": "Jo Park", "email": "jo@example.test", "roles": ["scheduler"], "sight": "all"}
JO = {"name": "Jo", "email": "jo@example.test", "sight": "all"}
CODE = re.compile(r'class="secret">([^<]+)<')


@pytest.fixture
def acting(web_app, web_clock):
    """`acting(work)` does something as the practice, outside the browser."""

    def act(work):
        with web_app.app_context():
            return work(equipped(Caller(db.session(), make.PRACTICE_ID, web_clock, via="test")))

    return act


@pytest.fixture
def desk(acting):
    """Two sites, three providers, a payer and a day of visits on file, judged."""
    acting(lambda caller: Desk(caller).furnish().book(*DAY))
    acting(lambda caller: rejudge_all(caller, processes=1))


@pytest.fixture
def admin(sign_in):
    """An administrator's browser."""
    return sign_in(Role.ADMINISTRATOR)


def send(browser, address, form, page=None):
    """Post a form with the token of its page, and with the page's version where it has one."""
    shown = browser.get(page or address).text
    version = VERSION.search(shown)
    extra = {"version": version[1]} if version else {}
    return browser.post(address, data=extra | {"csrf_token": token_of(browser, page or address)} | form)


def error_of(answer, field):
    """The sentence beside a field, which the summary repeats."""
    assert answer.status_code == 422
    assert "<title>Error: " in answer.text
    found = re.search(rf'id="{field}-error">([^<]+)<', answer.text)
    assert found, answer.text
    assert f'<a href="#{field}">{found[1]}</a>' in answer.text
    return unescape(found[1])


def sites(acting):
    """The sites on file, by id."""
    return acting(lambda caller: {one.id: one for one in store.sites(caller.session, caller.practice_id)})


@pytest.mark.usefixtures("desk")
def test_admin_names_its_parts_and_what_is_to_be_checked(admin, acting):
    page = admin.get("/admin").text
    assert "2 sites." in page
    assert "3 providers." in page
    assert "1 person may sign in." in page
    for title in ("Practice", "Sites", "Providers", "Participation", "Users", "Payers", "Jobs"):
        assert f">{title}</a></h2>" in page
    assert "Leave the sample" not in page
    acting(lambda caller: _unreview(caller))
    assert "1 is to be checked: made by an import." in unescape(admin.get("/admin").text)


def _unreview(caller):
    caller.session.execute(text("UPDATE site SET unreviewed = true WHERE name = 'Main Street'"))
    caller.session.commit()


@pytest.mark.parametrize(
    "address",
    [
        "/admin",
        "/admin/jobs",
        "/admin/sites",
        "/admin/sites/new",
        "/admin/providers",
        "/admin/users",
        "/admin/users/new",
    ],
)
def test_only_an_administrator_opens_admin(sign_in, address):
    assert sign_in(Role.MANAGER).get(address).status_code == 403


@pytest.mark.usefixtures("desk")
def test_the_jobs_are_listed_each_with_its_purpose(admin):
    page = admin.get("/admin/jobs").text
    for job in JOBS:
        assert f'<span class="job-name">{job.name}</span>' in page
    assert "Remove the signed-in browsers whose time is over." in page
    assert '<span class="quiet">.</span>' not in page
    assert "Every 5 minutes" in page


@pytest.mark.usefixtures("desk")
def test_a_site_made_by_an_import_is_checked_and_its_visits_are_judged_anew(admin, acting, web_app):
    acting(_unreview)
    assert "Made by an import: check it" in admin.get("/admin/sites").text
    assert "saving says that they are right" in admin.get(f"/admin/sites/{MAIN}").text
    saved = send(admin, f"/admin/sites/{MAIN}", SITE)
    assert saved.status_code == 303
    site = sites(acting)[MAIN]
    assert (site.code, site.zone, site.state, site.fresh_days, site.unreviewed) == (
        "M1",
        "America/Chicago",
        "IL",
        3,
        False,
    )
    with web_app.app_context():
        waiting = db.session.execute(
            text("SELECT count(*) FROM visit_verdict WHERE changes_on > '2000-01-01'")
        ).scalar()
    assert waiting == 0


@pytest.mark.usefixtures("desk")
def test_a_new_site_that_is_sent_twice_is_one(admin, acting):
    page = admin.get("/admin/sites/new").text
    address = re.search(r'action="(/admin/sites/[0-9a-f-]+)"', page)[1]
    form = {"name": "West", "zone": make.ZONE, "state": "", "fresh_days": "7", "csrf_token": token_of(admin, "/setup")}
    assert [admin.post(address, data=form).status_code for _ in range(2)] == [303, 303]
    assert [site.name for site in sites(acting).values()].count("West") == 1


@pytest.mark.usefixtures("desk")
@pytest.mark.parametrize(
    ("field", "typed", "sentence"),
    [
        ("name", "", "Enter the name of the site, at most 80 characters."),
        ("name", "x" * 81, "Enter the name of the site, at most 80 characters."),
        ("name", "north clinic", "Another site has this name or code. Sites are told apart by both."),
        ("code", "North Clinic", "Another site has this name or code. Sites are told apart by both."),
        ("code", "x" * 21, "Code must have at most 20 characters; you entered 21."),
        ("zone", "Mars/North", "Choose a time zone, such as America/Chicago."),
        ("state", "Texas", "Enter the state as two letters, like TX."),
        ("fresh_days", "", "Days must be a whole number from 0 to 90, like 7."),
        ("fresh_days", "7.5", "Days must be a whole number from 0 to 90, like 7."),
        ("fresh_days", "91", "Days must be a whole number from 0 to 90, like 7."),
        ("fresh_days", "²", "Days must be a whole number from 0 to 90, like 7."),
    ],
)
def test_each_error_of_a_site_is_said_beside_its_field_and_everything_typed_stays(
    admin, acting, field, typed, sentence
):
    before = sites(acting)
    answer = send(admin, f"/admin/sites/{MAIN}", SITE | {"code": "KEPT", field: typed})
    assert error_of(answer, field) == sentence
    assert field == "code" or 'value="KEPT"' in answer.text
    assert sites(acting) == before


@pytest.mark.usefixtures("desk")
def test_of_two_people_on_one_site_the_second_sees_both_and_chooses(admin, acting):
    address = f"/admin/sites/{MAIN}"
    opened = VERSION.search(admin.get(address).text)[1]
    assert send(admin, address, SITE).status_code == 303
    late = send(admin, address, SITE | {"fresh_days": "5", "version": opened})
    assert late.status_code == 409
    assert re.search(r"Days.*?<span>3</span>.*?<span>5</span>", late.text, re.DOTALL)
    assert sites(acting)[MAIN].fresh_days == 3
    assert 'value="5"' in late.text
    mine = SITE | {"fresh_days": "5", "version": VERSION.search(late.text)[1], "csrf_token": token_of(admin, address)}
    assert admin.post(address, data=mine).status_code == 303
    assert sites(acting)[MAIN].fresh_days == 5


OWN = {"name": "Lakeside", "zone": "America/Chicago", "state": "IL", "group_npi": make.GROUP_NPI}


@pytest.mark.parametrize(
    ("field", "typed", "sentence"),
    [
        ("name", "", "Enter the name of the practice, at most 80 characters."),
        ("name", "x" * 81, "Enter the name of the practice, at most 80 characters."),
        ("zone", "Mars/North", "Choose a time zone, such as America/Chicago."),
        ("state", "Illinois", "Enter the state as two letters, like TX."),
        ("group_npi", "12", "Group NPI must have 10 digits; you entered 2 digits."),
        (
            "group_npi",
            "1234567890",
            "Group NPI does not add up: its last digit checks the others. Compare it with the practice's NPI letter.",
        ),
    ],
)
def test_each_error_of_the_practices_page_is_said_beside_its_field(admin, acting, field, typed, sentence):
    assert error_of(send(admin, "/setup", OWN | {field: typed}), field) == sentence
    assert acting(lambda caller: store.practice_of(caller.session, caller.practice_id)) == make.practice()


def test_of_two_people_on_the_practices_page_the_second_sees_both(admin, acting):
    opened = VERSION.search(admin.get("/setup").text)[1]
    saved = send(admin, "/setup", OWN)
    assert "The practice&#39;s page is saved." in admin.get(saved.location).text
    late = send(admin, "/setup", OWN | {"state": "WI", "version": opened})
    assert late.status_code == 409
    assert re.search(r"State.*?<span>IL</span>.*?<span>WI</span>", late.text, re.DOTALL)
    assert 'value="WI"' in late.text
    assert acting(lambda caller: store.practice_of(caller.session, caller.practice_id)).state == "IL"
    same = send(admin, "/setup", OWN | {"version": opened})
    assert same.status_code == 302


@pytest.mark.usefixtures("desk")
@pytest.mark.parametrize("changed", [{"group_npi": ""}, {"zone": "America/Chicago"}])
def test_what_every_visit_rests_on_is_judged_anew_when_the_practices_page_changes(admin, acting, changed):
    def waiting(caller):
        return caller.session.execute(
            text("SELECT count(*) FROM visit_verdict WHERE changes_on < '2000-01-01'")
        ).scalar()

    as_it_is = {"name": "Renamed", "zone": make.ZONE, "state": "NY", "group_npi": make.GROUP_NPI}
    send(admin, "/setup", as_it_is)
    assert acting(waiting) == 0
    send(admin, "/setup", as_it_is | changed)
    assert acting(waiting) > 0


@pytest.mark.usefixtures("desk")
@pytest.mark.parametrize(
    ("field", "typed", "sentence"),
    [
        ("name", " ", "Enter the provider's name, at most 80 characters."),
        ("npi", "123456789", "NPI must have 10 digits; you entered 9 digits."),
        (
            "npi",
            "1234567890",
            "NPI does not add up: its last digit checks the others. Compare it with the provider's NPI letter.",
        ),
        ("npi", RIVERA, "A provider with this NPI is on file. Change that one."),
        ("group_npi", "12", "Group NPI must have 10 digits; you entered 2 digits."),
    ],
)
def test_each_error_of_a_provider_is_said_beside_its_field(admin, acting, field, typed, sentence):
    address = re.search(r'action="(/admin/providers/[0-9a-f-]+)"', admin.get("/admin/providers/new").text)[1]
    form = {"name": "Dr. Osei", "npi": "1003000167", "group_npi": "", "csrf_token": token_of(admin, "/setup")}
    assert error_of(admin.post(address, data=form | {field: typed}), field) == sentence
    assert admin.post(address, data=form).status_code == 303
    names = acting(lambda caller: [one.name for one in store.providers(caller.session, caller.practice_id)])
    assert names.count("Dr. Osei") == 1


@pytest.mark.usefixtures("desk")
def test_a_providers_npi_stays_and_two_people_are_asked(admin, acting):
    known = acting(lambda caller: store.providers(caller.session, caller.practice_id))[0]
    address = f"/admin/providers/{known.id}"
    opened = VERSION.search(admin.get(address).text)[1]
    assert send(admin, address, {"name": "Dr. New", "npi": "1003000167", "group_npi": ""}).status_code == 303
    after = acting(lambda caller: store.providers(caller.session, caller.practice_id))[0]
    assert (after.npi, after.name, after.group_npi) == (known.npi, "Dr. New", None)
    late = send(admin, address, {"name": "Dr. Other", "group_npi": "", "version": opened})
    assert late.status_code == 409
    assert "Dr. New" in late.text
    assert "Dr. Other" in late.text
    assert admin.get(f"/admin/providers/{make.an_id(999)}").status_code == 404


WORD = {"payer": PAYER_NAME, "providers": [RIVERA], "network": "in", "begins": "1/1/2026", "ends": "", "plan": ""}


def words(acting):
    """The words on participation on file."""
    return acting(lambda caller: store.participations(caller.session, caller.practice_id))


@pytest.mark.usefixtures("desk")
def test_participation_is_recorded_for_several_at_once_and_its_history_stays(sign_in, acting):
    browser = sign_in(Role.COORDINATOR)
    first = send(browser, "/admin/participation", WORD | {"providers": [RIVERA, CHEN]})
    assert first.status_code == 303
    assert "Recorded for 2 providers." in browser.get(first.location).text
    assert send(browser, "/admin/participation", WORD | {"network": "out", "begins": "3/1/2026"}).status_code == 303
    assert {word.payer for word in words(acting)} == {PAYER}
    assert [word.network for word in words(acting) if word.provider_npi == RIVERA] == [Network.IN, Network.OUT]
    page = unescape(browser.get("/admin/participation").text)
    assert "Out of network, from 03/01/2026, open" in page
    assert "In network, from 01/01/2026, open" in page
    again = send(browser, "/admin/participation", WORD | {"network": "out", "begins": "3/1/2026"})
    assert "This was on file already." in browser.get(again.location).text
    assert len(words(acting)) == 3


@pytest.mark.usefixtures("desk")
@pytest.mark.parametrize(
    ("field", "typed", "sentence"),
    [
        ("payer", "", "Enter the payer, like Aetna, at most 80 characters."),
        (
            "payer",
            "Nobody Mutual",
            "This payer is not on file. Write its name as the list has it, or turn it on under Rules.",
        ),
        ("plan", "x" * 81, "Plan must have at most 80 characters."),
        ("providers", [], "Choose at least one provider."),
        ("providers", ["1003000167"], "Choose at least one provider."),
        ("network", "", "Choose in or out of the network."),
        ("begins", "", "Enter the first day of participation."),
        ("begins", "13/04/2026", "First day must be a date, like 12/05/2026; found 13/04/2026."),
        ("ends", "soon", "Last day must be a date, like 12/05/2026; found soon."),
        ("ends", "12/31/2025", "Last day must be the same as or after the first day, 01/01/2026."),
    ],
)
def test_each_error_of_participation_is_said_beside_its_field(admin, acting, field, typed, sentence):
    assert error_of(send(admin, "/admin/participation", WORD | {field: typed}), field) == sentence
    assert words(acting) == ()


def people(acting):
    """The people on file, by address."""
    return acting(lambda caller: {one.email: one for one in staffing.staff_of(caller.session, caller.practice_id)})


def test_a_person_is_added_once_and_the_code_is_shown_once(admin, acting):
    page = admin.get("/admin/users/new").text
    form = PERSON | {"key": re.search(r'name="key" value="([^"]+)"', page)[1], "csrf_token": token_of(admin, "/setup")}
    added = admin.post("/admin/users/new", data=form)
    code = CODE.search(added.text)[1]
    assert "The code is shown this once" in added.text
    again = admin.post("/admin/users/new", data=form)
    assert again.status_code == 303
    told = admin.get(again.location).text
    assert "This person was added already." in told
    assert code not in told
    assert people(acting)["jo@example.test"].roles == {Role.SCHEDULER}
    assert not people(acting)["jo@example.test"].active


@pytest.mark.parametrize(
    ("field", "typed", "sentence"),
    [
        ("name", "", "Enter the person's name, at most 80 characters."),
        ("email", "jo", "Enter a work e-mail address, like kim@example.com."),
        ("email", EMAIL, "Someone with this address is on file. Open that person, or enter another address."),
        ("roles", [], "Choose at least one role."),
        ("roles", ["owner"], "Choose at least one role."),
        ("sight", "", "Choose whether this person sees all sites, or only some."),
        ("provider_npi", "1003000126", "Choose one of the providers of the list."),
    ],
)
def test_each_error_of_a_new_person_is_said_beside_its_field(admin, acting, field, typed, sentence):
    answer = send(admin, "/admin/users/new", PERSON | {field: typed})
    assert error_of(answer, field) == sentence
    assert list(people(acting)) == [EMAIL]


@pytest.mark.parametrize(
    ("form", "field"),
    [
        ({"roles": ["administrator"]}, "active"),
        ({"roles": ["biller"], "active": "yes"}, "roles"),
    ],
)
def test_the_last_administrator_stays(admin, acting, form, field):
    kim, form = people(acting)[EMAIL], {"name": "Kim", "email": EMAIL, "sight": "all"} | form
    answer = send(admin, f"/admin/users/{kim.id}", form)
    assert error_of(answer, field).startswith("This is the last administrator who may sign in.")
    assert people(acting)[EMAIL] == kim
    acting(lambda caller: actions.add_staff(caller, "second@example.test", "Second", frozenset({Role.ADMINISTRATOR})))
    assert send(admin, f"/admin/users/{kim.id}", form).status_code == 303
    assert people(acting)[EMAIL] != kim


def test_who_may_no_longer_sign_in_is_signed_out_and_comes_back(admin, acting, web_app):
    password = acting(lambda caller: actions.add_staff(caller, "jo@example.test", "Jo", frozenset({Role.BILLER})))
    jo = people(acting)["jo@example.test"]
    other = web_app.test_client()
    form = {"email": jo.email, "password": password, "csrf_token": token_of(other)}
    other.post("/sign-in", data=form)
    assert other.get("/settings").status_code == 200
    assert send(admin, f"/admin/users/{jo.id}", JO | {"roles": ["biller"]}).status_code == 303
    assert other.get("/settings").status_code == 302
    back = send(admin, f"/admin/users/{jo.id}", JO | {"roles": ["manager", "biller"], "active": "yes"})
    assert back.status_code == 303
    assert people(acting)[jo.email].roles == {Role.MANAGER, Role.BILLER}
    other = web_app.test_client()
    assert other.post("/sign-in", data=form | {"csrf_token": token_of(other)}).status_code == 302


def test_of_two_people_on_one_person_the_second_sees_both(admin, acting):
    acting(lambda caller: actions.add_staff(caller, "jo@example.test", "Jo", frozenset({Role.BILLER})))
    address = f"/admin/users/{people(acting)['jo@example.test'].id}"
    opened = VERSION.search(admin.get(address).text)[1]
    assert send(admin, address, JO | {"roles": ["manager"], "active": "yes"}).status_code == 303
    late = send(admin, address, JO | {"roles": ["scheduler"], "active": "yes", "version": opened})
    assert late.status_code == 409
    assert "<span>Manager</span>" in late.text
    assert "<span>Scheduler</span>" in late.text
    assert people(acting)["jo@example.test"].roles == {Role.MANAGER}


@pytest.mark.usefixtures("desk")
def test_the_lists_take_the_same_queries_however_long_they_are(admin, acting, web_app):
    with web_app.app_context():
        engine = db.engine
    addresses = ("/admin", "/admin/sites", "/admin/providers", "/admin/users", "/admin/participation")

    def cost():
        seen = {}
        for address in addresses:
            with counted(engine) as queries:
                assert admin.get(address).status_code == 200
            seen[address] = len(queries)
        return seen

    cost()  # the payers' rules are read once by a process
    before = cost()
    for number in range(12):
        acting(
            lambda caller, number=number: actions.add_staff(
                caller, f"p{number}@example.test", "P", frozenset({Role.BILLER})
            )
        )
        acting(lambda caller, number=number: _more(caller, number))
    assert cost() == before


def _more(caller, number):
    store.add_site(caller.session, caller.practice_id, make.site(700 + number, f"Site {number}"))
    caller.session.commit()
