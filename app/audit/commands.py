"""The audit log on the command line."""

import click

from app.audit import actions
from app.platform.caller import Caller
from app.platform.commandline import with_caller


@click.group()
def audit() -> None:
    """Look after the audit log."""


@audit.command()
@with_caller
def check(caller: Caller) -> None:
    """Check that no line of the log was changed, removed or moved."""
    broken = actions.first_broken(caller)
    if broken is not None:
        click.echo(f"The audit log is not as it was written from line {broken} on. Keep this database as evidence.")
        raise click.exceptions.Exit(1)
    click.echo("The audit log is whole.")
