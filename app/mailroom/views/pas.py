"""Requests by FHIR in words: where the latest messages of a case stand, and what came of a click."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID
from zoneinfo import ZoneInfo

from app.casework.facts.pas import PasAct, PasExchange, PasStanding, PasState, X12Standing
from app.casework.rules.pas_papers import megabytes
from app.gateways.facts import Answer, Outcome
from app.mailroom.actions.pas import PasCame
from app.platform.ids import new_id
from app.values.wording import counted, near_time

_SENT = {
    PasState.SENDING: "On its way to the payer.",
    PasState.ANSWERED: "The payer has it.",
    PasState.UNCLEAR: "It is not known whether the payer has it. Ask the payer now; it is not sent twice.",
    PasState.NOT_SENT: "The payer has not got it. Send it again.",
    PasState.REFUSED: "The payer's system refused it. Mend the request, then send it again.",
}
_CHANGED = _SENT | {PasState.REFUSED: "The payer's system refused it. The request stands as it was."}
STATE_WORDS: Mapping[PasAct, Mapping[PasState, str]] = {
    PasAct.SUBMIT: _SENT,
    PasAct.UPDATE: _CHANGED,
    PasAct.CANCEL: _CHANGED | {PasState.ANSWERED: "The payer has the cancellation."},
    PasAct.SUBMIT_X12: _SENT
    | {
        PasState.ANSWERED: "The clearinghouse has it.",
        PasState.UNCLEAR: "It is not known whether the clearinghouse has it. Ask the payer by telephone or portal; "
        "if it is not there, log that, then send it again.",
        PasState.NOT_SENT: "The clearinghouse has not got it. Send it again.",
        PasState.REFUSED: "It was refused on the way to the payer. Mend the request, then send it again.",
    },
    PasAct.INQUIRE: {
        PasState.SENDING: "The payer is being asked.",
        PasState.ANSWERED: "The payer answered.",
        PasState.UNCLEAR: "The payer gave no answer that can be read. Ask again.",
        PasState.NOT_SENT: "The payer could not be asked. Ask again.",
        PasState.REFUSED: "The payer's system does not answer this question. Ask by portal or telephone.",
    },
}
ACT_WORDS: Mapping[PasAct, str] = {
    PasAct.SUBMIT: "Sent",
    PasAct.INQUIRE: "Asked",
    PasAct.UPDATE: "Change sent",
    PasAct.CANCEL: "Cancellation sent",
    PasAct.SUBMIT_X12: "Sent as X12 278",
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
    "http-413": "The payer's system says that it is too large. Send fewer documents.",
    "http-429": "The payer's system is busy.",
    "file-refused": "What it said of the file is under Documents.",
    "folder": "The folder of the clearinghouse cannot be written to. An administrator looks at the settings.",
    "not-set-up": "The clearinghouse is no longer in the settings.",
}
SUBSCRIBED = (Outcome.ACCEPTED,)
MATCHED = "The payer answered. What it says stands on the case."
TO_MATCH = "The payer answered, and a person has to look at the answer: it is under Documents to match."
NOTHING_NEW = "The payer answered nothing new."
NO_DECISION = "The payer answered without a decision. Its answer is kept; ask later where the request stands."


SHOWN = 6
"""Messages that the page of a case shows."""


@dataclass(frozen=True, slots=True)
class PasLine:
    """One message in words. `papers`: what went along."""

    id: UUID
    what: str
    when: str
    words: str
    bad: bool
    papers: str = ""


@dataclass(frozen=True, slots=True)
class PasBlock:
    """The block on the page of a case. `key`: the id that the form carries; `papers`: what would go along."""

    lines: tuple[PasLine, ...]
    may_send: bool
    may_ask: bool
    may_change: bool
    version: int
    key: UUID
    papers: tuple[str, ...]
    too_large: str | None


def pas_block(standing: PasStanding, zone: ZoneInfo, now: datetime) -> PasBlock:
    """Say where the latest messages of a case stand: the request with its changes, and the last question."""
    today = now.astimezone(zone).date()
    return PasBlock(
        message_lines(standing.messages, zone, today),
        standing.may_send,
        standing.may_ask,
        standing.may_change,
        standing.version,
        new_id(),
        tuple(f"{one.title}, {megabytes(one.size)}" for one in standing.papers),
        standing.too_large,
    )


@dataclass(frozen=True, slots=True)
class X12Block:
    """The block on the page of a case whose payer takes X12 278. `key`: the id that the form carries."""

    line: PasLine | None
    may_send: bool
    version: int
    key: UUID


def x12_block(standing: X12Standing, zone: ZoneInfo, now: datetime) -> X12Block:
    """Say where the latest X12 request of a case stands."""
    line = None if standing.sent is None else _line(standing.sent, zone, now.astimezone(zone).date())
    return X12Block(line, standing.may_send, standing.version, new_id())


def message_lines(messages: Sequence[PasExchange], zone: ZoneInfo, today: date) -> tuple[PasLine, ...]:
    """Tell messages, the oldest first: the last of each question and of each request, and every change."""
    asked = next((one for one in messages if one.act is PasAct.INQUIRE), None)
    sent = next((one for one in messages if one.act in (PasAct.SUBMIT, PasAct.SUBMIT_X12)), None)
    after = messages[: messages.index(sent) + 1] if sent is not None else ()
    found = [one for one in messages if one is asked or (one in after and one.act is not PasAct.INQUIRE)]
    return tuple(_line(one, zone, today) for one in reversed(found[:SHOWN]))


def _line(one: PasExchange, zone: ZoneInfo, today: date) -> PasLine:
    words = " ".join(text for text in (state_words(one), CODE_WORDS.get(one.code or "")) if text)
    when, bad = near_time(one.at.astimezone(zone), today), one.state is not PasState.ANSWERED
    papers = counted(one.papers, "document") if one.papers else ""
    return PasLine(one.id, ACT_WORDS[one.act], when, words, bad, papers)


def state_words(one: PasExchange) -> str:
    """Say how far a message has come, and what to do."""
    return STATE_WORDS[one.act][one.state]


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
