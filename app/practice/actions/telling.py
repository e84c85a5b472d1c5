"""Tell a person by e-mail what happened to their own sign-in. The room of alerts hears of it and writes the e-mail."""

from uuid import UUID

from app.platform.caller import Caller
from app.platform.changes import Changed, Told, announce
from app.practice.facts.accounts import Happening


def tell(
    caller: Caller, staff_id: UUID, what: Happening, about: UUID | None = None, address: str | None = None
) -> None:
    """Queue an e-mail to a person, inside an open `with announced(caller)`; it goes once that is committed.

    Takes     who hears of it; what happened; the id of what it is about (a one-time code); another address than the
              one on file, for whoever must hear that the address itself changed.
    """
    announce(caller.session, Changed(told=(Told(staff_id, what, about, address),)))
