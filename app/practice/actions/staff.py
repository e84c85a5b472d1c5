"""Add and change the people who sign in."""

from uuid import UUID

from app.audit.actions import record
from app.platform.caller import Caller
from app.platform.db import writing
from app.platform.ids import new_id
from app.platform.passwords import hash_password, make_password
from app.practice.actions.practice import StaleRecordError
from app.practice.facts.staff import Look, Role, Staff
from app.practice.rules.roles import last_administrator, version_of
from app.practice.store import staff as store


class LastAdministratorError(Exception):
    """Nobody would be left who may sign in and is an administrator; nothing was saved."""


def add_staff(
    caller: Caller, email: str, name: str, roles: frozenset[Role], staff_id: UUID | None = None
) -> str | None:
    """Add a person who may sign in. `staff_id`: made with the form, so that it adds one person however often it comes.

    Returns   the password made for them, which is shown once and kept nowhere; None when the address is on file.
    """
    password = make_password()
    person = Staff(staff_id or new_id(), caller.practice_id, email.strip().lower(), name, roles)
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
    """Write a person's name and roles, and whether they may sign in. `version` as for a site.

    Raises    StaleRecordError; LastAdministratorError.
    """
    with writing(caller.session) as session:
        record(caller, "practice.staff_saved", (person.id,))  # holds the log's head: one change of people at a time
        people = store.staff_of(session, caller.practice_id)
        before = next(one for one in people if one.id == person.id)
        if version_of(before) == version_of(person):
            return
        if version != version_of(before):
            raise StaleRecordError
        if last_administrator(people, person):
            raise LastAdministratorError
        store.save_staff(session, caller.practice_id, person)


def choose_look(caller: Caller, staff: Staff, look: Look) -> None:
    """Note how a person wants the pages."""
    with writing(caller.session) as session:
        store.save_look(session, caller.practice_id, staff.id, look)
        record(caller, "practice.look_chosen", (staff.id,))
