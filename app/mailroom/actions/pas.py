"""Send a request by FHIR and file its answer; ask where it stands; take in what a payer's system tells by itself.

A call is claimed and committed, made outside any transaction, and written down; its answer is kept with it until the
mailroom has it. So a program that ends anywhere leaves a message of which the job knows what is left to do.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from uuid import UUID

from sqlalchemy.orm import Session

from app.audit.actions import record as audit
from app.casework.actions import pas, pas_changes, pas_outcomes, x12_requests
from app.casework.facts.pas import PasAct, PasExchange, PasState, X12Standing
from app.casework.rules.pas_changes import PasChange
from app.casework.rules.pas_thread import thread_of
from app.casework.store import pas as store
from app.eligibility.store import asking as routes
from app.gateways.access import gateways_of
from app.gateways.facts import Answer, Outcome, Sends
from app.mailroom.actions.receiving import receive
from app.mailroom.facts import Report, Via
from app.platform.alone import alone
from app.platform.caller import Caller
from app.platform.clock import Clock
from app.platform.db import writing
from app.platform.runs import Ran
from app.practice.store import practice as practice_store

AT_ONCE = 20
MOST_TRACES = 200
_TRACE = re.compile(rb"(?<![0-9A-Za-z])[0-9A-F]{32}(?![0-9A-Za-z])")
VIA = "webhook"
ANSWER_NAME, NOTIFICATION_NAME = "payer-answer.json", "payer-notification.json"
X12_NAME = "answer.x12"
_NOTHING_FOUND = ("fhir.Parameters", "fhir.Bundle")
"""What an answer is that holds no ClaimResponse: the payer knows no such request."""


@dataclass(frozen=True, slots=True)
class PasCame:
    """What came of sending or asking: the message as it stands, and what its answer became (None: there is none)."""

    exchange: PasExchange
    report: Report | None


def submit_by_pas(caller: Caller, case_id: UUID, version: int, key: UUID, with_papers: bool = True) -> PasCame:
    """Send the request of a case to its payer's system, and let the answer do its work. Never inside a transaction.

    Takes     the case; the version that the person saw; the id that the form carries: the same form goes once; whether
              the documents of the newest packet go along.
    Raises    as `pas.claim_submit`; nothing was sent then.
    """
    return _carried(caller, pas.claim_submit(caller, case_id, version, key, with_papers))


def change_by_pas(caller: Caller, case_id: UUID, version: int, key: UUID, change: PasChange) -> PasCame:
    """Send a change of a request that the payer has. Raises as `pas_changes.claim_change`; nothing was sent then."""
    return _carried(caller, pas_changes.claim_change(caller, case_id, version, key, change))


def cancel_by_pas(caller: Caller, case_id: UUID, version: int, key: UUID, note: str | None = None) -> PasCame:
    """Take a request back that the payer has. Raises as `pas_changes.claim_cancel`; nothing was sent then."""
    return _carried(caller, pas_changes.claim_cancel(caller, case_id, version, key, note))


def submit_by_x12(caller: Caller, case_id: UUID, version: int, key: UUID) -> PasCame:
    """Send the request of a case as X12 278 through its clearinghouse; an answer that comes at once does its work.

    Raises    as `x12_requests.claim_x12`; nothing was sent then.
    """
    return _carried(caller, x12_requests.claim_x12(caller, case_id, version, key, _payer_ids(caller)))


def x12_standing(caller: Caller, case_id: UUID) -> X12Standing | None:
    """Say what a person may send as X12 on a case now; None: no clearinghouse takes its payer's requests."""
    return x12_requests.read_x12_standing(caller, case_id, _payer_ids(caller))


def _payer_ids(caller: Caller) -> Mapping[str, str]:
    """Give the ids by which clearinghouses know payers, by our keys."""
    return {key: one.payer_id for key, one in routes.routes(caller.session, caller.practice_id).items()}


def known(caller: Caller, case_id: UUID, key: UUID) -> PasCame | None:
    """Say what came of a form that was sent before; None where it was not."""
    exchange = store.exchange(caller.session, caller.practice_id, key)
    return PasCame(exchange, None) if exchange is not None and exchange.case_id == case_id else None


def inquire_by_pas(caller: Caller, case_id: UUID, key: UUID) -> PasCame:
    """Ask the payer's system where a request stands, for a person. Raises as `pas.claim_inquiry`."""
    return _carried(caller, pas.claim_inquiry(caller, case_id, key))


def follow_up(caller: Caller) -> Ran:
    """Mark calls of which nothing is known as in doubt, and file answers that the mailroom has not got. Safe twice."""
    given_up = pas_outcomes.give_up(caller, AT_ONCE)
    left = store.left_unfiled(caller.session, caller.practice_id, AT_ONCE)
    ran = Ran(given_up, given_up)
    for exchange_id in left:
        ran += alone(caller.session, "answer not filed", partial(_file_late, caller, exchange_id))
    return ran


