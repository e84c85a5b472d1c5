"""Give out one person's record on the command line."""

import os
from dataclasses import replace
from pathlib import Path

import click

from app.exports.actions.exporting import export_patient
from app.exports.views.packed import packed
from app.patients import store as patient_store
from app.platform.caller import Caller
from app.platform.commandline import refuse, with_caller


@click.group()
def export() -> None:
    """Give out what is on file."""


@export.command("patient")
@click.option("--mrn", required=True, help="The person's record number.")
@click.option("--to", "file", required=True, type=click.Path(path_type=Path), help="A new file, such as record.zip.")
@click.option("--reason", required=True, help="Why, in your words: it stands in the audit log.")
@with_caller
def give_patient(caller: Caller, mrn: str, file: Path, reason: str) -> None:
    """Write all that is on file about one person into a ZIP: a page to read, and the same for programs.

    The file is not encrypted: it is the person's own. Hand it over by a safe way, then delete it.
    """
    if not reason.strip():
        refuse("Say why the record is given out: --reason 'asked by the patient'.")
    found = patient_store.by_mrn(caller.session, caller.practice_id, mrn, caller.scope)
    if found is None:
        refuse("Nobody on file has this record number.")
    try:
        handle = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except OSError as error:
        refuse(f"The file cannot be made ({error.strerror}). Name a new one in a folder that you may write to.")
    with os.fdopen(handle, "wb") as target:
        record = export_patient(replace(caller, reason=" ".join(reason.split())), found)
        target.write(packed(record))
    rows = sum(map(len, record.tables.values()))
    click.echo(f"Written: {rows:,} entries. It is not encrypted; delete it when it was handed over.")
