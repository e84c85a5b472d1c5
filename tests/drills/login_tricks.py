"""What guessers do at the front door, on the real program, and what must come of it."""

import re
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from random import Random
from threading import Barrier, Lock, Thread
from typing import Any
from unittest.mock import patch

from flask.testing import FlaskClient
from sqlalchemy import event, text

from app.platform import passwords
from app.platform.db import db
from app.practice.actions import throttling
from app.practice.facts.staff import Role
from app.practice.rules.throttle import CHECKS, CHECKS_OF_ONE_SOURCE
from tests.drills.front_door import Person, World
from tests.support.factors import code_of, show_code, show_password
from tests.support.web import token_of

Faults = list[str]
MOST_OF_ONE_SOURCE, MOST_OF_ALL = 12, 50
"""How many guesses of a day may count: from one network (5, then longer and longer waits), and from all together."""


def one_account_one_source(world: World, dice: Random) -> Faults:
    """Guess at one person from one network every ten minutes for a day, and count how often the truth would open."""
    person = world.person(Role.BILLER)
    own = world.enter(person)
    opened = _guess_all_day(world, person, lambda number: "203.0.113.9")
    return _too_many(opened, MOST_OF_ONE_SOURCE) + _kept_out(world, person, own)


def one_account_many_sources(world: World, dice: Random) -> Faults:
    """The same, each time from another network."""
    person = world.person(Role.BILLER)
    own = world.enter(person)
    opened = _guess_all_day(world, person, lambda number: f"198.51.{number // 250}.{number % 250}")
    return _too_many(opened, MOST_OF_ALL) + _kept_out(world, person, own)


def many_accounts_one_source(world: World, dice: Random) -> Faults:
    """Guess once at each of 120 addresses, some of them on file, from one network."""
    known = [world.person(Role.BILLER) for _ in range(3)]
    browser = world.browser("203.0.113.77")
    token, statuses = token_of(browser), []
    for number in range(120):
        email = dice.choice(known).email if dice.random() < 0.2 else f"nobody{number}@example.test"
        form = {"email": email, "password": "Winter2026!", "csrf_token": token}
        statuses.append(browser.post("/sign-in", data=form).status_code)
    compared = statuses.count(422)
    return [f"{compared} guesses of one network were compared"] * (compared > 50)


def flood(world: World, dice: Random) -> Faults:
    """Let 24 browsers of 12 networks send a password at the same moment, and a known one in the middle of it."""
    person, other = world.person(Role.BILLER), world.person(Role.BILLER)
    own = world.enter(other)
    known = world.browser("192.0.2.5")
    known.set_cookie("cleared-known", own.get_cookie("cleared-known").value)  # type: ignore[union-attr]
    sources = [f"198.51.100.{number % 12}" for number in range(24)]
    with watching() as watch:
        statuses = _at_once([(world.browser(source), person, "wrong-password") for source in sources], watch)
        let_in = _at_once([(known, other, other.password)], watch)
    faults = [f"{watch.most} passwords were compared at once"] * (watch.most > CHECKS)
    faults += [f"answer {status} in a flood" for status in {*statuses} - {422, 429}]
    faults += ["a known browser was turned away in a flood"] * (let_in != [302])
    return faults + ["nothing was compared"] * (watch.most == 0)


def flood_of_one_source(world: World, dice: Random) -> Faults:
    """Let 12 browsers of one network send a password at the same moment."""
    person = world.person(Role.BILLER)
    with watching() as watch:
        _at_once([(world.browser("203.0.113.50"), person, "wrong-password") for _ in range(12)], watch)
    return [f"{watch.most} passwords of one network were compared at once"] * (watch.most > CHECKS_OF_ONE_SOURCE)


