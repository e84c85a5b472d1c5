"""Tricks with sessions: each ends with a browser that must not be signed in any more, or never was."""

import re
from collections.abc import Callable
from dataclasses import replace
from random import Random

from flask.testing import FlaskClient
from itsdangerous import URLSafeTimedSerializer

from app.practice.actions import factors, own_sessions, passwords
from app.practice.actions import staff as staffing
from app.practice.facts.staff import Role, Staff
from app.practice.rules.roles import version_of
from app.practice.store import staff as people
from tests.drills.front_door import World
from tests.support import make
from tests.support.factors import code_of, require_factor, show_code, show_password
from tests.support.web import TOKEN, token_of

Trick = Callable[[World, Random], FlaskClient]


def cookie_from_before(world: World, dice: Random) -> FlaskClient:
    """Fixation: the victim signs in with a cookie that the attacker had first."""
    person, victim = world.person(), world.browser()
    victim.get("/sign-in")
    thief = world.copy(victim)
    show_password(victim, person)
    return thief


def cookie_between_the_steps(world: World, dice: Random) -> FlaskClient:
    """The cookie of a browser that has shown the password alone, before and after the code was shown elsewhere."""
    person, victim = world.person(with_app=True), world.browser()
    asked = show_password(victim, person)
    thief = world.copy(victim)
    if asked.location == "/sign-in/factor" and dice.random() < 0.5:
        show_code(victim, code_of(person.secret, world.clock.now()))
    return thief


def cookie_before_a_proof(world: World, dice: Random) -> FlaskClient:
    """The cookie from before the person proved again who they are."""
    person = world.person()
    browser = world.enter(person)
    thief = world.copy(browser)
    form = {"proof": person.password, "csrf_token": token_of(browser, "/sign-in/again")}
    assert browser.post("/sign-in/again", data=form).status_code == 303
    return thief


def cookie_before_a_factor(world: World, dice: Random) -> FlaskClient:
    """The cookie from before an authenticator app was set up in the same browser."""
    browser = world.enter(world.person())
    thief = world.copy(browser)
    _set_up_app(world, browser)
    return thief


def signed_out(world: World, dice: Random) -> FlaskClient:
    """The cookie of a browser that was signed out."""
    browser = world.enter(world.person())
    thief = world.copy(browser)
    browser.post("/sign-out", data={"csrf_token": token_of(browser, "/settings")})
    return thief


def unused(world: World, dice: Random) -> FlaskClient:
    """A browser that nobody used for 15 minutes, or longer; asking for its end prolongs nothing."""
    browser = world.enter(world.person())
    for _ in range(dice.randrange(4)):
        world.pass_time(14 * 60)
        browser.get("/settings")
    world.pass_time(15 * 60 + dice.choice((0, 1, 60, 3 * 3600, 11 * 3600)))
    return world.copy(browser)


def too_old(world: World, dice: Random) -> FlaskClient:
    """A browser that was used all the time, for 12 hours."""
    browser = world.enter(world.person())
    for _ in range(12 * 6):
        world.pass_time(10 * 60)
        browser.get("/stay")
    return browser


def revoked(world: World, dice: Random) -> FlaskClient:
    """A browser that its person signed out from another one."""
    person = world.person()
    lost, kept = world.enter(person), world.enter(person)
    form = {"csrf_token": token_of(kept, "/sign-in/own")}
    if dice.random() < 0.5:
        kept.post("/sign-in/own/sessions/end-others", data=form)
    else:
        mark = re.search(r'name="session" value="([0-9a-f]{16})"', kept.get("/sign-in/own").text)
        assert mark
        kept.post("/sign-in/own/sessions/end", data=form | {"session": mark[1]})
    return lost


def revoked_by_an_administrator(world: World, dice: Random) -> FlaskClient:
    """A browser that an administrator signed out."""
    person = world.person(Role.BILLER)
    browser = world.enter(person)
    with world.caller() as caller:
        own_sessions.end_all(caller, person.id)
    return browser


def new_password(world: World, dice: Random) -> FlaskClient:
    """A browser from before a new password, chosen by its person, given by another, or made on the command line."""
    person = world.person()
    browser, other = world.enter(person), world.enter(person)
    if dice.random() < 0.5:
        form = {"old_password": person.password, "password": (new := "a far longer sentence 7"), "password_again": new}
        assert other.post("/password", data=form | {"csrf_token": token_of(other, "/password")}).status_code == 303
        return dice.choice((browser, other))
    with world.caller() as caller:
        dice.choice((staffing.renew_password, passwords.give_password))(caller, person.email)
    return browser


