"""Drill `matrix`: every row of the table of doors, asked by everybody, of an object on every side.

What must come of each cell follows from the row and the kinds of its objects, and is observed by a real request: the
views are replaced by one that says that the door opened, so that no cell changes the next. Then every page that reads
is opened for real by people of limited sight: it may name nobody who is out of their sight.
"""

from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from functools import wraps
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any
from unittest.mock import patch
from uuid import UUID

from flask import Flask, request
from sqlalchemy import TextClause, bindparam, text
from sqlalchemy.engine import make_url
from werkzeug.routing import Rule

from app import create_app
from app.platform.db import Uuid16, db
from app.platform.sessions import engine_of, session_on
from app.practice.access import POLICY
from app.practice.facts.staff import Permission, Role
from app.practice.store import practice as store
from app.web.doors import EVERYBODY, NOBODY, STRANGERS, TOKENS, WORD, Door, Doors
from app.web.objects import KINDS, Row, left_to_the_view
from app.web.schema import bring_up_to_date
from config import load
from tests.drills.matrix_scene import ACTORS, FAR, FOREIGN, MISSING, NAMES, OWN, Actor, Scene
from tests.support import make
from tests.support.web import Browser, write_keys

OPENED = 299
"""What the view that stands in for all answers: a status that nothing else gives."""
_FEW = frozenset({"coordinator", "coordinator of one site", "provider", "administrator"})
MIXED = "of another"
"""The first id is one's own, the next belongs to somebody else."""
PLANTS = ("no-scope", "too-far", "list")
LIMITED, NOBODYS, WHOLE, LEFT = "limited", "nobody's", "whole", "left"
_SPECIAL = {
    "alert": LIMITED,
    "alert code": LIMITED,
    "answer": LIMITED,
    "duty": WHOLE,
    "mail": LIMITED,
    "mail record": LIMITED,
    "printed list": LIMITED,
    "reply": LIMITED,
}
_WRITTEN = dict(KINDS)
"""The kinds as they are written down, whatever a hole makes of them."""


@dataclass(frozen=True, slots=True)
class Cell:
    """One question of the matrix: who asks which row about an object on which side."""

    door: Door
    actor: Actor
    state: str

    def __str__(self) -> str:
        return f"{self.door} by {self.actor.name}, {self.state}"


def far_of(kind: str) -> str:
    """Who sees an object of a kind that is of another site: everybody, whoever is not limited, or only its owner."""
    check = _WRITTEN[kind]
    if check is left_to_the_view:
        return LEFT
    if not isinstance(check, Row):
        return _SPECIAL[kind]
    if check.mine is not None:
        return NOBODYS
    return LIMITED if check.patient or check.visit or check.mine_if_limited else WHOLE


def _is_known(kind: str) -> bool:
    return isinstance(_WRITTEN.get(kind), Row) or kind in _SPECIAL


def kinds_of(door: Door) -> list[str]:
    """The kinds that the guard asks about."""
    return [kind for _name, kind in door.objects if kind != WORD and _WRITTEN.get(kind) is not left_to_the_view]


def states_of(door: Door) -> tuple[str, ...]:
    """On which sides a row's objects are asked about."""
    if not kinds_of(door):
        return (OWN,)
    return (OWN, FAR, FOREIGN, MISSING, MIXED) if len(kinds_of(door)) > 1 else (OWN, FAR, FOREIGN, MISSING)


def expected(cell: Cell) -> int:
    """What must come of a cell, by the table alone."""
    door, actor = cell.door, cell.actor
    if door.group == NOBODY:
        return 404
    if door.group == STRANGERS:
        return OPENED
    if door.group == TOKENS:
        return 401
    if not actor.roles or not actor.active:
        return 302 if door.method == "GET" else 401
    if door.group != EVERYBODY and (not door.roles & actor.roles or (door.whole and actor.limited)):
        return 403
    return OPENED if _in_sight(cell) else 404


def _in_sight(cell: Cell) -> bool:
    far = {far_of(kind) for kind in kinds_of(cell.door)}
    if not far:
        return True
    if cell.state in (FOREIGN, MISSING, MIXED):
        return False
    if cell.state == FAR:
        return NOBODYS not in far and not (LIMITED in far and cell.actor.limited)
    return cell.actor.sees_own or not _of_patients(cell.door)


