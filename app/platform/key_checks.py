"""The keys that belong to a database: what each makes of a fixed text is kept there, so that others are refused.

Nothing in the table opens anything: a check is 16 bytes of HMAC-SHA-256 under a key of 32 random bytes.
"""

import hmac
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Engine, Table, bindparam, insert, inspect, select, update
from sqlalchemy.engine import Connection

from app.platform.db import Model
from app.platform.keys import FROM_BACKUP, KeyFileError, Keys, LiveKeys, write_keys
from app.platform.sealed import Keyring, UnsealError

INDEX = "index"


@dataclass(frozen=True, slots=True)
class KeyCheck:
    """One key of a database by name (`sealing-1`, `index`, `audit-1`): since when, until when, when it was retired."""

    name: str
    since: datetime
    replaced_at: datetime | None
    retired_at: datetime | None


def check_of(name: str, key: bytes) -> bytes:
    """What a key makes of its own name: 16 bytes that prove it and tell nothing of it."""
    return hmac.digest(key, b"cleared key check " + name.encode(), "sha256")[:16]


def named(keys: Keys) -> dict[str, bytes]:
    """The keys that belong to a database, by name. A cookie's key is not among them: another only ends sessions."""
    return {
        **{f"sealing-{key_id}": key for key_id, key in keys.keyring.sealing.items()},
        INDEX: keys.keyring.index_key,
        **{f"audit-{key_id}": key for key_id, key in keys.audits.items()},
    }


def refuse_foreign_keys(engine: Engine, keys: Keys) -> None:
    """Raise KeyFileError when the keys are not those of a database, or lack one of them. Before anything is written."""
    with engine.connect() as connection:
        tables = set(inspect(connection).get_table_names())
        if "key_check" in tables:
            _compare(connection, keys)
        if "patient" in tables:
            _try_one(connection, keys.keyring)


def note_keys(engine: Engine, keys: Keys, now: datetime) -> None:
    """Keep a check of each key that has none yet; those that no longer seal or sign are marked as replaced."""
    checks = _table()
    with engine.connect().execution_options(begin="IMMEDIATE") as connection, connection.begin():
        known = {row.key: row for row in connection.execute(select(checks).with_for_update())}
        new = [
            {"key": name, "value": check_of(name, key), "since": now}
            for name, key in named(keys).items()
            if name not in known
        ]
        if new:
            connection.execute(insert(checks), new)
        over = [{"name": name} for name, row in known.items() if row.replaced_at is None and name in _former(keys)]
        if over:
            mine = checks.c.key == bindparam("name")
            connection.execute(update(checks).where(mine).values(replaced_at=now), over)


def checks_of(connection: Connection) -> tuple[KeyCheck, ...]:
    """List the keys of a database, by name."""
    checks = _table()
    return tuple(
        KeyCheck(row.key, row.since, row.replaced_at, row.retired_at)
        for row in connection.execute(select(checks).order_by(checks.c.key))
    )


def note_retired(connection: Connection, name: str, now: datetime) -> None:
    """Mark a key as retired: nothing is left under it, and the keys may lack it from now on."""
    checks = _table()
    connection.execute(update(checks).where(checks.c.key == name).values(retired_at=now))


def note_index(connection: Connection, key: bytes, now: datetime) -> None:
    """Keep the check of another index key in place of the one before."""
    checks = _table()
    value = {"value": check_of(INDEX, key), "since": now}
    connection.execute(update(checks).where(checks.c.key == INDEX).values(**value))


def index_is(engine: Engine, key: bytes) -> bool:
    """Say whether a key is the one that made the blind indexes of a database."""
    checks = _table()
    with engine.connect() as connection:
        if "key_check" not in inspect(connection).get_table_names():
            return False
        value = connection.scalar(select(checks.c.value).where(checks.c.key == INDEX))
    return value is not None and hmac.compare_digest(bytes(value), check_of(INDEX, key))


def finish_index(engine: Engine, live: LiveKeys) -> None:
    """Take the next index key as the index key, once the database's indexes are made with it. Safe after a crash."""
    keys, place = live.now(), live.place
    if keys.next_index is not None and place.text is None and index_is(engine, keys.next_index):
        content = place.content()
        write_keys(
            place.path,
            {name: key for name, key in content.items() if name != "next_index"} | {"index": content["next_index"]},
        )


def _former(keys: Keys) -> frozenset[str]:
    sealing = (f"sealing-{key_id}" for key_id in keys.keyring.sealing if key_id != keys.keyring.current)
    return frozenset((*sealing, *(f"audit-{key_id}" for key_id in keys.older_audits)))


def _compare(connection: Connection, keys: Keys) -> None:
    ours = named(keys)
    for name, value, retired_at in _kept(connection):
        if name in ours and not hmac.compare_digest(value, check_of(name, ours[name])):
            raise KeyFileError(f"the keys are not those of this database ({name} is another); {FROM_BACKUP}")
        if name not in ours and retired_at is None:
            raise KeyFileError(f"the keys lack one that this database needs ({name}); {FROM_BACKUP}")


def _kept(connection: Connection) -> Iterator[tuple[str, bytes, datetime | None]]:
    checks = _table()
    for row in connection.execute(select(checks.c.key, checks.c.value, checks.c.retired_at)):
        yield row.key, bytes(row.value), row.retired_at


def _try_one(connection: Connection, keyring: Keyring) -> None:
    """Open one record number and find it again: a database of before the checks proves its keys so."""
    patient = Model.metadata.tables["patient"]
    row = connection.execute(select(patient.c.practice_id, patient.c.id, patient.c.mrn).limit(1)).first()
    if row is not None:
        try:
            keyring.unseal("patient.mrn", row.practice_id, row.id, row.mrn)
        except UnsealError:
            raise KeyFileError(f"the keys do not open what this database holds; {FROM_BACKUP}") from None


def _table() -> Table:
    return Model.metadata.tables["key_check"]
