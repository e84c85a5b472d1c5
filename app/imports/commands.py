"""Imports on the command line: `scripts/manage import FILE...`."""

import sys
from pathlib import Path

import click

from app.imports.actions.running import import_files as bring_in
from app.imports.facts import Kind, Report
from app.imports.intake.names import COLUMNS
from app.imports.views import reports as views
from app.platform.caller import Caller
from app.platform.commandline import print_json, refuse, with_caller

WIDTH = 30


@click.command("import")
@click.argument("files", nargs=-1, required=True, type=click.Path(path_type=Path))
@click.option(
    "--kind", type=click.Choice([kind.value for kind in Kind]), help="What the files are; else their headers say."
)
@click.option("--dry-run", is_flag=True, help="Write nothing; say what would come of it.")
@click.option("--json", "as_json", is_flag=True, help="One JSON object for each file.")
@click.option("--map", "matches", multiple=True, metavar="HEADER=COLUMN", help="Match a header by hand; remembered.")
@with_caller
def import_files(
    caller: Caller, files: tuple[Path, ...], kind: str | None, dry_run: bool, as_json: bool, matches: tuple[str, ...]
) -> int:
    """Bring in schedule, coverage and authorization files (CSV or XLSX), in that order."""
    chosen = dict(map(_match, matches))
    worst = 0
    for report in bring_in(caller, files, Kind(kind) if kind else None, dry_run, chosen, _progress, _waiting):
        worst = max(worst, report.exit_code)
        if as_json:
            print_json(views.as_json(report))
        for line in () if as_json and report.error is None else views.as_text(report):
            click.echo(line, err=as_json or report.error is not None)
    return worst


def _match(text: str) -> tuple[str, str]:
    header, equals, column = text.rpartition("=")
    known = {name for names in COLUMNS.values() for name in names}
    if not equals or not header or (column and column not in known):
        refuse(
            f"--map needs HEADER=COLUMN with a column of the contract (or nothing, to leave it out); found '{text}'."
        )
    return header, column


def _waiting() -> None:
    click.echo("Another import works on this practice; waiting for it to end.", err=True)


def _progress(report: Report, done: int, rows: int) -> None:
    """Draw a bar on stderr, only for a person at a terminal."""
    if not sys.stderr.isatty() or not rows:
        return
    filled = WIDTH * done // rows
    end = "\n" if done == rows else ""
    click.echo(
        f"\r{report.kind} [{'#' * filled}{'.' * (WIDTH - filled)}] {done} of {rows} rows{end}", err=True, nl=False
    )
