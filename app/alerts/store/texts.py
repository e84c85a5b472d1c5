"""Texts: the practice's name in them, numbers that ended them, and what was sent to patients."""

from collections.abc import Sequence
from dataclasses import asdict
from datetime import datetime
from uuid import UUID

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from app.alerts.facts.outbox import State, To, Way
from app.alerts.facts.text_page import ListedText
from app.alerts.facts.texts import PracticeTexts, SentText, Stop
from app.alerts.models.outbox import OutboxMessageRow
from app.alerts.models.people import StaffContactRow
from app.alerts.models.texts import PatientTextRow, PracticeTextsRow, TextStopRow
from app.alerts.rules.texting import CONFIRMS
from app.alerts.store.people import PHONE
from app.platform.db import keyring_of
from app.platform.rows import chunks

PAGE = 50
_S, _T, _M = TextStopRow, PatientTextRow, OutboxMessageRow


def practice_texts(session: Session, practice_id: UUID) -> PracticeTexts | None:
    """Read how the practice names itself in texts; None: nobody has said it yet."""
    row = session.get(PracticeTextsRow, practice_id, populate_existing=True)
    return None if row is None else PracticeTexts(row.short_name, row.phone, row.provider_answers_stop, row.language)


def save_practice_texts(session: Session, practice_id: UUID, texts: PracticeTexts) -> None:
    """Write how the practice names itself in texts."""
    session.merge(PracticeTextsRow(practice_id=practice_id, **asdict(texts)))
    session.flush()


def number_key(session: Session, practice_id: UUID, number: str) -> bytes:
    """Make the blind index of a number (`+1` and ten digits, or as the provider gave it)."""
    return keyring_of(session).blind(PHONE, practice_id, number)


def stop(session: Session, practice_id: UUID, stopped: Stop) -> bool:
    """End texts to a number. Returns False where they had ended already; the earlier word then stays."""
    key = number_key(session, practice_id, stopped.number)
    if _open_stop(session, practice_id, key, hold=True) is not None:
        return False
    sealed = keyring_of(session).seal("text_stop.number", practice_id, stopped.id, stopped.number)
    session.add(
        _S(
            practice_id=practice_id,
            id=stopped.id,
            number_key=key,
            number=sealed,
            stopped_at=stopped.stopped_at,
            how=stopped.how,
            recorded_by=stopped.recorded_by,
        )
    )
    session.flush()
    return True


def stop_of(session: Session, practice_id: UUID, number: str) -> Stop | None:
    """Read since when, and how, texts to a number have ended; None: they have not."""
    row = _open_stop(session, practice_id, number_key(session, practice_id, number))
    return None if row is None else Stop(row.id, number, row.stopped_at, row.how, row.recorded_by)


def lift_stop(session: Session, practice_id: UUID, number: str, now: datetime, by: UUID | None) -> bool:
    """Let texts go to a number again. Returns whether they had ended."""
    row = _open_stop(session, practice_id, number_key(session, practice_id, number), hold=True)
    if row is None:
        return False
    row.lifted_at, row.lifted_by = now, by
    session.flush()
    return True


def _open_stop(session: Session, practice_id: UUID, key: bytes, hold: bool = False) -> TextStopRow | None:
    found = select(_S).where(_S.practice_id == practice_id, _S.number_key == key, _S.lifted_at.is_(None))
    return session.scalar(found.with_for_update() if hold else found)


def staff_of_number(session: Session, practice_id: UUID, number: str) -> tuple[UUID, ...]:
    """Name all staff who have a number on file, in the order of ids."""
    key = number_key(session, practice_id, number)
    mine = (StaffContactRow.practice_id == practice_id, StaffContactRow.phone_key == key)
    return tuple(session.scalars(select(StaffContactRow.staff_id).where(*mine).order_by(StaffContactRow.staff_id)))


