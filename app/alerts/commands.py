"""`scripts/manage alerts`: make the watch anew, prove it, and let through what was held back."""

from dataclasses import asdict

import click

from app.alerts.actions import holding, watching
from app.platform.caller import Caller
from app.platform.commandline import print_json, with_caller
from app.values.wording import counted


@click.group(help="Deadlines under watch, and what is told of them.")
def alerts() -> None:
    """Hold the commands about alerts."""


@alerts.command(help="Look at every patient anew; with --check only compare what is watched with the facts.")
@click.option("--check", is_flag=True, help="Change nothing; exit 1 when anything differs.")
@click.option("--json", "as_json", is_flag=True, help="One object, for programs.")
@with_caller
def rebuild(caller: Caller, check: bool, as_json: bool) -> None:
    """Make the deadlines of every patient anew, then compare."""
    if not check:
        looked_at = watching.rebuild(caller)
        if not as_json:
            click.echo(f"Looked at {counted(looked_at, 'patient')}.")
    proof = watching.prove(caller)
    if as_json:
        print_json({**asdict(proof), "differences": proof.differences})
    else:
        click.echo(
            f"Compared {counted(proof.deadlines, 'deadline')} of {counted(proof.patients, 'patient')}: "
            f"{counted(proof.differences, 'difference')} ({proof.missing} missing, {proof.extra} too many, "
            f"{proof.different} different)."
        )
        if proof.marked:
            click.echo(
                f"{counted(proof.marked, 'patient')} changed and will be looked at by the next run of keep-watch."
            )
    if proof.differences:
        raise click.exceptions.Exit(1)


@alerts.command("let-through", help="Let the messages go that a sweep held back because there were too many.")
@click.option("--discard", is_flag=True, help="Cancel them instead; the alerts stay in the program.")
@with_caller
def let_through(caller: Caller, discard: bool) -> None:
    """Let what was held back go, or cancel it."""
    if holding.held_state(caller).held_at is None:
        click.echo("No messages are held back.")
    elif discard:
        click.echo(f"Cancelled {counted(holding.discard_held(caller), 'message')}.")
    else:
        click.echo(f"Let through: {counted(holding.let_through(caller), 'message')}.")
