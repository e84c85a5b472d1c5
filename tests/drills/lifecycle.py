"""The lifecycle drill: whatever people do to cases, the program and a small model of it say the same.

Each run begins with a patient and makes so many steps through the program's own actions on a real database: cases are
logged, moved (also where they may not go), corrected, changed by two at once, sent twice, followed up and taken back,
hours or days apart. After each step the state on file, its version and its history are compared: the state must be the
model's, and the history must make the same state anew.
"""

from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory
from typing import Any, ClassVar
from unittest import mock
from uuid import UUID
from zoneinfo import ZoneInfo

from hypothesis import HealthCheck, Phase, seed, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, precondition, rule, run_state_machine_as_test
from sqlalchemy.engine import make_url

from app.authorizations import actions, store
from app.authorizations.facts import UNSENT, AuthorizationRecord, Counting, Item, Kind, Status
from app.authorizations.rules import moves, settling
from app.authorizations.rules.history import divergences
from app.patients import store as patients
from app.patients.facts import PatientDetails
from app.platform.caller import Caller
from app.platform.db import writing
from app.platform.ids import new_id
from app.platform.sessions import engine_of, session_on
from tests.drills.lifecycle_model import FOLLOWS, STATES, Case, Is, Model, Refused
from tests.drills.scene import database
from tests.support import make

RUNS, STEPS = 2_000, 60
CODE, PAYER = "96910", "aetna"
ZONE = ZoneInfo(make.ZONE)

dices = st.integers(0, 2**48).map(Random)
"""Each step draws what it does by dice of its own: evenly, where values drawn one by one gather at the edges."""
OFFSETS = (None, -60, -30, 0, 30, 180)
SAID: dict[str, tuple[Any, ...]] = {
    "number": (None, "PA-1", "pa 1", "PA-2", "PA-3", "TBD", "verbal", "0000"),
    "reference": (None, "R-1", "R-2", "see notes"),
    "verbal": (False, True),
    "count": (0, 1, 12, 36, 40),
    "begins": OFFSETS,
    "ends": OFFSETS,
    "decided_on": (None, -40, -9, -1, 0, 0, 1),
    "requested_on": (None, -40, -9, -1, 0, 0, 1),
    "too_early": OFFSETS,
    "note": (None, "called", "faxed"),
}
_DAYS = ("begins", "ends", "decided_on", "requested_on", "too_early")
_NAMES = {"too_early": "too_early_until"}
REFUSALS: dict[type[Exception], str] = {
    actions.StaleAuthorizationError: "stale",
    moves.IllegalMoveError: "illegal",
    settling.RefusedValueError: "value",
    actions.KnownNumberError: "known",
    actions.UndoRefusedError: "undo",
}


class DivergedError(AssertionError):
    """The program and the model say different things. Its text says where."""


class Ground:
    """A database with a practice; each run begins with a new patient in it."""

    def __init__(self, caller: Caller) -> None:
        """Count what was done."""
        self.caller = caller
        self.counts: Counter[str] = Counter()
        self.steps: list[str] = []
        self.first: tuple[str, list[str]] | None = None

    def number(self) -> int:
        """Count on, whatever run it is."""
        self.counts["numbers"] += 1
        return self.counts["numbers"]

    def a_patient(self) -> UUID:
        """Put a patient on file."""
        one = PatientDetails(new_id(), f"L{self.counts['runs']}", "Lee", "Sam", date(1980, 1, 1))
        with writing(self.caller.session) as session:
            patients.add_patients(session, self.caller.practice_id, [one])
        return one.id


