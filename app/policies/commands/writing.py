"""Commands for people who write rules: what situations show of them, and a first file for a new payer."""

from pathlib import Path
from zoneinfo import ZoneInfo

import click

from app.platform.clock import SystemClock
from app.platform.commandline import refuse
from app.policies.actions import library
from app.policies.facts.faults import PolicyFilesError
from app.policies.files.directory import files_of, hash_of, policies_of
from app.policies.files.situations import situations_of
from app.policies.files.skeleton import AlreadyThereError, write_payer
from app.policies.rules.compiling import answering_rules, compile_book
from app.policies.rules.situations import differences_from, gaps_in
from app.values.wording import counted

UTC = ZoneInfo("UTC")
_FOLDER = click.Path(exists=True, file_okay=False, path_type=Path)


@click.command()
@click.argument("rules", type=_FOLDER)
@click.argument("shown", type=_FOLDER)
@click.option("--payer", default="", help="Only this payer's folder.")
def situations(rules: Path, shown: Path, payer: str) -> None:
    """Ask the rules of one directory the situations of another, and say which rules no situation shows."""
    try:
        files = files_of(rules)
        policies = policies_of(files)
        asked = situations_of(files_of(shown))
    except PolicyFilesError as error:
        refuse("\n".join(map(str, error.faults)))
    book = compile_book(policies, hash_of(files))
    ours = [one for one in asked if payer in ("", one.payer)]
    wrong = [f"{one.where}: {said}" for one in ours for said in differences_from(book, one)]
    gaps = [gap for gap in gaps_in(policies, asked) if payer in ("", gap.partition("/")[0])]
    for sentence in (*wrong, *gaps):
        click.echo(f"{sentence}.", err=True)
    answering = sum(payer in ("", key) for key, *_ in answering_rules(policies))
    left = len({gap.partition(":")[0] for gap in gaps})
    click.echo(f"{counted(len(ours), 'situation')}, {len(wrong)} answered otherwise.")
    click.echo(f"{counted(answering, 'rule')} that may answer, {answering - left} shown in full.")
    if wrong or gaps:
        raise click.exceptions.Exit(1)


@click.command(name="new")
@click.argument("payer")
@click.option("--into", type=_FOLDER, help="The directory of payers' folders; the program's own when not given.")
def new_payer(payer: str, into: Path | None) -> None:
    """Write the files of a new payer, PAYER as `blue_shield_ca`, with notes on what to fill in."""
    try:
        written = write_payer(into or library.SHIPPED, payer, SystemClock().today(UTC).isoformat())
    except (ValueError, AlreadyThereError) as error:
        refuse(str(error))
    for path in written:
        click.echo(f"Written: {path}")
    click.echo("Fill them in, then run: scripts/manage policies check")
