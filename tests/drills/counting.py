"""What a drill is judged by: every message beside what the provider took, by our reference."""

import re
from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.alerts.facts.outbox import State, Way
from app.alerts.models.outbox import OutboxMessageRow
from tests.support import make

TOKEN = re.compile(r"[A-Za-z0-9_-]+")
LEFT = {State.PENDING, State.CLAIMED}
LAST_WORDS = {"delivered", "undelivered"}
GIVEN_UP = {State.FAILED, State.CANCELLED}


@dataclass(frozen=True)
class Row:
    """One text of the outbox."""

    reference: str
    recipient_id: UUID
    state: State
    attempts: int


@dataclass(frozen=True)
class Counts:
    """What came of the messages. A message is lost when the provider never took it, unless it refused it for good."""

    messages: int
    lost: int
    duplicates: int
    stuck: int
    refused: int
    unreported: int


def texts(session: Session) -> list[Row]:
    """Read every text of the practice."""
    row = OutboxMessageRow
    found = session.execute(
        select(row.reference, row.recipient_id, row.state, row.attempts).where(
            row.practice_id == make.PRACTICE_ID, row.way == Way.SMS
        )
    )
    return [Row(one[0], one[1], one[2], one[3]) for one in found]


def taken(log: Iterable[Mapping[str, Any]], references: Iterable[str]) -> Counter[str]:
    """Count, by our reference, what the provider took: the reference stands in the text or the address of reports."""
    known = set(references)
    counted: Counter[str] = Counter()
    for entry in log:
        words = {*TOKEN.findall(entry["body"]), *TOKEN.findall(entry.get("callback") or "")}
        named = words & known
        assert len(named) <= 1, "a text names two messages"
        counted.update(named)
    return counted


def count(rows: Sequence[Row], log: Sequence[Mapping[str, Any]], refusing: Collection[UUID] = ()) -> Counts:
    """Judge. `refusing`: people whose numbers the provider never takes.

    Stuck is what nobody works on any more without an end, and what stands as sent although its end was reported.
    """
    references = [row.reference for row in rows]
    accepted = taken((entry for entry in log if entry["what"] == "accepted"), references)
    missing = [row for row in rows if not accepted[row.reference]]
    refused = [row for row in missing if row.recipient_id in refusing and row.state in GIVEN_UP]
    reported = {entry["sid"] for entry in log if _was_heard(entry)}
    ended = taken((entry for entry in log if entry["what"] == "accepted" and entry["sid"] in reported), references)
    return Counts(
        messages=len(rows),
        lost=len(missing) - len(refused),
        duplicates=sum(times - 1 for times in accepted.values()),
        stuck=sum(row.state in LEFT or (row.state is State.SENT and ended[row.reference] > 0) for row in rows),
        refused=len(refused),
        unreported=sum(row.state is State.SENT and not ended[row.reference] for row in rows),
    )


def _was_heard(entry: Mapping[str, Any]) -> bool:
    """Say whether a line of the log is a last report that was taken in."""
    return entry["what"] == "reported" and entry["status"] in LAST_WORDS and entry["answer"] == 204
