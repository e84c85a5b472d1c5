"""Free words and payers' numbers at rest are sealed; the database remembers which keys are its own.

What is on file is sealed in the same transaction, so that a database holds either all of it plain or none. A table is
written anew afterwards (PostgreSQL), or the whole file is (SQLite: app/web/schema.py), so that no plain byte stays in
pages that are free.
"""

import json
from collections.abc import Callable, Iterator, Sequence
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from alembic import context, op

from app.platform.db import SealedText, UtcDateTime, Uuid16
from app.platform.sealed import Keyring

revision: str = "0020_sealed_notes"
down_revision: str | None = "0019_scopes"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

TEXTS = {
    "authorization": (
        "number",
        "reference",
        "owner",
        "next_action",
        "submitted_by_channel",
        "representative",
        "call_reference",
    ),
    "coverage": ("source", "reference", "subscriber_relationship"),
    "patient": ("language",),
}
NEEDED = {
    "authorization_event": ("changes",),
    "coverage_event": ("changes",),
    "practice_rule": ("basis",),
    "practice_rule_end": ("reason",),
    "patient_answer": ("reference",),
    "header_match": ("columns",),
}
"""Columns of text that are sealed as they are: those that may be empty, and those that never are."""
REFERRAL = 10  # its place in a stored line: the position stands first
PIECE = 1000


