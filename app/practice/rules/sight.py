"""What of the practice is in a person's sight, from roles, sites and which provider the person is."""

from collections.abc import Iterable
from uuid import UUID

from app.practice.facts.staff import Permission, Role, Staff
from app.practice.rules.roles import permissions_of
from app.values.scope import EVERYTHING, Scope

WHOLE_ONLY = frozenset({Permission.IMPORT, Permission.EXPORT})
"""What asks for sight of the whole practice: a file shows patients, or a patient's visits, of every site."""

NO_PROVIDER = ""
"""The provider number of someone who is a provider and of whom nobody said which: no visit has it."""

_OTHER_CLINICAL = frozenset({Role.COORDINATOR, Role.SCHEDULER, Role.MANAGER, Role.BILLER})


def scope_of(staff: Staff, opened: Iterable[UUID] = ()) -> Scope:
    """Say what is in a person's sight.

    Takes     a person; the patients that the person opened by break-glass and that are still open.
    Returns   sites where the person is limited to some; the provider's own where the person is a provider and has no
              other clinical role. Patients without any visit are in sight of whoever edits cases and is no such
              provider: a new patient must be reachable before the first visit is booked.
    """
    only_own = Role.PROVIDER in staff.roles and not staff.roles & _OTHER_CLINICAL
    if staff.sites is None and not only_own:
        return EVERYTHING
    own = (staff.provider_npi or NO_PROVIDER) if only_own else None
    edits = Permission.EDIT_CASES in permissions_of(staff.roles)
    return Scope(staff.sites, own, frozenset(opened), unbooked=edits and not only_own)


def permissions_in(staff: Staff, scope: Scope) -> frozenset[Permission]:
    """Collect what a person may do: what the roles give, less what asks for sight of the whole practice."""
    held = permissions_of(staff.roles)
    return held - WHOLE_ONLY if scope.limited else held
