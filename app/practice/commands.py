"""The practice on the command line: its page, and who may sign in."""

from collections.abc import Callable
from dataclasses import asdict, replace
from typing import Any
from zoneinfo import ZoneInfo

import click
from werkzeug.datastructures import MultiDict

from app.gateways.access import gateways_of
from app.platform.caller import Caller
from app.platform.commandline import print_json, refuse, with_caller
from app.platform.ids import new_id
from app.practice.actions import invitations, passwords
from app.practice.actions import practice as actions
from app.practice.actions import staff as staffing
from app.practice.facts.accounts import CodeKind, CodeWay
from app.practice.facts.staff import Role, Staff
from app.practice.forms.practice import read_setup
from app.practice.forms.staff import Offered, read_person
from app.practice.store import accounts as codes
from app.practice.store import practice as store
from app.practice.store import staff as staff_store
from app.practice.views.staff import When, person_lines


@click.group()
def practice() -> None:
    """Set up the practice and the people who sign in."""


@practice.command()
@click.option("--name", required=True, help="Name of the practice.")
@click.option("--state", default="", help="State of the practice, two letters.")
@click.option("--npi", default="", help="Billing group NPI.")
@click.option("--time-zone", default="", help="Time zone of the practice; left as it is when not given.")
@with_caller
def setup(caller: Caller, name: str, state: str, npi: str, time_zone: str) -> None:
    """Fill in the practice's page."""
    zone = time_zone or store.practice_of(caller.session, caller.practice_id).zone
    form = read_setup({"name": name, "state": state, "group_npi": npi, "zone": zone})
    if form.errors:
        refuse("\n".join(form.errors.values()))
    made = actions.set_up_practice(caller, form.name, ZoneInfo(form.zone), form.state, form.group_npi)
    click.echo(f"{made.name} is set up in the zone {made.zone}.")


def _of_a_person(command: Callable[..., None]) -> Callable[..., None]:
    """Give a command the options that describe a new person."""
    roles = click.Choice([role.value for role in Role])
    for option in (
        click.option("--provider", "npi", default="", help="NPI of the provider that the person is."),
        click.option("--site", "sites", multiple=True, help="Name of a site in sight; without any, all of them."),
        click.option("--role", "roles", multiple=True, required=True, type=roles),
        click.option("--name", required=True),
        click.option("--email", required=True, help="Work address; the person signs in with it."),
    ):
        command = option(command)
    return command


@practice.command("invite")
@_of_a_person
@click.option("--by-email", is_flag=True, help="Send the link by e-mail instead of printing a code.")
@with_caller
def invite(caller: Caller, /, by_email: bool, **typed: Any) -> None:
    """Put a person on file who may sign in once they have chosen a password; print the code that lets them."""
    person, way = _person(caller, typed), _way(caller, by_email)
    try:
        _tell(caller, invitations.invite(caller, person, way))
    except actions.TakenError:
        refuse(f"Someone with the address {person.email} is on file. To invite again: practice reset {person.email}")


@practice.command("add-person")
@_of_a_person
@with_caller
def add_person(caller: Caller, /, **typed: Any) -> None:
    """Let a person sign in at once, and print a password that opens only the page where it is changed."""
    person = _person(caller, typed)
    password = staffing.add_staff(
        caller, person.email, person.name, person.roles, must_change=True, sight=(person.sites, person.provider_npi)
    )
    if password is None:
        refuse(f"Someone with the address {person.email} is on file. For a code: practice reset {person.email}")
    click.echo(
        f"{person.email} may sign in with the password {password}. It is shown this once, and changed at sign-in."
    )


@practice.command("reset")
@click.argument("email")
@click.option("--by-email", is_flag=True, help="Send the link by e-mail instead of printing a code.")
@with_caller
def reset(caller: Caller, email: str, by_email: bool) -> None:
    """Let a person choose another password; the old one ends. Who has not accepted the invitation is invited again."""
    person, way = _on_file(caller, email), _way(caller, by_email)
    invited = invitations.is_invited(caller.session, caller.practice_id, person)
    try:
        _tell(caller, (invitations.invite_again if invited else invitations.offer_reset)(caller, person.id, way))
    except invitations.NoSuchPersonError:
        refuse(f"{email} may not sign in. An administrator lets people in under Admin, Users.")


