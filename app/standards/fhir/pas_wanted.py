"""Documents that a payer asks for beside its answer: a Task of PAS 2.2.1, or a CommunicationRequest of 2.0.1."""

import re
from collections.abc import Iterator
from typing import Any

from app.standards.fhir.bundles import Entry, kind_of
from app.standards.fhir.nodes import Node

QUESTIONNAIRE = "102089-0"
"""LOINC: the payer's own questionnaire is to be filled."""
_OVER = frozenset({"completed", "cancelled", "revoked", "rejected", "failed", "entered-in-error", "draft"})
_NEEDED = frozenset({"attachments-needed", "attachmentsneeded"})
_QUESTIONS = frozenset({"questionnaire-context", "questionnaires-needed", "questionnairesneeded"})
_LOINC = re.compile(r"\d{1,7}-\d")
_DAY = re.compile(r"(\d{4}-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12]\d|3[01]))(?:T.*)?")


def wanted_in(known: list[Entry]) -> list[dict[str, Any]]:
    """Say what the resources of an answer ask for: code (LOINC or X12 755), the payer's words, and by which day."""
    found: list[dict[str, Any]] = []
    for one in known:
        kind = kind_of(one.resource)
        if kind not in ("Task", "CommunicationRequest") or one.resource.text("status") in _OVER:
            continue
        found += _of_task(one.resource) if kind == "Task" else _of_request(one.resource)
    return found


def _of_task(task: Node) -> Iterator[dict[str, Any]]:
    due = _day(task.path("restriction", "period").text("end"))
    for given in task.each("input"):
        kinds = {code.lower() for code, _words in _codes(given.at("type"))}
        if kinds & _QUESTIONS:
            yield _wanted(QUESTIONNAIRE, None, due)
        elif kinds & _NEEDED:
            yield from (_wanted(code, words, due) for code, words in _codes(given.at("valueCodeableConcept")))


def _of_request(request: Node) -> Iterator[dict[str, Any]]:
    due = _day(request.text("occurrenceDateTime") or request.path("occurrencePeriod").text("end"))
    for concept in request.each("category"):
        yield from (_wanted(code, words, due) for code, words in _codes(concept))
    for payload in request.each("payload"):
        text = payload.text("contentString")
        if text is not None:
            code = text.strip() if _LOINC.fullmatch(text.strip()) else None
            yield _wanted(code, None if code else text, due)


def _codes(concept: Node) -> list[tuple[str, str | None]]:
    """Each concept once: its first code, and its words; a concept without a code has its words for one."""
    words = concept.text("text") if concept.value is not None else None
    if concept.value is None:
        return []
    for coding in concept.each("coding"):
        code = coding.text("code")
        if code is not None:
            return [(code, words or coding.text("display"))]
    return [("", words)] if words is not None else []


def _wanted(code: str | None, words: str | None, due: str | None) -> dict[str, Any]:
    return {"code": code or None, "words": words, "due": due}


def _day(text: str | None) -> str | None:
    """The day of a date or date-time; a month or a year alone names none."""
    shaped = _DAY.fullmatch(text) if text is not None else None
    return shaped[1] if shaped is not None else None