class Life(RuleBasedStateMachine):
    """What people do to the cases of one patient."""

    ground: ClassVar[Ground]

    def __init__(self) -> None:
        super().__init__()
        self.model, self.patient = Model(), self.ground.a_patient()
        self.order: list[UUID] = []
        self.ground.counts["runs"] += 1
        self.ground.caller.clock.instant = make.NOW  # type: ignore[attr-defined]
        self.ground.steps.clear()

    @initialize(dice=dices)
    def log_first(self, dice: Random) -> None:
        self._add(dice)

    @precondition(lambda self: len(self.order) < 6)
    @rule(dice=dices)
    def log(self, dice: Random) -> None:
        self._add(dice)

    @precondition(lambda self: self.order)
    @rule(dice=dices)
    def go(self, dice: Random) -> None:
        case, event, plain = self._case(dice), _a_form_s_id(dice, self.ground.number()), self._said(dice)
        ways = sorted(one.value for one in moves.MOVES[Status(case.now.status)])
        to = dice.choice(ways) if ways and dice.random() < 0.7 else dice.choice(STATES)
        late = dice.randint(0, 9)
        version = case.version - (late == 0)
        for _twice in range(1 + (late == 1)):
            self._both(
                f"move {case.now.status} to {to} with {plain}, version {version - case.version:+d}",
                case.id,
                lambda: self.model.move(case.id, version, to, plain, self._now(), self._today(), event),
                lambda: actions.move(
                    self.ground.caller, case.id, version, Status(to), self._values(case, plain), None, event
                ),
            )

    @precondition(lambda self: self.order)
    @rule(dice=dices)
    def change(self, dice: Random) -> None:
        case, event, plain = self._case(dice), _a_form_s_id(dice, self.ground.number()), self._said(dice)
        version, used, marked = case.version, dice.randint(0, 36), dice.random() < 0.2
        if dice.random() < 0.3 and (case.now.count or 0) >= used and "count" not in plain:
            plain["used"] = used
        status = {"status": dice.choice(STATES)} if dice.random() < 0.3 else {}
        written = self._values(case, plain, exact=True) | {name: Status(to) for name, to in status.items()}
        why = actions.MISTAKE if marked else None
        self._both(
            f"change {case.now.status} {'marked ' * marked}to {status | plain}",
            case.id,
            lambda: self.model.change(case.id, version, status | plain, marked, self._now(), event),
            lambda: actions.change_authorization(self.ground.caller, case.id, version, written, why, event),
        )

    @precondition(lambda self: self.order)
    @rule(dice=dices)
    def correct(self, dice: Random) -> None:
        case, event, plain = self._case(dice), _a_form_s_id(dice, self.ground.number()), self._said(dice)
        version, to = case.version, dice.choice(STATES)
        pointed = dice.choice(store.events_of(self.ground.caller.session, make.PRACTICE_ID, case.id)).id
        written = self._values(case, plain, exact=True) | {"status": Status(to)}
        self._both(
            f"correct {case.now.status} to {to} with {plain}",
            case.id,
            lambda: self.model.change(case.id, version, {"status": to} | plain, True, self._now(), event),
            lambda: actions.correct(self.ground.caller, case.id, version, pointed, written, actions.MISTAKE, event),
        )

    @precondition(lambda self: self.order)
    @rule(dice=dices)
    def take_back(self, dice: Random) -> None:
        case = self._case(dice, 0.5)
        events = store.events_of(self.ground.caller.session, make.PRACTICE_ID, case.id)
        event = events[-2] if len(events) > 1 and dice.random() < 0.2 else events[-1]
        self._both(
            f"take back {'the last' if event is events[-1] else 'an earlier'} change of {case.now.status}",
            case.id,
            lambda: self.model.take_back(case.id, event is events[-1], self._now()),
            lambda: actions.take_back(self.ground.caller, event.id, case.id),
        )

    @precondition(lambda self: self.order and len(self.order) < 12)
    @rule(dice=dices)
    def follow(self, dice: Random) -> None:
        case, key, kind = self._case(dice, 0.5), new_id(), dice.choice(sorted(FOLLOWS))
        for _twice in range(2):
            self._both(
                f"follow {case.now.status} by {kind}",
                key,
                lambda: self.model.follow(case.id, kind, key, self._now()),
                lambda: actions.follow_up(self.ground.caller, case.id, Kind(kind), key),
            )
        if key in self.model.cases:
            self.order.append(key)

    @rule(dice=dices)
    def wait(self, dice: Random) -> None:
        hours = dice.choice((1, 5, 20, 30, 200))
        self.ground.caller.clock.instant += timedelta(hours=hours)  # type: ignore[attr-defined]

    def teardown(self) -> None:
        for one in self.order:
            self._compare(one)
            found = {two.id for two in store.chain_of(self.ground.caller.session, make.PRACTICE_ID, one)}
            self._same("chain", found, self.model.linked(one))

    def _add(self, dice: Random) -> None:
        key, plain, status = new_id(), self._said(dice), dice.choice(STATES)
        now = Is(status, status, **plain)
        blank = AuthorizationRecord(key, self.patient, "", PAYER, "Aetna", Status(status), status)
        record = replace(blank, **{"items": _items(now), **self._written(plain)})
        self._both(
            f"log {status} with {plain}",
            key,
            lambda: self.model.add(key, now, self._now()),
            lambda: actions.add_authorization(self.ground.caller, record),
        )
        if key in self.model.cases:
            self.order.append(key)

    def _case(self, dice: Random, living: float = 0.85) -> Case:
        """A case; more often than not one that is not over."""
        cases = [self.model.cases[one] for one in self.order]
        alive = [one for one in cases if one.now.status not in ("voided", "closed")]
        return dice.choice(alive if alive and dice.random() < living else cases)

    def _now(self) -> Any:
        return self.ground.caller.clock.now()

    def _today(self) -> date:
        return self.ground.caller.clock.today(ZONE)

    def _said(self, dice: Random) -> dict[str, Any]:
        """What is said with a step: some fields or none."""
        names = [name for name in SAID if dice.random() < dice.choice((0, 0.15, 0.4))]
        told = {name: dice.choice(SAID[name]) for name in names}
        ahead = {name: told[name] for name in _DAYS if told.get(name) is not None}
        return told | {name: self._today() + timedelta(days=ahead[name]) for name in ahead}

    def _values(self, case: Case, plain: dict[str, Any], exact: bool = False) -> dict[str, Any]:
        """The values as the program names them; `exact`: with the units used that are to stand."""
        found = self._written(plain)
        if "count" in plain or "used" in plain:
            now = replace(case.now, **{name: plain[name] for name in ("count", "used") if name in plain})
            found["items"] = _items(now if exact else replace(now, used=None))
        return found

    def _written(self, plain: dict[str, Any]) -> dict[str, Any]:
        return {_NAMES.get(name, name): plain[name] for name in plain if name not in ("count", "used")}

    def _both(self, what: str, case_id: UUID, model: Callable[[], Any], program: Callable[[], Any]) -> None:
        """Let both do it, and compare what came of it."""
        self.ground.steps.append(what)
        self.ground.counts["steps"] += 1
        expected, found = _answer(model), _answer(program)
        self.ground.counts[expected] += 1
        self._same("answer", found, expected)
        if case_id in self.model.cases:
            self._compare(case_id)

    def _compare(self, case_id: UUID) -> None:
        session, case = self.ground.caller.session, self.model.cases[case_id]
        found = store.record_of(session, make.PRACTICE_ID, case_id)
        self._same("on file", found is not None, True)
        assert found is not None
        record, version = found
        events = store.events_of(session, make.PRACTICE_ID, case_id)
        self._same("state", _as_is(record), case.now)
        self._same("chain link", (record.kind.value, record.parent_id), (case.kind, case.parent))
        self._same("version", version, case.version)
        self._same("number of events", len(events), case.version)
        self._same("history against state", divergences(events, record), ())

    def _same(self, what: str, found: Any, expected: Any) -> None:
        if found != expected:
            said = f"{what}: the program says {found}, the model {expected}"
            self.ground.first = self.ground.first or (said, self.ground.steps[-8:])
            raise DivergedError(said)