def sent_to(session: Session, practice_id: UUID, patient_id: UUID, since: datetime) -> tuple[datetime, ...]:
    """When texts went to a patient since an instant, but for answers to a word that came in; oldest first."""
    gone = (State.CLAIMED, State.SENT, State.DELIVERED, State.UNDELIVERED)
    found = select(_M.claimed_at).where(
        _M.practice_id == practice_id,
        _M.recipient_id == patient_id,
        _M.way == Way.SMS,
        _M.claimed_at >= since,
        _M.kind == To.PATIENT,
        _M.state.in_(gone),
        _M.template.not_in(sorted(CONFIRMS)),
    )
    return tuple(at for at in session.scalars(found.order_by(_M.claimed_at)) if at is not None)


def pending_to(session: Session, practice_id: UUID, patient_id: UUID) -> int:
    """Count the texts that wait to go to a patient."""
    found = select(_M.id).where(
        _M.practice_id == practice_id,
        _M.recipient_id == patient_id,
        _M.way == Way.SMS,
        _M.state == State.PENDING,
        _M.template.not_in(sorted(CONFIRMS)),
    )
    return len(session.scalars(found.limit(10)).all())


def last_alert_text(session: Session, practice_id: UUID, staff_id: UUID) -> tuple[str, tuple[UUID, ...]] | None:
    """Find what the last text of alerts to a staff member told of: its template and its alerts in order; None: none."""
    found = session.scalars(
        select(_M)
        .where(
            _M.practice_id == practice_id,
            _M.recipient_id == staff_id,
            _M.way == Way.SMS,
            _M.claimed_at.is_not(None),
            _M.state.not_in((State.CANCELLED, State.EXPIRED, State.FAILED)),
            _M.alert_ids != [],
        )
        .order_by(_M.claimed_at.desc(), _M.id.desc())
        .limit(1)
    ).first()
    return None if found is None else (found.template, tuple(UUID(hex=text) for text in found.alert_ids))


def let_go(session: Session, practice_id: UUID, patient_ids: Sequence[UUID], now: datetime) -> None:
    """Look again at once at the texts to some patients that an unread reply held."""
    for chunk in chunks(patient_ids):
        held = (_M.practice_id == practice_id, _M.recipient_id.in_(chunk), _M.state == State.PENDING, _M.why == "held")
        statement = update(_M).where(*held).values(next_try_at=now, why=None)
        session.execute(statement.execution_options(synchronize_session=False))


def add_text(session: Session, practice_id: UUID, sent: SentText) -> None:
    """Note a text to a patient under the id of its message."""
    session.add(_T(practice_id=practice_id, **asdict(sent)))
    session.flush()


def opted_in(session: Session, practice_id: UUID, patient_ids: Sequence[UUID]) -> frozenset[UUID]:
    """Name those of some patients who were told once what texts come and how to end them."""
    found: set[UUID] = set()
    for chunk in chunks(patient_ids):
        mine = (_T.practice_id == practice_id, _T.patient_id.in_(chunk), _T.template == "patient.optin")
        found.update(session.scalars(select(_T.patient_id).where(*mine)))
    return frozenset(found)


def text_of(session: Session, practice_id: UUID, message_id: UUID) -> SentText | None:
    """Read one text to a patient."""
    row = session.get(_T, (practice_id, message_id), populate_existing=True)
    return None if row is None else _sent(row)


def mark_taken_back(session: Session, practice_id: UUID, message_id: UUID, now: datetime) -> None:
    """Note that a text was taken back before it went."""
    mine = (_T.practice_id == practice_id, _T.id == message_id)
    session.execute(update(_T).where(*mine).values(taken_back_at=now))


def texts_to(session: Session, practice_id: UUID, patient_id: UUID, limit: int = PAGE) -> tuple[ListedText, ...]:
    """Read the texts to a patient with how each stands, newest first, at most so many."""
    found = session.execute(
        select(_T, _M.state, _M.why, _M.fields, _M.next_try_at)
        .outerjoin(_M, (_M.practice_id == _T.practice_id) & (_M.id == _T.id))
        .where(_T.practice_id == practice_id, _T.patient_id == patient_id)
        .order_by(_T.id.desc())
        .limit(limit)
    )
    return tuple(ListedText(_sent(row), state, why, dict(fields or {}), at) for row, state, why, fields, at in found)


def _sent(row: PatientTextRow) -> SentText:
    return SentText(
        row.id, row.patient_id, row.visit_id, row.template, row.language, row.sent_at, row.sent_by, row.taken_back_at
    )
