"""To whom an alert is shown as theirs."""

from collections.abc import Collection, Iterable
from uuid import UUID

from sqlalchemy import delete, exists, func, select, update
from sqlalchemy.orm import Session

from app.alerts.models.alerts import AlertPersonRow, AlertRow
from app.alerts.store import rapid
from app.alerts.store.alerts import _in_sight
from app.platform.rows import chunks
from app.values.scope import EVERYTHING, Scope

_P = AlertPersonRow


def show(session: Session, practice_id: UUID, pairs: Iterable[tuple[UUID, UUID]]) -> None:
    """Show alerts to people: pairs of an alert and a person."""
    rapid.insert(
        session,
        practice_id,
        _P,
        ("alert_id", "staff_id", "shown"),
        ((alert, person, True) for alert, person in dict.fromkeys(pairs)),
        "ON CONFLICT (practice_id, alert_id, staff_id) DO UPDATE SET shown = excluded.shown",
    )


def set_shown(session: Session, practice_id: UUID, alert_ids: Collection[UUID], shown: bool) -> None:
    """Let alerts count in the bell of those to whom they are shown, or not."""
    for ids in chunks(list(alert_ids)):
        session.execute(
            update(_P).where(_P.practice_id == practice_id, _P.alert_id.in_(ids), _P.shown != shown).values(shown=shown)
        )


def people_of(session: Session, practice_id: UUID, alert_ids: Collection[UUID]) -> dict[UUID, frozenset[UUID]]:
    """Read to whom alerts are shown, by alert."""
    found: dict[UUID, set[UUID]] = {}
    for ids in chunks(list(alert_ids)):
        for row in session.execute(
            select(_P.alert_id, _P.staff_id).where(_P.practice_id == practice_id, _P.alert_id.in_(ids))
        ):
            found.setdefault(row.alert_id, set()).add(row.staff_id)
    return {alert: frozenset(people) for alert, people in found.items()}


def replace(session: Session, practice_id: UUID, alert_id: UUID, people: Iterable[UUID], shown: bool) -> None:
    """Show one alert to these people only."""
    session.execute(delete(_P).where(_P.practice_id == practice_id, _P.alert_id == alert_id))
    show(session, practice_id, ((alert_id, person) for person in people))
    if not shown:
        set_shown(session, practice_id, [alert_id], False)


def count_shown(session: Session, practice_id: UUID, staff_id: UUID, scope: Scope = EVERYTHING) -> int:
    """Count the alerts in sight that a person has not dealt with."""
    mine = [_P.practice_id == practice_id, _P.staff_id == staff_id, _P.shown.is_(True)]
    if scope.limited:
        its = (AlertRow.practice_id == practice_id, AlertRow.id == _P.alert_id)
        mine.append(exists().where(*its, *_in_sight(practice_id, scope)))
    return session.scalar(select(func.count()).select_from(_P).where(*mine)) or 0
