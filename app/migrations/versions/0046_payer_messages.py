"""Messages to payers: changes, cancellations and X12 requests, and the proof of what was sent."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

from app.platform.widening import set_choices

revision: str = "0046_payer_messages"
down_revision: str | None = "0045_acknowledgements"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

_BEFORE = ("submit", "inquire")
_ACTS = (*_BEFORE, "update", "cancel", "submit_x12")


def upgrade() -> None:
    """Let a message be a change, a cancellation or an X12 request, with digest, documents and the number of its file."""
    set_choices(op.get_bind(), "pas_exchange", "ck_pas_exchange_is_pas_act", "act", _ACTS)
    op.add_column("pas_exchange", sa.Column("digest", sa.LargeBinary(length=32), nullable=True))
    op.add_column("pas_exchange", sa.Column("papers", sa.Integer(), nullable=True))
    op.add_column("pas_exchange", sa.Column("control", sa.Integer(), nullable=True))
    op.create_index("ix_pas_exchange_control", "pas_exchange", ["practice_id", "control"], unique=True)


def downgrade() -> None:
    """Take them away again; a message of a new kind goes, since nothing before knows what it is."""
    op.execute("DELETE FROM pas_exchange WHERE act NOT IN ('submit', 'inquire')")
    op.drop_index("ix_pas_exchange_control", table_name="pas_exchange")
    op.drop_column("pas_exchange", "control")
    op.drop_column("pas_exchange", "papers")
    op.drop_column("pas_exchange", "digest")
    set_choices(op.get_bind(), "pas_exchange", "ck_pas_exchange_is_pas_act", "act", _BEFORE)
