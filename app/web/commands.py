"""Commands of the whole: the scheduler and the database's tables."""

import click

from app.platform.caller import Caller
from app.platform.commandline import with_caller


@click.group()
def database() -> None:
    """Look after the database."""


@database.command()
@with_caller
def prepare(caller: Caller) -> None:
    """Make what is missing: keys, database, tables, practice."""
    click.echo("The database is ready.")
