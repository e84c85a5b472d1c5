"""Reading documents on the command line: `scripts/manage read FILE...`. Nothing is written to the database."""

import sys
from collections.abc import Mapping
from itertools import groupby
from pathlib import Path
from typing import Any

import click

from app.mailroom.files.lines import Named
from app.mailroom.files.reading import documents_in, told, written, written_in
from app.mailroom.views.readings import in_words

STANDARD_INPUT = "-"


@click.command("read")
@click.argument("files", nargs=-1, required=True, metavar="FILE...")
@click.option("--json", "as_json", is_flag=True, help="One JSON object for each document, one a line.")
def read_files(files: tuple[str, ...], as_json: bool) -> int:
    """Read documents of the trade by what they hold: X12, FHIR, CDS Hooks, HL7 v2, tables. `-` is standard input.

    Exit 0 when every file was read, 1 when one was refused; the others are read all the same.
    """
    show, refused = (_print if as_json else _say), False
    for alone, group in groupby(files, key=lambda name: name == STANDARD_INPUT):
        refused = show(list(group), alone) or refused
    return 1 if refused else 0


def _print(names: list[str], alone: bool) -> bool:
    """Print the documents of files, or of standard input alone, as JSON. Returns whether one was refused."""
    out = sys.stdout.buffer
    sys.stdout.flush()
    refused = written_in(sys.stdin.buffer.read(), names[0], out) if alone else written(_named(names), out)
    out.flush()
    return refused


def _say(names: list[str], alone: bool) -> bool:
    """Say in words what files hold, or standard input alone. Returns whether one was refused."""
    if not alone:
        return told(_named(names), _tell)
    document: Mapping[str, Any] = {}
    for document in documents_in(sys.stdin.buffer.read()):
        _tell(STANDARD_INPUT, document)
    return "error" in document


def _tell(name: str, document: Mapping[str, Any]) -> None:
    click.echo(f"{name}: {in_words(document)}", err="error" in document)


def _named(names: list[str]) -> list[Named]:
    return [Named(Path(name), name) for name in names]
