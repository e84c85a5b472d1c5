"""The page on which a request is recorded as sent: what goes, what it lacks, and the ways that the payer takes."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from uuid import UUID

from app.authorizations.facts import AuthorizationRecord
from app.casework.facts.casebook import case_code
from app.casework.facts.requests import OTHER_WAY, SEND_WAYS, RequestAnswer, RequestStart
from app.casework.rules.asked import waiting_days
from app.casework.views.words import items_words, span_words
from app.policies.facts.answers import Need
from app.policies.views.finder import WAY_WORDS
from app.values.wording import long_day, short_day

FIELDS = ("way", "other_way", "on", "reference", "person", "told", "ask_on", "words")


@dataclass(frozen=True, slots=True)
class SendingPage:
    """All that the template shows. `ways` are those of the payer's rule first; `notify`: the payer decides nothing."""

    case_id: UUID
    patient_id: UUID
    code: str
    name: str
    mrn: str
    payer: str
    what: str
    days: str
    lacks: tuple[str, ...]
    ways: tuple[tuple[str, str], ...]
    values: Mapping[str, str]
    errors: Mapping[str, str | None]
    ask_words: str


def offered_ways(answer: RequestAnswer) -> dict[str, str]:
    """The ways that may be chosen, by key: those of the payer's rules first, then the usual ones beside them."""
    found: dict[str, str] = {}
    kinds = set()
    for line in answer.lines:
        for way in line.found.requirement.submit if line.found is not None else ():
            kind = WAY_WORDS.get(way.kind, way.kind.capitalize())
            words = f"{kind}: {way.name}" + (f", {way.value}" if way.value else "")
            if words not in found.values() and len(words) <= 100:
                found[f"rule-{len(found)}"] = words
                kinds.add(way.kind)
    return found | {key: words for key, words in SEND_WAYS if key not in kinds}


def sending_page(
    start: RequestStart,
    record: AuthorizationRecord,
    answer: RequestAnswer,
    lacks: Sequence[str],
    typed: Mapping[str, str] | None,
    errors: Mapping[str, str],
) -> SendingPage:
    """Put the page into words.

    Takes     what the form of the request starts from; the case; what the rules say; what it lacks; what was typed here
              where it came back, and what is wrong with it.
    """
    ways = offered_ways(answer)
    patient = start.patient
    wait = _wait(answer, record.urgent)
    ask_on = start.today + timedelta(days=wait)
    first = {
        "on": short_day(start.today),
        "way": next(iter(ways)),
        "told": "yes" if _only_notice(answer) else "",
        "ask_on": short_day(ask_on),
    }
    return SendingPage(
        case_id=record.id,
        patient_id=patient.id,
        code=case_code(record.id),
        name=f"{patient.last_name}, {patient.first_name}",
        mrn=patient.mrn,
        payer=record.payer_name,
        what=items_words(record.items, record.drug),
        days=span_words(record.begins, record.ends),
        lacks=tuple(lacks),
        ways=(*ways.items(), (OTHER_WAY, "Another way")),
        values=dict.fromkeys(FIELDS, "") | (dict(typed) if typed is not None else first),
        errors=dict.fromkeys(FIELDS) | dict(errors),
        ask_words=_ask_words(answer, record.urgent, ask_on),
    )


def _wait(answer: RequestAnswer, urgent: bool) -> int:
    clocks = [line.found.requirement.clock for line in answer.lines if line.found is not None]
    return max((waiting_days(clock, urgent) for clock in clocks), default=waiting_days(None, urgent))


def _ask_words(answer: RequestAnswer, urgent: bool, ask_on: date) -> str:
    known = any(line.found is not None and line.found.requirement.clock is not None for line in answer.lines)
    why = "the payer's time to decide is over then" if known else "the payer's time to decide is not known"
    return f"Filled in: {long_day(ask_on)}, as {why}{' for urgent requests' if known and urgent else ''}."


def _only_notice(answer: RequestAnswer) -> bool:
    needs = [line.found.requirement.need for line in answer.lines if line.found is not None]
    return bool(needs) and all(need is Need.NOTIFICATION for need in needs)