def _of_patients(door: Door) -> bool:
    """Whether one of a row's objects is seen by whose patient it is of."""
    rows = {kind: _WRITTEN[kind] for kind in kinds_of(door)}
    own = {kind for kind, row in rows.items() if isinstance(row, Row) and row.mine_if_limited}
    return any(far_of(kind) == LIMITED and kind not in own | {"printed list"} for kind in rows)


class Matrix:
    """Asks the cells."""

    def __init__(self, scene: Scene) -> None:
        self.scene = scene
        self.table: Doors = scene.app.extensions["cleared_doors"]
        self.rules: dict[str, Rule] = {rule.rule: rule for rule in scene.app.url_map.iter_rules()}

    def cells(self, small: bool = False) -> Iterator[Cell]:
        """All cells. `small`: of rows that differ only in their address the first, and few people on far sides."""
        seen: dict[Any, int] = {}
        for door in self.table.rows.values():
            same = (door.method == "GET", door.roles, door.group, tuple(kind for _n, kind in door.objects), door.whole)
            seen[same] = seen.get(same, -1) + 1
            if small and seen[same]:
                continue
            cells = (Cell(door, actor, state) for state in states_of(door) for actor in ACTORS)
            yield from (one for one in cells if not small or one.state == OWN or one.actor.name in _FEW)

    def observed(self, cell: Cell) -> int:
        """What comes of a cell."""
        address = self.address(cell)
        browser = self.scene.browsers[cell.actor.name]
        body = {} if cell.door.method == "GET" else {"data": {"x": "1"}}
        if cell.door.group == TOKENS and body:
            body = {"json": {}}
        answer = browser.open(address, method=cell.door.method, **body)
        if answer.status_code == 302 and not answer.location.startswith("/sign-in?"):
            return 0  # led somewhere else: no cell says so
        return answer.status_code

    def address(self, cell: Cell) -> str:
        """The address of a row with ids of a side."""
        values: dict[str, Any] = {}
        before: UUID | str | None = None
        with self.scene.app.app_context():
            for place, (name, kind) in enumerate(cell.door.objects):
                if kind == WORD or kind not in kinds_of(cell.door):
                    values[name] = "x" if kind == WORD else MISSING if kind == "alert steps" else UUID(int=1)
                    continue
                side = (OWN if place == 0 else FAR) if cell.state == MIXED else cell.state
                parent = before if cell.state != MIXED else self._before(cell, place)
                before = values[name] = self.scene.id_of(kind, side, cell.actor, parent)
        rule = self.rules[cell.door.address]
        for name, converter in rule._converters.items():
            if name not in values:
                values[name] = min(getattr(converter, "items", {"x"}))
        built: tuple[str, str] | None = rule.build(values)
        assert built is not None, cell
        return built[1]

    def _before(self, cell: Cell, place: int) -> UUID | str | None:
        """The id of the other side before a place: what is mixed in belongs to somebody else as a whole."""
        before: UUID | str | None = None
        for _name, kind in cell.door.objects[:place]:
            before = self.scene.id_of(kind, FAR, cell.actor, before)
        return before


@contextmanager
def doors_only(app: Flask) -> Iterator[None]:
    """Replace every view by one that says that its door opened; its marks stay."""

    def probe(view: Any) -> Any:
        @wraps(view)
        def opened(*_given: Any, **_named: Any) -> tuple[str, int]:
            return "opened", OPENED

        return opened

    probes = {name: probe(view) for name, view in app.view_functions.items()}
    with patch.dict(app.view_functions, probes), tokenless(app):
        yield


@contextmanager
def tokenless(app: Flask) -> Iterator[None]:
    """Take forms without a token: the drill `csrf` asks for these."""
    with patch.dict(app.config, WTF_CSRF_ENABLED=False):
        yield


