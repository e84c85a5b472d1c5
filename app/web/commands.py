"""Commands of the whole: the database's tables, the sample practice."""

import re
from tempfile import TemporaryDirectory

import click
from sqlalchemy.exc import ProgrammingError

from app.platform.commandline import refuse
from app.platform.sessions import DatabaseUrlError, engine_of, read_url
from app.platform.wall import WallError, make_roles, see_whole
from app.web import schema
from app.web.opener import LazyOpener
from app.web.opening import OpeningError
from app.web.removing import CONFIRMATION, remove_sample
from app.web.sampling import fill_sample, tick_sample


@click.group()
def database() -> None:
    """Look after the database."""


@database.command()
@click.pass_obj
def prepare(opener: LazyOpener) -> None:
    """Make what is missing: keys, database, tables, practice."""
    opener.caller()
    click.echo("The database is ready.")


@database.command("roles")
@click.pass_obj
def make_database_roles(opener: LazyOpener) -> None:
    """Make the roles cleared_app and cleared_readonly on PostgreSQL, and grant them what they may. Safe again.

    DATABASE_URL must name who owns the tables. From then on the program gives that role up at every connection.
    """
    engine = opener.installation().engine
    if engine.dialect.name != "postgresql":
        refuse("SQLite has no roles: whoever may read the file may do everything. PostgreSQL has.")
    try:
        with engine.begin() as connection:
            see_whole(connection)
            make_roles(connection)
    except (WallError, ProgrammingError):
        refuse(
            "The roles cannot be made by who is named in DATABASE_URL: it must own the tables, and either may make "
            "roles, or cleared_app and cleared_readonly are there and cleared_app is granted to it."
        )
    click.echo("cleared_app may read and write data and add to logs; cleared_readonly may read.")


@database.command("draft")
@click.argument("name")
def draft_migration(name: str) -> None:
    """Write the next migration from the models, as NAME (`add_recall_date`), for a person to read and mend."""
    if not re.fullmatch(r"[a-z][a-z_]{2,40}", name):
        refuse("Name a migration with small letters and underscores, such as add_recall_date.")
    known = schema.newest()
    revision = f"{int(known[:4]) + 1:04}_{name}"
    with TemporaryDirectory() as folder:
        engine = engine_of(read_url(f"sqlite:///{folder}/draft.sqlite"))
        schema.bring_up_to_date(engine)
        written = schema.draft(engine, revision, name.replace("_", " ").capitalize())
        engine.dispose()
    click.echo(f"Written: {written.name}. Read it, add what changes data, and try it up and down.")


@click.group()
def sample() -> None:
    """Look after the sample practice, which has a database of its own."""


@sample.command()
@click.option("--again", is_flag=True, help="Forget what was done in the sample, and fill it anew from today.")
@click.pass_obj
def fill(opener: LazyOpener, again: bool) -> None:
    """Fill the sample practice in its database, or in an empty one given with --database.

    Its stories are counted from the day of filling; after seven days they are filled anew.
    """
    try:
        filled = fill_sample(opener.for_sample().caller(sample=True), again)
    except OpeningError as error:
        refuse(str(error))
    click.echo("The sample practice is filled." if filled else "The sample practice was filled already.")


@sample.command("tick")
@click.pass_obj
def play(opener: LazyOpener) -> None:
    """Play one step of time in the sample: a payer's answer, a moved visit, a change of coverage."""
    try:
        played = tick_sample(opener.for_sample().caller(sample=True))
    except OpeningError as error:
        refuse(str(error))
    click.echo("\n".join(f"{one.sentence} Chart {one.mrn}." for one in played) or "The sample has no more steps.")


@sample.command("remove")
@click.option(
    "--typed",
    prompt=f'This deletes the sample practice and all that was done in it. To go on, type "{CONFIRMATION}"',
    help=f'"{CONFIRMATION}", where nobody is there to type it.',
)
@click.pass_obj
def remove(opener: LazyOpener, typed: str) -> None:
    """Delete the sample practice: its database and its kept password. A real practice is never touched."""
    if typed.strip().lower() != CONFIRMATION:
        refuse(f'Nothing was removed: "{CONFIRMATION}" was not typed.')
    try:
        removed = remove_sample(opener.for_sample().settings)
    except (OpeningError, DatabaseUrlError) as error:
        refuse(str(error))
    click.echo("The sample practice is removed." if removed else "There is no sample practice to remove.")
