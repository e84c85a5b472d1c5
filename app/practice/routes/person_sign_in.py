"""How one person signs in, for administrators: the second factors and browsers, to be ended when a phone is lost."""

from uuid import UUID

from flask import Blueprint, abort, redirect, render_template, url_for
from werkzeug.wrappers import Response

from app.practice.access import current_caller, current_practice, fresh, needs, say
from app.practice.actions import factors as actions
from app.practice.actions import own_sessions as browsers
from app.practice.facts.staff import Permission, Staff
from app.practice.store import staff as store
from app.practice.views.factors import factor_rows, session_rows

person_sign_in_pages = Blueprint("person_sign_in_pages", __name__, url_prefix="/admin/users/<uuid:person_id>/sign-in")


@person_sign_in_pages.get("")
@needs(Permission.SETTINGS)
@fresh
def show(person_id: UUID) -> str:
    """Show the second factors of a person, and where the person is signed in."""
    person, caller, zone = _person(person_id), current_caller(), current_practice().zone
    return render_template(
        "practice/person_sign_in.html",
        person=person,
        factors=factor_rows(actions.own_factors(caller, person.id), zone),
        sessions=session_rows(browsers.own_sessions(caller, person.id), None, zone),
        left=actions.codes_left(caller, person.id),
        required=current_practice().second_factor,
    )


@person_sign_in_pages.post("/factors")
@needs(Permission.SETTINGS)
@fresh
def remove_factors(person_id: UUID) -> Response:
    """Take every second factor of a person away, and sign the person out everywhere."""
    actions.remove_all(current_caller(), _person(person_id).id)
    say("The second factors are removed, and the person is signed out everywhere. The person is told by e-mail.")
    return redirect(url_for("person_sign_in_pages.show", person_id=person_id), 303)


@person_sign_in_pages.post("/sessions")
@needs(Permission.SETTINGS)
@fresh
def end_sessions(person_id: UUID) -> Response:
    """Sign a person out everywhere."""
    browsers.end_all(current_caller(), _person(person_id).id)
    say("The person is signed out everywhere.")
    return redirect(url_for("person_sign_in_pages.show", person_id=person_id), 303)


def _person(person_id: UUID) -> Staff:
    caller = current_caller()
    found = store.person(caller.session, caller.practice_id, person_id)
    return abort(404) if found is None else found
