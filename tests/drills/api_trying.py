"""Drill `api`: the ground on which `api_contract.py` asks, and planted faults that it must find."""

import time
from collections.abc import Callable
from contextlib import ExitStack
from functools import wraps
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from flask import Flask

from app import create_app
from app.platform.caller import Caller
from app.platform.db import db as flask_db
from app.practice.store import practice as practice_store
from config import load
from tests.drills.api_contract import ROLES, Tally, answer_of, try_role
from tests.drills.scene import database
from tests.support import make
from tests.support.desk import DAY, Desk
from tests.support.web import equipped, write_keys
from tests.web.api.support import ids_on_file, program

PLANTS = ("breaks", "undescribed")


def drill(
    examples: int, seed: int, db: str, plant: str | None, roles: tuple[str, ...] = tuple(ROLES)
) -> dict[str, Any]:
    """Run the drill with tokens of each kind. Returns its answer."""
    began = time.monotonic()
    tallies: dict[str, Tally] = {}
    with ExitStack() as stack:
        folder = Path(stack.enter_context(TemporaryDirectory(prefix="cleared-drill-")))
        url = stack.enter_context(database(db, folder))
        clock = make.clock()
        write_keys(folder / "keys.json")
        app = create_app(
            load({"CLEARED_HOME": str(folder), "DATABASE_URL": url, "PUBLIC_BASE_URL": "http://localhost"}), clock
        )
        with app.app_context():
            caller = equipped(Caller(flask_db.session(), make.PRACTICE_ID, clock, via="drill"))
            practice_store.save_practice(caller.session, make.PRACTICE_ID, make.practice())
            desk = Desk(caller).furnish()
            desk.book(*DAY)
            desk.imported().judge()
        _plant(app, plant)
        ids = ids_on_file(program(app, clock))
        for role in roles:
            asks = program(app, clock, ROLES[role], per_minute=1_000_000)
            tallies[role] = try_role(app, asks.secret, ids, examples, seed)
        with app.app_context():
            flask_db.session.remove()
            flask_db.engine.dispose()
    return {**answer_of(tallies, began), "db": db, "seed": seed, "plant": plant}


def _plant(app: Flask, plant: str | None) -> None:
    """Plant a fault: a view that breaks, or one whose answer is not as described."""
    if plant is None:
        return
    name, bad = PLANTED[plant]
    app.view_functions[name] = wraps(app.view_functions[name])(bad)


def _breaks() -> Any:
    raise LookupError("planted")


def _undescribed() -> Any:
    return {"id": 7, "more": "than described"}, 200


PLANTED: dict[str, tuple[str, Callable[[], Any]]] = {
    "breaks": ("about_api.sites", _breaks),
    "undescribed": ("about_api.token", _undescribed),
}
