"""Send a request by FHIR, and ask where it stands: claimed and committed, then called, then written down.

The call itself is made by whoever stands above (the mailroom, which also files the answer), never inside a transaction.
A message that was claimed and of which nothing is known since is in doubt: it is asked for and never sent again.
"""

from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

from app.authorizations import store as authorization_store
from app.authorizations.actions import StaleAuthorizationError
from app.authorizations.facts import UNSENT
from app.casework.actions.cosmetic import CosmeticRequestError
from app.casework.actions.pas_bundles import written, written_inquiry
from app.casework.actions.pas_grounds import (
    CHANNEL,
    NOTHING_PENDS,
    held,
    kept,
    no_asking,
    refuse_doubt,
    system_for,
    system_of,
)
from app.casework.actions.pas_papers import opened, papers_of_packet
from app.casework.actions.sending import Sending, send_request, today_of
from app.casework.facts.pas import PasAct, PasExchange, PasRefusedError, PasStanding, trace_of
from app.casework.facts.payer_answers import PayerRequest, RequestChannel
from app.casework.rules.asked import USUAL_WAIT_DAYS
from app.casework.rules.pas_papers import too_large
from app.casework.rules.pas_thread import may_change, thread_of
from app.casework.store import pas as store
from app.casework.store import payer_answers as traces
from app.platform.caller import Caller
from app.platform.changes import announced

SENT_ALREADY = "This request has gone to the payer already."


@dataclass(frozen=True, slots=True)
class Claimed:
    """A message that is on file. `fresh`: it is ours to send now; else somebody did, or does."""

    exchange: PasExchange
    fresh: bool


def read_standing(caller: Caller, case_id: UUID) -> PasStanding | None:
    """Say what a person may do by FHIR on a case now; None: no system is set up for its payer."""
    found = authorization_store.record_of(caller.session, caller.practice_id, case_id)
    system = system_of(caller, found[0].payer) if found is not None else None
    if found is None or system is None:
        return None
    record, version = found
    messages = tuple(
        one for one in store.messages(caller.session, caller.practice_id, case_id) if one.act is not PasAct.SUBMIT_X12
    )
    thread = thread_of(messages)
    may_send = record.status in UNSENT and thread.doubt is None
    papers = papers_of_packet(caller, case_id) if may_send else ()
    return PasStanding(
        system[0],
        version,
        messages,
        may_send,
        no_asking(caller, record, thread) is None,
        may_change(thread, record.status),
        papers,
        too_large(papers, system[1].largest),
    )


def claim_submit(caller: Caller, case_id: UUID, version: int, key: UUID, with_papers: bool = True) -> Claimed:
    """Keep a request that is about to go to its payer, and move its case to submitted; one transaction, committed.

    Takes     the case; the version that the person saw; the id that the form carries, which becomes that of the bundle;
              whether the documents of the newest packet go along.
    Returns   the message. The same form sent twice is claimed once.
    Raises    CaseNotFoundError; PasRefusedError with what keeps it from going; StaleAuthorizationError and
              IllegalMoveError (authorizations/actions.py).
    """
    with announced(caller) as session:
        record, now_version = held(caller, session, case_id)
        known = store.exchange(session, caller.practice_id, key)
        if known is not None:
            return Claimed(known, fresh=False)
        name, system = system_for(caller, record)
        refuse_doubt(caller, thread_of(store.messages(session, caller.practice_id, case_id)).doubt)
        if record.status not in UNSENT:
            raise PasRefusedError(SENT_ALREADY)
        if now_version != version:
            raise StaleAuthorizationError(record, now_version)
        papers = opened(caller, papers_of_packet(caller, case_id), system) if with_papers else ()
        content = written(caller, record, key, system, papers)
        exchange = kept(caller, session, (key, case_id, PasAct.SUBMIT), name, content, len(papers))
        send_claimed(caller, (case_id, version), key, CHANNEL)
        sent = PayerRequest(key, case_id, RequestChannel.PAS, trace_of(key), exchange.at, payer_id=system.payer_id)
        traces.note_trace(session, caller.practice_id, sent)
    return Claimed(exchange, fresh=True)


def send_claimed(caller: Caller, case: tuple[UUID, int], key: UUID, channel: str) -> None:
    """Move a case whose request is about to leave, in the transaction that is open. Raises PasRefusedError."""
    today = today_of(caller)
    sending = Sending(key, today, channel, ask_on=today + timedelta(days=USUAL_WAIT_DAYS))
    try:
        send_request(caller, *case, sending)
    except CosmeticRequestError as cosmetic:
        raise PasRefusedError(f"{cosmetic.sentence}.") from None


def claim_inquiry(caller: Caller, case_id: UUID, key: UUID) -> Claimed:
    """Keep an inquiry that is about to go to the payer. A person asks; nothing asks by itself.

    It asks for the message that is in doubt, else for the latest that the payer has.
    Raises    CaseNotFoundError; PasRefusedError where nothing is pending, or the request is still on its way.
    """
    with announced(caller) as session:
        record, _version = held(caller, session, case_id)
        known = store.exchange(session, caller.practice_id, key)
        if known is not None:
            return Claimed(known, fresh=False)
        name, system = system_for(caller, record)
        thread = thread_of(store.messages(session, caller.practice_id, case_id))
        refused, about = no_asking(caller, record, thread), thread.doubt or thread.taken
        if refused is not None or about is None:
            raise PasRefusedError(refused or NOTHING_PENDS)
        content = written_inquiry(caller, record, key, about.id, system)
        exchange = kept(caller, session, (key, case_id, PasAct.INQUIRE), name, content)
    return Claimed(exchange, fresh=True)
