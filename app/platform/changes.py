"""How a change travels up: an action announces what it touched; the roof wires the listeners.

Listeners run in the same transaction, once for all that it touched. What they leave for later (too many patients for
one transaction) their followers do right after the commit, in transactions of their own.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from uuid import UUID

from sqlalchemy.orm import Session

from app.platform.caller import Caller
from app.platform.db import writing


@dataclass(frozen=True, slots=True)
class Told:
    """What a person of the practice is to hear by e-mail of their own sign-in: who, and what happened, in one word.

    `about`: the id of what it is about. `address`: another address than the one on file.
    """

    staff_id: UUID
    what: str
    about: UUID | None = None
    address: str | None = None


@dataclass(frozen=True, slots=True)
class Changed:
    """What was touched: patients whose facts changed, payers whose rules changed (every patient of theirs).

    `practice`: the practice's page, a site or a provider changed, which every visit rests on. `told`: what people of
    the practice are to hear of. `turned`: what a row was and what it is, where its room tells of more than that it
    changed (a coverage that names another plan).
    """

    patients: frozenset[UUID] = frozenset()
    payers: frozenset[str] = frozenset()
    practice: bool = False
    told: tuple[Told, ...] = ()
    turned: tuple[object, ...] = ()


@dataclass
class _Touched:
    patients: set[UUID] = field(default_factory=set)
    payers: set[str] = field(default_factory=set)
    practice: bool = False
    told: list[Told] = field(default_factory=list)
    turned: list[object] = field(default_factory=list)

    def all(self) -> Changed:
        """What was announced so far."""
        named = frozenset(self.patients), frozenset(self.payers)
        return Changed(*named, self.practice, tuple(self.told), tuple(self.turned))


NOTHING = Changed()
Listener = Callable[[Caller, Changed], None]
Follower = Callable[[Caller], None]
_listeners: list[tuple[Listener, Follower | None]] = []


def listen(listener: Listener, follower: Follower | None = None) -> None:
    """Wire a listener and its follower, once; the roof does it when the program is put together."""
    if (listener, follower) not in _listeners:
        _listeners.append((listener, follower))


def announce(session: Session, changed: Changed) -> None:
    """Note in the session what was touched; inside `announced`, or nobody hears of it."""
    touched = session.info.setdefault("touched", _Touched())
    touched.patients |= changed.patients
    touched.payers |= changed.payers
    touched.practice |= changed.practice
    touched.told += changed.told
    touched.turned += changed.turned


@contextmanager
def _announcing(session: Session) -> Iterator[None]:
    session.info["announcing"] = True
    try:
        yield
    finally:
        session.info.pop("announcing", None)


@contextmanager
def announced(caller: Caller) -> Iterator[Session]:
    """One write transaction at whose end the listeners run for all that was announced in it, and then their followers.

    `session.info["visits_changed"]` starts at 0; a listener may count in it for whoever asks. Within another one it is
    a part of it: the outermost commits, and its listeners run once for all.
    """
    if caller.session.info.get("announcing"):
        yield caller.session
        caller.session.flush()
        return
    caller.session.info.pop("touched", None)
    caller.session.info["visits_changed"] = 0
    with writing(caller.session) as session:
        with _announcing(session):
            yield session
        touched = session.info.pop("touched", None)
        changed = touched.all() if touched else NOTHING
        if changed != NOTHING:
            session.flush()
            for listener, _follower in _listeners:
                listener(caller, changed)
    for _listener, follower in _listeners:
        if follower is not None:
            follower(caller)
