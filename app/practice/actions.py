"""Set up a practice, record a provider's participation, and let people sign in."""

from dataclasses import replace
from datetime import datetime, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from app.audit.actions import record
from app.platform.caller import Caller
from app.platform.changes import Changed, announce, announced
from app.platform.clock import Clock
from app.platform.db import writing
from app.platform.ids import new_id
from app.platform.passwords import hash_password, make_password, password_matches
from app.practice import store
from app.practice.facts import Look, Network, Participation, Practice, Provider, Role, Site, Staff, StaffSession
from app.practice.rules import ABSOLUTE_LIMIT, FORMS_LAST, IDLE_LIMIT, last_administrator, lock_after, version_of
from app.values.spans import DateSpan

SEEN_STEP = timedelta(minutes=1)


class StaleRecordError(Exception):
    """Somebody else changed the record after the page was opened; nothing was saved."""


class TakenError(Exception):
    """Another record holds this already. `field` names which field."""

    def __init__(self, field: str) -> None:
        super().__init__(field)
        self.field = field


class LastAdministratorError(Exception):
    """Nobody would be left who may sign in and is an administrator; nothing was saved."""


def make_practice(caller: Caller, name: str, zone: str, sample: bool = False) -> Practice:
    """Make the practice of a new database under the caller's practice id; its page is filled in later."""
    practice = Practice(caller.practice_id, name, zone, None, None, sample=sample, set_up=sample)
    with writing(caller.session) as session:
        store.save_practice(session, practice.id, practice)
        record(caller, "practice.made")
    return practice


def set_up_practice(
    caller: Caller,
    name: str,
    zone: ZoneInfo,
    state: str | None,
    group_npi: str | None,
    version: str | None = None,
) -> Practice:
    """Fill in the practice's page: name, zone, state and billing group NPI.

    `version`: of the page that the form was filled from, where there was one. Raises StaleRecordError.
    """
    with announced(caller) as session:
        before = store.practice_of(session, caller.practice_id)
        practice = replace(before, name=name, zone=zone.key, state=state, group_npi=group_npi, set_up=True)
        if version is not None and before != practice and version != version_of(before):
            raise StaleRecordError
        store.save_practice(session, practice.id, practice)
        record(caller, "practice.set_up")
        judged = (before.zone, before.group_npi) != (practice.zone, practice.group_npi)
        announce(session, Changed(practice=judged))
    return practice


def save_site(caller: Caller, site: Site, version: str | None) -> None:
    """Write a site as a person has checked it. `version`: of the record that the form was filled from; None when new.

    Raises    StaleRecordError; TakenError for a name or a code that another site has.
    """
    with announced(caller) as session:
        known = {one.id: one for one in store.sites(session, caller.practice_id)}
        before = known.pop(site.id, None)
        for field, name in (("name", site.name), ("code", site.code)):
            if name and any(name.casefold() in _called(other) for other in known.values()):
                raise TakenError(field)
        if before == site:
            return
        if before is not None and version != version_of(before):
            raise StaleRecordError
        store.add_site(session, caller.practice_id, site)
        record(caller, "practice.site_saved", (site.id,))
        judged = before and (before.zone, before.state, before.fresh_days) != (site.zone, site.state, site.fresh_days)
        announce(session, Changed(practice=bool(judged)))


def _called(site: Site) -> set[str]:
    return {name.casefold() for name in (site.name, site.code) if name}


def save_provider(caller: Caller, provider: Provider, version: str | None) -> None:
    """Write a provider as a person has checked it; the NPI of a known one stays. `version` as for a site.

    Raises    StaleRecordError; TakenError for an NPI that is on file.
    """
    with announced(caller) as session:
        known = {one.id: one for one in store.providers(session, caller.practice_id)}
        before = known.pop(provider.id, None)
        if any(other.npi == provider.npi for other in known.values()):
            raise TakenError("npi")
        if before == provider:
            return
        if before is not None and version != version_of(before):
            raise StaleRecordError
        store.add_provider(session, caller.practice_id, provider)
        record(caller, "practice.provider_saved", (provider.id,))
        judged = before is None or before.group_npi != provider.group_npi
        announce(session, Changed(practice=judged))


