"""The people who sign in: list, add, roles, whether they may sign in, a new password."""

from dataclasses import replace
from uuid import UUID

from flask import Blueprint, abort, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from app.platform.ids import new_id
from app.practice.access import current_caller, needs, say
from app.practice.actions import practice as actions
from app.practice.actions import staff as staffing
from app.practice.facts.staff import Permission, Staff
from app.practice.forms.staff import PersonForm, read_person
from app.practice.rules.roles import version_of
from app.practice.store import staff as store
from app.practice.views.differences import Differences, person_differences
from app.practice.views.staff import ROLES, role_words

people_pages = Blueprint("people_pages", __name__, url_prefix="/admin/users")
KNOWN = "Someone with this address is on file. To renew the password, open that person."
LAST = "This is the last administrator who may sign in. Give another person that role first."


@people_pages.get("")
@needs(Permission.SETTINGS)
def listing() -> str:
    """List the people who may, or might once, sign in."""
    caller = current_caller()
    people = [(one, role_words(one.roles)) for one in store.staff_of(caller.session, caller.practice_id)]
    return render_template("practice/people.html", people=people)


@people_pages.get("/new")
@needs(Permission.SETTINGS)
def new() -> str:
    """Show the form of a new person."""
    return _new(new_id(), PersonForm("", "", frozenset(), True))


@people_pages.post("/new")
@needs(Permission.SETTINGS)
def add() -> Response | str | tuple[str, int]:
    """Add a person, and show the password made for them, this once."""
    form = read_person(request.form, request.form.getlist("roles"), new=True)
    person_id = _id(request.form.get("key", ""))
    if form.errors:
        return _new(person_id, form), 422
    if _known(person_id) is not None:
        say("This person was added already. Where the password was not noted, give a new one.")
        return redirect(url_for("people_pages.edit", person_id=person_id), 303)
    password = staffing.add_staff(current_caller(), form.email, form.name, form.roles, person_id)
    if password is None:
        form.errors["email"] = KNOWN
        return _new(person_id, form), 422
    return render_template("practice/password.html", name=form.name, email=form.email, password=password)


@people_pages.get("/<uuid:person_id>")
@needs(Permission.SETTINGS)
def edit(person_id: UUID) -> str:
    """Show one person."""
    known = _known(person_id)
    if known is None:
        abort(404)
    return _page(known, PersonForm(known.name, known.email, known.roles, known.active))


@people_pages.post("/<uuid:person_id>")
@needs(Permission.SETTINGS)
def save(person_id: UUID) -> Response | tuple[str, int]:
    """Store a person's name and roles, and whether they may sign in."""
    known = _known(person_id)
    if known is None:
        abort(404)
    form = read_person(request.form, request.form.getlist("roles"), new=False)
    if form.errors:
        return _page(known, form), 422
    changed = replace(known, name=form.name, roles=form.roles, active=form.active)
    try:
        staffing.save_staff(current_caller(), changed, request.form.get("version", ""))
    except staffing.LastAdministratorError:
        form.errors["roles" if form.active else "active"] = LAST
        return _page(known, form), 422
    except actions.StaleRecordError:
        return _page(known, form, person_differences(known, changed)), 409
    say("The person is saved." if form.active else "The person is saved, and may no longer sign in.")
    return redirect(url_for("people_pages.listing"), 303)


@people_pages.post("/<uuid:person_id>/password")
@needs(Permission.SETTINGS)
def renew(person_id: UUID) -> str:
    """Give a person a new password, which ends their sessions, and show it this once."""
    known = _known(person_id)
    password = staffing.renew_password(current_caller(), known.email) if known is not None else None
    if known is None or password is None:
        abort(404)
    return render_template("practice/password.html", name=known.name, email=known.email, password=password)


def _known(person_id: UUID) -> Staff | None:
    caller = current_caller()
    return next((one for one in store.staff_of(caller.session, caller.practice_id) if one.id == person_id), None)


def _id(text: str) -> UUID:
    try:
        return UUID(text)
    except ValueError:
        return new_id()


def _new(person_id: UUID, form: PersonForm) -> str:
    return render_template("practice/person.html", known=None, key=person_id, form=form, roles=ROLES, both=None)


def _page(known: Staff, form: PersonForm, both: Differences | None = None) -> str:
    return render_template(
        "practice/person.html", known=known, version=version_of(known), form=form, roles=ROLES, both=both
    )
