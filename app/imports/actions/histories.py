"""What moves or puts back rows of authorizations past their own actions keeps their histories whole."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from uuid import UUID

from app.authorizations import store as authorizations
from app.authorizations.facts import AuthorizationEvent
from app.authorizations.rules.changes import changes_of
from app.platform.caller import Caller
from app.platform.ids import new_id


@contextmanager
def told(caller: Caller, authorization_ids: Sequence[UUID], via: str) -> Iterator[None]:
    """Add to the history of each authorization what changed of it inside, so that it can be made anew of its events."""
    session, practice_id = caller.session, caller.practice_id
    before = authorizations.records_by_ids(session, practice_id, authorization_ids)
    yield
    now = authorizations.records_by_ids(session, practice_id, authorization_ids)
    changed = {one: changes_of(before[one], record) for one, record in now.items() if one in before}
    events = [
        AuthorizationEvent(new_id(), one, caller.clock.now(), via, caller.user_id, changes)
        for one, changes in changed.items()
        if changes
    ]
    authorizations.add_events(session, practice_id, events)
