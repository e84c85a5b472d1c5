"""Payer rules that may come and that were: commands of the group `policies`, which stands in a lower room."""

from datetime import date
from pathlib import Path

import click

from app.clearance.actions.answering import VisitNotFoundError
from app.clearance.actions.opening import saw
from app.platform.caller import Caller
from app.platform.commandline import print_json, refuse, with_caller
from app.policies.facts.faults import PolicyFilesError
from app.policies.files.directory import read_policies
from app.rule_changes.actions.impact import impact_of
from app.rule_changes.actions.impact_sharing import cores
from app.rule_changes.actions.replay import NothingShownError
from app.rule_changes.actions.replay import replay as replay_answer
from app.rule_changes.views.impact import impact_object, impact_sentences
from app.rule_changes.views.replay import replay_object, replay_sentences
from app.values.days import read_day


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
    found = impact_of(caller, policies, cores())
    shown = [(one.patient_id, one.visit_id) for one in found.visits]
    shown += [(one.patient_id, one.case_id) for one in found.cases]
    saw(caller, "rule_changes.impact_listed", (subject for pair in shown for subject in pair))
    if as_json:
        print_json(impact_object(found))
        return
    for sentence in impact_sentences(found):
        click.echo(sentence)


class Day(click.ParamType[date]):
    """A date on the command line."""

    name = "date"

    def convert(self, value: object, param: click.Parameter | None, ctx: click.Context | None) -> date:
        """Read it, or say how to write it."""
        day = value if isinstance(value, date) else read_day(str(value))
        if day is None:
            self.fail(f"'{value}' is not a date; write it as 2026-12-01 or 12/01/2026.", param, ctx)
        return day


@click.command(help="Give the answer again that a visit showed on a day, and judge it anew by what was in force then.")
@click.option("--visit", required=True, help="The visit_id of the schedule import.")
@click.option("--on", "day", required=True, type=Day(), help="The day, as it was at the visit's site.")
@click.option("--json", "as_json", is_flag=True, help="One object, for programs.")
@with_caller
def replay(caller: Caller, visit: str, day: date, as_json: bool) -> None:
    """Give a stored answer again."""
    try:
        found = replay_answer(caller, visit, day)
    except VisitNotFoundError:
        refuse(f"No visit has the id '{visit}'. Give the visit_id of the schedule import.")
    except NothingShownError as error:
        refuse(str(error))
    if as_json:
        print_json(replay_object(found))
        return
    for sentence in replay_sentences(found):
        click.echo(sentence)
