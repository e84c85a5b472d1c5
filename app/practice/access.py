"""What a page asks of whoever opens it, and who that is. The doors themselves are kept by app/web/guard.py.

A view without `needs` or `signed_in` cannot be served: the factory refuses to start.
"""

from collections.abc import Callable
from typing import Any, TypeVar

from flask import current_app, flash, g, request

from app.platform.caller import Caller
from app.practice.facts.practice import Practice
from app.practice.facts.staff import Permission, Staff
from app.practice.rules.fields import Field

View = TypeVar("View", bound=Callable[..., Any])
POLICY = "cleared_policy"
FRESH = "cleared_fresh"
SIGNED_IN = "signed_in"
FORESIGHT = "foresight"
"""Under this name the roof hands in what tells the visits that a change of the practice would break."""


def needs(permission: Permission, *others: Permission) -> Callable[[View], View]:
    """Open a view to people who have a permission, or one of several."""

    def mark(view: View) -> View:
        setattr(view, POLICY, frozenset({permission, *others}) if others else permission)
        return view

    return mark


def allows(policy: Any, permissions: frozenset[Permission]) -> bool:
    """Say whether a view's policy opens it to someone signed in who has these permissions."""
    if policy == SIGNED_IN:
        return True
    wanted = {policy} if isinstance(policy, Permission) else policy
    return isinstance(wanted, set | frozenset) and not wanted.isdisjoint(permissions)


def signed_in(view: View) -> View:
    """Open a view to everybody of the practice who has signed in."""
    setattr(view, POLICY, SIGNED_IN)
    return view


def fresh(view: View) -> View:
    """Ask whoever opens a view to prove again who they are, unless they did so a few minutes ago.

    For what is dangerous: exports, keys, backups, users, tokens. It stands beside `needs`.
    """
    setattr(view, FRESH, True)
    return view


def breaks_unless_confirmed(change: Callable[[], object]) -> dict[str, str]:
    """Ask once whether a change of the practice is right that breaks booked visits.

    Takes     the change, which is tried out and taken back.
    Returns   the question by its key; nothing where no visit breaks, or the form says yes to it (`confirmed`).
    Raises    what the change raises.
    """
    found = current_app.extensions[FORESIGHT](current_caller(), change)
    if found is None or found[0] in request.form.get("confirmed", "").split():
        return {}
    return {found[0]: found[1]}


def current_caller() -> Caller:
    """Who opened this page: the first argument of the action that it calls."""
    caller = g.caller
    assert isinstance(caller, Caller)
    return caller


def current_staff() -> Staff:
    """The person who opened this page."""
    staff = g.staff
    assert isinstance(staff, Staff)
    return staff


def current_practice() -> Practice:
    """The practice of whoever opened this page."""
    practice = g.practice
    assert isinstance(practice, Practice)
    return practice


def may(permission: Permission) -> bool:
    """Say whether the person who opened this page has a permission: for parts of a page."""
    return permission in g.permissions


def sees(field: Field) -> bool:
    """Say whether the person who opened this page reads a part of what is on file about a patient."""
    return field in g.fields


def sight_is_limited() -> bool:
    """Say whether something of the practice is out of sight of the person who opened this page."""
    return current_caller().scope.limited


def say(sentence: str, undo: str | None = None, *, left: bool = False) -> None:
    """Say on the next page what an action did; `undo` is the address whose POST takes it back.

    `left` says that something of what was asked for was not done: it is then not told as a success.
    The sentence travels in the browser's cookie: it holds no name, drug, diagnosis or payer of a patient.
    """
    flash({"sentence": sentence, "undo": undo, "left": left})  # type: ignore[arg-type]
