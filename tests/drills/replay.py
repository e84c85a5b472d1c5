"""Drill `replay`: what payers send comes ten times, eight at once, in any order; forged, and for what is not open.

Each file does its work once, whatever the order, and every order comes to the same end. Then each comes again with one
byte changed, many times: no case and no coverage is other than before. An answer for another practice and an approval
of a canceled request change nothing either.
"""

import io
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import astuple, replace
from datetime import date, datetime, timedelta
from functools import cache
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory
from typing import Any
from unittest.mock import patch

from sqlalchemy import Engine, text
from sqlalchemy.engine import make_url
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session

from app.authorizations import actions as authorization_actions
from app.authorizations import store as authorization_store
from app.authorizations.facts import Counting, Item, Status
from app.casework.actions import payer_answers
from app.casework.facts.payer_answers import PayerRequest, RequestChannel
from app.casework.store.payer_answers import note_trace
from app.coverage.store import coverages as coverage_store
from app.mailroom.actions import receiving
from app.mailroom.facts import Envelope, RecordState, Report, Via
from app.mailroom.files import opener
from app.mailroom.store import records
from app.platform.caller import Caller
from app.platform.sessions import engine_of, session_on
from app.standards.errors import ReadingError
from app.standards.reading import documents
from tests.drills.replay_files import APPROVED, CANCELED, DENIED, PENDED, PEOPLE, SHORT, files, forgeries
from tests.drills.scene import database
from tests.support import make
from tests.support.desk import Booking, Desk

AT_ONCE, TURNS = 8, 20
PLANTS = ("any-status", "no-control-numbers")
END = {
    APPROVED: Status.APPROVED,
    DENIED: Status.DENIED,
    PENDED: Status.APPROVED,
    CANCELED: Status.WITHDRAWN,
    SHORT: Status.PARTLY_APPROVED,
}
"""How each person's case must stand at the end."""
TWICE = "SELECT case_id FROM payer_answer GROUP BY case_id, answer HAVING count(*) > 1"
COUNTED = {
    "denials": ("SELECT count(*) FROM denial", 1),
    "claims": ("SELECT count(*) FROM remittance_claim", 1),
    "checks": ("SELECT count(*) FROM eligibility_check", 1),
    "answers twice": (f"SELECT count(*) FROM ({TWICE}) AS twice", 0),
}
"""What the files may make in all, by a question to the database."""


def drill(
    seed: int, db: str, plant: str | None = None, copies: int = 10, orders: int = 3, each: int = 12
) -> dict[str, Any]:
    """Run the drill.

    Takes     the seed of the dice; which database; a bad design to plant; how often each file comes, in how many
              orders, and how many forgeries there are of each file.
    Returns   how much came, how often an effect was there twice or not at all, what was forged, `passed`.
    """
    dice, ends, genuine = Random(seed), [], files()
    answer: dict[str, Any] = {
        "drill": "replay", "seed": seed, "db": db, "plant": plant, "files": len(genuine), "delivered": 0,
        "orders": orders, "wrong_effects": 0, "forgeries": 0, "forged_changes": 0, "broken": 0,
    }  # fmt: skip
    for _order in range(orders):
        with _practice(db, plant) as engine:
            waiting = [content for content in genuine.values() for _copy in range(copies)]
            dice.shuffle(waiting)
            answer["delivered"] += len(waiting)
            answer["broken"] += _deliver(engine, waiting)
            ends.append(_state(engine))
            answer["wrong_effects"] += _wrong(engine, ends[-1])
            forged = list(forgeries(genuine, each, dice))
            dice.shuffle(forged)
            answer["forgeries"] += len(forged)
            answer["broken"] += _deliver(engine, forged)
            answer["forged_changes"] += sum(one != other for one, other in zip(ends[-1], _state(engine), strict=True))
    answer["ends"] = len(set(ends))
    counts = (answer["wrong_effects"], answer["forged_changes"], answer["broken"], answer["ends"] - 1)
    return answer | {"passed": not any(counts)}


@contextmanager
def _practice(db: str, plant: str | None) -> Iterator[Engine]:
    """A practice with five cases that went to their payer, of which one was withdrawn since."""
    with ExitStack() as stack:
        folder = Path(stack.enter_context(TemporaryDirectory(prefix="cleared-drill-")))
        url = stack.enter_context(database(db, folder, practices=True))
        for hole in _holes(plant):
            stack.enter_context(hole)
        stack.enter_context(patch.object(receiving, "documents_in", _read_here))
        stack.enter_context(patch.object(receiving, "envelopes_in", _envelopes_here))
        engine = engine_of(make_url(url))
        stack.callback(engine.dispose)
        with session_on(engine, make.keys()) as session:
            _furnish(Caller(session, make.PRACTICE_ID, make.clock(), via="test"))
        yield engine