def replayed_code(world: World, dice: Random) -> Faults:
    """Send one code of an app, and one recovery code, from six browsers at the same moment: each opens one."""
    faults: Faults = []
    person = world.person(with_app=True)
    world.pass_time(60)
    for code in (code_of(person.secret, world.clock.now(), dice.choice((-1, 0, 1))), person.codes[0]):
        browsers = [world.browser(f"192.0.2.{number}") for number in range(6)]
        for browser in browsers:
            show_password(browser, person)
        tokens = [token_of(browser, "/sign-in/factor") for browser in browsers]
        statuses = _all_at_once(
            lambda browser, token, code=code: (
                browser.post("/sign-in/factor", data={"code": code, "csrf_token": token}).location
            ),
            list(zip(browsers, tokens, strict=True)),
        )
        opened = sum(location == "/" for location in statuses)
        faults += [f"one code opened {opened} browsers"] * (opened != 1)
    return faults


def old_codes(world: World, dice: Random) -> Faults:
    """After a code was taken, show every code of the five minutes around it."""
    person = world.person(with_app=True)
    world.enter(person)
    now, faults = world.clock.now(), []
    for number, steps in enumerate((-5, -4, -3, -2, -1, 0, 2, 3, 4, 5)):
        browser = world.browser(f"192.0.2.{100 + number}")
        show_password(browser, person)
        if show_code(browser, code_of(person.secret, now, steps)).status_code == 302:
            faults.append(f"a code of {steps} steps was taken after that of now")
    return faults


def guessed_codes(world: World, dice: Random) -> Faults:
    """Guess codes with the password in hand, from many networks, every five minutes; then show a right one."""
    person = world.person(with_app=True)
    for number in range(min(72, world.hours * 12)):
        browser = world.browser(f"198.51.{number // 250}.{number % 250}")
        show_password(browser, person)
        for _ in range(3):
            if browser.get("/sign-in/factor").status_code == 200:
                show_code(browser, f"{dice.randrange(10**6):06}")
        world.pass_time(300)
    browser = world.browser("203.0.113.1")
    show_password(browser, person)
    answer = show_code(browser, person.codes[1])
    return ["a code was compared after twenty guesses and more"] * (answer.status_code == 302)


def told_by_words(world: World, dice: Random) -> Faults:
    """Compare what is said of somebody on file, nobody, a locked one, and one who may not sign in."""
    pages = {name: page for name, (page, _work) in _of_each(world).items()}
    return [f"the page of one {name} differs" for name, page in pages.items() if page != pages["known"]]


def told_by_work(world: World, dice: Random) -> Faults:
    """Compare the work: each statement, each commit, each comparison of a password. Time is their sum."""
    done = {name: work for name, (_page, work) in _of_each(world).items()}
    return [f"the work for one {name} differs" for name, work in done.items() if work != done["known"]]


def _guess_all_day(world: World, person: Person, source: Callable[[int], str]) -> int:
    """Guess every ten minutes for as long as the drill lasts. Returns how many of the guesses could have been right."""
    counted = []

    def knock(*given: Any) -> throttling.Knock:
        attempt = real(*given)
        counted.append(attempt.refusal is None and not attempt.locked)
        return attempt

    real = throttling.knock
    with patch.object(throttling, "knock", knock):
        for number in range(world.hours * 6):
            world.pass_time(600)
            browser = world.browser(source(number))
            guess = {"email": person.email, "password": f"guess {number}", "csrf_token": token_of(browser)}
            browser.post("/sign-in", data=guess)
    assert len(counted) == world.hours * 6
    return sum(counted)


def _too_many(opened: int, most: int) -> Faults:
    return [f"{opened} guesses of a day could have been right"] * (opened > most) + ["no guess"] * (opened == 0)


def _kept_out(world: World, person: Person, own: FlaskClient) -> Faults:
    """See that the person is let in where they have signed in before, and within an hour anywhere else."""
    known = world.browser("192.0.2.5")
    known.set_cookie("cleared-known", own.get_cookie("cleared-known").value)  # type: ignore[union-attr]
    faults = ["the person was kept out of a known browser"] * (show_password(known, person).status_code != 302)
    world.pass_time(3600)
    new = show_password(world.browser("192.0.2.6"), person)
    return faults + ["the person was kept out of a new browser for an hour"] * (new.status_code != 302)


