"""Guessing passwords: what it locks, whom it never keeps out, and that it tells nobody who is on file."""

import re
from datetime import timedelta
from threading import Barrier, Thread
from uuid import uuid4

import pytest
from sqlalchemy import text

from app.platform import passwords
from app.platform.db import db
from app.practice.actions import staff as staffing
from app.practice.facts.staff import Role
from app.practice.rules.throttle import CHECK_LASTS, CHECKS, CHECKS_OF_ONE_SOURCE
from app.practice.store import throttle
from tests.support.factors import add_person, caller_in, is_signed_in, show_code, show_password
from tests.support.queries import counted
from tests.support.web import EMAIL, equipped, token_of


@pytest.fixture
def person(web_app, web_clock):
    """A biller without a second factor, who has signed in nowhere yet."""
    return add_person(web_app, web_clock, Role.BILLER)


def stranger(web_app, address="203.0.113.9"):
    """A browser of somebody else, on another network."""
    browser = web_app.test_client()
    browser.environ_base["REMOTE_ADDR"] = address
    return browser


def guess(browser, person, times=1):
    """Guess a password. Returns the statuses."""
    return [show_password(browser, person, "wrong-password").status_code for _ in range(times)]


def test_a_stranger_locks_himself_and_neither_the_persons_browser_nor_their_network(web_app, person):
    own = web_app.test_client()
    show_password(own, person)
    bad = stranger(web_app)
    assert guess(bad, person, 5) == [422] * 5
    assert show_password(bad, person).status_code == 422  # locked: the right password is refused in the same words
    again = web_app.test_client()
    again.set_cookie("cleared-known", own.get_cookie("cleared-known").value)
    assert show_password(again, person).status_code == 302
    assert show_password(web_app.test_client(), person).status_code == 302  # a new browser on the person's network


def test_many_networks_lock_new_browsers_for_an_hour_at_most_and_never_a_known_one(web_app, web_clock, person):
    own = web_app.test_client()
    show_password(own, person)
    for number in range(30):
        guess(stranger(web_app, f"198.51.100.{number}"), person)
    new = stranger(web_app, "192.0.2.7")
    assert show_password(new, person).status_code == 422
    known = stranger(web_app, "192.0.2.8")
    known.set_cookie("cleared-known", own.get_cookie("cleared-known").value)
    assert show_password(known, person).status_code == 302
    web_clock.instant += timedelta(hours=1)
    assert show_password(new, person).status_code == 302


def test_a_new_password_lifts_every_lock(web_app, web_clock, person):
    bad = stranger(web_app)
    guess(bad, person, 6)
    with web_app.app_context():
        person.password = staffing.renew_password(caller_in(web_app, web_clock), EMAIL)
    assert show_password(bad, person).status_code == 302


def test_guessing_at_many_people_holds_the_network_up_and_says_so(web_app, person):
    bad = stranger(web_app)
    token = token_of(bad)

    def spray(number):
        form = {"email": f"person{number}@example.test", "password": "Winter2026!", "csrf_token": token}
        return bad.post("/sign-in", data=form)

    answers = [spray(number) for number in range(51)]
    assert [answer.status_code for answer in answers] == [422] * 50 + [429]
    assert "failed many times from this network" in answers[-1].text
    assert show_password(bad, person).status_code == 429
    assert show_password(stranger(web_app, "192.0.2.7"), person).status_code == 302


def test_signing_in_rightly_never_holds_a_network_up(web_app, person):
    for _ in range(60):
        assert show_password(stranger(web_app), person).status_code == 302


def test_a_known_browser_is_held_up_by_its_own_failures_alone(web_app, person, web_clock):
    own = web_app.test_client()
    show_password(own, person)
    own.post("/sign-out", data={"csrf_token": token_of(own, "/settings")})
    assert guess(own, person, 5) == [422] * 5
    assert show_password(own, person).status_code == 422
    assert show_password(web_app.test_client(), person).status_code == 302
    web_clock.instant += timedelta(minutes=15)
    assert show_password(own, person).status_code == 302


def test_the_cookie_of_a_known_browser_helps_with_its_own_person_only(web_app, web_clock, person):
    own = web_app.test_client()
    show_password(own, person)
    other = add_person(web_app, web_clock, Role.BILLER, email="sam@example.test")
    thief = stranger(web_app)
    thief.set_cookie("cleared-known", own.get_cookie("cleared-known").value)
    assert guess(thief, other, 5) == [422] * 5
    assert show_password(thief, other).status_code == 422


def bare(page):
    """A page without what differs by nature: its nonce, its token, and the address that was typed."""
    return re.sub(r'nonce="[^"]+"|value="[^"]*"', "", page)


