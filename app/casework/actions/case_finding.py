"""Find cases by what people call them: our code, the payer's number or reference, the reference of a call."""

from collections.abc import Iterator
from uuid import UUID

from app.authorizations import store as authorization_store
from app.casework.actions.casebook import open_lines, practice_today
from app.casework.facts.casebook import CaseLine
from app.casework.rules.finding import code_of, is_number
from app.casework.store import casebook as store
from app.casework.store import entries as entry_store
from app.clearance.actions.opening import saw
from app.patients import store as patient_store
from app.patients.rules import number_key, plain_name
from app.platform.caller import Caller

MOST_SHOWN, CANDIDATES = 50, 100


def find_cases(caller: Caller, words: str) -> tuple[CaseLine, ...]:
    """Find cases in sight, at most fifty. The number of queries depends on the words; whom it shows is noted."""
    ids = list(dict.fromkeys(_ids(caller, words)))
    rows = store.rows_of(caller.session, caller.practice_id, ids, caller.scope)
    found = [rows[one] for one in ids if one in rows][:MOST_SHOWN]
    lines = open_lines(caller, found, practice_today(caller)) if found else ()
    saw(caller, "casework.cases_found", [one for line in lines for one in (line.record.patient_id, line.record.id)])
    return lines


def _ids(caller: Caller, words: str) -> Iterator[UUID]:
    session, practice_id, seen = caller.session, caller.practice_id, caller.scope
    code = code_of(words)
    if code is not None:
        yield from store.by_code(session, practice_id, code, seen)
    if is_number(words):
        yield from entry_store.by_reference(session, practice_id, words, seen)
        people = patient_store.found_under(session, practice_id, (number_key(words),), CANDIDATES, seen)
        of_people = authorization_store.of_patients(session, practice_id, sorted(people))
        yield from (
            row.id
            for rows in of_people.values()
            for row in rows
            if plain_name(words) in (plain_name(row.number or ""), plain_name(row.reference or ""))
        )