@dataclass
class Watch:
    """How many passwords are compared at this moment, and the most there ever were."""

    now: int = 0
    most: int = 0
    lock: Any = field(default_factory=Lock)


@contextmanager
def watching() -> Iterator[Watch]:
    """Count comparisons of passwords that are under way; each takes nearly half a second."""
    watch, real = Watch(), passwords._hasher()

    class Slow:
        """The hasher, slowed down and counted."""

        hash = staticmethod(real.hash)

        @staticmethod
        def verify(*given: Any) -> bool:
            """Compare a password."""
            with watch.lock:
                watch.now += 1
                watch.most = max(watch.most, watch.now)
            try:
                time.sleep(0.4)
                return real.verify(*given)
            finally:
                with watch.lock:
                    watch.now -= 1

    with patch.object(passwords, "_hasher", Slow):
        yield watch


def _at_once(tries: list[tuple[FlaskClient, Person, str]], watch: Watch) -> list[int]:
    forms = [
        (browser, {"email": person.email, "password": password, "csrf_token": token_of(browser)})
        for browser, person, password in tries
    ]
    return _all_at_once(lambda browser, form: browser.post("/sign-in", data=form).status_code, forms)


def _all_at_once(act: Callable[..., Any], given: list[tuple[Any, ...]]) -> list[Any]:
    """Call a function with each of several arguments, in threads that begin together. Returns the answers."""
    start, answers = Barrier(len(given), timeout=60), []

    def run(*one: Any) -> None:
        start.wait()
        answers.append(act(*one))

    threads = [Thread(target=run, args=one) for one in given]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return answers


def _of_each(world: World) -> dict[str, tuple[str, list[str]]]:
    """Send a wrong password for somebody of each kind. Returns the pages, and the work that each cost."""
    people = {"known": world.person(), "with an app": world.person(with_app=True)}
    people |= {"shut out": world.person(), "locked": world.person()}
    emails = {name: person.email for name, person in people.items()} | {"unknown": "nobody@example.test"}
    with world.caller() as caller:
        shut = {"email": emails["shut out"]}
        caller.session.execute(text("UPDATE staff SET active = false WHERE email = :email"), shut)
        caller.session.commit()
    for number in range(25):
        show_password(world.browser(f"198.51.100.{number}"), people["locked"], "wrong-password")
    return {name: _work_of(world, email, place) for place, (name, email) in enumerate(emails.items())}


def _work_of(world: World, email: str, place: int) -> tuple[str, list[str]]:
    browser = world.browser(f"10.1.{place}.1")
    form = {"email": email, "password": "wrong-password", "csrf_token": token_of(browser)}
    work: list[str] = []
    real = passwords._hasher()

    class Counting:
        """The hasher, counted with its costs."""

        hash = staticmethod(real.hash)

        @staticmethod
        def verify(stored: str, password: str) -> bool:
            """Compare a password."""
            work.append("compare " + "$".join(stored.split("$")[:4]))
            return real.verify(stored, password)

    def statement(_connection: Any, _cursor: Any, sql: str, *_rest: Any) -> None:
        work.append(re.sub(r"\s+", " ", sql))

    with world.app.app_context():
        engine = db.engine
    event.listen(engine, "before_cursor_execute", statement)
    commit = event.listens_for(engine, "commit")
    commit(committed := lambda _connection: work.append("commit"))
    try:
        with patch.object(passwords, "_hasher", Counting):
            page = browser.post("/sign-in", data=form).text
    finally:
        event.remove(engine, "before_cursor_execute", statement)
        event.remove(engine, "commit", committed)
    return re.sub(r'nonce="[^"]+"|value="[^"]*"', "", page), work