def _a_form_s_id(dice: Random, number: int) -> UUID:
    """The id that a form brings for its change: of the time at which it was shown, so in no order with others."""
    return UUID(int=(dice.getrandbits(64) << 64) | number)


def _answer(do: Callable[[], Any]) -> str:
    try:
        do()
    except Refused as refused:
        return str(refused)
    except tuple(REFUSALS) as refused:
        return REFUSALS[type(refused)]
    return "done"


def _items(now: Is) -> tuple[Item, ...]:
    return (Item((CODE,), None, Counting.UNITS, now.count, now.used),)


def _as_is(record: AuthorizationRecord) -> Is:
    (item,) = record.items
    asked = record.requested[0] if record.requested else None
    return Is(
        record.status.value, record.raw_status, record.number, record.reference, record.verbal, item.count, item.used,
        record.begins, record.ends, record.requested_on, record.decided_on, record.too_early_until,
        (asked.count, asked.begins, asked.ends) if asked else None, record.note,
    )  # fmt: skip


@contextmanager
def _decides_what_was_not_asked() -> Iterator[None]:
    """A planted hole: a decision is taken for a request that the payer never got, or that was withdrawn."""
    more = {one: moves.MOVES[one] | moves.GRANTED for one in (*UNSENT, Status.WITHDRAWN)}
    with mock.patch.object(moves, "MOVES", {**moves.MOVES, **more}):
        yield


