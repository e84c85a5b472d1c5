"""Find patients by blind indexes only, and let those who came before the indexes be found too."""

from collections.abc import Collection
from itertools import chain
from uuid import UUID

from app.audit.actions import record
from app.authorizations import store as authorization_store
from app.casework.facts.finding import MOST_SHOWN, Found
from app.casework.rules.finding import Reading, readings_of
from app.clearance.actions.opening import saw
from app.coverage.store import coverages as coverage_store
from app.patients import store as patient_store
from app.patients.facts import PatientDetails
from app.patients.rules import keys_of, member_keys, number_key
from app.platform.caller import Caller
from app.platform.db import writing

CANDIDATES = 400  # opened at most for one reading of the words
PIECE = 400


def find_patients(caller: Caller, words: str) -> Found:
    """Find patients by name, record number, member id, authorization number, payer's reference, phone or birth date.

    The number of queries depends on the words, not on the patients. Whom the page shows is noted; the words are not.
    """
    session, practice_id = caller.session, caller.practice_id
    readings = readings_of(words)
    seen = caller.scope
    ids = {one: patient_store.found_under(session, practice_id, one.keys, CANDIDATES, seen) for one in readings}
    by_mrn = patient_store.by_mrn(session, practice_id, words, seen)
    named = {*chain.from_iterable(ids.values()), *([by_mrn] if by_mrn else [])}
    opened = patient_store.seen(session, practice_id, sorted(named))
    fitting = {by_mrn} if by_mrn else set()
    fitting |= {one for reading, found in ids.items() for one in found if _fits(reading, opened.get(one))}
    found = sorted((opened[one] for one in fitting if one in opened), key=_by_name)
    shown = tuple(found[:MOST_SHOWN])
    coverages = coverage_store.of_patients(session, practice_id, [one.id for one in shown])
    payers = tuple(", ".join(dict.fromkeys(row.payer_name for row in coverages.get(one.id, ()))) for one in shown)
    saw(caller, "casework.patients_found", [one.id for one in shown])
    cut = any(len(found_ids) == CANDIDATES for found_ids in ids.values())
    return Found(shown, payers, len(found) > MOST_SHOWN or cut)


def _fits(reading: Reading, person: PatientDetails | None) -> bool:
    return person is not None and reading.fits(person)


def _by_name(one: PatientDetails) -> tuple[str, str, str]:
    return one.last_name.casefold(), one.first_name.casefold(), one.id.hex


def fill_search_keys(caller: Caller) -> int:
    """Make the keys of patients who were on file before keys were kept: from state, safe twice and after a crash.

    Returns   how many patients can be found now who could not before.
    """
    done, after = 0, None
    while ids := patient_store.without_keys(caller.session, caller.practice_id, after, PIECE):
        done += _fill(caller, ids)
        after = ids[-1]
    return done


def _fill(caller: Caller, ids: Collection[UUID]) -> int:
    practice_id = caller.practice_id
    with writing(caller.session) as session:
        people = patient_store.details(session, practice_id, list(ids))
        coverages = coverage_store.records_of(session, practice_id, list(ids))
        approvals = authorization_store.of_patients(session, practice_id, list(ids))
        keys = [(one.id, key) for one in people.values() for key in keys_of(one)]
        keys += [(who, key) for who, rows in coverages.items() for row in rows for key in member_keys(row.member_id)]
        keys += [
            (who, number_key(text))
            for who, rows in approvals.items()
            for row in rows
            for text in (row.number, row.reference)
            if text
        ]
        patient_store.add_keys(session, practice_id, keys)
        record(caller, "casework.search_keys_made", patients=len(ids))
    return len({who for who, _key in keys})