def record_participation(
    caller: Caller, payer_key: str, plan: str | None, provider_npi: str, network: Network, span: DateSpan
) -> bool:
    """Record the practice's word on one provider in one payer's network. Returns False when it was on file already."""
    word = Participation(payer_key, plan, provider_npi, network, span)
    with announced(caller) as session:
        if word == _last_word(store.participations(session, caller.practice_id), word):
            return False
        store.add_participation(session, caller.practice_id, word)
        record(caller, "practice.participation", payer=payer_key, network=network)
        announce(session, Changed(payers=frozenset({payer_key})))
    return True


def _last_word(words: tuple[Participation, ...], word: Participation) -> Participation | None:
    """Find the last word on the same provider, payer and plan: a repetition of an older word is a new word."""
    about = (word.payer, word.plan, word.provider_npi)
    same = [one for one in words if (one.payer, one.plan, one.provider_npi) == about]
    return same[-1] if same else None


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


def check_password(session: Session, clock: Clock, email: str, password: str) -> Staff | None:
    """Find who signs in with an address and a password; it finds the practice itself.

    The attempt is counted as a failure before the password is compared, so that many at once count as many.
    Returns   the person; None for a wrong password, an unknown address, a lock and someone who may not sign in.
    """
    now = clock.now()
    with writing(session):
        state = store.sign_in_state(session, email)
        locked = state is not None and state.locked_until is not None and now < state.locked_until
        if state is not None and not locked:
            failures = state.failures + 1
            _count(session, state.staff, failures, lock_after(failures, now))
    matches = password_matches(None if state is None else state.password_hash, password)
    if state is None or locked or not matches or not state.staff.active:
        if state is not None:
            _note_refusal(Caller(session, state.staff.practice_id, clock, via="web"), state.staff)
        return None
    with writing(session):
        _count(session, state.staff, 0, None)
    return state.staff


def _count(session: Session, staff: Staff, failures: int, locked_until: datetime | None) -> None:
    store.save_failures(session, staff.practice_id, staff.id, failures, locked_until)


def _note_refusal(caller: Caller, staff: Staff) -> None:
    with writing(caller.session):
        record(caller, "practice.sign_in_refused", (staff.id,))


def begin_session(caller: Caller, staff_id: UUID) -> UUID:
    """Sign a person in: note the browser. Returns the session's id, which the cookie holds."""
    now = caller.clock.now()
    begun = StaffSession(new_id(), caller.practice_id, staff_id, now, now)
    with writing(caller.session) as session:
        store.add_staff_session(session, caller.practice_id, begun)
        record(caller, "practice.signed_in", (staff_id,))
    return begun.id


def end_session(caller: Caller, session_id: UUID) -> None:
    """Sign a person out of one browser."""
    with writing(caller.session) as session:
        store.end_staff_session(session, caller.practice_id, session_id)
        record(caller, "practice.signed_out", () if caller.user_id is None else (caller.user_id,))


def keep_session(caller: Caller, current: StaffSession) -> None:
    """Note that a browser is in use; at most once a minute, so that reading pages seldom writes."""
    now = caller.clock.now()
    if now - current.seen_at < SEEN_STEP:
        return
    with writing(caller.session) as session:
        store.see_staff_session(session, caller.practice_id, current.id, now)


def forget_ended_sessions(caller: Caller) -> int:
    """Remove the signed-in browsers whose time is over, when no form of theirs may come any more. Returns how many."""
    now = caller.clock.now() - FORMS_LAST
    with writing(caller.session) as session:
        return store.end_sessions_before(session, caller.practice_id, now - ABSOLUTE_LIMIT, now - IDLE_LIMIT)


def forget_kept_forms(caller: Caller) -> int:
    """Remove the forms that nobody came back for. Returns how many."""
    with writing(caller.session) as session:
        return store.forget_kept_before(session, caller.practice_id, caller.clock.now() - FORMS_LAST)
