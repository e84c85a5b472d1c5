"""What came of a document: for programs as one object, for people as sentences."""

from collections.abc import Iterator
from typing import Any

from app.mailroom.facts import Fault, Report
from app.mailroom.views.kinds import kind_words
from app.values.wording import counted


def as_json(report: Report) -> dict[str, Any]:
    """Make the object of the reading contract."""
    return {
        "file": report.file,
        "kind": report.kind or "unknown",
        "records": report.records,
        "stored": report.stored,
        "matched": report.matched,
        "unmatched": report.unmatched,
        "already": report.already,
        "error": None if report.fault is None else _error(report.fault),
    }


def as_text(report: Report) -> Iterator[str]:
    """Tell a person what came of a document, line by line."""
    if report.fault is not None:
        yield f"{report.file} was not taken. {fault_words(report.fault)}"
        return
    yield (
        f"{report.file} ({kind_words(report.kind)}): {counted(report.records, 'record')}, {report.stored} stored, "
        f"{report.matched} matched, {report.unmatched} for a person to match, {report.already} on file already."
    )


def fault_words(fault: Fault) -> str:
    """Say why a document cannot be read, and where the fault is."""
    return fault.sentence if fault.place is None else f"{fault.place.capitalize()} {fault.where}: {fault.sentence}"


def _error(fault: Fault) -> dict[str, Any]:
    told: dict[str, Any] = {"code": fault.code, "message": fault.sentence}
    if fault.place is not None and fault.where is not None:
        told[fault.place] = int(fault.where) if fault.where.isdecimal() and fault.place != "pointer" else fault.where
    return told
