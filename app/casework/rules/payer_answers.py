"""What a payer's answer grants of a request, and in which words it is told. What is not said stays unknown."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from datetime import date
from typing import Any

from app.authorizations.facts import AuthorizationRecord, Counting, Item
from app.authorizations.rules.numbers import real_number
from app.casework.facts.payer_answers import Answer, AnsweredLine, PayerAnswer
from app.casework.rules.wanted import wanted_sentence
from app.values.codes import read_ndc, read_procedure

IN_TOTAL = "A1"
LONGEST_WORDS = 4000
WORDS: Mapping[Answer, str] = {
    Answer.GRANTED: "The payer's answer by document: approved.",
    Answer.DENIED: "The payer's answer by document: denied.",
    Answer.PENDED: "The payer's answer by document: received, not decided yet.",
    Answer.NOT_REQUIRED: "The payer's answer by document: no approval is required.",
    Answer.CANCELED: "The payer's answer by document: the request is canceled.",
    Answer.CALL: "The payer's answer by document: the payer wants to be called about this request.",
    Answer.REJECTED: "The payer's answer by document: the request was not taken up.",
}


def grants(answer: PayerAnswer) -> bool:
    """Say whether an answer names anything that it grants."""
    return any(line.granted for line in answer.lines)


def granted_values(answer: PayerAnswer, record: AuthorizationRecord) -> dict[str, Any] | None:
    """Make what the case becomes by an answer that grants: codes and counts, number, days.

    A count that an approval in total does not name is the one that was asked; any other is not known. Several numbers,
    or a line without one beside a line with one, give none: such a yes clears nothing until a person sorts it.

    Returns   new values by the field names of AuthorizationRecord; None where what is granted names neither a code nor
              the drug of the request.
    """
    lines = [line for line in answer.lines if line.granted]
    items = tuple(_items(lines, record))
    if not items and not _grants_drug(lines, record):
        return None
    begins, ends = common_span(lines)
    number = common_number(lines)
    return {
        "items": items,
        "number": number,
        "verbal": number is None,
        "begins": begins,
        "ends": ends,
        "no_end": False,
    }


def is_partial(answer: PayerAnswer) -> bool:
    """Say whether an answer refuses a part of what was asked."""
    return any(line.granted is False for line in answer.lines)


def common_number(lines: Iterable[AnsweredLine]) -> str | None:
    """Give the one real number that all lines bear; None where they bear none, or not the same."""
    numbers = {real_number(line.number) for line in lines}
    return next(iter(numbers)) if len(numbers) == 1 else None


def common_span(lines: Iterable[AnsweredLine]) -> tuple[date | None, date | None]:
    """Give the days on which all lines hold; an end that one of them does not name is not known."""
    spans = [(line.begins, line.ends) for line in lines]
    starts, stops = [begin for begin, _end in spans if begin], [end for _begin, end in spans if end]
    begins = max(starts) if spans and len(starts) == len(spans) else None
    ends = min(stops) if spans and len(stops) == len(spans) else None
    return (None, None) if begins and ends and ends < begins else (begins, ends)


def _items(lines: list[AnsweredLine], record: AuthorizationRecord) -> Iterator[Item]:
    """The items granted: a code that comes twice is one item, and codes keep the count that they were asked with."""
    silent: dict[Item, list[str]] = {}
    counted: dict[tuple[str, str | None], Item] = {}
    for line in lines:
        if line.code is None:
            yield from (_as_whole(item, line, len(record.items)) for item in record.items)
        elif read_procedure(line.code) is not None:
            asked = next((item for item in record.items if item.names(line.code or "")), None)
            if line.counting is Counting.UNKNOWN and line.action == IN_TOTAL and asked is not None and not line.last:
                silent.setdefault(asked, []).append(line.code)
            else:
                _add(counted, Item((line.code,), line.last, line.counting, line.count))
    for asked, codes in silent.items():
        fresh = tuple(code for code in dict.fromkeys(codes) if (code, None) not in counted)
        if fresh:
            yield replace(asked, codes=fresh, last=None, used=None)
    yield from counted.values()


def _as_whole(item: Item, line: AnsweredLine, items: int) -> Item:
    if line.counting is not Counting.UNKNOWN and items == 1:
        return replace(item, counting=line.counting, count=line.count, used=None)
    if line.action == IN_TOTAL:
        return replace(item, used=None)
    return replace(item, counting=Counting.UNKNOWN, count=None, used=None)


def _add(items: dict[tuple[str, str | None], Item], item: Item) -> None:
    key = (item.codes[0], item.last)
    other = items.get(key)
    if other is None:
        items[key] = item
    elif other.counting is item.counting and other.count is not None and item.count is not None:
        items[key] = replace(other, count=other.count + item.count)
    else:
        items[key] = Item(item.codes, item.last)


def _grants_drug(lines: list[AnsweredLine], record: AuthorizationRecord) -> bool:
    if not record.drug and not record.ndc:
        return False
    return any(line.code is None or (record.ndc and read_ndc(line.code) == record.ndc) for line in lines)


def required_items(answer: PayerAnswer, record: AuthorizationRecord) -> tuple[Item, ...]:
    """The items for which the payer says that nothing is required: those that its lines name, else all asked."""
    named = [line.code for line in answer.lines if line.code is not None and line.action == "NA"]
    if not named:
        return record.items
    return tuple(Item((code,)) for code in dict.fromkeys(named) if read_procedure(code) is not None)


def asks_for_more(answer: PayerAnswer) -> bool:
    """Say whether an answer that does not decide says what it waits for: reasons, words, or documents by name."""
    return bool(reasons_of(answer) or answer.messages or answer.wanted)


def reasons_of(answer: PayerAnswer) -> tuple[str, ...]:
    """The reason codes of an answer and of its lines, each once, in order."""
    return tuple(dict.fromkeys((*answer.reasons, *(code for line in answer.lines for code in line.reasons))))


def words_of(answer: PayerAnswer) -> str:
    """Tell an answer: what it is, its reason codes, and the payer's own words."""
    told = [WORDS[answer.answer]]
    for label, codes in (("Reason codes", reasons_of(answer)), ("Codes of the refusal", answer.rejections)):
        if codes:
            told.append(f"{label}: {', '.join(codes)}.")
    refused = [line.code for line in answer.lines if line.granted is False and line.code]
    if refused and answer.answer is Answer.GRANTED:
        told.append(f"Not granted: {', '.join(refused)}.")
    if answer.wanted:
        told.append(wanted_sentence(answer.wanted))
    told.extend(answer.messages)
    return " ".join(told)[:LONGEST_WORDS]
