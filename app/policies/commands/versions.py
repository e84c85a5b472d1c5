"""Rule sets on the command line: which were in force, what was put forward, what two of them say otherwise."""

import click

from app.platform.caller import Caller
from app.platform.commandline import print_json, refuse, with_caller
from app.policies.actions.basics import zone_of
from app.policies.actions.versions import UnknownVersionError, find_policies, read_versions
from app.policies.facts.faults import PolicyFilesError
from app.policies.facts.grid import PolicySet
from app.policies.rules.set_differences import set_differences
from app.policies.views.proposals import versions_lines, versions_object
from app.policies.views.set_differences import difference_lines, difference_object


@click.command("versions")
@click.option("--json", "as_json", is_flag=True)
@with_caller
def list_versions(caller: Caller, as_json: bool) -> None:
    """List the rule sets that were in force, the newest first, and what was put forward."""
    found = read_versions(caller)
    if as_json:
        print_json(versions_object(found))
        return
    for line in versions_lines(found, zone_of(caller)):
        click.echo(line)


@click.command()
@click.argument("before")
@click.argument("after")
@click.option("--json", "as_json", is_flag=True)
@with_caller
def diff(caller: Caller, before: str, after: str, as_json: bool) -> None:
    """Say what the rule set AFTER says otherwise than BEFORE: versions, 'now', or directories of rule files."""
    found = set_differences(_named(caller, before), _named(caller, after))
    if as_json:
        print_json(difference_object(found))
        return
    for line in difference_lines(found):
        click.echo(line)


def _named(caller: Caller, name: str) -> PolicySet:
    try:
        return find_policies(caller, name)
    except UnknownVersionError as error:
        refuse(str(error))
    except PolicyFilesError as error:
        refuse("\n".join((*map(str, error.faults), f"The files in {name} have faults; nothing is compared.")))
