"""The cases that one call was about."""

from collections.abc import Sequence
from uuid import UUID

from app.casework.actions.casebook import open_lines, practice_today
from app.casework.facts.casebook import CaseLine
from app.casework.store import casebook as store
from app.clearance.actions.opening import saw
from app.platform.caller import Caller


def read_ticked(caller: Caller, case_ids: Sequence[UUID]) -> tuple[CaseLine, ...]:
    """Open the cases named, as far as they are on file and in sight, and note whom the page shows."""
    rows = store.rows_of(caller.session, caller.practice_id, case_ids, caller.scope)
    lines = open_lines(caller, [rows[one] for one in case_ids if one in rows], practice_today(caller))
    saw(caller, "casework.cases_seen", [one for line in lines for one in (line.record.patient_id, line.record.id)])
    return lines
