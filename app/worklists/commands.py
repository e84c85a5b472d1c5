"""What is due, on the command line: it joins the facts of all rooms for reading."""

from datetime import datetime, timedelta
from uuid import UUID

import click

from app.deadlines.facts import Deadline, SubjectKind
from app.deadlines.rules.steps import next_step, now_step
from app.deadlines.views import deadline_words
from app.platform.caller import Caller
from app.platform.commandline import print_json, with_caller
from app.worklists.actions.due import read_due


@click.command("list")
@click.option("--within", type=click.IntRange(0, 400), default=14, show_default=True, help="Days ahead.")
@click.option("--all", "everything", is_flag=True, help="What is due later, too.")
@click.option("--json", "as_json", is_flag=True, help="One object a line, for programs.")
@with_caller
def list_deadlines(caller: Caller, within: int, everything: bool, as_json: bool) -> None:
    """List what is due, with the id of the case, in the order of time: what is late first."""
    now = caller.clock.now()
    found = read_due(caller, None if everything else timedelta(days=within))
    for one in found:
        words = deadline_words(one, now)
        if as_json:
            print_json(_content(one, now) | {"sentence": words.sentence, "basis_words": words.basis})
        else:
            click.echo(f"{words.title}. {words.sentence} {words.basis} [{one.subject.kind} {_key(one)}]")
    if not found and not as_json:
        click.echo("Nothing is due." if everything else f"Nothing is due within {within} days.")


def _key(one: Deadline) -> str:
    """Name the subject: a case by the id that the other commands take."""
    return str(UUID(hex=one.subject.key)) if one.subject.kind is SubjectKind.AUTHORIZATION else one.subject.key


def _content(one: Deadline, now: datetime) -> dict[str, object]:
    stands, comes = now_step(one, now), next_step(one, now)
    return {
        "reason": one.reason.value,
        "subject": one.subject.kind.value,
        "key": _key(one),
        "due_on": None if one.due_on is None else one.due_on.isoformat(),
        "due_at": None if one.due_at is None else one.due_at.isoformat(),
        "step": None if stands is None else stands.name,
        "next_step": None if comes is None else comes.name,
        "steps": [[step.name, step.tell_at.isoformat()] for step in one.steps],
        "counts": dict(one.counts),
        "basis": one.basis.kind.value,
        "rule": one.basis.rule,
        "clears": one.clears.value,
        "zone": one.zone,
    }
