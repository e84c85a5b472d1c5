"""`scripts/manage visits`: answer for visits, and judge all of them anew."""

from collections.abc import Iterable
from datetime import date

import click

from app.clearance.actions.answering import (
    Asking,
    SiteNotFoundError,
    VisitNotFoundError,
    check_visit,
    clear_visits,
)
from app.clearance.actions.book import rejudge_all
from app.clearance.facts.answered import AnsweredVisit
from app.clearance.views.plain import plain_visit
from app.clearance.views.shapes import visit_shape
from app.platform.caller import Caller
from app.platform.commandline import print_json, refuse, with_caller
from app.values.days import read_day


class Day(click.ParamType[date]):
    """A date on the command line."""

    name = "date"

    def convert(self, value: object, param: click.Parameter | None, ctx: click.Context | None) -> date:
        """Read it, or say how to write it."""
        if isinstance(value, date):
            return value
        day = read_day(str(value))
        if day is None:
            self.fail(f"'{value}' is not a date; write it as 2026-12-01 or 12/01/2026.", param, ctx)
        return day


@click.group(help="May booked visits go ahead?")
def visits() -> None:
    """Hold the commands about visits."""


@visits.command(help="Answer for every booked visit of some days.")
@click.option("--on", "on", type=Day(), help="One day.")
@click.option("--from", "first", type=Day(), help="The first day.")
@click.option("--to", "last", type=Day(), help="The last day, included.")
@click.option("--site", help="One site, by name or code.")
@click.option("--as-of", type=Day(), help="Answer as of this day instead of today at the site.")
@click.option("--json", "as_json", is_flag=True, help="One object a line, for programs.")
@with_caller
def clear(
    caller: Caller,
    on: date | None,
    first: date | None,
    last: date | None,
    site: str | None,
    as_of: date | None,
    as_json: bool,
) -> None:
    """Answer for the visits of some days."""
    asking = _asking(on, first, last, site, as_of)
    try:
        _print(clear_visits(caller, asking), as_json)
    except SiteNotFoundError:
        refuse(f"No site is called '{site}'. Give the name or code of a site as the schedule writes it.")


def _asking(on: date | None, first: date | None, last: date | None, site: str | None, as_of: date | None) -> Asking:
    if on is not None and (first is not None or last is not None):
        refuse("Give either --on DATE, or --from DATE and --to DATE, not both.")
    first, last = (on, on) if on is not None else (first, last)
    if first is None or last is None:
        refuse("Say which days: --on DATE, or --from DATE and --to DATE.")
    if last < first:
        refuse(f"--to {last} lies before --from {first}. Give the earlier day first.")
    return Asking(first, last, site, as_of)


@visits.command(help="Answer for one visit of any status, by the practice system's appointment id.")
@click.argument("visit_id")
@click.option("--as-of", type=Day(), help="Answer as of this day instead of today at the site.")
@click.option("--json", "as_json", is_flag=True, help="One object, for programs.")
@with_caller
def why(caller: Caller, visit_id: str, as_of: date | None, as_json: bool) -> None:
    """Answer for one visit."""
    try:
        _print([check_visit(caller, visit_id, as_of)], as_json)
    except VisitNotFoundError:
        refuse(f"No visit has the id '{visit_id}'. Give the visit_id of the schedule import.")


@visits.command(help="Judge all visits anew, and say how many answers changed.")
@click.option("--json", "as_json", is_flag=True, help="One object, for programs.")
@with_caller
def rejudge(caller: Caller, as_json: bool) -> None:
    """Judge the whole book anew."""
    done = rejudge_all(caller)
    if as_json:
        print_json({"patients": done.patients, "lines": done.lines, "visits_changed": done.changed})
    else:
        click.echo(f"Judged {done.lines:,} lines of {done.patients:,} patients; {done.changed:,} visits changed.")


def _print(answers: Iterable[AnsweredVisit], as_json: bool) -> None:
    for answer in answers:
        if as_json:
            print_json(visit_shape(answer))
        else:
            click.echo(plain_visit(answer))
