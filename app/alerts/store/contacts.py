"""The numbers of several people of the practice at once, with whether texts to them have ended."""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import exists, select
from sqlalchemy.orm import Session

from app.alerts.facts.delivery import StaffNumber
from app.alerts.models.people import StaffContactRow
from app.alerts.models.texts import TextStopRow
from app.platform.db import keyring_of
from app.platform.rows import chunks

_C, _S = StaffContactRow, TextStopRow


def staff_numbers(session: Session, practice_id: UUID, staff_ids: Sequence[UUID]) -> dict[UUID, StaffNumber]:
    """Open the numbers of some people; who has none on file is missing."""
    keyring = keyring_of(session)
    stopped = exists().where(_S.practice_id == _C.practice_id, _S.number_key == _C.phone_key, _S.lifted_at.is_(None))
    numbers: dict[UUID, StaffNumber] = {}
    for part in chunks(staff_ids):
        found = session.execute(
            select(_C.staff_id, _C.phone, stopped).where(
                _C.practice_id == practice_id, _C.staff_id.in_(part), _C.phone.is_not(None)
            )
        )
        for staff_id, phone, ended in found:
            assert phone is not None
            opened = keyring.unseal("staff_contact.phone", practice_id, staff_id, phone)
            numbers[staff_id] = StaffNumber(opened, bool(ended))
    return numbers
