"""Payers' systems by FHIR on the command line: `scripts/manage pas list`, `scripts/manage pas subscribe NAME`."""

import click

from app.gateways.access import gateways_of
from app.mailroom.actions.pas import PasNotSetUpError, subscribe
from app.mailroom.views.pas import SUBSCRIBED, subscribed_words
from app.platform.caller import Caller
from app.platform.commandline import refuse, with_caller


@click.group("pas")
def pas() -> None:
    """Payers that take prior authorization requests by FHIR (Da Vinci PAS)."""


@pas.command("list")
@with_caller
def list_systems(caller: Caller) -> int:
    """List the systems that the settings name, and whether they may tell us of decisions."""
    systems = gateways_of(caller.session).pas
    for name, one in systems.items():
        click.echo(f"{name}: {', '.join(sorted(one.payers))}; {'may tell us' if one.notifies else 'is asked only'}")
    if not systems:
        click.echo("None is set up. The README names the settings, which begin with PAS_.")
    return 0


@pas.command("subscribe")
@click.argument("name")
@with_caller
def subscribe_to(caller: Caller, name: str) -> int:
    """Ask a payer's system to tell us of its decisions, at PUBLIC_BASE_URL. Once for each, and when it forgot."""
    try:
        answer = subscribe(caller, name)
    except PasNotSetUpError as missing:
        refuse(str(missing))
    click.echo(subscribed_words(answer))
    return 0 if answer.outcome in SUBSCRIBED else 1
