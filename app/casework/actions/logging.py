"""Log on a case what a payer said, for the command line: the desk's own actions, by what programs call the case."""

from dataclasses import dataclass, replace
from uuid import UUID

from app.authorizations import store as authorization_store
from app.authorizations.facts import AuthorizationRecord
from app.casework.actions.cases import read_case
from app.casework.actions.deciding import decide
from app.casework.actions.denials import record_denial
from app.casework.actions.entries import note
from app.casework.actions.naming import find_case
from app.casework.actions.sending import today_of
from app.casework.facts.cases import CaseFile, CaseNotFoundError
from app.casework.facts.decisions import Decided, Decision
from app.casework.facts.denials import NewDenial
from app.casework.facts.done import Done
from app.casework.facts.entries import Noted
from app.platform.caller import Caller


@dataclass(frozen=True, slots=True)
class Logged:
    """What was logged: the case as it stands with its version, the entry's id, whether it is new, what it turned."""

    record: AuthorizationRecord
    version: int
    entry: UUID
    fresh: bool
    turned: int = 0


def read_named(caller: Caller, words: str) -> tuple[CaseFile, tuple[AuthorizationRecord, ...]]:
    """Read a case with its chain by what it is called, and note who read it.

    The history is whole. Raises CaseNotFoundError, SeveralCasesError.
    """
    case_id = find_case(caller, words)
    case = read_case(caller, case_id)
    session, practice_id = caller.session, caller.practice_id
    events = authorization_store.events_of(session, practice_id, case_id)
    chain = authorization_store.chain_of(session, practice_id, case_id)
    return replace(case, events=tuple(reversed(events))), chain


def log_contact(caller: Caller, words: str, key: UUID, noted: Noted) -> Logged:
    """Log a call, a portal visit, a fax or a note on a case; under the same key once.

    Raises    CaseNotFoundError, SeveralCasesError.
    """
    case_id = find_case(caller, words)
    fresh = note(caller, [case_id], key, noted)
    return _logged(caller, case_id, key, fresh)


def log_decision(
    caller: Caller, words: str, key: UUID, decided: Decided, version: int | None = None, code: str | None = None
) -> Logged:
    """Log an answer of the payer on a case; under the same key once.

    Takes     what the case is called; the key; the answer; the version that the program saw, None: whatever stands; the
              payer's code of a denial.
    Raises    CaseNotFoundError, SeveralCasesError; as `deciding.decide`.
    """
    case_id = find_case(caller, words)
    found = authorization_store.record_of(caller.session, caller.practice_id, case_id)
    if found is None:
        raise CaseNotFoundError
    seen = found[1] if version is None else version
    if decided.what is Decision.DENIED:
        done = record_denial(caller, (case_id, seen), key, _denial(caller, decided, code))
    else:
        done = decide(caller, case_id, seen, key, decided)
    return _logged(caller, case_id, key, done.change is not None, done)


def _denial(caller: Caller, decided: Decided, code: str | None) -> NewDenial:
    on = decided.values.get("decided_on") or today_of(caller)
    words = decided.values.get("denial_reason") or decided.words or ""
    return NewDenial(on, words, code, appeal_by=decided.due_on, next_step=decided.next_step)


def _logged(caller: Caller, case_id: UUID, key: UUID, fresh: bool, done: Done | None = None) -> Logged:
    found = authorization_store.record_of(caller.session, caller.practice_id, case_id)
    if found is None:
        raise CaseNotFoundError
    return Logged(found[0], found[1], key, fresh, len(done.turned) if done is not None else 0)
