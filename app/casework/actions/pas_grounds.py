"""What every message to a payer's system rests on: the system, the case held, and how its messages stand."""

import hashlib
from datetime import timedelta
from uuid import UUID

from sqlalchemy.orm import Session

from app.audit.actions import record as audit
from app.authorizations import store as authorization_store
from app.authorizations.facts import AuthorizationRecord
from app.casework.facts.cases import CaseNotFoundError
from app.casework.facts.pas import PasAct, PasExchange, PasRefusedError, PasState
from app.casework.rules.pas_thread import OPEN, PasThread
from app.casework.store import pas as store
from app.gateways.access import gateways_of
from app.gateways.facts import PasSystem
from app.platform.caller import Caller
from app.practice.store import practice as practice_store

CHANNEL = "FHIR (PAS)"
LEFT_FOR = timedelta(minutes=3)
"""How long a call may be on its way; longer than all its time-outs together."""
NO_SYSTEM = "No system that takes requests by FHIR is set up for this payer."
NOT_RELEASED = "This practice came from a backup and sends nothing until an administrator releases it."
ON_ITS_WAY = "This request is on its way to the payer. Look again in three minutes."
IS_IN_DOUBT = "It is not known whether this request reached the payer. Ask the payer before you send it again."
NOTHING_PENDS = "Nothing of this case is pending with the payer: there is nothing to ask."


def system_of(caller: Caller, payer: str) -> tuple[str, PasSystem] | None:
    """Find the system that takes a payer's requests, by its key in the rules."""
    systems = gateways_of(caller.session).pas
    return next(((name, one) for name, one in systems.items() if payer in one.payers), None)


def system_for(caller: Caller, record: AuthorizationRecord) -> tuple[str, PasSystem]:
    """The same for a message that is about to leave. Raises PasRefusedError where nothing may leave."""
    system = system_of(caller, record.payer)
    if system is None:
        raise PasRefusedError(NO_SYSTEM)
    refuse_restored(caller)
    return system


def refuse_restored(caller: Caller) -> None:
    """Raise PasRefusedError where the practice came from a backup and was not released."""
    if practice_store.practice_of(caller.session, caller.practice_id).restored_at is not None:
        raise PasRefusedError(NOT_RELEASED)


def held(caller: Caller, session: Session, case_id: UUID) -> tuple[AuthorizationRecord, int]:
    """Hold a case with its version. Raises CaseNotFoundError."""
    found = authorization_store.record_of(session, caller.practice_id, case_id, hold=True)
    if found is None:
        raise CaseNotFoundError
    return found


def is_on_its_way(caller: Caller, one: PasExchange) -> bool:
    """Say whether a message may still be on its way."""
    return one.state is PasState.SENDING and caller.clock.now() - one.at < LEFT_FOR


def refuse_doubt(caller: Caller, doubt: PasExchange | None) -> None:
    """Raise PasRefusedError where it is not known whether a message arrived."""
    if doubt is not None:
        raise PasRefusedError(ON_ITS_WAY if is_on_its_way(caller, doubt) else IS_IN_DOUBT)


def no_asking(caller: Caller, record: AuthorizationRecord, thread: PasThread) -> str | None:
    """Say why the payer may not be asked now; None: it may."""
    if thread.submitted is None:
        return NOTHING_PENDS
    if thread.doubt is not None:
        return ON_ITS_WAY if is_on_its_way(caller, thread.doubt) else None
    return None if thread.taken is not None and record.status in OPEN else NOTHING_PENDS


def kept(
    caller: Caller,
    session: Session,
    new: tuple[UUID, UUID, PasAct],
    system: str,
    content: bytes,
    papers: int = 0,
    control: int | None = None,
) -> PasExchange:
    """Keep a message that is about to leave, with the proof of its bytes. `new`: its id, its case, what it does."""
    key, case_id, act = new
    exchange = PasExchange(
        key,
        case_id,
        act,
        system,
        PasState.SENDING,
        caller.clock.now(),
        caller.user_id,
        content,
        digest=hashlib.sha256(content).digest(),
        papers=papers,
        control=control,
    )
    store.add(session, caller.practice_id, exchange)
    audit(caller, "casework.pas_claimed", [case_id, key], act=act.value, system=system, papers=papers)
    return exchange
