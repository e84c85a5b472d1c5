"""Drill `csrf`: forms of other sites at every address that changes something, with every mix of proofs.

A change must prove twice that it comes from a page of ours: by the form's token, and by what the browser says of where
the form stood. Every row of the table of doors that is no GET is posted to with each mix of token, Origin and
Sec-Fetch-Site, by a person who may, on a filled practice. Only the one mix of a page of ours may be taken; nothing else
changes a row.
"""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import product
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any
from unittest.mock import patch

from flask.testing import FlaskClient

from app.practice.facts.staff import Role
from app.web.doors import STRANGERS, TOKENS, Door
from tests.support.web import token_of
from tests.support.whole import Whole, whole_program

OWN = "http://localhost"
TOKENS_SENT = ("right", "missing", "wrong", "of another browser")
ORIGINS = (
    None,
    OWN,
    "https://evil.example",
    "null",
    "http://localhost:8080",
    "http://sub.localhost",
    "https://localhost",
)
SITES = (None, "same-origin", "same-site", "cross-site", "none")
REFERERS = {None: {}, "same": {"Referer": f"{OWN}/schedule"}, "foreign": {"Referer": f"https://evil.example/{OWN}/"}}
PLANTS = ("no-token", "no-origin", "same-site")
READ = frozenset({409, 422})


@dataclass(frozen=True)
class Mix:
    """What one request says of itself."""

    token: str
    origin: str | None
    site: str | None
    referer: str | None

    @property
    def ours(self) -> bool:
        """Whether a page of ours, in a browser, would say this."""
        said = (self.origin, self.site) != (None, None) or self.referer == "same"
        return self.token == "right" and self.origin in (None, OWN) and self.site in (None, "same-origin") and said

    @property
    def headers(self) -> dict[str, str]:
        """The headers of the request."""
        named = {"Origin": self.origin, "Sec-Fetch-Site": self.site}
        return {**{name: value for name, value in named.items() if value is not None}, **REFERERS[self.referer]}


FEW = (
    Mix("missing", OWN, "same-origin", None),
    Mix("wrong", OWN, "same-origin", None),
    Mix("of another browser", OWN, "same-origin", None),
    Mix("right", "https://evil.example", "cross-site", None),
    Mix("right", "null", None, None),
    Mix("right", "http://localhost:8080", "same-site", None),
    Mix("right", OWN, "same-site", None),
    Mix("right", None, "cross-site", None),
    Mix("right", None, None, None),
    Mix("right", None, None, "foreign"),
)
"""One mix for each way to be foreign."""


def mixes() -> list[Mix]:
    """Every mix; a Referer only where a browser says nothing else."""
    every = [Mix(token, origin, site, None) for token, origin, site in product(TOKENS_SENT, ORIGINS, SITES)]
    return every + [Mix(token, None, None, referer) for token in TOKENS_SENT for referer in ("same", "foreign")]


def run(plant: str | None = None, every: int = 1, few: bool = False) -> dict[str, Any]:
    """Post to every address (or to one of `every`) with every mix (or a few). Returns the answer of the drill."""
    with TemporaryDirectory() as folder, whole_program(Path(folder)) as whole, planted(whole, plant):
        return _run(whole, plant, every, FEW if few else mixes())


def _run(whole: Whole, plant: str | None, every: int, sent: Sequence[Mix]) -> dict[str, Any]:
    doors = [(door, at) for door, at in whole.doors("POST", "PUT", "PATCH", "DELETE") if _is_of_pages(door)][::every]
    posted, wrong, changed = 0, [], []
    for number, (door, address) in enumerate(doors):
        browser = whole.enter(*Role, email=f"person{number}@example.test")
        if door.group == STRANGERS:
            browser = whole.app.test_client()
        tokens = {"right": token_of(browser, _form_of(door)), "of another browser": token_of(whole.app.test_client())}
        before = _without_kept(whole.digest())
        for mix in (one for one in sent if not one.ours):
            posted += 1
            if _taken(browser, door, address, mix, tokens):
                wrong.append(f"{door}: {mix}")
        changed += [
            f"{door}: {name}" for name, digest in _without_kept(whole.digest()).items() if digest != before[name]
        ]
    control = _control(whole)
    return {
        "drill": "csrf",
        "plant": plant,
        "addresses": len(doors),
        "requests": posted,
        "taken": len(wrong),
        "changed": len(changed),
        "first": (wrong + changed)[:3],
        "control": control,
        "passed": not wrong and not changed and bool(doors) and control,
    }


def _is_of_pages(door: Door) -> bool:
    return not door.signed and door.group not in (TOKENS, "nobody") and door.view != "security.logout"


def _form_of(door: Door) -> str:
    return "/sign-in" if door.group == STRANGERS else "/settings"


def _taken(browser: FlaskClient, door: Door, address: str, mix: Mix, tokens: dict[str, str]) -> bool:
    form = {"name": "x", "email": "x@example.test"}
    if mix.token != "missing":
        form["csrf_token"] = tokens.get(mix.token, "wrong")
    browser.environ_base.pop("HTTP_SEC_FETCH_SITE", None)
    answer = browser.open(address, method=door.method, data=form, headers=mix.headers)
    led = answer.headers.get("Location", "")
    answer.close()
    elsewhere = led.startswith(("/kept/", "/sign-in"))  # kept for its person to decide, or led to the door
    if door.group == STRANGERS:
        elsewhere = False
    return (answer.status_code < 400 and not elsewhere) or answer.status_code in READ or answer.status_code >= 500


def _control(whole: Whole) -> bool:
    """Say whether the mix of our own page is taken: else nothing above shows anything."""
    browser = whole.enter(Role.SCHEDULER, email="control@example.test")
    form = {"csrf_token": token_of(browser, "/settings"), "theme": "dark", "density": "compact", "single_keys": "yes"}
    for mix in (Mix("right", OWN, "same-origin", None), Mix("right", None, None, "same")):
        browser.environ_base.pop("HTTP_SEC_FETCH_SITE", None)
        if browser.post("/settings", data=form, headers=mix.headers).status_code >= 400:
            return False
    return True


def _without_kept(digest: dict[str, str]) -> dict[str, str]:
    """Leave out what a refused form may leave: a kept form, for its person to decide about."""
    return {name: value for name, value in digest.items() if name != "kept_form"}


@contextmanager
def planted(whole: Whole, plant: str | None) -> Iterator[None]:
    """Plant a bad design for the run."""
    if plant == "no-token":
        whole.app.config["WTF_CSRF_ENABLED"] = False
    elif plant == "no-origin":
        with patch("app.web.gate._from_our_page", lambda _ours: None):
            yield
        return
    elif plant == "same-site":
        with patch("app.web.gate.OF_OURS", frozenset({"same-origin", "same-site"})):
            yield
        return
    yield
