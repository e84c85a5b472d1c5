"""Find one case by what people and programs call it."""

import re
from uuid import UUID

from app.authorizations import store as authorization_store
from app.authorizations.rules.items import folded
from app.casework.facts.cases import CaseNotFoundError, SeveralCasesError
from app.casework.store import casebook as store
from app.patients import store as patient_store
from app.patients.rules import number_key
from app.platform.caller import Caller

_CODE = re.compile(r"[aA]-([0-9a-fA-F]{6})")
MOST = 400
"""Patients who are looked through for a number."""


def find_case(caller: Caller, words: str) -> UUID:
    """Find the case in sight that is called by its id, by its code (`A-0F3C21`), or by the payer's number or reference.

    Raises    CaseNotFoundError; SeveralCasesError where more than one is called so.
    """
    found = _by_id(caller, words.strip()) or _by_code(caller, words.strip()) or _by_number(caller, words)
    if not found:
        raise CaseNotFoundError
    if len(found) > 1:
        raise SeveralCasesError(found)
    return found[0]


def _by_id(caller: Caller, words: str) -> tuple[UUID, ...]:
    try:
        case_id = UUID(words)
    except ValueError:
        return ()
    return tuple(authorization_store.patients_by_id(caller.session, caller.practice_id, [case_id]))


def _by_code(caller: Caller, words: str) -> tuple[UUID, ...]:
    code = _CODE.fullmatch(words)
    return store.by_code(caller.session, caller.practice_id, code[1], caller.scope) if code else ()


def _by_number(caller: Caller, words: str) -> tuple[UUID, ...]:
    """What a blind index finds is opened and compared: one key may stand for several numbers."""
    session, practice_id = caller.session, caller.practice_id
    people = patient_store.found_under(session, practice_id, [number_key(words)], MOST, caller.scope)
    rows = authorization_store.of_patients(session, practice_id, people)
    return tuple(
        one.id
        for mine in rows.values()
        for one in mine
        if any(text and folded(text) == folded(words) for text in (one.number, one.reference))
    )
