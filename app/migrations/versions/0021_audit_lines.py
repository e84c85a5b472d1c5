"""The audit log says from where and why, and is found by whom it was about; unusual reading is kept."""

import json
from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

import app.platform.db

revision: str = "0021_audit_lines"
down_revision: str | None = "0020_sealed_notes"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

APPEND_ONLY = {
    "sqlite": (
        "CREATE TRIGGER audit_subject_no_update BEFORE UPDATE ON audit_subject "
        "BEGIN SELECT RAISE(ABORT, 'audit_subject is append-only'); END",
        "CREATE TRIGGER audit_subject_no_delete BEFORE DELETE ON audit_subject "
        "BEGIN SELECT RAISE(ABORT, 'audit_subject is append-only'); END",
    ),
    "postgresql": (
        "CREATE FUNCTION audit_subject_append_only() RETURNS trigger LANGUAGE plpgsql AS "
        "$$ BEGIN RAISE EXCEPTION 'audit_subject is append-only'; END $$",
        "CREATE TRIGGER audit_subject_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON audit_subject "
        "FOR EACH STATEMENT EXECUTE FUNCTION audit_subject_append_only()",
    ),
}
PIECE = 1000


def upgrade() -> None:
    """Add what lines say now, and make the tables of subjects and reasons; old lines get their subjects."""
    # Columns that may be empty or have a default need no new table: lines on file are not touched.
    op.add_column("audit_entry", sa.Column("form", sa.Integer(), nullable=False, server_default=sa.text("1")))
    op.add_column("audit_entry", sa.Column("key_id", sa.Integer(), nullable=False, server_default=sa.text("1")))
    op.add_column("audit_entry", sa.Column("source", sa.String(), nullable=True))
    op.add_column("audit_entry", sa.Column("under", app.platform.db.Uuid16(length=16), nullable=True))
    op.add_column("audit_entry", sa.Column("reason_mac", sa.LargeBinary(length=32), nullable=True))
    op.create_index("ix_audit_entry_at", "audit_entry", ["practice_id", "at", "sequence"])
    op.create_index("ix_audit_entry_user", "audit_entry", ["practice_id", "user_id", "at", "sequence"])
    op.create_index("ix_audit_entry_action", "audit_entry", ["practice_id", "action", "at", "sequence"])
    op.create_table(
        "audit_subject",
        sa.Column("practice_id", app.platform.db.Uuid16(length=16), nullable=False),
        sa.Column("sequence", sa.BigInteger(), nullable=False),
        sa.Column("place", sa.Integer(), nullable=False),
        sa.Column("subject", app.platform.db.Uuid16(length=16), nullable=False),
        sa.ForeignKeyConstraint(
            ["practice_id", "sequence"],
            ["audit_entry.practice_id", "audit_entry.sequence"],
            name=op.f("fk_audit_subject_practice_id_sequence"),
        ),
        sa.PrimaryKeyConstraint("practice_id", "sequence", "place", name=op.f("pk_audit_subject")),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_audit_subject_subject", "audit_subject", ["practice_id", "subject", "sequence"])
    op.create_table(
        "audit_reason",
        sa.Column("practice_id", app.platform.db.Uuid16(length=16), nullable=False),
        sa.Column("id", app.platform.db.Uuid16(length=16), nullable=False),
        sa.Column("reason", app.platform.db.SealedText(), nullable=False),
        sa.ForeignKeyConstraint(
            ["practice_id", "id"],
            ["audit_entry.practice_id", "audit_entry.id"],
            name=op.f("fk_audit_reason_practice_id_id"),
        ),
        sa.PrimaryKeyConstraint("practice_id", "id", name=op.f("pk_audit_reason")),
    )
    _name_subjects()
    for statement in APPEND_ONLY[op.get_bind().dialect.name]:
        op.execute(sa.text(statement))
    _make_oversight()


def _name_subjects() -> None:
    """Write the subjects of lines on file, a thousand lines at a time."""
    connection = op.get_bind()
    whole = sa.text("SELECT DISTINCT practice_id FROM audit_entry")
    page = sa.text(
        "SELECT sequence, subjects FROM audit_entry "
        "WHERE practice_id = :practice AND sequence > :after ORDER BY sequence LIMIT :piece"
    )
    insert = sa.text("INSERT INTO audit_subject (practice_id, sequence, place, subject) VALUES (:p, :n, :i, :s)")
    binary = connection.dialect.name == "sqlite"
    for practice in connection.scalars(whole).all():
        after = 0
        while lines := connection.execute(page, {"practice": practice, "after": after, "piece": PIECE}).all():
            after = lines[-1].sequence
            rows = [
                {"p": practice, "n": line.sequence, "i": place, "s": bytes.fromhex(one) if binary else one}
                for line in lines
                for place, one in enumerate(json.loads(line.subjects))
            ]
            if rows:
                connection.execute(insert, rows)


def downgrade() -> None:
    """Take the tables and columns away; lines of the new form do not verify without them."""
    postgres = op.get_bind().dialect.name == "postgresql"
    op.drop_table("oversight_mark")
    op.drop_table("unusual_reading")
    op.drop_table("audit_reason")
    op.drop_table("audit_subject")
    if postgres:
        op.execute(sa.text("DROP FUNCTION audit_subject_append_only()"))
    for name in ("action", "user", "at"):
        op.drop_index(f"ix_audit_entry_{name}", "audit_entry")
    for name in ("reason_mac", "under", "source", "key_id", "form"):
        op.drop_column("audit_entry", name)


def _make_oversight() -> None:
    """Make the tables of unusual reading."""
    op.create_table(
        "unusual_reading",
        sa.Column("practice_id", app.platform.db.Uuid16(length=16), nullable=False),
        sa.Column("id", app.platform.db.Uuid16(length=16), nullable=False),
        sa.Column("key", sa.String(), nullable=False),
        sa.Column("sign", _one_of("is_sign", "unscheduled", "many", "own_name", "break_glass"), nullable=False),
        sa.Column("by_id", app.platform.db.Uuid16(length=16), nullable=False),
        sa.Column("patient_id", app.platform.db.Uuid16(length=16), nullable=True),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("at", app.platform.db.UtcDateTime(timezone=True), nullable=False),
        sa.Column("sequence", sa.BigInteger(), nullable=False),
        sa.Column("count", sa.Integer(), nullable=False),
        sa.Column("finding", _one_of("is_finding", "work", "follow_up", "breach"), nullable=True),
        sa.Column("note", app.platform.db.SealedText(), nullable=True),
        sa.Column("reviewed_by", app.platform.db.Uuid16(length=16), nullable=True),
        sa.Column("reviewed_at", app.platform.db.UtcDateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "(finding IS NULL) = (reviewed_at IS NULL)", name=op.f("ck_unusual_reading_reviewed_with_a_word")
        ),
        sa.CheckConstraint("(finding IS NULL) = (note IS NULL)", name=op.f("ck_unusual_reading_reviewed_with_a_note")),
        sa.ForeignKeyConstraint(["practice_id"], ["practice.id"], name=op.f("fk_unusual_reading_practice_id")),
        sa.PrimaryKeyConstraint("practice_id", "id", name=op.f("pk_unusual_reading")),
        sa.UniqueConstraint("practice_id", "key", name="uq_unusual_reading_key"),
    )
    op.create_index("ix_unusual_reading_open", "unusual_reading", ["practice_id", "finding", "at", "id"])
    op.create_table(
        "oversight_mark",
        sa.Column("practice_id", app.platform.db.Uuid16(length=16), nullable=False),
        sa.Column("id", app.platform.db.Uuid16(length=16), nullable=False),
        sa.Column("sequence", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["practice_id"], ["practice.id"], name=op.f("fk_oversight_mark_practice_id")),
        sa.PrimaryKeyConstraint("practice_id", "id", name=op.f("pk_oversight_mark")),
        sa.UniqueConstraint("practice_id", name="uq_oversight_mark_practice"),
    )


def _one_of(name: str, *values: str) -> sa.Enum:
    return sa.Enum(*values, name=name, native_enum=False, create_constraint=True, length=40)