def ask(scene: Scene, small: bool = False, view: str | None = None) -> tuple[int, list[str]]:
    """Ask the cells, or those of one view. Returns how many, and each that did not come as written."""
    matrix = Matrix(scene)
    wrong: list[str] = []
    count = 0
    with doors_only(scene.app):
        for cell in matrix.cells(small):
            if view not in (None, cell.door.view):
                continue
            count += 1
            unknown = [kind for kind in kinds_of(cell.door) if not _is_known(kind)]
            if unknown:
                wrong.append(f"{cell}: the kind {unknown[0]} is not known to the matrix")
                continue
            wanted = expected(cell)
            came = matrix.observed(cell)
            if came != wanted:
                wrong.append(f"{cell}: {came} instead of {wanted}")
    return count, wrong


def read_pages(scene: Scene, actors: Iterable[Actor]) -> tuple[int, list[str]]:
    """Open every page that reads, for real, as people of limited sight. Returns how many, and what is wrong."""
    matrix = Matrix(scene)
    pages = [door for (method, _), door in matrix.table.rows.items() if method == "GET" and _real(door)]
    wrong: list[str] = []
    count = 0
    for actor in actors:
        for door in pages:
            cell = Cell(door, actor, OWN)
            if expected(cell) != OPENED:
                continue
            count += 1
            answer = scene.browsers[actor.name].get(matrix.address(cell))
            wrong += [f"{cell}: names {NAMES[side]}" for side in (FAR, FOREIGN) if NAMES[side] in answer.text]
            if answer.status_code >= 500:
                wrong.append(f"{cell}: {answer.status_code}")
    return count, wrong


_FILLED = frozenset({"visit", "patient", "approval", "coverage", "site", "provider", "person", WORD})


def _real(door: Door) -> bool:
    return door.group not in (STRANGERS, TOKENS, NOBODY) and {kind for _name, kind in door.objects} <= _FILLED


def post_forms(scene: Scene, actors: Iterable[Actor]) -> tuple[int, list[str]]:
    """Send ids that are out of sight in the fields of forms, for real: nothing may be said of them or done to them."""
    wrong: list[str] = []
    asked = [(actor, form) for actor in actors for form in _forms(scene, actor)]
    before = _far_rows(scene)
    with tokenless(scene.app):
        for actor, (address, fields, told) in asked:
            answer = scene.browsers[actor.name].open(address, method="POST" if fields else "GET", data=fields)
            shown = answer.text.replace(f'value="{NAMES[FAR]}"', "")
            if NAMES[FAR] in shown or answer.status_code >= 500 or (told and told in (answer.location or "")):
                wrong.append(f"{address} by {actor.name}: {answer.status_code} tells of what is out of sight")
    if _far_rows(scene) != before:
        wrong.append("something was done to what is out of sight")
    return len(asked), wrong


def _far_rows(scene: Scene) -> list[str]:
    """All rows that work on visits and alerts writes, of what is out of sight of the main site."""
    with scene.app.app_context(), db.engine.connect() as connection:
        visit = {"visit": scene.ground[FAR]["visit"]["id"], "patient": scene.ground[FAR]["patient"]["id"]}
        statements = (
            "SELECT * FROM visit WHERE id = :visit",
            "SELECT * FROM visit_work WHERE id = :visit",
            "SELECT * FROM visit_ask WHERE visit_id = :visit",
            "SELECT * FROM alert WHERE patient_id = :patient",
        )
        return [repr(row) for one in statements for row in connection.execute(_bound(one, visit))]


def _bound(statement: str, ids: Mapping[str, Any]) -> TextClause:
    named = [bindparam(name, one, type_=Uuid16()) for name, one in ids.items() if f":{name}" in statement]
    return text(statement).bindparams(*named)