def changed_person(world: World, dice: Random) -> FlaskClient:
    """A browser from before its person got other roles, other sight, another address, or was shut out."""
    world.person()  # so that the other is not the last administrator
    person = world.person(Role.MANAGER)
    browser = world.enter(person)
    changes: tuple[Callable[[Staff], Staff], ...] = (
        lambda staff: replace(staff, roles=frozenset({Role.SCHEDULER})),
        lambda staff: replace(staff, roles=staff.roles | {Role.ADMINISTRATOR}),
        lambda staff: replace(staff, sites=frozenset()),
        lambda staff: replace(staff, provider_npi=make.NPI),
        lambda staff: replace(staff, active=False),
    )
    with world.caller() as caller:
        before = people.person(caller.session, caller.practice_id, person.id)
        assert before is not None
        staffing.save_staff(caller, dice.choice(changes)(before), version_of(before))
    return browser


def changed_factor(world: World, dice: Random) -> FlaskClient:
    """A browser from before a factor of its person was added, removed, or taken away by an administrator."""
    person = world.person(with_app=True)
    lost = world.enter(person)
    if dice.random() < 0.3:
        with world.caller() as caller:
            factors.remove_all(caller, person.id)
        return lost
    kept = world.enter(person)
    _set_up_app(world, kept)
    if dice.random() < 0.5:
        lost = world.enter(person)
        factor = re.search(r'id="remove-([0-9a-f-]{36})"', kept.get("/sign-in/own").text)
        assert factor
        form = {"factor": factor[1], "csrf_token": token_of(kept, "/sign-in/own")}
        assert kept.post("/sign-in/own/factors/remove", data=form).status_code == 303
    return lost


def step_of_an_old_password(world: World, dice: Random) -> FlaskClient:
    """A sign-in between password and code, while the password is changed."""
    person, browser = world.person(with_app=True), world.browser()
    show_password(browser, person)
    with world.caller() as caller:
        staffing.renew_password(caller, person.email)
    token = TOKEN.search(browser.get("/sign-in").text)
    code = {"code": code_of(person.secret, world.clock.now()), "csrf_token": token[1] if token else ""}
    browser.post("/sign-in/factor", data=code)
    return browser


def forged(world: World, dice: Random) -> FlaskClient:
    """A cookie that somebody made: signed with another key, with a changed letter, or naming a session that is none."""
    browser = world.enter(world.person())
    with browser.session_transaction() as cookie:
        content = dict(cookie)
    thief = world.browser()
    value = str(browser.get_cookie("cleared").value)  # type: ignore[union-attr]
    at = dice.randrange(len(value) - 2)
    changed = value[:at] + ("A" if value[at] != "A" else "B") + value[at + 1 :]
    other_key = URLSafeTimedSerializer("a key that somebody guessed", salt="cookie-session").dumps(content)
    thief.set_cookie("cleared", dice.choice((changed, other_key)))
    return thief


def without_a_factor(world: World, dice: Random) -> FlaskClient:
    """A browser that has shown the password alone, in a practice that asks for a second factor."""
    person = world.person()
    require_factor(world.app)
    browser = world.browser()
    show_password(browser, person)
    return browser


def _set_up_app(world: World, browser: FlaskClient) -> None:
    """Set an authenticator app up in a browser that is signed in, once more proving who it is."""
    page = "/sign-in/set-up"
    browser.post(f"{page}/app", data={"csrf_token": token_of(browser, page)})
    secret = re.search(r'<p class="secret">([A-Z2-7-]+)</p>', browser.get(f"{page}/app").text)
    assert secret
    code = code_of(secret[1].replace("-", ""), world.clock.now())
    answer = browser.post(f"{page}/app/code", data={"code": code, "csrf_token": token_of(browser, f"{page}/app")})
    assert answer.status_code in (200, 303), answer.text


TRICKS: dict[str, Trick] = {
    trick.__name__: trick
    for trick in (
        cookie_from_before,
        cookie_between_the_steps,
        cookie_before_a_proof,
        cookie_before_a_factor,
        signed_out,
        unused,
        too_old,
        revoked,
        revoked_by_an_administrator,
        new_password,
        changed_person,
        changed_factor,
        step_of_an_old_password,
        forged,
        without_a_factor,
    )
}
"""By name. The last one changes the practice, so that it comes last."""
