"""Hand a list of cases out as a file."""

from dataclasses import replace

from app.audit.actions import record
from app.casework.actions.casebook import open_lines, owners, practice_today
from app.casework.facts.casebook import Casebook, CaseQuery
from app.casework.facts.exporting import MOST_ROWS, Format
from app.casework.rules.views import selection
from app.casework.store import casebook as store
from app.platform.caller import Caller
from app.platform.db import writing


def export_cases(caller: Caller, query: CaseQuery, kind: Format) -> tuple[Casebook, bool]:
    """Read the cases of a view with its filters, from its first page on, at most 5,000, and note who took them.

    Returns   the cases, and whether there are more than fit.
    """
    session, practice_id, today = caller.session, caller.practice_id, practice_today(caller)
    whole = replace(query, after=None, before=None)
    which = selection(whole, caller.user_id, today)
    rows = store.page(session, practice_id, which, MOST_ROWS + 1, scope=caller.scope)
    lines = open_lines(caller, rows[:MOST_ROWS], today)
    with writing(caller.session):
        named = [one for line in lines for one in (line.record.patient_id, line.record.id)]
        record(caller, "casework.cases_exported", named, cases=len(lines), format=kind.value)
    book = Casebook(whole, today, lines, {}, None, None, owners(caller), (), marked=False, any_case=bool(lines))
    return book, len(rows) > MOST_ROWS
