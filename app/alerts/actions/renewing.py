"""Open the renewals whose time has come: those of which an alert tells that they should be asked for."""

from uuid import UUID

from app.alerts.store import alerts as store
from app.authorizations import store as authorization_store
from app.casework.actions.renewing import open_renewal
from app.casework.rules.renewing import renewal_id
from app.deadlines.facts import Reason, SubjectKind
from app.platform.caller import Caller

AT_ONCE = 200
"""Alerts looked at in one run."""


def open_renewals(caller: Caller) -> int:
    """Open a renewal in draft for each approval of which an open alert says that its renewal is due.

    Works from what is on file: an approval whose renewal was begun is left alone, so that twice, late or after a crash
    ends the same. Returns how many were opened.
    """
    session, practice_id = caller.session, caller.practice_id
    opened, after = 0, None
    while found := store.open_for(session, practice_id, Reason.RENEWAL_DUE, after, AT_ONCE):
        after = found[-1].id
        due = {UUID(hex=one.subject.key): one.due_on for one in found if one.subject.kind is SubjectKind.AUTHORIZATION}
        known = authorization_store.patients_by_id(session, practice_id, [renewal_id(one) for one in due])
        waiting = [(one, day) for one, day in due.items() if renewal_id(one) not in known]
        opened += sum(open_renewal(caller, one, day) for one, day in waiting)
    return opened
