"""Forms that could not be taken when they came: kept, sealed, until their person has signed in and decides.

A form comes too late when its session has ended, or with a token that is no longer good. It is kept only where we know
whose it is, and only where it came from a page of ours.
"""

import json
from dataclasses import dataclass, replace
from datetime import timedelta
from urllib.parse import urlsplit
from uuid import UUID

from flask import Flask, Response, current_app, g, request
from flask import session as cookie

from app.audit.actions import record
from app.platform.caller import Caller
from app.platform.clock import Clock
from app.platform.db import db, writing
from app.platform.ids import new_id
from app.practice.access import POLICY
from app.practice.facts.staff import KeptForm, Staff
from app.practice.rules.sessions import FORMS_LAST, session_ended
from app.practice.store import sessions as store
from app.values.wording import counted

MOST_BYTES, MOST_FIELDS, MOST_FORMS, LONGEST_PATH = 100_000, 1_000, 5, 1_000
OF_THE_PROGRAM = frozenset({"csrf_token", "kept_form"})
NOT_KEPT = frozenset(
    {"patient_pages.find", "schedule_pages.find", "kept_pages.discard", "desk_pages.skip", "account_pages.change"}
)
"""Doors whose form loses nothing: a search, a click, a password, which is never kept."""


@dataclass(frozen=True, slots=True)
class Posted:
    """What a person posted: where to, the fields in order, and how many files, which are not kept."""

    path: str
    values: tuple[tuple[str, str], ...]
    files: int


def posted() -> Posted | None:
    """Read the form of this request; None when it is not one of ours that is worth keeping, or is too large."""
    if request.method != "POST" or not _from_our_page():
        return None
    files = sum(bool(file.filename) for file in request.files.values())
    path = request.full_path.rstrip("?")
    return may_keep(request.endpoint or "", path, list(request.form.items(multi=True)), files)


def may_keep(endpoint: str, path: str, typed: list[tuple[str, str]], files: int) -> Posted | None:
    """Leave of a form what may be kept: no password, no token. None when it goes to no page of ours or is too large.

    Takes     the endpoint and the address that the form goes to; its fields in order; how many files it has.
    """
    view = current_app.view_functions.get(endpoint)
    if view is None or getattr(view, POLICY, None) is None or endpoint in NOT_KEPT:
        return None
    values = tuple((name, value) for name, value in typed if name not in OF_THE_PROGRAM and not _is_secret(name))
    too_large = len(json.dumps(values)) > MOST_BYTES or len(values) > MOST_FIELDS or len(path) > LONGEST_PATH
    return None if too_large else Posted(path, values, files)


def _is_secret(name: str) -> bool:
    return "password" in name or name in ("proof", "credential")


def _from_our_page() -> bool:
    """Say whether the browser itself tells that the form stood on a page of this program."""
    said = request.headers.get("Origin") or request.headers.get("Referer") or ""
    return urlsplit(said).netloc == request.host


def whose_session_ended(clock: Clock) -> Staff | None:
    """Find whose session the cookie names, when it has ended by itself; signing out forgets it."""
    try:
        session_id = UUID(hex=str(cookie.get("_user_id", "")))
    except ValueError:
        return None
    found = store.signed_in(db.session(), session_id)
    if found is None or not found[0].active or not session_ended(found[1], clock.now()):
        return None
    return found[0]


def keep_form(caller: Caller, staff: Staff, form: Posted) -> UUID:
    """Keep a form for a person, at most five at a time: the oldest makes room. Returns its id."""
    kept = KeptForm(new_id(), staff.id, form.path, form.values, form.files, caller.clock.now())
    mine = replace(caller, practice_id=staff.practice_id, user_id=staff.id)
    with writing(mine.session) as session:
        for old in store.kept_forms(session, staff.practice_id, staff.id)[MOST_FORMS - 1 :]:
            store.forget_kept_form(session, staff.practice_id, staff.id, old.id)
        store.add_kept_form(session, staff.practice_id, kept)
        record(mine, "web.form_kept", (staff.id,), form=kept.id)
    return kept.id


def my_forms(caller: Caller) -> tuple[KeptForm, ...]:
    """List the forms that wait for whoever asks, newest first."""
    assert caller.user_id is not None
    since = caller.clock.now() - FORMS_LAST
    found = store.kept_forms(caller.session, caller.practice_id, caller.user_id)
    return tuple(form for form in found if form.saved_at > since)


def forget_form(caller: Caller, form_id: UUID) -> bool:
    """Forget a kept form of whoever asks: it was saved, or it is not wanted. Returns whether it was there."""
    assert caller.user_id is not None
    with writing(caller.session) as session:
        there = store.forget_kept_form(session, caller.practice_id, caller.user_id, form_id)
        if there:
            record(caller, "web.kept_form_done", (caller.user_id,), form=form_id)
    return there


def forget_forms_that_were_taken(app: Flask) -> None:
    """Forget a kept form as soon as its page has answered it: what is to be mended then stands on that page."""

    @app.after_request
    def forget(response: Response) -> Response:
        taken = response.status_code < 400 or response.status_code in (409, 422)
        if request.method == "POST" and taken and hasattr(g, "caller") and "kept_form" in request.form:
            try:
                forget_form(g.caller, UUID(request.form["kept_form"]))
            except ValueError:
                return response
        return response


def age_words(form: KeptForm, clock: Clock) -> str:
    """Say how long ago a form came."""
    minutes = int((clock.now() - form.saved_at) / timedelta(minutes=1))
    if minutes < 1:
        return "just now"
    return f"{counted(minutes, 'minute')} ago" if minutes < 120 else f"{minutes // 60} hours ago"
