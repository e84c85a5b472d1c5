"""What came of a file: for programs as one object, for people as sentences."""

from collections.abc import Iterator
from typing import Any

from app.imports.facts import Outcome, Refused, Report

SHOWN = 20


def as_json(report: Report) -> dict[str, Any]:
    """Make the object of the contract."""
    made: dict[str, Any] = {
        "file": report.file,
        "kind": report.kind,
        "rows": report.rows,
        "created": report.counts[Outcome.CREATED],
        "updated": report.counts[Outcome.UPDATED],
        "unchanged": report.counts[Outcome.UNCHANGED],
        "vanished": report.vanished,
        "refused": [
            {"row": one.row, "column": one.column, "code": one.code, "found": one.found, "fix": one.fix}
            for one in report.refused
        ],
        "ignored_columns": report.ignored_columns,
        "unmapped": {"visit_type": report.unmapped_types, "payer": report.unmapped_payers},
        "created_sites": report.created_sites,
        "created_providers": report.created_providers,
        "created_payers": report.created_payers,
        "warnings": report.warnings,
        "dry_run": report.dry_run,
    }
    if report.error is not None:
        made["error"] = {"code": report.error.code, "message": report.error.sentence}
    return made


def as_text(report: Report) -> Iterator[str]:
    """Tell a person what came of a file, line by line."""
    if report.error is not None:
        yield f"{report.file} was not taken. {report.error.sentence}"
        return
    counts = report.counts
    verb = "would be " if report.dry_run else ""
    yield (
        f"{report.file} ({report.kind}): of {report.rows} rows {counts[Outcome.CREATED]} {verb}created, "
        f"{counts[Outcome.UPDATED]} {verb}updated, {counts[Outcome.UNCHANGED]} unchanged, "
        f"{len(report.refused)} refused."
    )
    yield from map(refused_line, report.refused[:SHOWN])
    if len(report.refused) > SHOWN:
        yield f"{len(report.refused) - SHOWN} more rows were refused; --json lists all of them."
    yield from _decisions(report)
    yield from report.warnings[:SHOWN]
    if len(report.warnings) > SHOWN:
        yield f"{len(report.warnings) - SHOWN} more warnings; --json lists all of them."


def refused_line(one: Refused) -> str:
    """Say where, what was found, and what to do."""
    found = f"found {one.found}" if one.found else "found nothing"
    return f"Row {one.row}, {one.column}: {found}. {one.fix}"


def _decisions(report: Report) -> Iterator[str]:
    if report.vanished:
        yield f"Booked but no longer in the file, for you to decide: {', '.join(report.vanished)}."
    if report.ignored_columns:
        yield f"Columns that were not used: {', '.join(report.ignored_columns)}."
    for name, count in report.unmapped_types.items():
        yield f"Visit type {name} ({count} rows) has no meaning yet: scripts/manage schedule map-type '{name}' LINE..."
    for name, count in report.unmapped_payers.items():
        yield f"Payer {name} ({count} rows) has no rules here: whether approval is needed stays unknown."
    for what, names in (
        ("sites", report.created_sites),
        ("providers", report.created_providers),
        ("payers", report.created_payers),
    ):
        if names:
            yield f"New {what}, to be checked: {', '.join(names)}."
