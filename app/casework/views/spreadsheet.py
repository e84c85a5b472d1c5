"""A list of cases as a file that a spreadsheet opens without running anything."""

import csv
import io

import xlsxwriter

from app.casework.facts.casebook import NO_DAY, Casebook, CaseLine, case_code
from app.casework.facts.exporting import Sheet
from app.casework.views.case_words import service_words
from app.casework.views.casebook import tags_of
from app.casework.views.words import status_words

BOM = "\N{BYTE ORDER MARK}"
RUNS = ("=", "+", "-", "@", "\t", "\r", "\n")
"""What a spreadsheet takes for the beginning of a formula."""
HEADER = (
    "Case", "Payer's number", "Patient", "MRN", "Service", "Payer", "Status", "Tags", "Due", "Next action",
    "Next action by", "Next visit", "Requested on", "Decided on", "Begins", "Ends", "Owner",
)  # fmt: skip


def sheet_of(book: Casebook, cut: bool) -> Sheet:
    """Put cases into a table of words; days are written as 2026-12-01, which sorts and is nobody's formula."""
    names = {one.id: one.name for one in book.people}
    rows = tuple(_row(line, book, names.get(line.owner_id, "") if line.owner_id else "") for line in book.lines)
    return Sheet(HEADER, rows, cut)


def _row(line: CaseLine, book: Casebook, owner: str) -> tuple[str, ...]:
    record, patient = line.record, line.patient
    days = (record.next_action_on, line.next_visit, record.requested_on, record.decided_on, record.begins, record.ends)
    next_on, visit, asked, decided, begins, ends = (day.isoformat() if day else "" for day in days)
    return (
        case_code(record.id),
        record.number or record.reference or "",
        f"{patient.last_name}, {patient.first_name}" if patient else "",
        patient.mrn if patient else "",
        service_words(record),
        record.payer_name,
        status_words(record.status),
        ", ".join(tag.words for tag in tags_of(line, book.today)),
        "" if line.due_on == NO_DAY else line.due_on.isoformat(),
        record.next_action or "",
        next_on, visit, asked, decided, begins, ends,
        owner,
    )  # fmt: skip


def as_csv(sheet: Sheet) -> bytes:
    """Write a table as CSV: UTF-8 with its mark; a cell that a spreadsheet would run gets an apostrophe before it."""
    out = io.StringIO(newline="")
    writer = csv.writer(out)
    writer.writerow(sheet.header)
    writer.writerows([harmless(cell) for cell in row] for row in sheet.rows)
    return (BOM + out.getvalue()).encode()


def harmless(cell: str) -> str:
    """Keep a spreadsheet from running a cell."""
    return f"'{cell}" if cell.startswith(RUNS) else cell


def as_xlsx(sheet: Sheet) -> bytes:
    """Write a table as a workbook. Every cell is text: none is a formula, a link or a number."""
    out = io.BytesIO()
    plain = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    with xlsxwriter.Workbook(out, plain) as workbook:
        page = workbook.add_worksheet("Cases")
        for number, row in enumerate((sheet.header, *sheet.rows)):
            for place, cell in enumerate(row):
                page.write_string(number, place, cell)
        page.freeze_panes(1, 0)
    return out.getvalue()