@pytest.fixture
def work_of(web_app, web_clock, monkeypatch):
    """`work_of(email)` sends a wrong password. Returns the page, the statements and the comparisons that it cost."""
    compared = []
    real = passwords._hasher().verify
    hasher = type("Counting", (), {"verify": lambda _self, *given: compared.append(1) or real(*given)})()
    hasher.hash = passwords._hasher().hash
    monkeypatch.setattr(passwords, "_hasher", lambda: hasher)

    def work(email):
        browser = stranger(web_app, f"10.0.{len(compared)}.1")
        form = {"email": email, "password": "wrong-password", "csrf_token": token_of(browser)}
        compared.clear()
        with web_app.app_context(), counted(db.engine) as statements:
            answer = browser.post("/sign-in", data=form)
        kinds = [re.sub(r"\s+", " ", one)[:60] for one in statements]
        return answer.status_code, bare(answer.text), kinds, len(compared)

    return work


def test_known_unknown_locked_and_inactive_cost_the_same_work_and_say_the_same(web_app, web_clock, work_of):
    people = {name: f"{name}@example.test" for name in ("known", "locked", "inactive", "unknown")}
    locked = None
    for name in ("known", "locked", "inactive"):
        made = add_person(web_app, web_clock, Role.BILLER, email=people[name])
        locked = made if name == "locked" else locked
    for number in range(25):
        guess(stranger(web_app, f"198.51.100.{number}"), locked)
    with web_app.app_context():
        caller_in(web_app, web_clock)
        db.session.execute(text("UPDATE staff SET active = false WHERE email = 'inactive@example.test'"))
        db.session.commit()
    found = {name: work_of(email) for name, email in people.items()}
    first = found["known"]
    assert first[0] == 422
    assert first[3] == 1
    for name, one in found.items():
        assert one == first, name


def test_no_more_passwords_are_compared_at_once_than_places_even_of_many_networks(web_app, web_clock, person):
    with web_app.app_context():
        caller = caller_in(web_app, web_clock)
        for place in range(1, CHECKS):
            source = f"{place}".encode() * 16
            throttle.take_place(caller.session, place, uuid4(), False, source, web_clock.now() + CHECK_LASTS)
        caller.session.commit()
    busy = show_password(stranger(web_app), person)
    assert busy.status_code == 429
    assert "Many people are signing in at this moment." in busy.text
    web_clock.instant += CHECK_LASTS  # whoever held the places is dead
    assert show_password(stranger(web_app), person).status_code == 302


def test_a_flood_from_one_network_leaves_places_to_others(web_app, web_clock, person):
    with web_app.app_context():
        caller = equipped(caller_in(web_app, web_clock))
        source = throttle.index_of(caller.session, "source", "203.0.113.9")
        for place in range(1, CHECKS_OF_ONE_SOURCE + 1):
            throttle.take_place(caller.session, place, uuid4(), False, source, web_clock.now() + CHECK_LASTS)
        caller.session.commit()
    assert show_password(stranger(web_app), person).status_code == 429
    assert show_password(stranger(web_app, "192.0.2.7"), person).status_code == 302


def test_many_at_once_are_all_counted(web_app, person):
    browsers = [stranger(web_app, "203.0.113.9") for _ in range(8)]
    tokens = [token_of(one) for one in browsers]
    start, statuses = Barrier(len(browsers), timeout=60), []

    def attempt(browser, token):
        start.wait()
        form = {"email": person.email, "password": "wrong-password", "csrf_token": token}
        statuses.append(browser.post("/sign-in", data=form).status_code)

    threads = [Thread(target=attempt, args=pair) for pair in zip(browsers, tokens, strict=True)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    taken = statuses.count(422)
    assert taken + statuses.count(429) == 8
    with web_app.app_context():
        failures = db.session.execute(text("SELECT max(failures) FROM sign_in_count")).scalar()
        places = db.session.execute(text("SELECT count(*) FROM password_check")).scalar()
    assert failures == taken
    assert places == 0


def test_codes_are_guessed_no_faster_with_the_password_in_hand(web_app, web_clock):
    person = add_person(web_app, web_clock, Role.BILLER, email="sam@example.test", with_app=True)
    bad = stranger(web_app)
    for _ in range(2):
        show_password(bad, person)
        for number in range(5):
            show_code(bad, f"00000{number}") if bad.get("/sign-in/factor").status_code == 200 else None
    show_password(bad, person)
    assert show_code(bad, person.codes[0]).status_code == 422  # held up: also what is right
    assert not is_signed_in(bad)