def _file_late(caller: Caller, exchange_id: UUID) -> Ran:
    exchange = store.exchange(caller.session, caller.practice_id, exchange_id)
    assert exchange is not None
    _file(caller, exchange)
    return Ran(1, 1)


class PasNotSetUpError(Exception):
    """There is no such system, or it has no secret by which to tell us. The text is a sentence."""


def subscribe(caller: Caller, name: str) -> Answer:
    """Ask a payer's system to tell us of its decisions. Raises PasNotSetUpError. Never inside a transaction."""
    gateways = gateways_of(caller.session)
    system = gateways.pas.get(name)
    if system is None:
        raise PasNotSetUpError(f"No payer's system is called {name!r}. The settings that begin with PAS_ name them.")
    if not system.notifies or not gateways.base_url:
        raise PasNotSetUpError("Set its HOOK_SECRET and PUBLIC_BASE_URL first: the payer needs both to call us.")
    caller.session.rollback()
    answer = system.subscribe(gateways.base_url)
    with writing(caller.session):
        audit(caller, "mailroom.pas_subscribed", [], system=name, outcome=answer.outcome.value)
    return answer


def hear_notification(session: Session, clock: Clock, system: str, content: bytes) -> bool:
    """Take in what a payer's system told by itself, after its secret was checked.

    The same bytes have one effect; a notification may come while the request is still pending.
    Returns   False where it is not known for which practice it is.
    """
    caller = _whose(session, clock, content)
    if caller is None:
        return False
    with writing(session):
        audit(caller, "mailroom.pas_told", [], system=system, size=len(content))
    receive(caller, content, NOTIFICATION_NAME, Via.NOTIFICATION)
    return True


def _whose(session: Session, clock: Clock, content: bytes) -> Caller | None:
    """Find the practice that sent what a notification names by its trace; else the only one that there is."""
    named = list(dict.fromkeys(_TRACE.findall(content)))[:MOST_TRACES]
    traces = [UUID(hex=one.decode()) for one in named]
    callers = [
        Caller(session, one.id, clock, via=VIA) for one in practice_store.all_practices(session) if not one.sample
    ]
    sent = [one for one in callers if store.has_any(one.session, one.practice_id, traces)]
    if len(sent) == 1:
        return sent[0]
    return callers[0] if len(callers) == 1 else None


def _carried(caller: Caller, claimed: pas.Claimed) -> PasCame:
    """Make the call of a message that is ours to send, write down what came of it, and file the answer."""
    exchange = claimed.exchange
    if claimed.fresh:
        caller.session.rollback()  # nothing is held open while the payer is called
        exchange = pas_outcomes.write_down(caller, exchange.id, _called(caller, exchange))
    report = _file(caller, exchange) if exchange.answer is not None else None
    after = store.exchange(caller.session, caller.practice_id, exchange.id)
    assert after is not None
    return PasCame(after, report)


def _called(caller: Caller, exchange: PasExchange) -> Answer:
    if exchange.act is PasAct.SUBMIT_X12:
        house = gateways_of(caller.session).clearinghouses.get(exchange.system)
        if house is None:
            return Answer(Outcome.LATER, code="not-set-up")
        return house.send(exchange.request, x12_requests.name_of(exchange), Sends.REVIEWS)
    system = gateways_of(caller.session).pas.get(exchange.system)
    if system is None:
        return Answer(Outcome.LATER, code="no-system")
    call: Callable[[bytes], Answer] = system.inquire if exchange.act is PasAct.INQUIRE else system.submit
    return call(exchange.request)


def _file(caller: Caller, exchange: PasExchange) -> Report | None:
    """Give the answer of a message to the mailroom, and note what it tells of a request that is in doubt."""
    if exchange.answer is None or exchange.state is not PasState.ANSWERED:
        return None
    name = X12_NAME if exchange.act is PasAct.SUBMIT_X12 else ANSWER_NAME
    report = receive(caller, exchange.answer, name, Via.GATEWAY)
    if report.document_id is not None:
        pas_outcomes.note_filed(caller, exchange.id, report.document_id, _has_it(caller, exchange, report))
    return report


def _has_it(caller: Caller, exchange: PasExchange, report: Report) -> bool | None:
    """Say whether an answer shows that the payer has what is in doubt: True, False, or None where it does not say.

    Of a change only an answer that names it shows that: the request before it is known to the payer anyway.
    """
    if report.matched or report.already:
        doubt = thread_of(store.messages(caller.session, caller.practice_id, exchange.case_id)).doubt
        named = doubt is None or doubt.act is PasAct.SUBMIT or doubt.trace.encode() in (exchange.answer or b"")
        return True if named else None
    return False if report.fault is None and report.kind in _NOTHING_FOUND else None
