"""Requests by FHIR in words: where the latest messages of a case stand, and what came of a click."""

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID
from zoneinfo import ZoneInfo

from app.casework.facts.pas import PasAct, PasExchange, PasStanding, PasState
from app.gateways.facts import Answer, Outcome
from app.mailroom.actions.pas import PasCame
from app.platform.ids import new_id
from app.values.wording import near_time

STATE_WORDS = {
    (PasAct.SUBMIT, PasState.SENDING): "On its way to the payer.",
    (PasAct.SUBMIT, PasState.ANSWERED): "The payer has it.",
    (
        PasAct.SUBMIT,
        PasState.UNCLEAR,
    ): "It is not known whether the payer has it. Ask the payer now; it is not sent twice.",
    (PasAct.SUBMIT, PasState.NOT_SENT): "The payer has not got it. Send it again.",
    (PasAct.SUBMIT, PasState.REFUSED): "The payer's system refused it. Mend the request, then send it again.",
    (PasAct.INQUIRE, PasState.SENDING): "The payer is being asked.",
    (PasAct.INQUIRE, PasState.ANSWERED): "The payer answered.",
    (PasAct.INQUIRE, PasState.UNCLEAR): "The payer gave no answer that can be read. Ask again.",
    (PasAct.INQUIRE, PasState.NOT_SENT): "The payer could not be asked. Ask again.",
    (PasAct.INQUIRE, PasState.REFUSED): "The payer's system does not answer this question. Ask by portal or telephone.",
}
CODE_WORDS = {
    "no-connection": "The payer's system could not be reached.",
    "no-token": "The payer's system did not let us sign in. An administrator looks at the settings.",
    "no-answer": "The connection ended before an answer came.",
    "no-system": "The payer's system is no longer in the settings.",
    "rejected": "Why stands on the case, in the payer's own words.",
    "not-found": "The payer knows no such request.",
    "unreadable": "What came back was no answer.",
    "endless-answer": "The answer did not end.",
    "http-401": "The payer's system did not accept who we are. An administrator looks at the settings.",
    "http-429": "The payer's system is busy.",
}
SUBSCRIBED = (Outcome.ACCEPTED,)
MATCHED = "The payer answered. What it says stands on the case."
TO_MATCH = "The payer answered, and a person has to look at the answer: it is under Documents to match."
NOTHING_NEW = "The payer answered nothing new."
NO_DECISION = "The payer answered without a decision. Its answer is kept; ask later where the request stands."


@dataclass(frozen=True, slots=True)
class PasLine:
    """One message in words."""

    what: str
    when: str
    words: str
    bad: bool


@dataclass(frozen=True, slots=True)
class PasBlock:
    """The block on the page of a case. `key`: the id that the form carries."""

    lines: tuple[PasLine, ...]
    may_send: bool
    may_ask: bool
    version: int
    key: UUID


def pas_block(standing: PasStanding, zone: ZoneInfo, now: datetime) -> PasBlock:
    """Say where the latest messages of a case stand."""
    today = now.astimezone(zone).date()
    found = [one for one in (standing.submitted, standing.asked) if one is not None]
    lines = tuple(_line(one, zone, today) for one in sorted(found, key=lambda one: (one.at, one.id)))
    return PasBlock(lines, standing.may_send, standing.may_ask, standing.version, new_id())


def _line(one: PasExchange, zone: ZoneInfo, today: date) -> PasLine:
    what = "Sent" if one.act is PasAct.SUBMIT else "Asked"
    words = " ".join(text for text in (state_words(one), CODE_WORDS.get(one.code or "")) if text)
    return PasLine(what, near_time(one.at.astimezone(zone), today), words, one.state is not PasState.ANSWERED)


def state_words(one: PasExchange) -> str:
    """Say how far a message has come, and what to do."""
    return STATE_WORDS[(one.act, one.state)]


def subscribed_words(answer: Answer) -> str:
    """Say what came of asking a payer's system to tell us."""
    if answer.outcome is Outcome.ACCEPTED:
        return "The payer's system took it. It sends a first message when it is ready: see Documents."
    why = CODE_WORDS.get(answer.code or "", f"It answered {answer.code}.")
    return f"The payer's system did not take it. {why}"


def came_words(came: PasCame) -> str:
    """Say what came of sending or asking, without a name or number."""
    report = came.report
    if report is None:
        return " ".join(text for text in (state_words(came.exchange), CODE_WORDS.get(came.exchange.code or "")) if text)
    if report.matched:
        return MATCHED
    if report.unmatched or report.fault is not None:
        return TO_MATCH
    return NOTHING_NEW if report.already or came.exchange.act is PasAct.INQUIRE else NO_DECISION
