"""Commands of the keys: how they stand, a new one online, and taking out those that nothing needs."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict

import click

from app.platform.caller import Caller
from app.platform.commandline import print_json, refuse
from app.platform.keys import KeyFileError
from app.platform.sealed import UnsealError
from app.values.wording import counted
from app.web.opener import LazyOpener
from app.web.opening import Installation, caller_on
from app.web.reindexing import rotate_index
from app.web.rekeying import RekeyingError, retire, rotate, rotate_audit, rotate_cookie, states

of_sample = click.option("--sample", is_flag=True, help="Work on the sample practice's database.")


@click.group()
def keys() -> None:
    """Look after the keys. No command ever shows one."""


@contextmanager
def _opened(opener: LazyOpener, sample: bool) -> Iterator[tuple[Caller, Installation]]:
    """Open the installation; say in a sentence what cannot be done."""
    installation = (opener.for_sample() if sample else opener).installation()
    caller, _practice, _made = caller_on(installation)
    try:
        yield caller, installation
    except (RekeyingError, KeyFileError, UnsealError) as error:
        refuse(str(error))
    finally:
        caller.session.close()


@keys.command("status")
@click.option("--json", "as_json", is_flag=True, help="One JSON object a line.")
@of_sample
@click.pass_obj
def status(opener: LazyOpener, sample: bool, as_json: bool) -> None:
    """List the keys of the database: since when, whether they are in use, and how much is sealed under each."""
    with _opened(opener, sample) as (caller, installation):
        found = states(caller, installation)
    for one in found:
        if as_json:
            times = {"since": one.since.isoformat(), "retired_at": one.retired_at and one.retired_at.isoformat()}
            print_json(asdict(one) | times)
            continue
        how = "in use" if one.in_use else "retired" if one.retired_at else "of before"
        sealed = "" if one.sealed is None else f"  {counted(one.sealed, 'value')} sealed under it"
        click.echo(f"{one.name:<12}since {one.since:%m/%d/%Y %H:%M} UTC  {how}{sealed}")


@keys.command("rotate")
@click.option("--audit", "what", flag_value="audit", help="A new key for the audit lines to come.")
@click.option("--index", "what", flag_value="index", help="A new key for blind indexes; stop the program first.")
@click.option("--cookie", "what", flag_value="cookie", help="A new key for cookies: every session ends.")
@of_sample
@click.pass_obj
def rotate_keys(opener: LazyOpener, sample: bool, what: str | None) -> None:
    """Add a sealing key and seal everything under it, while the program runs. Run it again after an interruption."""
    with _opened(opener, sample) as (caller, installation):
        _rotate(caller, installation, what)


def _rotate(caller: Caller, installation: Installation, what: str | None) -> None:
    if what == "audit":
        click.echo(f"Audit lines are signed under the key {rotate_audit(caller, installation)} from now on.")
    elif what == "index":
        click.echo(f"{counted(rotate_index(caller, installation), 'row')} indexed anew. Start the program again.")
    elif what == "cookie":
        rotate_cookie(caller, installation)
        click.echo("Cookies are signed under a new key from the next start on; everybody then signs in again.")
    else:
        done = 0
        for done in rotate(caller, installation):
            click.echo(f"{counted(done, 'row')} sealed anew", err=True)
        current = installation.keys.keyring.current
        click.echo(f"{counted(done, 'row')} sealed anew; nothing is left under another key than {current}.")
        click.echo("Make a backup of the key file now. A day later: scripts/manage keys retire")


@keys.command("retire")
@of_sample
@click.pass_obj
def retire_keys(opener: LazyOpener, sample: bool) -> None:
    """Take the sealing keys under which nothing is left out of the key file. Backups made under them need them."""
    with _opened(opener, sample) as (caller, installation):
        gone = ", ".join(map(str, retire(caller, installation)))
    click.echo(
        f"Retired: {gone}. Backups made under it open only with the key file of that time; keep that file apart."
    )
