"""E-mails about a person's own sign-in: queued in the transaction in which it happened, whatever the person prefers."""

from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy.orm import Session

from app.alerts.facts.outbox import Message, To, Way
from app.alerts.rules.accounts import CODE, OTHER_ADDRESS, TEMPLATE_OF, WITH_CODE, path_of
from app.alerts.store import outbox
from app.platform.caller import Caller
from app.platform.changes import Changed, Told
from app.platform.ids import new_id
from app.practice.actions.invitations import code_to_send
from app.practice.facts.accounts import Happening
from app.practice.store import accounts as codes

LASTS = timedelta(days=2)
"""How long an e-mail that holds no code may wait to be sent."""


def on_changed(caller: Caller, changed: Changed) -> None:
    """Hear what people are to be told, in the transaction of the change, and queue an e-mail for each."""
    session, practice_id, now = caller.session, caller.practice_id, caller.clock.now()
    outbox.queue_all(session, practice_id, [_message(session, practice_id, told, now) for told in changed.told])


def _message(session: Session, practice_id: UUID, told: Told, now: datetime) -> Message:
    what, message_id = Happening(told.what), new_id()
    code = codes.code_of(session, practice_id, told.about) if what in WITH_CODE and told.about else None
    fields = {OTHER_ADDRESS: told.address} if told.address else {}
    if code is not None:
        fields[CODE] = code.id.hex
    return Message(
        id=message_id,
        key=f"account:{what}:{(told.about or message_id).hex}:{Way.EMAIL}:{told.staff_id.hex}",
        way=Way.EMAIL,
        to=To.STAFF,
        recipient_id=told.staff_id,
        template=TEMPLATE_OF[what],
        queued_at=now,
        not_before=now,
        expires_at=now + LASTS if code is None else code.expires_at,
        fields=fields,
    )


def link_about(session: Session, practice_id: UUID, message: Message, to_read: bool) -> str | None:
    """The path that the link of such an e-mail leads to. Where it brings a code, that is made now, and kept nowhere.

    `to_read`: for a page of the program, which shows the link without a code.
    Returns None where the code opens nothing any more: it was used, revoked or replaced.
    """
    path = path_of(message.template)
    if CODE not in message.fields or to_read:
        return path
    code = code_to_send(session, practice_id, UUID(hex=message.fields[CODE]))
    return None if code is None else f"{path}#{code}"


def is_over(session: Session, practice_id: UUID, message: Message, now: datetime) -> bool:
    """Say whether the code that a message brings opens nothing any more, so that it is not sent."""
    if CODE not in message.fields:
        return False
    code = codes.code_of(session, practice_id, UUID(hex=message.fields[CODE]))
    return code is None or not code.stands(now)
