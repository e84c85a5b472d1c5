"""Table of messages to payers by FHIR and as X12 278. What was sent and what came back is sealed."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import ForeignKeyConstraint, Index, LargeBinary, PrimaryKeyConstraint
from sqlalchemy.orm import Mapped, mapped_column

from app.casework.facts.pas import PasAct, PasState
from app.platform.db import Model, choice
from app.platform.sealed import Sealed


class PasExchangeRow(Model):
    """One message to a payer. `answer` is kept until the mailroom has it as the document `document_id`.

    `digest`: SHA-256 of the bytes that left; `papers`: documents in them; `control`: number of an X12 file.
    """

    __tablename__ = "pas_exchange"
    __table_args__ = (
        PrimaryKeyConstraint("practice_id", "id"),
        ForeignKeyConstraint(["practice_id", "case_id"], ["authorization.practice_id", "authorization.id"]),
        Index("ix_pas_exchange_case", "practice_id", "case_id", "id"),
        Index("ix_pas_exchange_state", "practice_id", "state", "at"),
        Index("ix_pas_exchange_control", "practice_id", "control", unique=True),
        {"info": {"rows_at_once": 2}},
    )
    practice_id: Mapped[UUID]
    id: Mapped[UUID]
    case_id: Mapped[UUID]
    act: Mapped[PasAct] = mapped_column(choice(PasAct))
    system: Mapped[str]
    state: Mapped[PasState] = mapped_column(choice(PasState))
    at: Mapped[datetime]
    by_id: Mapped[UUID | None]
    done_at: Mapped[datetime | None]
    code: Mapped[str | None]
    request: Mapped[Sealed]
    answer: Mapped[Sealed | None]
    document_id: Mapped[UUID | None]
    digest: Mapped[bytes | None] = mapped_column(LargeBinary(32))
    papers: Mapped[int | None]
    control: Mapped[int | None]
