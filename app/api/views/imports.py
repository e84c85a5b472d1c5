"""Files under way as the API describes them."""

from typing import Any

from app.api.actions.imports import SHOWN, Result
from app.api.rules.written import Given, Id
from app.imports.facts import Code, DraftState, Kind


class RefusedRow(Given):
    """A row that is refused whole: where, why, what was found, and how to write it."""

    row: int
    column: str
    code: Code
    found: str
    fix: str


class Counts(Given):
    """What comes of the rows."""

    created: int
    updated: int
    unchanged: int
    refused: int


class ImportGiven(Given):
    """A file under way. `counts` null: not checked yet.

    `state`: `matching` waits for a person to say which column is which; `to_check` and `checking` for the scheduler;
    `checked` for its confirmation; `to_confirm` and `confirming` are being written; `done`; `failed`.
    `vanished`: booked visits that the file no longer has.
    """

    id: Id
    state: DraftState
    kind: Kind | None
    rows: int
    done: int
    counts: Counts | None
    vanished: int
    refused: list[RefusedRow]
    warnings: list[str]


def import_body(result: Result) -> dict[str, Any]:
    """Write a file under way with at most a thousand refused rows."""
    draft, summary = result.draft, result.draft.summary or {}
    refused = [
        {"row": one.row, "column": one.column, "code": one.code, "found": one.found, "fix": one.fix}
        for one in result.refused[:SHOWN]
    ]
    return {
        "id": draft.id,
        "state": draft.state,
        "kind": draft.kind,
        "rows": draft.rows,
        "done": draft.done,
        "counts": summary.get("counts"),
        "vanished": summary.get("vanished_total", 0),
        "refused": refused,
        "warnings": [one["text"] for one in summary.get("warnings", ())],
    }
