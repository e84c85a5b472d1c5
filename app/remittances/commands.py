"""The command line of remittances."""

import click

from app.platform.caller import Caller
from app.platform.commandline import print_json, with_caller
from app.remittances.actions.rebuilding import rebuild
from app.values.wording import counted


@click.group(help="What payers paid and denied.")
def remittances() -> None:
    """Hold the commands of remittances."""


@remittances.group(help="Which rules were followed by denials.")
def scorecard() -> None:
    """Hold the commands of the scorecard."""


@scorecard.command("rebuild", help="Count every claim on file anew, also those from before it. Safe to repeat.")
@click.option("--json", "as_json", is_flag=True, help="One object, for programs.")
@with_caller
def rebuild_scorecard(caller: Caller, as_json: bool) -> None:
    """Count the claims on file, and say how many counts changed."""
    done = rebuild(caller)
    if as_json:
        print_json({"claims": done.claims, "changed": done.changed, "kept": done.kept})
        return
    click.echo(
        f"{counted(done.claims, 'claim')} looked at; {counted(done.changed, 'claim')} counted otherwise than before."
    )
    if done.kept:
        click.echo(f"{counted(done.kept, 'line')} stayed as before: what was shown for them is no longer on file.")
