"""A practice's first week, told as one walk by keyboard: set up, bring in messy files, answer, read, print."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from app.platform.caller import Caller
from app.platform.db import db
from app.practice.actions import staff as actions
from app.practice.facts.staff import Role
from app.practice.store import practice as store
from tests.support import make, messy
from tests.support.desk import TODAY
from tests.support.walking import Walk
from tests.support.web import EMAIL, equipped

pytestmark = pytest.mark.browser
WAYS = {"wide": (1280, True), "phone": (390, True), "no-script": (1280, False)}


@pytest.fixture
def password(web_app, web_clock) -> str:
    """The first person of a practice that nobody has set up."""
    with web_app.app_context():
        caller = equipped(Caller(db.session(), make.PRACTICE_ID, web_clock, via="test"))
        empty = replace(make.practice(), name="My practice", state=None, group_npi=None, set_up=False)
        store.save_practice(caller.session, make.PRACTICE_ID, empty)
        caller.session.commit()
        made = actions.add_staff(caller, EMAIL, "Kim Example", frozenset({Role.ADMINISTRATOR, Role.MANAGER}))
    assert made
    return made


@pytest.fixture(params=WAYS)
def walk(request: pytest.FixtureRequest, chromium: Browser, served: str, tmp_path: Path) -> Iterator[Walk]:
    """A person at a browser: wide, on a phone, or without script."""
    width, script = WAYS[request.param]
    context = chromium.new_context(viewport={"width": width, "height": 800}, java_script_enabled=script)
    page = context.new_page()
    page.goto(served)
    yield Walk(page, f"first-week-{request.param}", script, tmp_path)
    context.close()


@pytest.fixture
def files(tmp_path: Path) -> dict[str, Path]:
    """The practice's schedule and its old log, on the person's disk."""
    found = {"schedule": messy.schedule(TODAY), "log": messy.old_log(TODAY)}
    for name, file in found.items():
        (tmp_path / f"{name}.csv").write_bytes(file.content)
    return {name: tmp_path / f"{name}.csv" for name in found}


def test_the_first_week_of_a_practice(walk: Walk, password: str, files: dict[str, Path], served: str) -> None:
    set_up(walk, password)
    turn_on_payers(walk)
    bring_in_the_schedule(walk, files["schedule"], served)
    bring_in_the_old_log(walk, files["log"], served)
    confirm_routine_services(walk, served)
    answer_the_five_biggest_questions(walk, served)
    print_tomorrow(walk, served)


def set_up(walk: Walk, password: str) -> None:
    """Four fields, then one next step."""
    walk.given("a practice that was just installed").then("the sign-in is shown", "Sign in")
    walk.when("the first person signs in").type("email", EMAIL).type("password", password).press("Enter")
    walk.then("the practice's page comes first", "Your practice")
    walk.when("the state is written out").type("name", "Elm Street Dermatology").type("state", "Texas").press("Enter")
    walk.then("the fault is told beside the field, and nothing typed is lost", "Error: Your practice")
    walk.says("Enter the state as two letters, like TX.")
    walk.when("it is mended").type("state", "TX").press("Enter")
    walk.then("one next step is shown", "Today").says("Step 1 of 6.")


def turn_on_payers(walk: Walk) -> None:
    """Three payers of the library."""
    walk.when("the next step is followed").push("Choose payers").then("the library's payers are listed", "Rules")
    for payer in ("aetna", "medicare_ffs", "texas_medicaid"):
        walk.to(payer).press("Space")
    walk.push("Turn on what is ticked")
    walk.then("their routine services are asked about", "Routine services")


def bring_in_the_schedule(walk: Walk, path: Path, served: str) -> None:
    """500 visits, 20 broken rows: explained, one mended in place, the rest left out; the same file changes nothing."""
    walk.page.goto(f"{served}/imports")
    walk.given("a messy schedule").then("a file can be brought in", "Imports")
    walk.when("it is brought in").choose_file(path).push("Bring in")
    walk.then("each column is matched", "Match columns - Imports").says("Room")
    walk.when("the matches are taken").push("Check the file")
    walk.then("the check says what will come of it", "Check - Imports").says("20")
    walk.when("one row is mended in place").type("13/04/2026 9:00", "4/13/2026 9:00").push("Save and check again")
    walk.then("one problem less is left", "Check - Imports")
    walk.when("it is confirmed").push("Confirm: write 481 new")
    walk.then("the rows are in", "Brought in - Imports")
    walk.page.goto(f"{served}/imports")
    walk.when("the same file comes again").choose_file(path).push("Bring in")
    walk.then("nothing would change", "Check - Imports").push("Discard").then("the list is shown", "Imports")


def bring_in_the_old_log(walk: Walk, path: Path, served: str) -> None:
    """200 rows of an old log with eight that say too little."""
    walk.page.goto(f"{served}/imports")
    walk.given("an old log").choose_file(path).push("Bring in")
    walk.then("each column is matched", "Match columns - Imports")
    walk.when("the matches are taken").push("Check the file")
    walk.then("eight rows say too little", "Check - Imports").says("The row must say which answer the payer gave")
    walk.when("it is confirmed").push("Confirm: write")
    walk.then("the requests are in", "Brought in - Imports")


def confirm_routine_services(walk: Walk, served: str) -> None:
    """One page for every payer."""
    walk.page.goto(f"{served}/questions")
    walk.given("the questions of 480 visits").then("they are listed, the biggest first", "Questions")
    walk.when("routine services are confirmed in one go").push("Confirm routine services")
    walk.then("the payers that wait are ticked", "Routine services")
    walk.to("basis_kind-tool").press("Space").type("source_day", "t").push("Confirm routine services")
    walk.then("it says what changed", "Practice rules")


def answer_the_five_biggest_questions(walk: Walk, served: str) -> None:
    """Each by the form that fits it."""
    for number in range(5):
        walk.page.goto(f"{served}/questions")
        walk.given(f"question {number + 1}").push("Record answer")
        walk.then("it is asked with the visits that wait", "Question")
        _answer(walk)
        walk.then("it says what changed", "Answer recorded")


def _answer(walk: Walk) -> None:
    asked = walk.page.locator("h1").inner_text()
    if asked.startswith("Is the coverage"):
        walk.when("a check is recorded").to("result-active").press("Space")
        walk.type("checked_on", "t").type("source", "portal")
    elif asked.startswith("Does "):
        walk.when("the payer's word is recorded").to("need-not_required").press("Space")
        walk.type("basis", "Look-up tool").type("source_day", "t").type("until", "12/31")
    else:
        assert asked.startswith("What does the visit type"), asked
        walk.when("the type is matched to its service").type("lines", "99214:1")
    walk.push("Record answer")


def print_tomorrow(walk: Walk, served: str) -> None:
    """Tomorrow's list, with initials, one site on a sheet."""
    tomorrow = TODAY + timedelta(days=1)
    walk.page.goto(f"{served}/schedule?day={tomorrow.isoformat()}")
    walk.given("tomorrow's visits").then("each has its badge and reason", "Schedule")
    walk.when("the list is printed with initials").push("Print list").then("it is asked how", "Print list")
    walk.to("initials").press("Space").push("Print list")
    walk.then("the sheets are shown as they are printed", "Printed list")
    walk.page.emulate_media(media="print")
    walk.then("on paper too", "Printed list")