def _forms(scene: Scene, actor: Actor) -> Iterator[tuple[str, dict[str, str], str]]:
    """Addresses and fields that name what is out of sight, and what an answer may not lead to."""
    with scene.app.app_context():
        visit, patient = (str(scene.ground[FAR][table]["id"]) for table in ("visit", "patient"))
        alert = str(scene.id_of("alert", FAR, actor, None))
    yield "/patients", {"words": NAMES[FAR]}, patient
    yield "/patients", {"words": "M00002"}, patient
    yield "/patients", {"words": "W00000002"}, patient
    yield "/patients", {"words": "PA-1042"}, patient
    if Role.PROVIDER in actor.roles:
        return
    yield "/schedule/find", {"mrn": "M00002", "back": "day=2026-03-02"}, patient
    yield f"/schedule?day=2026-03-02&visit={visit}", {}, ""
    yield f"/schedule?day=2026-03-02&patient={patient}", {}, ""
    yield "/schedule/work", {"do": "assign", "tick": f"{visit}.0", "owner": "nobody", "back": ""}, visit
    yield f"/schedule/ask?visit={visit}", {}, visit
    yield "/schedule/ask", {"visit": visit, "note": "Why?", "back": ""}, ""
    yield f"/schedule/self-pay?visit={visit}", {}, visit
    yield "/schedule/self-pay", {"visit": visit, "back": ""}, visit
    yield "/eligibility/ask", {"tick": visit, "day": "03/02/2026"}, visit
    yield "/eligibility/plan-year/ask", {"tick": visit, "year": "2026"}, visit
    yield "/alerts/work", {"do": "take", "tick": f"{alert}.1", "page": ""}, alert


def drill(plant: str | None = None, small: bool = False) -> dict[str, Any]:
    """Ask all cells, read all pages and send the forms, on a practice of its own."""
    with TemporaryDirectory() as folder, scene_in(Path(folder)) as scene, planted(scene, plant):
        return judged(scene, plant, small)


def judged(scene: Scene, plant: str | None, small: bool) -> dict[str, Any]:
    """The answer of the drill on a scene."""
    limited = [one for one in ACTORS if one.limited and one.active and one.sees_own]
    # The cells come last: what they ask for is filled with rows that no page could show.
    pages, wrong = read_pages(scene, limited)
    forms, told = post_forms(scene, limited)
    cells, came = ask(scene, small)
    wrong += told + came
    rows = len(scene.app.extensions["cleared_doors"].rows)
    found = {"rows": rows, "actors": len(ACTORS), "cells": cells, "pages": pages, "forms": forms}
    return {"drill": "matrix", "plant": plant, **found, "wrong": len(wrong), "first": wrong[:10], "passed": not wrong}


@contextmanager
def scene_in(folder: Path) -> Iterator[Scene]:
    """A filled program on an SQLite database of its own, with two practices."""
    write_keys(folder / "keys.json")
    url, clock = f"sqlite:///{folder}/matrix.sqlite", make.clock()
    engine = engine_of(make_url(url))
    bring_up_to_date(engine)
    with session_on(engine, make.keys()) as session:
        store.save_practice(session, make.PRACTICE_ID, make.practice())
        store.save_practice(session, make.OTHER_PRACTICE_ID, make.practice(make.OTHER_PRACTICE_ID, "Other"))
        session.commit()
    engine.dispose()
    given = {"CLEARED_HOME": str(folder), "DATABASE_URL": url, "PUBLIC_BASE_URL": "http://localhost"}
    app = create_app(load(given), clock)
    app.test_client_class = Browser
    yield Scene(app, clock)
    with app.app_context():
        db.session.remove()
        db.engine.dispose()


@contextmanager
def planted(scene: Scene, plant: str | None) -> Iterator[None]:
    """Make a hole."""
    with _hole(scene.app, plant):
        yield


def _hole(app: Flask, plant: str | None) -> Any:
    if plant == "no-scope":
        return patch.dict(KINDS, {"patient": Row("patient")})  # type: ignore[arg-type]
    if plant == "list":
        return patch("app.platform.sight.of_visits", lambda *_given: ())
    if plant == "too-far":
        return _too_far(app)
    return patch.dict({}, {})


@contextmanager
def _too_far(app: Flask) -> Iterator[None]:
    """Open the form of an approval to whoever may read cases; the table that is asked stays as it is."""
    view = app.view_functions["approval_pages.save"]
    before = getattr(view, POLICY)
    table: Doors = app.extensions["cleared_doors"]
    wider = {
        at: replace(door, roles=door.roles | {Role.SCHEDULER}) if door.view == "approval_pages.save" else door
        for at, door in table.rows.items()
    }
    setattr(view, POLICY, Permission.SEE_CASES)
    try:
        with patch("app.web.guard.door_here", lambda _app: _row(replace(table, rows=wider))):
            yield
    finally:
        setattr(view, POLICY, before)


def _row(table: Doors) -> Door | None:
    return table.at(request.method, request.url_rule.rule if request.url_rule else None)