def upgrade() -> None:
    """Seal what was plain, and take the plain columns away."""
    op.create_table(
        "key_check",
        sa.Column("key", sa.String(), nullable=False),
        sa.Column("value", sa.LargeBinary(length=16), nullable=False),
        sa.Column("since", UtcDateTime(timezone=True), nullable=False),
        sa.Column("replaced_at", UtcDateTime(timezone=True), nullable=True),
        sa.Column("retired_at", UtcDateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_key_check")),
    )
    anything = any(_count(table) for table in (*TEXTS, *NEEDED, "visit"))
    for table, columns in (TEXTS | NEEDED).items():
        _exchange(table, columns, sa.LargeBinary(), _seal)
    _blind("authorization", "natural_key", "authorization key")
    _blind("header_match", "headers", "headers")
    op.add_column("visit", sa.Column("referrals", SealedText(), nullable=True))
    op.add_column("service_line", sa.Column("row_referral", SealedText(), nullable=True))
    _seal_referrals()
    op.execute(sa.text("DELETE FROM import_piece"))  # their rows are of the old shape
    _write_anew(anything)


def downgrade() -> None:
    """Open what was sealed, and put it back into plain columns."""
    _open_referrals()
    op.drop_column("service_line", "row_referral")
    op.drop_column("visit", "referrals")
    op.execute(sa.text("DELETE FROM import_piece"))
    op.execute(sa.text("DELETE FROM header_match"))  # the headers themselves are not kept
    for table, columns in (TEXTS | NEEDED).items():
        _exchange(table, columns, sa.Text() if columns[0] in ("changes", "columns") else sa.String(), _open)
    _plain_keys()
    op.drop_table("key_check")


Change = Callable[[str, Any, Any], Any]


def _exchange(name: str, columns: Sequence[str], kind: Any, change: Change) -> None:
    """Give columns another type and what `change` makes of each value."""
    needed = name in NEEDED
    for column in columns:
        default = sa.text("''") if needed else None
        op.add_column(name, sa.Column(f"new_{column}", kind, nullable=not needed, server_default=default))
    table = _table(name, columns, *(f"new_{column}" for column in columns))
    for rows in _pieces(table, *columns):
        changed = [
            {"p": row.practice_id, "i": row.id}
            | {f"new_{one}": change(f"{name}.{one}", row, getattr(row, one)) for one in columns}
            for row in rows
        ]
        _write(table, changed, [f"new_{column}" for column in columns])
    quoted = op.get_bind().dialect.identifier_preparer.quote
    for column in columns:
        op.drop_column(name, column)
        op.execute(sa.text(f"ALTER TABLE {quoted(name)} RENAME COLUMN new_{column} TO {quoted(column)}"))
        if needed and op.get_bind().dialect.name == "postgresql":
            op.alter_column(name, column, server_default=None)


def _seal(column: str, row: Any, value: Any) -> Any:
    return None if value is None else bytes(_keyring().seal(column, row.practice_id, row.id, value))


def _open(column: str, row: Any, value: Any) -> Any:
    if value is None or _forgets():
        return None if value is None else ""
    return _keyring().unseal(column, row.practice_id, row.id, value)


def _blind(name: str, column: str, purpose: str) -> None:
    """Replace a text that serves for exact match only by its blind index."""
    table = _table(name, [column])
    for rows in _pieces(table, column):
        changed = [
            {"p": row.practice_id, "i": row.id, column: _keyring().blind(purpose, row.practice_id, row[2]).hex()}
            for row in rows
        ]
        _write(table, changed, [column])


def _plain_keys() -> None:
    """Make the natural keys of authorizations of their plain columns again."""
    columns = ("natural_key", "payer", "number", "reference", "items", "drug", "ndc", "begins")
    table = _table("authorization", columns)
    for rows in _pieces(table, *columns):
        _write(table, [{"p": row.practice_id, "i": row.id, "natural_key": _key(row)} for row in rows], ["natural_key"])


def _key(row: Any) -> str:
    def folded(text: str) -> str:
        return "".join(one for one in text.upper() if one.isascii() and one.isalnum()) or text.strip().upper()

    if row.number:
        return f"{row.payer}|number|{folded(row.number)}"
    if row.reference:
        return f"{row.payer}|reference|{folded(row.reference)}"
    codes = (one.partition(":")[0] for one in row.items.split(";") if one)
    names = "/".join(sorted(name for one in codes for name in one.split("/"))) or row.drug or row.ndc or ""
    return f"{row.payer}|codes|{names}|{row.begins or ''}"


def _seal_referrals() -> None:
    visits = _table("visit", ["lines", "referrals"])
    for rows in _pieces(visits, "lines"):
        _write(visits, [one for row in rows if (one := _without_referrals(row))], ["lines", "referrals"])
    lines = _table("service_line", ["row_facts", "row_referral"])
    for rows in _pieces(lines, "row_facts"):
        _write(lines, [one for row in rows if (one := _without_referral(row))], ["row_facts", "row_referral"])


def _without_referrals(row: Any) -> dict[str, Any] | None:
    lines = json.loads(row.lines)
    named = [line[REFERRAL] for line in lines]
    if not any(named):
        return None
    for line in lines:
        line[REFERRAL] = None
    sealed = _keyring().seal("visit.referrals", row.practice_id, row.id, json.dumps(named))
    return {"p": row.practice_id, "i": row.id, "lines": _compact(lines), "referrals": bytes(sealed)}


def _without_referral(row: Any) -> dict[str, Any] | None:
    facts = json.loads(row.row_facts) if row.row_facts else {}
    if not facts.get("referral"):
        return None
    sealed = _keyring().seal("service_line.row_referral", row.practice_id, row.id, facts["referral"])
    plain = json.dumps(facts | {"referral": None}, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return {"p": row.practice_id, "i": row.id, "row_facts": plain, "row_referral": bytes(sealed)}


def _open_referrals() -> None:
    if _forgets():
        return
    visits = _table("visit", ["lines", "referrals"])
    for rows in _pieces(visits, "lines", "referrals", only="referrals"):
        _write(visits, [_with_referrals(row) for row in rows], ["lines"])
    lines = _table("service_line", ["row_facts", "row_referral"])
    for rows in _pieces(lines, "row_facts", "row_referral", only="row_referral"):
        _write(lines, [_with_referral(row) for row in rows], ["row_facts"])


def _with_referrals(row: Any) -> dict[str, Any]:
    named = json.loads(_keyring().unseal("visit.referrals", row.practice_id, row.id, row.referrals))
    lines = json.loads(row.lines)
    for line, referral in zip(lines, named, strict=True):
        line[REFERRAL] = referral
    return {"p": row.practice_id, "i": row.id, "lines": _compact(lines)}


def _with_referral(row: Any) -> dict[str, Any]:
    named = _keyring().unseal("service_line.row_referral", row.practice_id, row.id, row.row_referral)
    facts = dict(json.loads(row.row_facts or "{}")) | {"referral": named}
    plain = json.dumps(facts, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return {"p": row.practice_id, "i": row.id, "row_facts": plain}


def _compact(lines: Any) -> str:
    return json.dumps(lines, separators=(",", ":"), ensure_ascii=False)


def _write_anew(anything: bool) -> None:
    """Leave no plain byte in what is free: PostgreSQL writes a table anew when a column is computed; SQLite later."""
    if op.get_bind().dialect.name == "postgresql":
        one_of_each = {name: columns[0] for name, columns in (TEXTS | NEEDED).items()}
        one_of_each |= {"visit": "referrals", "service_line": "row_referral"}
        for name, column in one_of_each.items() if anything else ():
            op.execute(
                sa.text(f'ALTER TABLE "{name}" ALTER COLUMN {column} TYPE bytea USING substring({column} FROM 1)')
            )
    elif not anything:
        op.execute(sa.text("PRAGMA user_version = 20"))  # there is nothing to leave behind


def _count(name: str) -> bool:
    found = op.get_bind().execute(sa.select(sa.literal(1)).select_from(sa.table(name)).limit(1))
    return found.first() is not None


def _table(name: str, *columns: Any) -> Any:
    names = [one for part in columns for one in ((part,) if isinstance(part, str) else part)]
    return sa.table(name, sa.column("practice_id", Uuid16()), sa.column("id", Uuid16()), *map(sa.column, names))


def _pieces(table: Any, *columns: str, only: str | None = None) -> Iterator[Sequence[Any]]:
    """Read a table a thousand rows at a time, in the order of its key."""
    key, after = sa.tuple_(table.c.practice_id, table.c.id), (UUID(int=0), UUID(int=0))
    wanted = sa.select(table.c.practice_id, table.c.id, *(table.c[one] for one in columns))
    if only is not None:
        wanted = wanted.where(table.c[only].is_not(None))
    while (
        rows := op.get_bind()
        .execute(wanted.where(key > after).order_by(table.c.practice_id, table.c.id).limit(PIECE))
        .all()
    ):
        yield rows
        after = (rows[-1].practice_id, rows[-1].id)


def _write(table: Any, changed: Sequence[dict[str, Any]], columns: Sequence[str]) -> None:
    if changed:
        mine = (table.c.practice_id == sa.bindparam("p", type_=Uuid16())) & (
            table.c.id == sa.bindparam("i", type_=Uuid16())
        )
        statement = sa.update(table).where(mine).values({one: sa.bindparam(f"v_{one}") for one in columns})
        rows = [{"p": one["p"], "i": one["i"]} | {f"v_{name}": one[name] for name in columns} for one in changed]
        op.get_bind().execute(statement, rows)


def _keyring() -> Keyring:
    keyring = context.config.attributes.get("keyring")
    if not isinstance(keyring, Keyring):
        raise RuntimeError("this database holds what the keys must seal or open: start the program with its keys")
    return keyring


def _forgets() -> bool:
    return bool(context.config.attributes.get("forgets"))
