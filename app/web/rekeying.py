"""Exchange keys: a new sealing key online, a new audit key for the lines to come, a new key for cookies.

What each step needs to go on after a kill stands in the key file and in the database: which key seals now, which
values are under another, and since when. No key is ever shown or logged.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Table, func, select

from app.audit.actions import record
from app.platform.caller import Caller
from app.platform.db import Model, writing
from app.platform.key_checks import KeyCheck, checks_of, note_keys, note_retired
from app.platform.keys import KeyPlace, Keys, random_key, write_keys
from app.platform.lock import held
from app.platform.resealing import reseal, sealed_under
from app.platform.sessions import equip
from app.web.opening import Installation

SETTLED = timedelta(minutes=10)
"""How long whoever runs may still hold the key of before: the longest that a session of a request or a job lasts."""
MOST_KEYS = 255


class RekeyingError(Exception):
    """The keys cannot be exchanged like this; the text says what to do."""


@dataclass(frozen=True, slots=True)
class KeyState:
    """One key: its name, since when, until when it was in use, and how many values are sealed under it (sealing)."""

    name: str
    since: datetime
    in_use: bool
    retired_at: datetime | None
    sealed: int | None


def states(caller: Caller, installation: Installation) -> tuple[KeyState, ...]:
    """Tell how the keys of a database stand. Holds no key material."""
    counts, keys = sealed_under(caller.session), installation.keys
    in_use = {f"sealing-{keys.keyring.current}", "index", f"audit-{keys.audit_id}"}
    return tuple(
        KeyState(one.name, one.since, one.name in in_use, one.retired_at, _sealed(one, counts))
        for one in checks_of(caller.session.connection())
    )


def _sealed(one: KeyCheck, counts: dict[int, int]) -> int | None:
    kind, _, key_id = one.name.partition("-")
    return counts.get(int(key_id), 0) if kind == "sealing" else None


def rotate(caller: Caller, installation: Installation) -> Iterator[int]:
    """Add a sealing key, or take up a rotation that was interrupted, and seal everything under it, piece by piece.

    Gives     the rows sealed anew so far.
    Raises    RekeyingError where the keys come from the environment and hold no other one to go to, or while another
              rotation runs.
    """
    with alone(installation):
        keys = installation.keys
        if not set(sealed_under(caller.session)) - {keys.keyring.current}:
            keys = _with_another(caller, installation)
        equip(caller.session, keys)
        note_keys(installation.engine, keys, caller.clock.now())
        done = 0
        while set(sealed_under(caller.session)) - {keys.keyring.current}:
            for rows in reseal(caller.session):
                done += rows
                yield done
        with writing(caller.session):
            record(caller, "keys.resealed", key=keys.keyring.current, rows=done)


def _with_another(caller: Caller, installation: Installation) -> Keys:
    """Write a new sealing key into the key file, as the one that seals from now on."""
    content = written(installation)
    known = {int(one.name.partition("-")[2]) for one in _sealing(caller)} | {int(one) for one in content["sealing"]}
    new = max(known) + 1
    if new > MOST_KEYS:
        raise RekeyingError(f"{MOST_KEYS} sealing keys were used; restore a backup into a new database with new keys.")
    with writing(caller.session):
        record(caller, "keys.rotated", key=new)
    content["sealing"][str(new)] = random_key()
    write_keys(installation.live.place.path, content | {"current": new})
    return installation.keys


def _sealing(caller: Caller) -> list[KeyCheck]:
    return [one for one in checks_of(caller.session.connection()) if one.name.startswith("sealing-")]


def retire(caller: Caller, installation: Installation) -> tuple[int, ...]:
    """Take the sealing keys under which nothing is left out of the key file. Returns their ids.

    Raises    RekeyingError while values are left under one of them, while whoever runs may still seal under it, or
              while the undoing of an import may bring values of before back.
    """
    with alone(installation):
        content = written(installation)
        going = [int(key_id) for key_id in content["sealing"] if int(key_id) != int(content["current"])]
        if not going:
            raise RekeyingError("There is no key to retire: the key file holds one sealing key.")
        _refuse_needed(caller, going)
        kept = {key_id: key for key_id, key in content["sealing"].items() if int(key_id) not in going}
        with writing(caller.session) as session:
            for key_id in going:
                note_retired(session.connection(), f"sealing-{key_id}", caller.clock.now())
                record(caller, "keys.retired", key=key_id)
        write_keys(installation.live.place.path, content | {"sealing": kept})
        return tuple(going)


def _refuse_needed(caller: Caller, going: list[int]) -> None:
    left = {key_id: count for key_id, count in sealed_under(caller.session).items() if key_id in going}
    if left:
        raise RekeyingError(f"{sum(left.values())} values are under a key of before. Run keys rotate first.")
    checks = {one.name: one for one in _sealing(caller)}
    since = [one.replaced_at for key_id in going if (one := checks[f"sealing-{key_id}"]).replaced_at is not None]
    if len(since) < len(going) or max(since) + SETTLED > caller.clock.now():
        raise RekeyingError("Some who run may still hold the key of before. Run keys retire again in ten minutes.")
    pieces = _pieces()
    undoable = select(func.count()).select_from(pieces).where(pieces.c.at <= max(since) + SETTLED)
    if caller.session.scalar(undoable):
        raise RekeyingError(
            "Imports of before can still be undone, and hold values under the key of before. "
            "Run keys retire again a day after the rotation."
        )


def rotate_audit(caller: Caller, installation: Installation) -> int:
    """Sign the audit lines to come under a new key; the key of before stays, to check the lines of before. Its new id.

    The line that tells of it is the last under the key of before.
    """
    with alone(installation):
        content = written(installation)
        keys = installation.keys
        new = keys.audit_id + 1
        with writing(caller.session):
            record(caller, "keys.audit_rotated", key=new)
        older = content.get("older_audits", {}) | {str(keys.audit_id): content["audit"]}
        changed = {"audit": random_key(), "audit_id": new, "older_audits": older}
        write_keys(installation.live.place.path, content | changed)
        equip(caller.session, installation.keys)
        note_keys(installation.engine, installation.keys, caller.clock.now())
        return new


def rotate_cookie(caller: Caller, installation: Installation) -> None:
    """Sign cookies under a new key from the next start on, which ends every session."""
    with alone(installation):
        content = written(installation)
        with writing(caller.session):
            record(caller, "keys.cookie_rotated")
        write_keys(installation.live.place.path, content | {"cookie": random_key()})


def written(installation: Installation) -> dict[str, Any]:
    """What the key file holds. Raises RekeyingError for keys that this program cannot change."""
    place: KeyPlace = installation.live.place
    if place.text is not None:
        raise RekeyingError(
            "The keys come from CLEARED_KEYS, which this program cannot change. Add the new key there with another "
            "id, name it in `current`, start the program anew, and run keys rotate: it seals everything under it."
        )
    return place.content()


def _pieces() -> Table:
    return Model.metadata.tables["import_piece"]


@contextmanager
def alone(installation: Installation) -> Iterator[None]:
    """Exchange keys alone. Raises RekeyingError while another process does."""
    with held(installation.engine, "keys") as mine:
        if not mine:
            raise RekeyingError("Keys are being exchanged by another process. Wait until it has ended.")
        yield
