"""The people who sign in: list, add by invitation, roles and sight, whether they may sign in."""

from dataclasses import replace
from uuid import UUID
from zoneinfo import ZoneInfo

from flask import Blueprint, abort, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from app.gateways.access import gateways_of
from app.platform.ids import new_id
from app.practice.access import current_caller, current_practice, current_staff, fresh, needs, say
from app.practice.actions import invitations
from app.practice.actions import practice as actions
from app.practice.actions import staff as staffing
from app.practice.facts.accounts import CodeKind, CodeWay
from app.practice.facts.staff import Permission, Staff
from app.practice.forms.staff import Offered, PersonForm, read_person
from app.practice.routes.codes import show_code
from app.practice.rules.roles import version_of
from app.practice.store import accounts as codes
from app.practice.store import practice as places
from app.practice.store import staff as store
from app.practice.views.differences import Differences, person_differences
from app.practice.views.staff import ROLES, When, person_lines, standing_words

people_pages = Blueprint("people_pages", __name__, url_prefix="/admin/users")
KNOWN = "Someone with this address is on file. Open that person, or enter another address."
LAST = "This is the last administrator who may sign in. Give another person that role first."


@people_pages.get("")
@needs(Permission.SETTINGS)
def listing() -> str:
    """List the people who may, or might once, sign in."""
    caller, offered = current_caller(), _offered()
    people = store.staff_of(caller.session, caller.practice_id)
    invited = codes.last_codes(caller.session, caller.practice_id, CodeKind.INVITATION)
    lines = person_lines(people, invited, (offered.sites, offered.providers), _when())
    return render_template("practice/people.html", people=lines)


@people_pages.get("/new")
@needs(Permission.SETTINGS)
@fresh
def new() -> str:
    """Show the form of a new person."""
    offered = _offered()
    way = CodeWay.EMAIL if offered.by_mail else CodeWay.PRINTED
    return _new(new_id(), PersonForm("", "", frozenset(), True, all_sites=True, way=way), offered)


@people_pages.post("/new")
@needs(Permission.SETTINGS)
@fresh
def add() -> Response | str | tuple[str, int]:
    """Put a person on file and invite them: by e-mail, or by a code that is shown this once."""
    offered, person_id = _offered(), _id(request.form.get("key", ""))
    form = read_person(request.form, offered, new=True)
    if form.errors:
        return _new(person_id, form, offered), 422
    caller = current_caller()
    person = Staff(person_id, caller.practice_id, form.email, form.name, form.roles)
    person = replace(person, sites=form.sight, provider_npi=form.provider_npi)
    try:
        handed = invitations.invite(caller, person, form.way)
    except actions.TakenError:
        form.errors["email"] = KNOWN
        return _new(person_id, form, offered), 422
    except invitations.NoSuchPersonError:
        say("This person was added already. Where the code was not noted, invite again.")
        return redirect(url_for("people_pages.edit", person_id=person_id), 303)
    return show_code(handed, _when())


@people_pages.get("/<uuid:person_id>")
@needs(Permission.SETTINGS)
@fresh
def edit(person_id: UUID) -> str:
    """Show one person."""
    known = _known(person_id)
    if known is None:
        abort(404)
    form = PersonForm(
        known.name, known.email, known.roles, known.active, known.sites is None, known.sites or frozenset()
    )
    form.provider_npi = known.provider_npi
    return _page(known, form, _offered())


@people_pages.post("/<uuid:person_id>")
@needs(Permission.SETTINGS)
@fresh
def save(person_id: UUID) -> Response | tuple[str, int]:
    """Store a person's name, address, roles and sight, and whether they may sign in."""
    known, offered = _known(person_id), _offered()
    if known is None:
        abort(404)
    form = read_person(request.form, offered, new=False)
    form.active = form.active and not _is_invited(known)  # only the code of the invitation lets such a person in
    if form.errors:
        return _page(known, form, offered), 422
    changed = replace(known, name=form.name, email=form.email, roles=form.roles, active=form.active)
    changed = replace(changed, sites=form.sight, provider_npi=form.provider_npi)
    try:
        staffing.save_staff(current_caller(), changed, request.form.get("version", ""))
    except (staffing.LastAdministratorError, actions.TakenError) as refused:
        taken = isinstance(refused, actions.TakenError)
        form.errors["email" if taken else "roles" if form.active else "active"] = KNOWN if taken else LAST
        return _page(known, form, offered), 422
    except actions.StaleRecordError:
        both = person_differences(known, changed, offered.sites, offered.providers)
        return _page(known, form, offered, both), 409
    say(_saved(known, changed))
    return redirect(url_for("people_pages.listing"), 303)


def _saved(before: Staff, after: Staff) -> str:
    if before.active and not after.active:
        return "The person is saved, and may no longer sign in."
    if after.id == current_staff().id:
        return "Your own rights are saved; where they changed, sign in again."
    return "The person is saved."


def _known(person_id: UUID) -> Staff | None:
    caller = current_caller()
    return next((one for one in store.staff_of(caller.session, caller.practice_id) if one.id == person_id), None)


def _is_invited(person: Staff) -> bool:
    caller = current_caller()
    return invitations.is_invited(caller.session, caller.practice_id, person)


def _when() -> When:
    return When(current_caller().clock.now(), ZoneInfo(current_practice().zone))


def _offered() -> Offered:
    caller = current_caller()
    session, practice_id = caller.session, caller.practice_id
    return Offered(
        {site.id: site.name for site in places.sites(session, practice_id)},
        {one.npi: f"{one.name or 'No name'}, NPI {one.npi}" for one in places.providers(session, practice_id)},
        gateways_of(session).mail is not None,
    )


def _id(text: str) -> UUID:
    try:
        return UUID(text)
    except ValueError:
        return new_id()


def _new(person_id: UUID, form: PersonForm, offered: Offered) -> str:
    return render_template(
        "practice/person.html", known=None, key=person_id, form=form, roles=ROLES, both=None, offered=offered
    )


def _page(known: Staff, form: PersonForm, offered: Offered, both: Differences | None = None) -> str:
    caller = current_caller()
    last = codes.last_codes(caller.session, caller.practice_id, CodeKind.INVITATION).get(known.id)
    return render_template(
        "practice/person.html",
        known=known,
        version=version_of(known),
        form=form,
        roles=ROLES,
        both=both,
        offered=offered,
        invited=_is_invited(known),
        standing=standing_words(known, last, _when()),
        open=last is not None and last.stands(caller.clock.now()),
    )
