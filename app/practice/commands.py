"""The practice on the command line: its page, and who may sign in."""

from zoneinfo import ZoneInfo

import click

from app.platform.caller import Caller
from app.platform.commandline import refuse, with_caller
from app.practice.actions import practice as actions
from app.practice.actions import staff as staffing
from app.practice.facts.staff import Role
from app.practice.forms.practice import read_setup
from app.practice.store import practice as store


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


@practice.command("add-person")
@click.option("--email", required=True)
@click.option("--name", required=True)
@click.option("--role", "roles", multiple=True, required=True, type=click.Choice([role.value for role in Role]))
@with_caller
def add_person(caller: Caller, email: str, name: str, roles: tuple[str, ...]) -> None:
    """Let a person sign in, and print the password made for them."""
    if "@" not in email:
        refuse(f"The address '{email}' has no @; write one such as kim@example.com.")
    password = staffing.add_staff(caller, email, name, frozenset(map(Role, roles)))
    if password is None:
        refuse(f"Someone with the address {email} is on file. To renew the password: practice new-password {email}")
    click.echo(f"{email} may sign in with the password {password}. It is shown this once.")


@practice.command("new-password")
@click.argument("email")
@with_caller
def new_password(caller: Caller, email: str) -> None:
    """Give a person a new password and end their sessions."""
    password = staffing.renew_password(caller, email)
    if password is None:
        refuse(f"Nobody with the address {email} is on file.")
    click.echo(f"{email} may sign in with the password {password}. It is shown this once.")
