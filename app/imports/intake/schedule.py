"""A row of a schedule -> what it says of patient, visit and service."""

import re
from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

from app.imports.facts import Code, RowRefusedError, ScheduleRow
from app.imports.intake import words
from app.imports.intake.cells import Cells
from app.imports.intake.people import read_person
from app.schedule.facts import BillTo, Supply, VisitStatus
from app.values.insurance import Channel


def read_row(row: int, cells: Cells) -> ScheduleRow:
    """Read one row. Raises RowRefusedError for the first cell that cannot be taken."""
    reference = cells.need_identifier("visit_id", "the appointment id of your practice system")
    starts = cells.moment("starts_at", "start_date")
    site = cells.need("site", "the site by its name or code")
    cells.need("provider_npi", "the NPI of who renders the service")
    provider = cells.npi("provider_npi")
    person = read_person(cells, names_needed=True)
    code, visit_type = cells.procedure("code"), cells.text("visit_type")
    if code is None and visit_type is None:
        cells.refuse("code", Code.MISSING, "Write the CPT or HCPCS code, or the appointment type in visit_type.")
    line = _line(cells) | {"provider_npi": provider}
    status = cells.choice("status", words.VISIT_STATUS, words.shown(VisitStatus))
    return ScheduleRow(
        row,
        reference,
        starts,
        site,
        person,
        code,
        visit_type,
        {name: value for name, value in line.items() if value is not None},
        cells.text("payer"),
        cells.text("plan"),
        cells.identifier("member_id"),
        status,
    )


def _line(cells: Cells) -> dict[str, Any]:
    return {
        "units": cells.number("units"),
        "modifiers": cells.several("modifiers", _modifier, "two characters each, such as 25;LT"),
        "diagnoses": cells.diagnoses("diagnoses"),
        "place": cells.place("place_of_service"),
        "ndc": cells.ndc("ndc"),
        "documented": _documented(cells),
        "referral": cells.identifier("referral"),
        "channel": cells.choice("channel", words.CHANNEL, words.shown(Channel)),
        "provider_group": cells.npi("provider_group_npi"),
        "bill_to": cells.choice("bill_to", words.BILL_TO, words.shown(BillTo)),
        "supply": cells.choice("supply", words.SUPPLY, words.shown(Supply)),
        "billing_npi": cells.npi("billing_provider_npi"),
    }


def _modifier(text: str) -> str | None:
    cleaned = re.sub(r"\.0$", "", text.strip()).upper()
    return cleaned if re.fullmatch(r"[0-9A-Z]{2}", cleaned) else None


def _documented(cells: Cells) -> frozenset[str] | None:
    found = cells.several("documented", lambda text: re.sub(r"[\s\-]+", "_", text.strip().lower()), "words")
    return None if found is None else frozenset(found)


def instant(starts: datetime, zone: ZoneInfo) -> datetime:
    """Turn a site's local time into an instant in UTC.

    Of a time that comes twice (clocks set back) the first is meant.
    Raises    RowRefusedError for a time that the site's clocks skip.
    """
    local = starts.replace(tzinfo=zone, fold=0)
    at = local.astimezone(UTC)
    if at.astimezone(zone).replace(tzinfo=None) != starts:
        raise RowRefusedError(
            "starts_at",
            Code.BAD_DATE,
            starts.isoformat(sep=" ", timespec="minutes"),
            "Clocks are set forward that night and skip this time; write the time that the site's clock shows.",
        )
    return at
