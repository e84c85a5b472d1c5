"""The audit log on the command line."""

import click

from app.audit import actions
from app.audit.facts import Broken, Fault
from app.platform.caller import Caller
from app.platform.commandline import print_json, with_caller
from app.values.wording import counted

WORDS = {
    Fault.LINE: "Line {0} of the audit log is not as it was written.",
    Fault.MISSING: "Line {0} of the audit log is missing.",
    Fault.SUBJECTS: "The list of whom line {0} of the audit log is about was changed.",
    Fault.REASON: "The reason of line {0} of the audit log is missing or was changed.",
    Fault.HEAD: "The end of the audit log was changed; its last line is {0}.",
    Fault.OUTSIDE: "From line {0} on, the audit log is not the one whose ends were written outside the database.",
    Fault.HEADS_FILE: "Line {0} of the file of heads outside the database is not as it was written.",
}


@click.group()
def audit() -> None:
    """Look after the audit log."""


@audit.command()
@click.option("--json", "as_json", is_flag=True, help="One JSON object, for programs.")
@with_caller
def verify(caller: Caller, as_json: bool) -> None:
    """Check that no line of the log was changed, added, removed or moved since it was written."""
    checked = actions.check(caller)
    if as_json:
        broken = checked.broken
        found = None if broken is None else {"line": broken.sequence, "fault": broken.fault.value}
        print_json({"lines": checked.lines, "heads": checked.heads, "broken": found})
    elif checked.broken is None:
        heads = counted(checked.heads, "head")
        click.echo(f"The audit log is whole: {counted(checked.lines, 'line')}, {heads} outside the database.")
    else:
        click.echo(_words(checked.broken))
    if checked.broken is not None:
        raise click.exceptions.Exit(1)


def _words(broken: Broken) -> str:
    return f"{WORDS[broken.fault].format(broken.sequence)} Keep this database and the file of heads as evidence."
