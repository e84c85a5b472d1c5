"""Add and change the people who sign in."""

from dataclasses import replace
from uuid import UUID

from app.audit.actions import record
from app.audit.rules import Detail
from app.platform.caller import Caller
from app.platform.changes import announced
from app.platform.db import writing
from app.platform.ids import new_id
from app.platform.passwords import hash_password, make_password
from app.practice.actions.practice import StaleRecordError, TakenError
from app.practice.actions.telling import tell
from app.practice.facts.accounts import CodeKind, Happening
from app.practice.facts.staff import Look, Role, Staff
from app.practice.rules.accounts import administrators, ends_sessions, raises_rights
from app.practice.rules.roles import last_administrator, version_of
from app.practice.store import accounts as codes
from app.practice.store import staff as store


class LastAdministratorError(Exception):
    """Nobody would be left who may sign in and is an administrator; nothing was saved."""


def add_staff(
    caller: Caller,
    email: str,
    name: str,
    roles: frozenset[Role],
    staff_id: UUID | None = None,
    must_change: bool = False,
    sight: tuple[frozenset[UUID] | None, str | None] = (None, None),
) -> str | None:
    """Add a person who may sign in at once, with a password made for them: on this machine; pages invite instead.

    `must_change`: the password opens only the page where it is changed. `sight`: the sites in sight (None: all), and
    the NPI of the provider that the person is.
    Returns   the password, which is shown once and kept nowhere; None when the address is on file.
    """
    password = make_password()
    person = Staff(staff_id or new_id(), caller.practice_id, email.strip().lower(), name, roles)
    person = replace(person, sites=sight[0], provider_npi=sight[1], must_change=must_change)
    hashed = hash_password(password)
    with writing(caller.session) as session:
        if store.sign_in_state(session, email) is not None:
            return None
        store.add_staff(session, caller.practice_id, person, hashed)
        record(caller, "practice.staff_added", (person.id,))
    return password


def renew_password(caller: Caller, email: str) -> str | None:
    """Give a person a new password and end their sessions. Returns it, or None when nobody has that address."""
    password = make_password()
    hashed = hash_password(password)
    with writing(caller.session) as session:
        state = store.sign_in_state(session, email)
        if state is None or state.staff.practice_id != caller.practice_id:
            return None
        store.set_password(session, caller.practice_id, state.staff.id, hashed)
        record(caller, "practice.password_renewed", (state.staff.id,))
    return password


def save_staff(caller: Caller, person: Staff, version: str) -> None:
    """Write a person: name, address, roles, sites, provider, whether they may sign in. `version` as for a site.

    Whoever gets other rights, another address or may no longer sign in loses every browser. The person is told, at the
    old address too; all administrators are told of one who raises their own rights.
    Raises    StaleRecordError; LastAdministratorError; TakenError("email").
    """
    with announced(caller) as session:
        record(caller, "practice.staff_saved", (person.id,))  # holds the log's head: one change of people at a time
        people = store.staff_of(session, caller.practice_id)
        before = next(one for one in people if one.id == person.id)
        if version_of(before) == version_of(person):
            return
        if version != version_of(before):
            raise StaleRecordError
        if last_administrator(people, person):
            raise LastAdministratorError
        if person.email != before.email and store.sign_in_state(session, person.email) is not None:
            raise TakenError("email")
        store.save_staff(session, caller.practice_id, person)
        _follow(caller, before, person, administrators(people))


def _follow(caller: Caller, before: Staff, after: Staff, told: list[Staff]) -> None:
    """What follows of a change of a person: what is recorded of it, ended, and told to whom."""
    session, practice_id = caller.session, caller.practice_id
    if ends_sessions(before, after):
        store.end_sessions_of(session, practice_id, after.id)
    if not after.active:
        codes.end_codes(session, practice_id, after.id, caller.clock.now(), CodeKind.RESET)
        record(caller, "practice.staff_shut_out" if before.active else "practice.staff_changed", (after.id,))
        return
    own = caller.user_id == after.id and raises_rights(before, after)
    record(caller, "practice.own_rights_raised" if own else "practice.staff_changed", (after.id,), **_rights(after))
    if (before.roles, before.sites, before.provider_npi) != (after.roles, after.sites, after.provider_npi):
        tell(caller, after.id, Happening.ROLES_CHANGED)
    if before.email != after.email:
        tell(caller, after.id, Happening.ADDRESS_CHANGED)
        tell(caller, after.id, Happening.ADDRESS_CHANGED, address=before.email)
    for one in told if own else ():
        tell(caller, one.id, Happening.RIGHTS_RAISED, after.id)


def _rights(person: Staff) -> dict[str, Detail]:
    """What a person may from now on, as the audit log keeps it: the roles, and how many sites (0: all)."""
    roles = {f"role_{role.value}": 1 for role in sorted(person.roles)}
    return {**roles, "sites": 0 if person.sites is None else len(person.sites)}


def choose_look(caller: Caller, staff: Staff, look: Look) -> None:
    """Note how a person wants the pages."""
    with writing(caller.session) as session:
        store.save_look(session, caller.practice_id, staff.id, look)
        record(caller, "practice.look_chosen", (staff.id,))
