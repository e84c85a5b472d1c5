"""Pages in the server: milliseconds and queries of every page with many lines on file, beside two yardsticks."""

import html
import re
from datetime import timedelta
from pathlib import Path
from typing import Any

from flask import Flask
from flask.testing import FlaskClient

from app import create_app
from app.clearance.actions.book import rejudge_all
from app.clearance.store import questions
from app.clearance.store import verdicts as verdict_store
from app.platform.caller import Caller
from app.platform.db import db
from app.practice.actions import staff as actions
from app.practice.facts.staff import Role
from config import load
from tests.bench.databases import Databases
from tests.bench.measure import alone, machine, short
from tests.bench.people import NOW, TODAY
from tests.bench.practice import make_practice, opened
from tests.bench.sealing import cost_of_sealing
from tests.support import make
from tests.support.queries import counted
from tests.support.web import EMAIL, Browser, equipped, token_of, write_keys

TIMES, ROWS = 30, 50
_NEXT = re.compile(r'href="([^"]*/schedule\?[^"]*after=[^"]*)"')


def bench(size: int, rules: int, seed: int, databases: Databases) -> dict[str, Any]:
    """Make a practice, judge it, and open its pages as a person who is signed in."""
    with databases.fresh() as (url, folder):
        made = alone(make_practice, url, folder, size, rules, seed)
        alone(_judged, url)
        shown = alone(_pages, url, folder)
    return {
        "workload": "pages",
        "database": databases.kind,
        "size": size,
        "rules": rules,
        "seed": seed,
        "made": made,
        **shown,
        "machine": machine(),
    }


def _judged(url: str) -> int:
    with opened(url) as caller:
        return rejudge_all(caller).changed


def _pages(url: str, folder: Path) -> dict[str, Any]:
    app = web_on(url, folder)
    client = signed_in(app)
    measured = {name: timed_page(app, client, address) for name, address in _addresses(client).items()}
    measured["patient_search"] = _search(app, client)
    sealing = {name: cost_of_sealing(app, client, address) for name, address in _sealed_pages(client).items()}
    with opened(url) as caller:
        bare = short([lambda: _listed(caller)] * TIMES)
        asked = sum(questions.counts(caller.session, caller.practice_id).values())
    health = short([lambda: client.get("/health")] * TIMES)
    with app.app_context():
        db.session.remove()
        db.engine.dispose()
    return {
        "questions": asked,
        "pages": measured,
        "sealing": sealing,
        "yardsticks": {
            "request_without_a_page": health.milliseconds(),
            "reading_50_verdicts": bare.milliseconds(),
        },
    }


def _addresses(client: FlaskClient) -> dict[str, str]:
    """Every page that a person works from, by name; what stands in the middle of a list is found by following links."""
    day = f"/schedule?day={TODAY.isoformat()}"
    week = f"/schedule?span=week&day={(TODAY + timedelta(days=30)).isoformat()}"
    shown, asked = client.get(day).text, client.get("/questions").text
    addresses = {
        "today": "/today",
        "schedule_day": day,
        "schedule_week": week,
        "schedule_later_week": f"/schedule?span=week&day={(TODAY + timedelta(days=60)).isoformat()}",
        "schedule_blocked": f"{day}&badge=blocked",
        "schedule_print": f"/schedule/print?day={TODAY.isoformat()}",
        "questions": "/questions",
        "questions_of_coverage": "/questions?kind=coverage",
        "patients": "/patients",
        "rules": "/rules",
        "routine_services": "/rules/routine",
        "practice_rules": "/rules/practice",
        "december_list": "/rules/december",
        "visit_types": "/schedule/types",
        "imports": "/imports",
        "unknown_payers": "/imports/payers",
        "admin": "/admin",
    }
    followed = {
        "schedule_next_page": (client.get(week).text, _NEXT),
        "schedule_panel": (shown, re.compile(r'href="(/schedule\?[^"]*visit=[^"#]+)')),
        "visit": (shown, re.compile(r'href="(/visits/[0-9a-f-]{36})"')),
        "patient": (shown, re.compile(r'href="(/patients/[0-9a-f-]{36})"')),
        "question": (asked, re.compile(r'href="(/questions/[0-9a-f-]{36})')),
        "questions_next_page": (asked, re.compile(r'href="(/questions\?[^"]*after=[^"]*)"')),
    }
    for name, (text, link) in followed.items():
        found = link.search(text)
        if found is not None:
            addresses[name] = html.unescape(found.group(1))
    if "schedule_panel" in addresses and "visit" not in addresses:
        addresses["visit"] = "/visits/" + re.findall(r"visit=([0-9a-f-]{36})", addresses["schedule_panel"])[0]
    return addresses


def _sealed_pages(client: FlaskClient) -> dict[str, str]:
    """The pages of which it is measured what sealing costs."""
    addresses = _addresses(client)
    return {name: addresses[name] for name in ("schedule_day", "schedule_week", "patient") if name in addresses}


def _search(app: Flask, client: FlaskClient) -> dict[str, Any]:
    """Finding a patient by name: the search is sent in the body, since an address must name nobody."""
    form = {"words": "Rivera", "csrf_token": token_of(client, "/patients")}
    answer = client.post("/patients", data=form)
    assert answer.status_code == 200, f"the search answered {answer.status_code}"
    with app.app_context():
        engine = db.engine
    with counted(engine) as statements:
        client.post("/patients", data=form)
    return {
        **short([lambda: client.post("/patients", data=form)] * TIMES).milliseconds(),
        "queries": len([text for text in statements if not text.startswith("BEGIN")]),
        "bytes": len(answer.data),
    }


def timed_page(app: Flask, client: FlaskClient, address: str, times: int = TIMES) -> dict[str, Any]:
    """One page: the median of several requests, its queries, and how much it says."""
    answer = client.get(address)
    assert answer.status_code == 200, f"{address} answered {answer.status_code}"
    with app.app_context():
        engine = db.engine
    with counted(engine) as statements:
        client.get(address)
    return {
        **short([lambda: client.get(address)] * times).milliseconds(),
        "queries": len([text for text in statements if not text.startswith("BEGIN")]),
        "bytes": len(answer.data),
    }


def _listed(caller: Caller) -> None:
    """Read one page of stored verdicts and nothing else."""
    verdict_store.listed(caller.session, caller.practice_id, (TODAY, TODAY), None, (), None, ROWS)
    caller.session.rollback()


def web_on(url: str, folder: Path) -> Flask:
    """The program on a database of the bench."""
    home = folder / "home"
    home.mkdir()
    write_keys(home / "keys.json")
    settings = load({"CLEARED_HOME": str(home), "DATABASE_URL": url, "PUBLIC_BASE_URL": "http://localhost"})
    return create_app(settings, make.clock(NOW))


def signed_in(app: Flask) -> FlaskClient:
    """A browser of a person who may do everything."""
    app.test_client_class = Browser
    client = app.test_client()
    with app.app_context():
        maker = equipped(Caller(db.session(), make.PRACTICE_ID, make.clock(NOW), via="bench"))
        password = actions.add_staff(
            maker, EMAIL, "Kim Example", frozenset({Role.COORDINATOR, Role.MANAGER, Role.ADMINISTRATOR})
        )
    form = {"email": EMAIL, "password": password, "csrf_token": token_of(client)}
    answer = client.post("/sign-in", data=form)
    assert answer.status_code in (302, 303), f"nobody could sign in: {answer.status_code} {answer.text[-2000:]}"
    return client
