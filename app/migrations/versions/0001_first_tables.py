"""First tables: practices, patients, coverage, approvals, visits, payer rules, verdicts, imports, the audit log."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

import app.platform.db

revision: str = "0001_first_tables"
down_revision: str | None = None
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


APPEND_ONLY = {
    "sqlite": (
        "CREATE TRIGGER audit_entry_no_update BEFORE UPDATE ON audit_entry "
        "BEGIN SELECT RAISE(ABORT, 'audit_entry is append-only'); END",
        "CREATE TRIGGER audit_entry_no_delete BEFORE DELETE ON audit_entry "
        "BEGIN SELECT RAISE(ABORT, 'audit_entry is append-only'); END",
    ),
    "postgresql": (
        "CREATE FUNCTION audit_entry_append_only() RETURNS trigger LANGUAGE plpgsql AS "
        "$$ BEGIN RAISE EXCEPTION 'audit_entry is append-only'; END $$",
        "CREATE TRIGGER audit_entry_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON audit_entry "
        "FOR EACH STATEMENT EXECUTE FUNCTION audit_entry_append_only()",
    ),
}


def upgrade() -> None:
    """Make the tables, then shut the audit log against change."""
    op.create_table(
        "practice",
        sa.Column("id", app.platform.db.Uuid16(length=16), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("zone", sa.String(), nullable=False),
        sa.Column("state", sa.String(), nullable=True),
        sa.Column("group_npi", sa.String(), nullable=True),
        sa.Column("sample", sa.Boolean(), nullable=False),
        sa.Column("set_up", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_practice")),
    )
    op.create_table(
        "rule_set",
        sa.Column("version", sa.String(), nullable=False),
        sa.Column("content", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("version", name=op.f("pk_rule_set")),
    )
    op.create_table(
        "audit_entry",
        sa.Column("practice_id", app.platform.db.Uuid16(length=16), nullable=False),
        sa.Column("id", app.platform.db.Uuid16(length=16), nullable=False),
        sa.Column("sequence", sa.BigInteger(), nullable=False),
        sa.Column("at", app.platform.db.UtcDateTime(timezone=True), nullable=False),
        sa.Column("user_id", app.platform.db.Uuid16(length=16), nullable=True),
        sa.Column("via", sa.String(), nullable=False),
        sa.Column("action", sa.String(), nullable=False),
        sa.Column("subjects", app.platform.db.JsonText(), nullable=False),
        sa.Column("details", app.platform.db.JsonText(), nullable=False),
        sa.Column("mac", sa.LargeBinary(length=32), nullable=False),
        sa.CheckConstraint("sequence >= 1", name=op.f("ck_audit_entry_sequence_counts_from_one")),
        sa.ForeignKeyConstraint(["practice_id"], ["practice.id"], name=op.f("fk_audit_entry_practice_id")),
        sa.PrimaryKeyConstraint("practice_id", "id", name=op.f("pk_audit_entry")),
        sa.UniqueConstraint("practice_id", "sequence", name="uq_audit_entry_sequence"),
    )
    op.create_table(
        "audit_head",
        sa.Column("practice_id", app.platform.db.Uuid16(length=16), nullable=False),
        sa.Column("id", app.platform.db.Uuid16(length=16), nullable=False),
        sa.Column("sequence", sa.BigInteger(), nullable=False),
        sa.Column("mac", sa.LargeBinary(length=32), nullable=False),
        sa.ForeignKeyConstraint(["practice_id"], ["practice.id"], name=op.f("fk_audit_head_practice_id")),
        sa.PrimaryKeyConstraint("practice_id", "id", name=op.f("pk_audit_head")),
        sa.UniqueConstraint("practice_id", name="uq_audit_head_practice"),
    )
    op.create_table(
        "header_match",
        sa.Column("practice_id", app.platform.db.Uuid16(length=16), nullable=False),
        sa.Column("id", app.platform.db.Uuid16(length=16), nullable=False),
        sa.Column("headers", sa.String(), nullable=False),
        sa.Column("columns", app.platform.db.JsonText(), nullable=False),
        sa.ForeignKeyConstraint(["practice_id"], ["practice.id"], name=op.f("fk_header_match_practice_id")),
        sa.PrimaryKeyConstraint("practice_id", "id", name=op.f("pk_header_match")),
        sa.UniqueConstraint("practice_id", "headers", name="uq_header_match_headers"),
    )
    op.create_table(
        "import_run",
        sa.Column("practice_id", app.platform.db.Uuid16(length=16), nullable=False),
        sa.Column("id", app.platform.db.Uuid16(length=16), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "schedule",
                "coverage",
                "authorizations",
                name="is_kind",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("sha256", sa.String(), nullable=False),
        sa.Column("ended_at", app.platform.db.UtcDateTime(timezone=True), nullable=False),
        sa.Column("user_id", app.platform.db.Uuid16(length=16), nullable=True),
        sa.Column("rows", sa.Integer(), nullable=False),
        sa.Column("created", sa.Integer(), nullable=False),
        sa.Column("updated", sa.Integer(), nullable=False),
        sa.Column("unchanged", sa.Integer(), nullable=False),
        sa.Column("refused", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["practice_id"], ["practice.id"], name=op.f("fk_import_run_practice_id")),
        sa.PrimaryKeyConstraint("practice_id", "id", name=op.f("pk_import_run")),
    )
    with op.batch_alter_table("import_run", schema=None) as batch_op:
        batch_op.create_index("ix_import_run_sha256", ["practice_id", "sha256"], unique=False)

    op.create_table(
        "participation",
        sa.Column("practice_id", app.platform.db.Uuid16(length=16), nullable=False),
        sa.Column("id", app.platform.db.Uuid16(length=16), nullable=False),
        sa.Column("payer", sa.String(), nullable=False),
        sa.Column("plan", sa.String(), nullable=True),
        sa.Column("provider_npi", sa.String(), nullable=False),
        sa.Column(
            "network",
            sa.Enum("in", "out", name="is_network", native_enum=False, create_constraint=True, length=40),
            nullable=False,
        ),
        sa.Column("begins", sa.Date(), nullable=True),
        sa.Column("ends", sa.Date(), nullable=True),
        sa.CheckConstraint("begins <= ends", name=op.f("ck_participation_begins_before_it_ends")),
        sa.ForeignKeyConstraint(["practice_id"], ["practice.id"], name=op.f("fk_participation_practice_id")),
        sa.PrimaryKeyConstraint("practice_id", "id", name=op.f("pk_participation")),
    )
    op.create_table(
        "patient",
        sa.Column("practice_id", app.platform.db.Uuid16(length=16), nullable=False),
        sa.Column("id", app.platform.db.Uuid16(length=16), nullable=False),
        sa.Column("mrn", app.platform.db.SealedText(), nullable=False),
        sa.Column("mrn_index", sa.LargeBinary(length=16), nullable=False),
        sa.Column("last_name", app.platform.db.SealedText(), nullable=False),
        sa.Column("first_name", app.platform.db.SealedText(), nullable=False),
        sa.Column("birth_date", app.platform.db.SealedText(), nullable=True),
        sa.Column("phone", app.platform.db.SealedText(), nullable=True),
        sa.Column("email", app.platform.db.SealedText(), nullable=True),
        sa.Column("address", app.platform.db.SealedText(), nullable=True),
        sa.Column("language", sa.String(), nullable=True),
        sa.Column("text_consent", sa.Boolean(), nullable=False),
        sa.Column("no_coverage_on", sa.Date(), nullable=True),
        sa.Column("no_coverage_source", sa.String(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["practice_id"], ["practice.id"], name=op.f("fk_patient_practice_id")),
        sa.PrimaryKeyConstraint("practice_id", "id", name=op.f("pk_patient")),
        sa.UniqueConstraint("practice_id", "mrn_index", name="uq_patient_mrn_index"),
    )
    op.create_table(
        "payer",
        sa.Column("practice_id", app.platform.db.Uuid16(length=16), nullable=False),
        sa.Column("id", app.platform.db.Uuid16(length=16), nullable=False),
        sa.Column("key", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["practice_id"], ["practice.id"], name=op.f("fk_payer_practice_id")),
        sa.PrimaryKeyConstraint("practice_id", "id", name=op.f("pk_payer")),
        sa.UniqueConstraint("practice_id", "key", name="uq_payer_key"),
    )
    op.create_table(
        "practice_rule",
        sa.Column("practice_id", app.platform.db.Uuid16(length=16), nullable=False),
        sa.Column("id", app.platform.db.Uuid16(length=16), nullable=False),
        sa.Column("payer", sa.String(), nullable=False),
        sa.Column("codes", app.platform.db.JsonText(), nullable=False),
        sa.Column(
            "need",
            sa.Enum(
                "not_covered",
                "cosmetic",
                "required",
                "required_when_unmet",
                "notification",
                "voluntary",
                "unknown",
                "not_required",
                name="is_need",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("begins", sa.Date(), nullable=False),
        sa.Column("ends", sa.Date(), nullable=False),
        sa.Column("basis", sa.String(), nullable=False),
        sa.Column("source_day", sa.Date(), nullable=True),
        sa.Column("bounds", app.platform.db.JsonText(), nullable=False),
        sa.Column("routine", sa.Boolean(), nullable=False),
        sa.Column("corrects", sa.Boolean(), nullable=False),
        sa.Column("recorded_on", sa.Date(), nullable=False),
        sa.Column("recorded_at", app.platform.db.UtcDateTime(timezone=True), nullable=False),
        sa.Column("recorded_by", app.platform.db.Uuid16(length=16), nullable=True),
        sa.CheckConstraint("begins <= ends", name=op.f("ck_practice_rule_begins_before_it_ends")),
        sa.ForeignKeyConstraint(["practice_id"], ["practice.id"], name=op.f("fk_practice_rule_practice_id")),
        sa.PrimaryKeyConstraint("practice_id", "id", name=op.f("pk_practice_rule")),
    )
    with op.batch_alter_table("practice_rule", schema=None) as batch_op:
        batch_op.create_index("ix_practice_rule_payer", ["practice_id", "payer"], unique=False)

    op.create_table(
        "provider",
        sa.Column("practice_id", app.platform.db.Uuid16(length=16), nullable=False),
        sa.Column("id", app.platform.db.Uuid16(length=16), nullable=False),
        sa.Column("npi", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=True),
        sa.Column("group_npi", sa.String(), nullable=True),
        sa.Column("unreviewed", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["practice_id"], ["practice.id"], name=op.f("fk_provider_practice_id")),
        sa.PrimaryKeyConstraint("practice_id", "id", name=op.f("pk_provider")),
        sa.UniqueConstraint("practice_id", "npi", name="uq_provider_npi"),
    )
    op.create_table(
        "rule_set_in_force",
        sa.Column("practice_id", app.platform.db.Uuid16(length=16), nullable=False),
        sa.Column("id", app.platform.db.Uuid16(length=16), nullable=False),
        sa.Column("version", sa.String(), nullable=False),
        sa.Column("files", sa.String(), nullable=False),
        sa.Column("shipped", sa.Boolean(), nullable=False),
        sa.Column("since", app.platform.db.UtcDateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["practice_id"], ["practice.id"], name=op.f("fk_rule_set_in_force_practice_id")),
        sa.ForeignKeyConstraint(["version"], ["rule_set.version"], name=op.f("fk_rule_set_in_force_version")),
        sa.PrimaryKeyConstraint("practice_id", "id", name=op.f("pk_rule_set_in_force")),
    )
    op.create_table(
        "site",
        sa.Column("practice_id", app.platform.db.Uuid16(length=16), nullable=False),
        sa.Column("id", app.platform.db.Uuid16(length=16), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("code", sa.String(), nullable=True),
        sa.Column("zone", sa.String(), nullable=False),
        sa.Column("state", sa.String(), nullable=True),
        sa.Column("fresh_days", sa.Integer(), nullable=False),
        sa.Column("unreviewed", sa.Boolean(), nullable=False),
        sa.CheckConstraint("fresh_days >= 0", name=op.f("ck_site_fresh_days_not_negative")),
        sa.ForeignKeyConstraint(["practice_id"], ["practice.id"], name=op.f("fk_site_practice_id")),
        sa.PrimaryKeyConstraint("practice_id", "id", name=op.f("pk_site")),
        sa.UniqueConstraint("practice_id", "code", name="uq_site_code"),
        sa.UniqueConstraint("practice_id", "name", name="uq_site_name"),
    )
    op.create_table(
        "staff",
        sa.Column("id", app.platform.db.Uuid16(length=16), nullable=False),
        sa.Column("practice_id", app.platform.db.Uuid16(length=16), nullable=False),
        sa.Column("email", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("roles", app.platform.db.JsonText(), nullable=False),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.Column("password_hash", sa.String(), nullable=False),
        sa.Column("failures", sa.Integer(), nullable=False),
        sa.Column("locked_until", app.platform.db.UtcDateTime(timezone=True), nullable=True),
        sa.CheckConstraint("failures >= 0", name=op.f("ck_staff_failures_not_negative")),
        sa.ForeignKeyConstraint(["practice_id"], ["practice.id"], name=op.f("fk_staff_practice_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_staff")),
        sa.UniqueConstraint("email", name="uq_staff_email"),
        sa.UniqueConstraint("practice_id", "id", name=op.f("uq_staff_practice_id_id")),
    )
    op.create_table(
        "visit_type_mapping",
        sa.Column("practice_id", app.platform.db.Uuid16(length=16), nullable=False),
        sa.Column("id", app.platform.db.Uuid16(length=16), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("type_key", sa.String(), nullable=False),
        sa.Column("lines", app.platform.db.JsonText(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["practice_id"], ["practice.id"], name=op.f("fk_visit_type_mapping_practice_id")),
        sa.PrimaryKeyConstraint("practice_id", "id", name=op.f("pk_visit_type_mapping")),
        sa.UniqueConstraint("practice_id", "type_key", name="uq_visit_type_mapping_type"),
    )
    op.create_table(
        "authorization",
        sa.Column("practice_id", app.platform.db.Uuid16(length=16), nullable=False),
        sa.Column("id", app.platform.db.Uuid16(length=16), nullable=False),
        sa.Column("patient_id", app.platform.db.Uuid16(length=16), nullable=False),
        sa.Column("natural_key", sa.String(), nullable=False),
        sa.Column("payer", sa.String(), nullable=False),
        sa.Column("payer_name", sa.String(), nullable=False),
        sa.Column(
            "status",
            sa.Enum(
                "draft",
                "approved",
                "partly_approved",
                "submitted",
                "more_info",
                "denied",
                "in_appeal",
                "not_required",
                "notified",
                "withdrawn",
                "dismissed",
                "voided",
                name="is_status",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("raw_status", sa.String(), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "initial",
                "renewal",
                "retro",
                "extension",
                "appeal",
                "referral",
                "continuity",
                "network_exception",
                "formulary_exception",
                "step_exception",
                name="is_kind",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("items", sa.String(), nullable=False),
        sa.Column("drug", sa.String(), nullable=True),
        sa.Column("ndc", sa.String(), nullable=True),
        sa.Column("member_id", app.platform.db.SealedText(), nullable=True),
        sa.Column("member_whole", sa.LargeBinary(length=16), nullable=True),
        sa.Column("member_base", sa.LargeBinary(length=16), nullable=True),
        sa.Column("member_cut", sa.LargeBinary(length=16), nullable=True),
        sa.Column("plan", sa.String(), nullable=True),
        sa.Column("plan_id", sa.String(), nullable=True),
        sa.Column("group_number", sa.String(), nullable=True),
        sa.Column("number", sa.String(), nullable=True),
        sa.Column("reference", sa.String(), nullable=True),
        sa.Column("begins", sa.Date(), nullable=True),
        sa.Column("ends", sa.Date(), nullable=True),
        sa.Column("no_end", sa.Boolean(), nullable=False),
        sa.Column("diagnoses", sa.String(), nullable=False),
        sa.Column("provider_npi", sa.String(), nullable=True),
        sa.Column("provider_group", sa.String(), nullable=True),
        sa.Column("provider_binds", sa.Boolean(), nullable=False),
        sa.Column("site_id", app.platform.db.Uuid16(length=16), nullable=True),
        sa.Column("places", sa.String(), nullable=False),
        sa.Column(
            "channel",
            sa.Enum("medical", "pharmacy", name="is_channel", native_enum=False, create_constraint=True, length=40),
            nullable=True,
        ),
        sa.Column("urgent", sa.Boolean(), nullable=False),
        sa.Column("requested_on", sa.Date(), nullable=True),
        sa.Column("decided_on", sa.Date(), nullable=True),
        sa.Column("denial_reason", app.platform.db.SealedText(), nullable=True),
        sa.Column("used_on", sa.Date(), nullable=True),
        sa.Column("owner", sa.String(), nullable=True),
        sa.Column("next_action", sa.String(), nullable=True),
        sa.Column("next_action_on", sa.Date(), nullable=True),
        sa.Column("submitted_by_channel", sa.String(), nullable=True),
        sa.Column("representative", sa.String(), nullable=True),
        sa.Column("call_reference", sa.String(), nullable=True),
        sa.Column("note", app.platform.db.SealedText(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint("begins <= ends", name=op.f("ck_authorization_begins_before_it_ends")),
        sa.ForeignKeyConstraint(
            ["practice_id", "patient_id"],
            ["patient.practice_id", "patient.id"],
            name=op.f("fk_authorization_practice_id_patient_id"),
        ),
        sa.ForeignKeyConstraint(
            ["practice_id", "site_id"],
            ["site.practice_id", "site.id"],
            name=op.f("fk_authorization_practice_id_site_id"),
        ),
        sa.PrimaryKeyConstraint("practice_id", "id", name=op.f("pk_authorization")),
        sa.UniqueConstraint("practice_id", "patient_id", "natural_key", name="uq_authorization_natural_key"),
    )
    op.create_table(
        "coverage",
        sa.Column("practice_id", app.platform.db.Uuid16(length=16), nullable=False),
        sa.Column("id", app.platform.db.Uuid16(length=16), nullable=False),
        sa.Column("patient_id", app.platform.db.Uuid16(length=16), nullable=False),
        sa.Column("natural_key", sa.String(), nullable=False),
        sa.Column(
            "rank",
            sa.Enum(
                "primary", "secondary", "tertiary", name="is_rank", native_enum=False, create_constraint=True, length=40
            ),
            nullable=False,
        ),
        sa.Column("payer", sa.String(), nullable=False),
        sa.Column("payer_name", sa.String(), nullable=False),
        sa.Column("member_id", app.platform.db.SealedText(), nullable=False),
        sa.Column("member_whole", sa.LargeBinary(length=16), nullable=False),
        sa.Column("member_base", sa.LargeBinary(length=16), nullable=False),
        sa.Column("member_cut", sa.LargeBinary(length=16), nullable=False),
        sa.Column("begins", sa.Date(), nullable=True),
        sa.Column("ends", sa.Date(), nullable=True),
        sa.Column(
            "line",
            sa.Enum(
                "commercial",
                "self_funded",
                "federal_employees",
                "medicare",
                "medicare_advantage",
                "medigap",
                "part_d",
                "medicaid",
                "medicaid_managed",
                "chip",
                "marketplace",
                "tricare",
                "tricare_for_life",
                "va",
                "workers_comp",
                "other",
                name="is_line",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=True,
        ),
        sa.Column("plan", sa.String(), nullable=True),
        sa.Column("plan_id", sa.String(), nullable=True),
        sa.Column(
            "plan_kind",
            sa.Enum(
                "hmo",
                "epo",
                "pos",
                "ppo",
                "prime",
                "select",
                "other",
                name="is_plan_kind",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=True,
        ),
        sa.Column("state", sa.String(), nullable=True),
        sa.Column(
            "benefit",
            sa.Enum(
                "medical", "pharmacy", "both", name="is_benefit", native_enum=False, create_constraint=True, length=40
            ),
            nullable=False,
        ),
        sa.Column("group_number", sa.String(), nullable=True),
        sa.Column("subscriber_relationship", sa.String(), nullable=True),
        sa.Column("checked_on", sa.Date(), nullable=True),
        sa.Column(
            "result",
            sa.Enum(
                "active",
                "inactive",
                "unknown",
                name="is_check_result",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=True,
        ),
        sa.Column(
            "network",
            sa.Enum(
                "in", "out", "unknown", name="is_network_answer", native_enum=False, create_constraint=True, length=40
            ),
            nullable=True,
        ),
        sa.Column(
            "referral_required",
            sa.Enum("yes", "no", "unknown", name="is_known", native_enum=False, create_constraint=True, length=40),
            nullable=True,
        ),
        sa.Column("other_primary", sa.Boolean(), nullable=False),
        sa.Column("source", sa.String(), nullable=True),
        sa.Column("reference", sa.String(), nullable=True),
        sa.Column("rx_bin", sa.String(), nullable=True),
        sa.Column("rx_pcn", sa.String(), nullable=True),
        sa.Column("rx_group", sa.String(), nullable=True),
        sa.Column("verified", sa.Boolean(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint("begins <= ends", name=op.f("ck_coverage_begins_before_it_ends")),
        sa.ForeignKeyConstraint(
            ["practice_id", "patient_id"],
            ["patient.practice_id", "patient.id"],
            name=op.f("fk_coverage_practice_id_patient_id"),
        ),
        sa.PrimaryKeyConstraint("practice_id", "id", name=op.f("pk_coverage")),
        sa.UniqueConstraint("practice_id", "patient_id", "natural_key", name="uq_coverage_natural_key"),
    )
    op.create_table(
        "patient_answer",
        sa.Column("practice_id", app.platform.db.Uuid16(length=16), nullable=False),
        sa.Column("id", app.platform.db.Uuid16(length=16), nullable=False),
        sa.Column("patient_id", app.platform.db.Uuid16(length=16), nullable=False),
        sa.Column("payer", sa.String(), nullable=False),
        sa.Column("names", app.platform.db.JsonText(), nullable=False),
        sa.Column(
            "need",
            sa.Enum(
                "not_covered",
                "cosmetic",
                "required",
                "required_when_unmet",
                "notification",
                "voluntary",
                "unknown",
                "not_required",
                name="is_need",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("begins", sa.Date(), nullable=False),
        sa.Column("ends", sa.Date(), nullable=False),
        sa.Column("said_on", sa.Date(), nullable=False),
        sa.Column("reference", sa.String(), nullable=False),
        sa.Column(
            "channel",
            sa.Enum("medical", "pharmacy", name="is_channel", native_enum=False, create_constraint=True, length=40),
            nullable=True,
        ),
        sa.Column("recorded_at", app.platform.db.UtcDateTime(timezone=True), nullable=False),
        sa.Column("recorded_by", app.platform.db.Uuid16(length=16), nullable=True),
        sa.CheckConstraint("begins <= ends", name=op.f("ck_patient_answer_begins_before_it_ends")),
        sa.ForeignKeyConstraint(
            ["practice_id", "patient_id"],
            ["patient.practice_id", "patient.id"],
            name=op.f("fk_patient_answer_practice_id_patient_id"),
        ),
        sa.PrimaryKeyConstraint("practice_id", "id", name=op.f("pk_patient_answer")),
    )
    with op.batch_alter_table("patient_answer", schema=None) as batch_op:
        batch_op.create_index("ix_patient_answer_patient", ["practice_id", "patient_id"], unique=False)

    op.create_table(
        "practice_rule_end",
        sa.Column("practice_id", app.platform.db.Uuid16(length=16), nullable=False),
        sa.Column("id", app.platform.db.Uuid16(length=16), nullable=False),
        sa.Column("rule_id", app.platform.db.Uuid16(length=16), nullable=False),
        sa.Column("code", sa.String(), nullable=True),
        sa.Column("last_day", sa.Date(), nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("recorded_at", app.platform.db.UtcDateTime(timezone=True), nullable=False),
        sa.Column("recorded_by", app.platform.db.Uuid16(length=16), nullable=True),
        sa.ForeignKeyConstraint(
            ["practice_id", "rule_id"],
            ["practice_rule.practice_id", "practice_rule.id"],
            name=op.f("fk_practice_rule_end_practice_id_rule_id"),
        ),
        sa.PrimaryKeyConstraint("practice_id", "id", name=op.f("pk_practice_rule_end")),
    )
    op.create_table(
        "schedule_import",
        sa.Column("practice_id", app.platform.db.Uuid16(length=16), nullable=False),
        sa.Column("id", app.platform.db.Uuid16(length=16), nullable=False),
        sa.Column("site_id", app.platform.db.Uuid16(length=16), nullable=False),
        sa.Column("first_day", sa.Date(), nullable=False),
        sa.Column("last_day", sa.Date(), nullable=False),
        sa.Column("imported_at", app.platform.db.UtcDateTime(timezone=True), nullable=False),
        sa.CheckConstraint("first_day <= last_day", name=op.f("ck_schedule_import_first_before_last")),
        sa.ForeignKeyConstraint(
            ["practice_id", "site_id"],
            ["site.practice_id", "site.id"],
            name=op.f("fk_schedule_import_practice_id_site_id"),
        ),
        sa.PrimaryKeyConstraint("practice_id", "id", name=op.f("pk_schedule_import")),
    )
    with op.batch_alter_table("schedule_import", schema=None) as batch_op:
        batch_op.create_index("ix_schedule_import_at", ["practice_id", "imported_at"], unique=False)

    op.create_table(
        "staff_session",
        sa.Column("id", app.platform.db.Uuid16(length=16), nullable=False),
        sa.Column("practice_id", app.platform.db.Uuid16(length=16), nullable=False),
        sa.Column("staff_id", app.platform.db.Uuid16(length=16), nullable=False),
        sa.Column("began_at", app.platform.db.UtcDateTime(timezone=True), nullable=False),
        sa.Column("seen_at", app.platform.db.UtcDateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["practice_id", "staff_id"],
            ["staff.practice_id", "staff.id"],
            name=op.f("fk_staff_session_practice_id_staff_id"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_staff_session")),
        sa.UniqueConstraint("practice_id", "id", name=op.f("uq_staff_session_practice_id_id")),
    )
    op.create_table(
        "visit",
        sa.Column("practice_id", app.platform.db.Uuid16(length=16), nullable=False),
        sa.Column("id", app.platform.db.Uuid16(length=16), nullable=False),
        sa.Column("reference", sa.String(), nullable=False),
        sa.Column("patient_id", app.platform.db.Uuid16(length=16), nullable=False),
        sa.Column("site_id", app.platform.db.Uuid16(length=16), nullable=False),
        sa.Column("starts_at", app.platform.db.UtcDateTime(timezone=True), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column(
            "status",
            sa.Enum(
                "booked",
                "canceled",
                "no_show",
                "done",
                name="is_visit_status",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("lines", sa.String(), nullable=False),
        sa.Column("line_ids", sa.LargeBinary(), nullable=False),
        sa.Column("named_members", sa.LargeBinary(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["practice_id", "patient_id"],
            ["patient.practice_id", "patient.id"],
            name=op.f("fk_visit_practice_id_patient_id"),
        ),
        sa.ForeignKeyConstraint(
            ["practice_id", "site_id"], ["site.practice_id", "site.id"], name=op.f("fk_visit_practice_id_site_id")
        ),
        sa.PrimaryKeyConstraint("practice_id", "id", name=op.f("pk_visit")),
        sa.UniqueConstraint("practice_id", "reference", name="uq_visit_reference"),
    )
    with op.batch_alter_table("visit", schema=None) as batch_op:
        batch_op.create_index("ix_visit_day", ["practice_id", "day", "starts_at", "reference"], unique=False)
        batch_op.create_index("ix_visit_day_site", ["practice_id", "day", "site_id", "status"], unique=False)
        batch_op.create_index("ix_visit_patient", ["practice_id", "patient_id", "starts_at", "reference"], unique=False)

    op.create_table(
        "authorization_event",
        sa.Column("practice_id", app.platform.db.Uuid16(length=16), nullable=False),
        sa.Column("id", app.platform.db.Uuid16(length=16), nullable=False),
        sa.Column("authorization_id", app.platform.db.Uuid16(length=16), nullable=False),
        sa.Column("at", app.platform.db.UtcDateTime(timezone=True), nullable=False),
        sa.Column("via", sa.String(), nullable=False),
        sa.Column("user_id", app.platform.db.Uuid16(length=16), nullable=True),
        sa.Column("changes", app.platform.db.JsonText(), nullable=False),
        sa.ForeignKeyConstraint(
            ["practice_id", "authorization_id"],
            ["authorization.practice_id", "authorization.id"],
            name=op.f("fk_authorization_event_practice_id_authorization_id"),
        ),
        sa.PrimaryKeyConstraint("practice_id", "id", name=op.f("pk_authorization_event")),
    )
    with op.batch_alter_table("authorization_event", schema=None) as batch_op:
        batch_op.create_index(
            "ix_authorization_event_authorization", ["practice_id", "authorization_id", "id"], unique=False
        )

    op.create_table(
        "service_line",
        sa.Column("practice_id", app.platform.db.Uuid16(length=16), nullable=False),
        sa.Column("id", app.platform.db.Uuid16(length=16), nullable=False),
        sa.Column("visit_id", app.platform.db.Uuid16(length=16), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("code", sa.String(), nullable=True),
        sa.Column("units", sa.Integer(), nullable=False),
        sa.Column("type_key", sa.String(), nullable=True),
        sa.Column("source_place", sa.Integer(), nullable=False),
        sa.Column("row_facts", app.platform.db.JsonText(), nullable=True),
        sa.CheckConstraint("units >= 1", name=op.f("ck_service_line_at_least_one_unit")),
        sa.ForeignKeyConstraint(
            ["practice_id", "visit_id"],
            ["visit.practice_id", "visit.id"],
            name=op.f("fk_service_line_practice_id_visit_id"),
        ),
        sa.PrimaryKeyConstraint("practice_id", "id", name=op.f("pk_service_line")),
        sa.UniqueConstraint("practice_id", "visit_id", "position", name="uq_service_line_position"),
    )
    with op.batch_alter_table("service_line", schema=None) as batch_op:
        batch_op.create_index("ix_service_line_code", ["practice_id", "code", "visit_id"], unique=False)
        batch_op.create_index("ix_service_line_type_key", ["practice_id", "type_key", "visit_id"], unique=False)

    op.create_table(
        "visit_verdict",
        sa.Column("practice_id", app.platform.db.Uuid16(length=16), nullable=False),
        sa.Column("id", app.platform.db.Uuid16(length=16), nullable=False),
        sa.Column("patient_id", app.platform.db.Uuid16(length=16), nullable=False),
        sa.Column("site_id", app.platform.db.Uuid16(length=16), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("starts_at", app.platform.db.UtcDateTime(timezone=True), nullable=False),
        sa.Column(
            "badge",
            sa.Enum(
                "blocked",
                "not_checked",
                "waiting",
                "at_risk",
                "cleared",
                "accepted_risk",
                "self_pay",
                name="is_badge",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("as_of", sa.Date(), nullable=False),
        sa.Column("changes_on", sa.Date(), nullable=True),
        sa.Column("rules_version", sa.String(), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(
            ["practice_id", "id"], ["visit.practice_id", "visit.id"], name=op.f("fk_visit_verdict_practice_id_id")
        ),
        sa.ForeignKeyConstraint(
            ["practice_id", "patient_id"],
            ["patient.practice_id", "patient.id"],
            name=op.f("fk_visit_verdict_practice_id_patient_id"),
        ),
        sa.PrimaryKeyConstraint("practice_id", "id", name=op.f("pk_visit_verdict")),
    )
    with op.batch_alter_table("visit_verdict", schema=None) as batch_op:
        batch_op.create_index("ix_visit_verdict_changes", ["practice_id", "changes_on"], unique=False)
        batch_op.create_index(
            "ix_visit_verdict_day",
            ["practice_id", "day", "starts_at", "id", "badge", "site_id", "changes_on"],
            unique=False,
        )
        batch_op.create_index("ix_visit_verdict_patient", ["practice_id", "patient_id"], unique=False)

    for statement in APPEND_ONLY[op.get_bind().dialect.name]:
        op.execute(statement)


def downgrade() -> None:
    """Drop the tables; the triggers go with theirs."""
    with op.batch_alter_table("visit_verdict", schema=None) as batch_op:
        batch_op.drop_index("ix_visit_verdict_patient")
        batch_op.drop_index("ix_visit_verdict_day")
        batch_op.drop_index("ix_visit_verdict_changes")

    op.drop_table("visit_verdict")
    with op.batch_alter_table("service_line", schema=None) as batch_op:
        batch_op.drop_index("ix_service_line_type_key")
        batch_op.drop_index("ix_service_line_code")

    op.drop_table("service_line")
    with op.batch_alter_table("authorization_event", schema=None) as batch_op:
        batch_op.drop_index("ix_authorization_event_authorization")

    op.drop_table("authorization_event")
    with op.batch_alter_table("visit", schema=None) as batch_op:
        batch_op.drop_index("ix_visit_patient")
        batch_op.drop_index("ix_visit_day_site")
        batch_op.drop_index("ix_visit_day")

    op.drop_table("visit")
    op.drop_table("staff_session")
    with op.batch_alter_table("schedule_import", schema=None) as batch_op:
        batch_op.drop_index("ix_schedule_import_at")

    op.drop_table("schedule_import")
    op.drop_table("practice_rule_end")
    with op.batch_alter_table("patient_answer", schema=None) as batch_op:
        batch_op.drop_index("ix_patient_answer_patient")

    op.drop_table("patient_answer")
    op.drop_table("coverage")
    op.drop_table("authorization")
    op.drop_table("visit_type_mapping")
    op.drop_table("staff")
    op.drop_table("site")
    op.drop_table("rule_set_in_force")
    op.drop_table("provider")
    with op.batch_alter_table("practice_rule", schema=None) as batch_op:
        batch_op.drop_index("ix_practice_rule_payer")

    op.drop_table("practice_rule")
    op.drop_table("payer")
    op.drop_table("patient")
    op.drop_table("participation")
    with op.batch_alter_table("import_run", schema=None) as batch_op:
        batch_op.drop_index("ix_import_run_sha256")

    op.drop_table("import_run")
    op.drop_table("header_match")
    op.drop_table("audit_head")
    op.drop_table("audit_entry")
    op.drop_table("rule_set")
    op.drop_table("practice")
    if op.get_bind().dialect.name == "postgresql":
        op.execute("DROP FUNCTION audit_entry_append_only()")