@practice.command("new-password")
@click.argument("email")
@with_caller
def new_password(caller: Caller, email: str) -> None:
    """Give a person a password that opens only the page where it is changed, and end their sessions."""
    password = passwords.give_password(caller, email)
    if password is None:
        refuse(f"Nobody who may sign in has the address {email}.")
    click.echo(f"{email} may sign in with the password {password}. It is shown this once, and changed at sign-in.")


@practice.command("people")
@click.option("--json", "as_json", is_flag=True, help="For programs.")
@with_caller
def people(caller: Caller, as_json: bool) -> None:
    """List the people who may, or might once, sign in."""
    session, practice_id = caller.session, caller.practice_id
    offered, when = _offered(caller), _when(caller)
    invited = codes.last_codes(session, practice_id, CodeKind.INVITATION)
    lines = person_lines(staff_store.staff_of(session, practice_id), invited, (offered.sites, offered.providers), when)
    if as_json:
        print_json([asdict(line) | {"id": str(line.id)} for line in lines])
        return
    for line in lines:
        click.echo(f"{line.email}  {line.name}  {line.roles}  {line.sight}  {line.may_sign_in}  {line.last}")


def _person(caller: Caller, typed: dict[str, Any]) -> Staff:
    """Read the options of a new person as the page reads its form."""
    offered = _offered(caller)
    named = {name.casefold(): site for site, name in offered.sites.items()}
    strange = [name for name in typed["sites"] if name.casefold() not in named]
    if strange:
        refuse(f"There is no site '{strange[0]}'; the sites are: {', '.join(offered.sites.values()) or 'none'}.")
    form = read_person(
        MultiDict(
            [("name", typed["name"]), ("email", typed["email"]), ("provider_npi", typed["npi"])]
            + [("roles", role) for role in typed["roles"]]
            + [("sites", named[name.casefold()].hex) for name in typed["sites"]]
            + [("sight", "chosen" if typed["sites"] else "all")]
        ),
        offered,
        new=True,
    )
    if form.errors:
        refuse("\n".join(form.errors.values()))
    person = Staff(new_id(), caller.practice_id, form.email, form.name, form.roles)
    return replace(person, sites=form.sight, provider_npi=form.provider_npi)


def _offered(caller: Caller) -> Offered:
    sites = {site.id: site.name for site in store.sites(caller.session, caller.practice_id)}
    known = {one.npi: one.name or one.npi for one in store.providers(caller.session, caller.practice_id)}
    return Offered(sites, known, gateways_of(caller.session).mail is not None)


def _on_file(caller: Caller, email: str) -> Staff:
    everybody = staff_store.staff_of(caller.session, caller.practice_id)
    found = next((one for one in everybody if one.email == email.strip().lower()), None)
    return found if found is not None else refuse(f"Nobody with the address {email} is on file.")


def _way(caller: Caller, by_email: bool) -> CodeWay:
    if by_email and gateways_of(caller.session).mail is None:
        refuse("E-mail is not set up: give SMTP_HOST and SMTP_FROM, or leave --by-email out to print a code.")
    return CodeWay.EMAIL if by_email else CodeWay.PRINTED


def _when(caller: Caller) -> When:
    return When(caller.clock.now(), ZoneInfo(store.practice_of(caller.session, caller.practice_id).zone))


def _tell(caller: Caller, handed: invitations.Handed) -> None:
    until = _when(caller).until(handed.code.expires_at)
    if handed.typed is None:
        click.echo(f"{handed.person.email} gets a link by e-mail, good once until {until}.")
        return
    click.echo(f"{handed.person.email} chooses a password at /choose-password with the code {handed.typed}")
    click.echo(f"It is shown this once, and good once until {until}.")
