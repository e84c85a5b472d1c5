"""The schedule on the command line: what visit types stand for."""

import click

from app.platform.caller import Caller
from app.platform.commandline import print_json, refuse, with_caller
from app.schedule import actions, forms
from app.schedule.facts import CLASSES, BillTo, VisitType


@click.group()
def schedule() -> None:
    """Say what the practice system's appointment types stand for."""


@schedule.command("map-type")
@click.argument("visit_type", metavar="TYPE")
@click.argument("lines", metavar="LINE...", nargs=-1, required=True)
@click.option("--class", "klass", type=click.Choice(CLASSES), help="Class of the lines, where the type says it.")
@click.option("--bill-to", type=click.Choice([one.value for one in BillTo]), help="Who pays, where the type says it.")
@click.option("--json", "as_json", is_flag=True, help="One JSON object.")
@with_caller
def map_type(
    caller: Caller, visit_type: str, lines: tuple[str, ...], klass: str | None, bill_to: str | None, as_json: bool
) -> None:
    """Map a visit type once to its lines: 17311:1, drug:dupixent:1 or self_pay."""
    if not visit_type.strip():
        refuse("Name the visit type as your practice system writes it, such as Mohs.")
    try:
        read = tuple(forms.read_type_line(line, klass, BillTo(bill_to) if bill_to else None) for line in lines)
    except forms.TypeLineError as error:
        refuse(str(error))
    changed = actions.map_type(caller, VisitType(" ".join(visit_type.split()), read))
    if as_json:
        print_json({"visit_type": visit_type, "lines": list(lines), "visits_changed": changed})
    else:
        click.echo(f"{visit_type} stands for {', '.join(lines)}. {changed} visits on file got their lines.")
