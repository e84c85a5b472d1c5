"""Send the request of a case as X12 278 through a clearinghouse: claimed and committed, then sent, then written down.

Exactly once: a message that was claimed and of which nothing is known since is in doubt and never goes again by itself.
A person asks the payer, logs that it is not there, and sends it anew.
"""

from collections.abc import Mapping
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from app.authorizations import store as authorization_store
from app.authorizations.actions import StaleAuthorizationError
from app.authorizations.facts import UNSENT, AuthorizationRecord
from app.casework.actions.pas import SENT_ALREADY, Claimed, send_claimed
from app.casework.actions.pas_bundles import UNWRITABLE, case_for_payer
from app.casework.actions.pas_grounds import held, is_on_its_way, kept, refuse_restored
from app.casework.actions.pas_outcomes import X12_CHANNEL, refuse_file
from app.casework.facts.pas import PasAct, PasExchange, PasRefusedError, PasState, X12Standing, X12Way, trace_of
from app.casework.facts.payer_answers import PayerRequest, RequestChannel
from app.casework.rules.pas import lacks_for_x12
from app.casework.rules.x12_request import review_of
from app.casework.store import pas as store
from app.casework.store import payer_answers as traces
from app.gateways.access import gateways_of
from app.gateways.facts import Parties
from app.platform.caller import Caller
from app.platform.changes import announced
from app.practice.store import practice as practice_store
from app.standards.x12.review.writing import write_278
from app.standards.x12.writing import Cover, Party, WritingError

FILE_REFUSED = "file-refused"
"""Why a message did not get through: the other side refused the file."""
NO_WAY = "No clearinghouse that takes requests for approval is set up for this payer."
NO_PAYER_ID = "The payer's id is not on file. Enter it under Rules, How plans are asked."
ON_ITS_WAY = "This request is on its way to the clearinghouse. Look again in three minutes."


def way_of(caller: Caller, payer: str, payer_id: str | None) -> X12Way | None:
    """Find the clearinghouse that takes a payer's requests for approval, by its key in the rules."""
    houses = gateways_of(caller.session).clearinghouses
    return next((X12Way(name, payer_id) for name, one in houses.items() if payer in one.reviews), None)


def read_x12_standing(caller: Caller, case_id: UUID, ids: Mapping[str, str]) -> X12Standing | None:
    """Say what a person may send as X12 on a case now; None: no clearinghouse takes it. `ids`: payers' ids by key."""
    found = authorization_store.record_of(caller.session, caller.practice_id, case_id)
    if found is None:
        return None
    record, version = found
    way = way_of(caller, record.payer, ids.get(record.payer))
    messages = store.messages(caller.session, caller.practice_id, case_id)
    sent = next((one for one in messages if one.act is PasAct.SUBMIT_X12), None)
    if way is None and sent is None:
        return None
    may_send = way is not None and record.status in UNSENT and not (sent and is_on_its_way(caller, sent))
    return X12Standing(version, sent, may_send)


def claim_x12(caller: Caller, case_id: UUID, version: int, key: UUID, ids: Mapping[str, str]) -> Claimed:
    """Keep a request that is about to go to the clearinghouse, and move its case to submitted; committed.

    Takes     the case; the version that the person saw; the id that the form carries; payers' ids by their keys.
    Raises    CaseNotFoundError; PasRefusedError with what keeps it from going; StaleAuthorizationError,
              IllegalMoveError (authorizations/actions.py).
    """
    with announced(caller) as session:
        record, now_version = held(caller, session, case_id)
        known = store.exchange(session, caller.practice_id, key)
        if known is not None:
            return Claimed(known, fresh=False)
        way = _way(caller, record, ids)
        _refuse_sent(caller, session, record)
        if now_version != version:
            raise StaleAuthorizationError(record, now_version)
        control = store.next_control(session, caller.practice_id)
        content = _written(caller, session, record, (key, control), way)
        new = (key, case_id, PasAct.SUBMIT_X12)
        exchange = kept(caller, session, new, way.clearinghouse, content, control=control)
        send_claimed(caller, (case_id, version), key, X12_CHANNEL)
        trace = trace_of(key)
        sent = PayerRequest(key, case_id, RequestChannel.X12, trace, exchange.at, trace, way.payer_id)
        traces.note_trace(session, caller.practice_id, sent)
    return Claimed(exchange, fresh=True)


def _way(caller: Caller, record: AuthorizationRecord, ids: Mapping[str, str]) -> X12Way:
    way = way_of(caller, record.payer, ids.get(record.payer))
    if way is None:
        raise PasRefusedError(NO_WAY)
    if not way.payer_id:
        raise PasRefusedError(NO_PAYER_ID)
    refuse_restored(caller)
    return way


def _refuse_sent(caller: Caller, session: Session, record: AuthorizationRecord) -> None:
    messages = store.messages(session, caller.practice_id, record.id)
    if any(is_on_its_way(caller, one) for one in messages):
        raise PasRefusedError(ON_ITS_WAY)
    if record.status not in UNSENT:
        raise PasRefusedError(SENT_ALREADY)


def _written(
    caller: Caller, session: Session, record: AuthorizationRecord, new: tuple[UUID, int], way: X12Way
) -> bytes:
    case = case_for_payer(caller, session, record)
    lacks = lacks_for_x12(case)
    if lacks:
        raise PasRefusedError(*lacks)
    key, control = new
    zone = ZoneInfo(practice_store.practice_of(session, caller.practice_id).zone)
    now = caller.clock.now().astimezone(zone)
    parties = gateways_of(caller.session).clearinghouses[way.clearinghouse].parties
    try:
        return write_278(review_of(case, key, way.payer_id or "", now), _cover(parties, control, now))
    except WritingError:
        raise PasRefusedError(UNWRITABLE) from None


def _cover(parties: Parties, control: int, moment: Any) -> Cover:
    sender = Party(parties.sender_qualifier, parties.sender, parties.sender)
    receiver = Party(parties.receiver_qualifier, parties.receiver, parties.receiver)
    return Cover(sender, receiver, control, moment, parties.usage)


def name_of(one: PasExchange) -> str:
    """What a file is called outside: its number and its id, which say nothing of whom it is about."""
    return f"278-{one.control:09}-{one.id.hex}"


def take_refusal(caller: Caller, control: int, code: str) -> UUID | None:
    """Note that the other side refused a file of ours (999, TA1): its case is ready again.

    Returns   the case; None where no file of ours has this number, or it was answered or refused before.
    """
    with announced(caller) as session:
        found = store.of_control(session, caller.practice_id, control)
        if found is None or found.state in (PasState.REFUSED, PasState.NOT_SENT):
            return None
        if any(one.at >= found.at for one in traces.answers_of(session, caller.practice_id, found.case_id)):
            return None
        refuse_file(caller, session, found, code)
        return found.case_id
