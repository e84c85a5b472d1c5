"""How a change travels up: an action announces what it touched; the roof wires the listeners.

Listeners run in the same transaction, once for all that it touched: whoever commits calls `settle` first (`writing`
users do it through `announced`).
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from uuid import UUID

from sqlalchemy.orm import Session

from app.platform.caller import Caller
from app.platform.db import writing


@dataclass(frozen=True, slots=True)
class Changed:
    """What was touched: patients whose facts changed, payers whose rules changed (every patient of theirs)."""

    patients: frozenset[UUID] = frozenset()
    payers: frozenset[str] = frozenset()


@dataclass
class _Touched:
    patients: set[UUID] = field(default_factory=set)
    payers: set[str] = field(default_factory=set)


Listener = Callable[[Caller, Changed], None]
_listeners: list[Listener] = []


def listen(listener: Listener) -> None:
    """Wire a listener, once; the roof does it when the program is put together."""
    if listener not in _listeners:
        _listeners.append(listener)


def announce(session: Session, changed: Changed) -> None:
    """Note in the session what was touched."""
    touched = session.info.setdefault("touched", _Touched())
    touched.patients |= changed.patients
    touched.payers |= changed.payers


@contextmanager
def announced(caller: Caller) -> Iterator[Session]:
    """One write transaction at whose end the listeners run for all that was announced in it."""
    caller.session.info.pop("touched", None)
    with writing(caller.session) as session:
        yield session
        touched = session.info.pop("touched", None)
        if touched and (touched.patients or touched.payers):
            session.flush()
            changed = Changed(frozenset(touched.patients), frozenset(touched.payers))
            for listener in _listeners:
                listener(caller, changed)
