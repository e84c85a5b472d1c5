"""`scripts/manage doctor`: name every missing or unsafe thing with its remedy. It changes nothing."""

import json
from collections.abc import Iterator, Mapping

import click

from app.platform.clock import Clock, SystemClock
from app.platform.commandline import refuse
from app.platform.keys import make_keys
from app.platform.sessions import DatabaseUrlError, read_url
from app.values.wording import counted
from app.web.doctor import surroundings
from app.web.doctor.database import of_database
from app.web.doctor.findings import Finding, Grade, unsafe
from app.web.doctor.payers import of_pas
from config import read

MARKS = {Grade.GOOD: "good  ", Grade.NOTE: "note  ", Grade.UNSAFE: "UNSAFE"}


@click.command()
@click.option("--json", "as_json", is_flag=True, help="One object a line, for programs: about, grade, found, remedy.")
@click.pass_obj
def doctor(environment: Mapping[str, str], as_json: bool) -> None:
    """Name every missing or unsafe setting with its remedy; exit 1 when anything is unsafe.

    It looks at settings, files, keys, database and its role, second factor, scheduler, backups, texts and e-mail, disk,
    clock, packages and Python, and changes nothing.
    """
    found = list(examine(environment, SystemClock()))
    for one in found:
        if as_json:
            click.echo(
                json.dumps({"about": one.about, "grade": one.grade.value, "found": one.found, "remedy": one.remedy})
            )
        else:
            click.echo(f"{MARKS[one.grade]}  {one.about}: {one.found}")
            if one.remedy:
                click.echo(f"          {one.remedy}")
    bad = sum(one.grade is Grade.UNSAFE for one in found)
    if not as_json:
        click.echo(f"{counted(bad, 'thing')} to mend." if bad else "Nothing is unsafe.")
    click.get_current_context().exit(1 if bad else 0)


@click.command("make")
@click.pass_obj
def make_key_file(environment: Mapping[str, str]) -> None:
    """Make the key file that CLEARED_KEY_FILE names, once, before the first start in production.

    Keep a copy of it in another place, apart from the backups: without it no name can be read again.
    """
    settings, _ = read(environment)
    if not make_keys(settings.key_file):
        refuse(f"There is a key file at {settings.key_file}; it stays as it is.")
    click.echo(f"The keys are in {settings.key_file}. Keep a copy in another place, apart from the backups.")


def examine(environment: Mapping[str, str], clock: Clock) -> Iterator[Finding]:
    """Look at everything. Faulty settings keep nothing else from being looked at."""
    settings, _ = read(environment)
    yield from surroundings.of_settings(environment)
    try:
        url = read_url(settings.database_url)
    except DatabaseUrlError as error:
        url = None
        yield unsafe("database", f"Of DATABASE_URL: {error}.", "Mend DATABASE_URL.")
    yield from surroundings.of_files(settings, url)
    if url is not None:
        yield from of_database(settings, url, clock)
    yield from surroundings.of_messages(settings)
    yield from surroundings.of_clearinghouses(settings)
    yield from of_pas(settings)
    yield surroundings.of_disk(settings)
    yield from surroundings.of_clock(settings, clock)
    yield from surroundings.of_packages()
    yield from surroundings.of_process(settings, clock)
