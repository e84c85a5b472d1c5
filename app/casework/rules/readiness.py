"""How far a request has come: what it still lacks, and the state that follows."""

from collections.abc import Iterator, Sequence

from app.authorizations.facts import AuthorizationRecord, Status
from app.casework.facts.requests import RequestAnswer
from app.policies.facts.answers import Truth
from app.values.wording import counted

_ADMINISTRATIVE = frozenset({"referral", "network_exception"})
"""Kinds for which the payer wants no clinical reason of ours."""


def lacks_data(record: AuthorizationRecord) -> tuple[str, ...]:
    """Name what a request lacks of its own data before a payer can decide it."""
    return tuple(_lacks(record))


def _lacks(record: AuthorizationRecord) -> Iterator[str]:
    if not record.diagnoses and record.kind.value not in _ADMINISTRATIVE:
        yield "a diagnosis"
    if record.begins is None:
        yield "the first day of service"
    if record.provider_npi is None:
        yield "the provider"
    if any(line.count is None and line.counting.value == "unknown" for line in record.requested):
        yield "how many units or visits"


def lacks_proof(answer: RequestAnswer, at_hand: Sequence[str]) -> tuple[str, ...]:
    """Name what a complete request lacks of what the payer wants to see.

    Takes     what the rules say; the documents, as the rules name them, that a person said are at hand.
    """
    return tuple(_lacking(answer, frozenset(at_hand)))


def _lacking(answer: RequestAnswer, at_hand: frozenset[str]) -> Iterator[str]:
    yield from (name for name in documents_of(answer) if name not in at_hand)
    if answer.sheet is not None:
        for result, words in ((Truth.NOT_MET, "not met"), (Truth.UNKNOWN, "not shown yet")):
            if number := answer.sheet.count(result):
                yield f"{counted(number, 'criterion', 'criteria')} {words}"


def documents_of(answer: RequestAnswer) -> tuple[str, ...]:
    """The documents that the payer asks for, each once."""
    found = [name for line in answer.lines if line.found is not None for name in line.found.requirement.documents]
    found += answer.sheet.documents if answer.sheet is not None else ()
    return tuple(dict.fromkeys(found))


def state_of(record: AuthorizationRecord, answer: RequestAnswer, at_hand: Sequence[str]) -> Status:
    """The state of a request that is not sent: a draft while its own data lacks, then documents, then ready."""
    if lacks_data(record):
        return Status.DRAFT
    return Status.NEEDS_DOCUMENTS if lacks_proof(answer, at_hand) else Status.READY