@contextmanager
def _keeps_a_word_for_a_number() -> Iterator[None]:
    """A planted hole: a spoken yes stands with whatever was typed as its number."""
    with mock.patch.object(settling, "real_number", lambda text: text):
        yield


@contextmanager
def _forgets_the_note() -> Iterator[None]:
    """A planted hole: the history keeps no words of people, as it once did, so that they do not come back."""
    whole = actions.changes_of

    def without(old: Any, new: Any) -> Any:
        return {name: pair for name, pair in whole(old, new).items() if name != "note"}

    with mock.patch.object(actions, "changes_of", without):
        yield


PLANTS: dict[str, Callable[[], Any]] = {
    "decide-unasked": _decides_what_was_not_asked,
    "word-for-number": _keeps_a_word_for_a_number,
    "forget-words": _forgets_the_note,
}


def drill(runs: int, steps: int, seed_: int, plant: str | None = None) -> dict[str, Any]:
    """Run the drill.

    Takes     how many patients, how many steps with the cases of each, the seed of the dice, a hole to plant.
    Returns   the counts, the first divergence with the last steps before it, and `passed`.
    """
    found: dict[str, Any] = {"drill": "lifecycle", "seed": seed_, "runs": runs, "steps": steps, "plant": plant}
    with ExitStack() as stack:
        folder = Path(stack.enter_context(TemporaryDirectory(prefix="cleared-lifecycle-")))
        url = stack.enter_context(database("sqlite", folder, practices=True))
        engine = engine_of(make_url(url))
        stack.callback(engine.dispose)
        session = stack.enter_context(session_on(engine, make.keys()))
        ground = Ground(Caller(session, make.PRACTICE_ID, make.clock()))
        if plant:
            stack.enter_context(PLANTS[plant]())
        life = seed(Random(seed_).getrandbits(64))(type("LifeHere", (Life,), {"ground": ground}))
        pace = settings(
            max_examples=runs, stateful_step_count=steps, deadline=None, database=None, phases=(Phase.generate,),
            suppress_health_check=list(HealthCheck), print_blob=False, report_multiple_bugs=False,
        )  # fmt: skip
        with suppress(DivergedError):
            run_state_machine_as_test(life, settings=pace)
        counts, first = ground.counts, ground.first
    refusals = sorted(set(REFUSALS.values()))
    found |= {"made": counts["steps"], "done": counts["done"], "refused": sum(counts[one] for one in refusals)}
    found |= {one: counts[one] for one in refusals}
    found |= {
        "divergences": int(first is not None),
        "first": first and first[0],
        "before_it": first[1] if first else [],
    }
    return found | {"passed": first is None and counts["runs"] >= runs and counts["done"] > 0}
