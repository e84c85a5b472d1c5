"""Imports on the command line: `scripts/manage import FILE...`, of tables and of documents of the trade."""

import sys
from collections.abc import Iterator, Sequence
from pathlib import Path

import click

from app.imports.actions.running import import_files as bring_in
from app.imports.facts import Kind
from app.imports.facts import Report as TableReport
from app.imports.intake.names import COLUMNS
from app.imports.views import reports as table_views
from app.mailroom.actions.receiving import foretell, receive
from app.mailroom.facts import LARGEST, Report, Via
from app.mailroom.intake.recognising import HEAD, is_document
from app.mailroom.views import reports as views
from app.platform.caller import Caller
from app.platform.commandline import print_json, refuse, with_caller

WIDTH = 30
WORST = 2


@click.command("import")
@click.argument("files", nargs=-1, required=True, type=click.Path(path_type=Path))
@click.option(
    "--kind", type=click.Choice([kind.value for kind in Kind]), help="What tables are; else their headers say."
)
@click.option("--dry-run", is_flag=True, help="Write nothing; say what would come of it.")
@click.option("--json", "as_json", is_flag=True, help="One JSON object for each file.")
@click.option("--map", "matches", multiple=True, metavar="HEADER=COLUMN", help="Match a header by hand; remembered.")
@with_caller
def import_files(
    caller: Caller, files: tuple[Path, ...], kind: str | None, dry_run: bool, as_json: bool, matches: tuple[str, ...]
) -> int:
    """Bring in tables (CSV or XLSX: schedule, coverage, authorizations, in that order), then documents: X12, FHIR, HL7.

    What a file is, its content says. A kind that is named holds for all files, which are then tables.
    """
    chosen = dict(map(_match, matches))
    documents = () if kind else tuple(path for path in files if _is_document(path))
    tables = [path for path in files if path not in documents]
    worst = 0
    for table in bring_in(caller, tables, Kind(kind) if kind else None, dry_run, chosen, _progress, _waiting):
        worst = max(worst, table.exit_code)
        _say(table_views.as_json(table), table_views.as_text(table), as_json, table.error is not None)
    for report in _taken(caller, documents, dry_run):
        worst = max(worst, WORST if report.fault is not None else 0)
        _say(views.as_json(report), views.as_text(report), as_json, report.fault is not None)
    return worst


def _taken(caller: Caller, documents: Sequence[Path], dry_run: bool) -> Iterator[Report]:
    for path in documents:
        content = _content(path)
        take = foretell if dry_run else receive
        yield take(caller, content, str(path), Via.COMMAND)


def _content(path: Path) -> bytes:
    with path.open("rb") as file:
        return file.read(LARGEST + 1)


def _is_document(path: Path) -> bool:
    """Say whether a file is a document of the trade. One that is not there is told of as a table is."""
    try:
        with path.open("rb") as file:
            return is_document(file.read(HEAD))
    except OSError:
        return False


def _say(told: object, words: Iterator[str], as_json: bool, faulty: bool) -> None:
    if as_json:
        print_json(told)
    for line in () if as_json and not faulty else words:
        click.echo(line, err=as_json or faulty)


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


def _progress(report: TableReport, done: int, rows: int) -> None:
    """Draw a bar on stderr, only for a person at a terminal."""
    if not sys.stderr.isatty() or not rows:
        return
    filled = WIDTH * done // rows
    end = "\n" if done == rows else ""
    click.echo(
        f"\r{report.kind} [{'#' * filled}{'.' * (WIDTH - filled)}] {done} of {rows} rows{end}", err=True, nl=False
    )
