"""Payer rules that may come and that were: commands of the group `policies`, which stands in a lower room."""

from pathlib import Path

import click

from app.clearance.actions.opening import saw
from app.platform.caller import Caller
from app.platform.commandline import print_json, refuse, with_caller
from app.policies.facts.faults import PolicyFilesError
from app.policies.files.directory import read_policies
from app.rule_changes.actions.impact import impact_of
from app.rule_changes.views.impact import impact_object, impact_sentences


@click.command(help="List the booked visits and open cases that the rules of DIRECTORY would change. Writes nothing.")
@click.argument("directory", type=click.Path(path_type=Path))
@click.option("--json", "as_json", is_flag=True, help="One object, for programs.")
@with_caller
def impact(caller: Caller, directory: Path, as_json: bool) -> None:
    """Say what would change before anybody accepts it."""
    if not directory.is_dir():
        refuse(f"There is no directory {directory}; give the one that holds the payers' folders.")
    try:
        policies = read_policies(directory)
    except PolicyFilesError as error:
        refuse("\n".join((*map(str, error.faults), "Nothing was compared; the rules in force stay.")))
    found = impact_of(caller, policies)
    shown = [(one.patient_id, one.visit_id) for one in found.visits]
    shown += [(one.patient_id, one.case_id) for one in found.cases]
    saw(caller, "rule_changes.impact_listed", (subject for pair in shown for subject in pair))
    if as_json:
        print_json(impact_object(found))
        return
    for sentence in impact_sentences(found):
        click.echo(sentence)
