"""Patients opened in spite of a person's sight; who renders a line, and whose number a text came from, to ask by."""

import json
from collections.abc import Iterator, Sequence
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from alembic import op

import app.platform.db

revision: str = "0019_scopes"
down_revision: str | None = "0018_invitations"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

PIECE = 2000
RENDERS = 12
"""Where the provider's number stands in a line of `visit.lines`, as it was written up to this migration."""


def upgrade() -> None:
    """Make the tables and the column, and fill them from what is on file."""
    op.add_column("service_line", sa.Column("provider_npi", sa.String(), nullable=False, server_default=""))
    _make_openings()
    op.create_table(
        "text_reply_patient",
        sa.Column("practice_id", app.platform.db.Uuid16(length=16), nullable=False),
        sa.Column("reply_id", app.platform.db.Uuid16(length=16), nullable=False),
        sa.Column("patient_id", app.platform.db.Uuid16(length=16), nullable=False),
        sa.ForeignKeyConstraint(
            ["practice_id", "reply_id"],
            ["text_reply.practice_id", "text_reply.id"],
            name=op.f("fk_text_reply_patient_practice_id_reply_id"),
        ),
        sa.PrimaryKeyConstraint("practice_id", "reply_id", "patient_id", name=op.f("pk_text_reply_patient")),
    )
    connection = op.get_bind()
    _fill_lines(connection)
    _fill_replies(connection)


def _make_openings() -> None:
    op.create_table(
        "patient_opening",
        sa.Column("practice_id", app.platform.db.Uuid16(length=16), nullable=False),
        sa.Column("id", app.platform.db.Uuid16(length=16), nullable=False),
        sa.Column("staff_id", app.platform.db.Uuid16(length=16), nullable=False),
        sa.Column("patient_id", app.platform.db.Uuid16(length=16), nullable=False),
        sa.Column("opened_at", app.platform.db.UtcDateTime(timezone=True), nullable=False),
        sa.Column("ends_at", app.platform.db.UtcDateTime(timezone=True), nullable=False),
        sa.CheckConstraint("opened_at <= ends_at", name=op.f("ck_patient_opening_opened_before_it_ends")),
        sa.ForeignKeyConstraint(
            ["practice_id", "patient_id"],
            ["patient.practice_id", "patient.id"],
            name=op.f("fk_patient_opening_practice_id_patient_id"),
        ),
        sa.ForeignKeyConstraint(
            ["practice_id", "staff_id"],
            ["staff.practice_id", "staff.id"],
            name=op.f("fk_patient_opening_practice_id_staff_id"),
        ),
        sa.PrimaryKeyConstraint("practice_id", "id", name=op.f("pk_patient_opening")),
    )
    op.create_index("ix_patient_opening_staff", "patient_opening", ["practice_id", "staff_id", "ends_at"])
    op.create_index("ix_patient_opening_patient", "patient_opening", ["practice_id", "patient_id"])


def _fill_lines(connection: sa.Connection) -> None:
    line = _table("service_line", "practice_id", "id", provider_npi=sa.String())
    statement = (
        sa.update(line)
        .where(line.c.practice_id == sa.bindparam("practice"), line.c.id == sa.bindparam("line"))
        .values(provider_npi=sa.bindparam("npi"))
    )
    visit = _table("visit", "practice_id", "id", lines=sa.Text(), line_ids=sa.LargeBinary())
    for rows in _pieces(connection, visit):
        found = [
            {
                "practice": row.practice_id,
                "line": UUID(bytes=bytes(row.line_ids)[place * 16 : place * 16 + 16]),
                "npi": npi,
            }
            for row in rows
            for place, npi in enumerate(_renders(row.lines))
            if npi
        ]
        if found:
            connection.execute(statement, found)


def _fill_replies(connection: sa.Connection) -> None:
    reply = _table("text_reply", "practice_id", "id", patients=app.platform.db.JsonText())
    named = _table("text_reply_patient", "practice_id", "reply_id", "patient_id")
    for rows in _pieces(connection, reply):
        found = [
            {"practice_id": row.practice_id, "reply_id": row.id, "patient_id": UUID(hex=patient)}
            for row in rows
            for patient in dict.fromkeys(row.patients)
        ]
        if found:
            connection.execute(sa.insert(named), found)


def _pieces(connection: sa.Connection, table: sa.TableClause) -> Iterator[Sequence[Any]]:
    key = sa.tuple_(table.c.practice_id, table.c.id)
    statement = sa.select(*table.c).order_by(table.c.practice_id, table.c.id).limit(PIECE)
    rows = connection.execute(statement).all()
    while rows:
        yield rows
        last = (rows[-1].practice_id, rows[-1].id)
        rows = connection.execute(statement.where(key > last)).all()


def _renders(lines: str) -> list[str]:
    """Who renders each line; a text that was not written by the program names nobody, so that no provider sees it."""
    try:
        return [str(line[RENDERS] or "") for line in json.loads(lines)]
    except (ValueError, TypeError, LookupError):
        return []


def _table(name: str, *ids: str, **others: Any) -> sa.TableClause:
    columns = [sa.column(one, app.platform.db.Uuid16()) for one in ids]
    return sa.table(name, *columns, *(sa.column(one, kind) for one, kind in others.items()))


def downgrade() -> None:
    """Take the tables and the column away again."""
    op.drop_table("text_reply_patient")
    op.drop_table("patient_opening")
    op.drop_column("service_line", "provider_npi")
