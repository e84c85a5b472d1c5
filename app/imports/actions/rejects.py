"""The refused rows of a file as a table of their own: to be corrected there and brought in again."""

import csv
import io
from uuid import UUID

from app.audit.actions import record
from app.imports.actions.drafts import found_draft
from app.imports.facts import Refused
from app.imports.intake.labels import label
from app.imports.rules.packing import edited
from app.imports.store import drafts
from app.platform.caller import Caller
from app.platform.db import writing

BOM = "\N{BYTE ORDER MARK}"
RUNS = ("=", "+", "-", "@", "\t", "\r")
"""What a spreadsheet takes for the beginning of a formula."""


def refused_table(caller: Caller, draft_id: UUID) -> str:
    """Write the refused rows with their columns as they came, then Problem and Fix: CSV, UTF-8 with its mark.

    A cell that a spreadsheet would run gets an apostrophe before it. Raises DraftGoneError.
    """
    found_draft(caller, draft_id)
    refused = drafts.refused_of(caller.session, caller.practice_id, draft_id)
    edits = drafts.edits_of(caller.session, caller.practice_id, draft_id)
    table = edited(drafts.table_of(caller.session, caller.practice_id, draft_id), edits)
    cells = dict(table.rows)
    out = io.StringIO(newline="")
    writer = csv.writer(out)
    writer.writerow([*map(_harmless, table.header), "Problem", "Fix"])
    for one in refused:
        row = list(cells[one.row]) + [""] * (len(table.header) - len(cells[one.row]))
        writer.writerow([*map(_harmless, row[: len(table.header)]), _harmless(_problem(one)), _harmless(one.fix)])
    with writing(caller.session):
        record(caller, "imports.refused_downloaded", (draft_id,), rows=len(refused))
    return BOM + out.getvalue()


def _problem(one: Refused) -> str:
    return f"Row {one.row}, {label(one.column)}: found {one.found or 'nothing'}."


def _harmless(cell: str) -> str:
    return f"'{cell}" if cell.startswith(RUNS) else cell