def _furnish(caller: Caller) -> None:
    desk = Desk(caller).furnish()
    desk.book(*(Booking(8 + place, last, first, "pending") for place, (last, first) in enumerate(PEOPLE)))
    for place in range(len(PEOPLE)):
        case = make.an_id(60_001 + place)
        found = authorization_store.record_of(caller.session, caller.practice_id, case)
        assert found is not None
        status = Status.WITHDRAWN if place == CANCELED else Status.SUBMITTED
        items = (Item(("96910",), None, Counting.UNITS, 36),)
        record = replace(found[0], status=status, raw_status=status.value, items=items, used_on=None, reference=None)
        record = replace(record, begins=date(2026, 3, 1), ends=date(2026, 8, 31))
        authorization_store.change_authorizations(caller.session, caller.practice_id, [record], [])
        request = PayerRequest(make.an_id(800 + place), case, RequestChannel.X12, f"T-{place + 1}", make.NOW)
        note_trace(caller.session, caller.practice_id, request)
    caller.session.commit()


def _deliver(engine: Engine, contents: Sequence[bytes]) -> int:
    """Let files come, eight at once. Returns how many were not taken to their end."""

    def take(content: bytes) -> Report | None:
        for _turn in range(TURNS):  # a busy database turns a file away; its sender, or the folder, brings it again
            with suppress(OperationalError), session_on(engine, make.keys()) as session:
                return receiving.receive(_caller(session), content, "file", Via.FOLDER)
        return None

    with ThreadPoolExecutor(AT_ONCE) as hands:
        came = [coming.result() for coming in [hands.submit(take, content) for content in contents]]
    with session_on(engine, make.keys()) as session:
        receiving.go_on(_caller(session, make.NOW + timedelta(minutes=5)))
        caller = _caller(session)
        left = records.waiting(caller.session, caller.practice_id, caller.scope, (RecordState.TO_FILE,), None, 999)
        failed = records.waiting(caller.session, caller.practice_id, caller.scope, (RecordState.UNMATCHED,), None, 999)
    return came.count(None) + len(left) + sum(one.why == "failed" for one in failed)


def _caller(session: Session, now: datetime = make.NOW) -> Caller:
    return Caller(session, make.PRACTICE_ID, make.clock(now), via="job")


def _state(engine: Engine) -> tuple[str, ...]:
    """How every case and coverage stands, as text."""
    with session_on(engine, make.keys()) as session:
        caller = _caller(session)
        ids = [make.an_id(10_001 + place) for place in range(len(PEOPLE))]
        cases = authorization_store.records_of(caller.session, caller.practice_id, ids)
        coverages = coverage_store.records_of(caller.session, caller.practice_id, ids)
        kept = [one for group in (*cases.values(), *coverages.values()) for one in group]
        return tuple(sorted(repr(astuple(one)) for one in kept))


def _wrong(engine: Engine, state: tuple[str, ...]) -> int:
    """Count effects that are not there, or there more than once."""
    with session_on(engine, make.keys()) as session:
        caller = _caller(session)
        wrong = 0
        for place, status in END.items():
            found = authorization_store.record_of(caller.session, caller.practice_id, make.an_id(60_001 + place))
            wrong += found is None or found[0].status is not status
        for asked, right in COUNTED.values():
            wrong += caller.session.scalar(text(asked)) != right
    return wrong


@cache
def _read_here(content: bytes) -> list[dict[str, Any]]:
    """Read as the confined process does, without one: a drill delivers the same bytes many times."""
    found: list[dict[str, Any]] = []
    try:
        found.extend(documents(io.BytesIO(content)))
    except ReadingError as error:
        told = {"code": error.fault.value, "message": error.sentence}
        found.append({"kind": error.kind, "error": told})
    return found


@cache
def _envelopes_here(content: bytes) -> tuple[Envelope, ...]:
    return tuple(Envelope(*one) for one in opener.sets_of_x12(content.decode("latin-1")))  # type: ignore[arg-type]


def _holes(plant: str | None) -> list[Any]:
    """The bad designs: answers that are taken however the case stands; sets that are not known by their numbers."""
    if plant == "any-status":
        return [
            patch.object(payer_answers, "OPEN", frozenset(Status)),
            patch.object(authorization_actions, "refuse_illegal", lambda _record, _to: None),
        ]
    return [patch.object(records, "control_text", lambda _envelope: None)] if plant == "no-control-numbers" else []
