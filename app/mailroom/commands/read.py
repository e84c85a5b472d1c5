"""Reading documents on the command line: `scripts/manage read FILE...`. Nothing is written to the database."""

import sys
from pathlib import Path

import click

from app.mailroom.files.reading import documents_in, documents_of, written, written_in
from app.mailroom.views.readings import in_words

STANDARD_INPUT = "-"


@click.command("read")
@click.argument("files", nargs=-1, required=True, metavar="FILE...")
@click.option("--json", "as_json", is_flag=True, help="One JSON object for each document, one a line.")
def read_files(files: tuple[str, ...], as_json: bool) -> int:
    """Read documents of the trade by what they hold: X12, FHIR, CDS Hooks, HL7 v2, tables. `-` is standard input.

    Exit 0 when every file was read, 1 when one was refused; the others are read all the same.
    """
    refused = [name for name in files if (_print if as_json else _say)(name)]
    return 1 if refused else 0


def _print(name: str) -> bool:
    """Print the documents of a file as JSON. Returns whether it was refused."""
    out = sys.stdout.buffer
    sys.stdout.flush()
    if name == STANDARD_INPUT:
        refused = written_in(sys.stdin.buffer.read(), name, out)
    else:
        refused = written(Path(name), name, out)
    out.flush()
    return refused


def _say(name: str) -> bool:
    """Say in words what a file holds. Returns whether it was refused."""
    documents = documents_in(sys.stdin.buffer.read()) if name == STANDARD_INPUT else documents_of(Path(name))
    refused = False
    for document in documents:
        refused = "error" in document
        click.echo(f"{name}: {in_words(document)}", err=refused)
    return refused
