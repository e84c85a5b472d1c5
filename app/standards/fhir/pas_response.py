"""Da Vinci PAS: what a payer answered to a prior authorization request (2.0.1, 2.2.1 and the older samples).

The outcome of a ClaimResponse says how far it was processed; the decision is in the review actions of its lines.
"""

from collections.abc import Iterator
from typing import Any

from app.standards.decisions import ACTIONS, Decision, combined
from app.standards.fhir.bundles import (
    Entry,
    entries,
    first_code,
    kind_of,
    patient_of,
    resolved,
    review_number,
    trace_of,
)
from app.standards.fhir.nodes import (
    Node,
    coded_text,
    coded_value,
    concept_codes,
    extension,
    extensions,
)
from app.standards.fhir.pas_wanted import wanted_in
from app.standards.fhir.structure import check_structure

KIND = "fhir.pas-response"

_OUTCOMES = ("queued", "complete", "error", "partial")
_STATUSES = ("active", "cancelled", "draft", "entered-in-error")
_USES = ("claim", "preauthorization", "predetermination")
_ACTION_NAMES = ("extension-reviewActionCode", "reviewActionCode", "code")
_GRANTED = (Decision.APPROVED, Decision.PARTLY_APPROVED, Decision.MODIFIED)


def reviews_of(bundle: Node) -> list[dict[str, Any]]:
    """Read each ClaimResponse of a bundle, with the documents that the payer asks for beside it (`wanted`), if any."""
    known = entries(bundle)
    wanted = wanted_in(known)
    more = {"wanted": wanted} if wanted else {}
    return [review(one.resource, known) | more for one in known if kind_of(one.resource) == "ClaimResponse"]


def review(response: Node, known: list[Entry]) -> dict[str, Any]:
    """Read one ClaimResponse; `known` are the resources beside it. Raises ReadingError bad_value."""
    check_structure(response, "ClaimResponse")
    response.code("use", _USES, "what an answer is for")
    header = list(_actions(response))
    items = [*_lines(response, "item"), *_lines(response, "addItem")]
    decision = _decision(response, header, items)
    return {
        "outcome": response.code("outcome", _OUTCOMES, "an outcome"),
        "decision": decision,
        "action": _code(header),
        "trace": _trace(response, known),
        "messages": [text for note in response.each("processNote") if (text := note.text("text")) is not None],
        "human_reviewed": extension(
            extension(response, "extension-claimResponseReviewer"), "wasHumanReviewedFlag"
        ).flag("valueBoolean"),
        "disposition": response.text("disposition"),
        "number": _number(header) or (_reference(response) if decision in _GRANTED else None),
        "effective": response.at("preAuthPeriod").span(),
        "patient": patient_of(response, known),
        "items": [line for line, _ in items],
        "errors": [_error(one) for one in response.each("error")],
    }


def _decision(response: Node, header: list[Node], items: list[tuple[dict[str, Any], list[str]]]) -> Decision | None:
    """Combine the levels. Where the whole answer has no action, a line without one leaves the whole undecided."""
    status = response.code("status", _STATUSES, "the status of an answer")
    outcome = response.code("outcome", _OUTCOMES, "an outcome")
    if outcome == "error" or status == "entered-in-error":
        return Decision.ERROR
    if status == "cancelled":
        return Decision.CANCELED
    levels: list[Decision | None] = [Decision.PENDED] if outcome == "queued" else []
    levels.extend(ACTIONS[code] for code in _codes(header))
    for _, codes in items:
        levels.extend(ACTIONS[code] for code in codes)
        if not codes and not header:
            levels.append(None)
    return _final(combined(levels), status)


def _final(decision: Decision | None, status: str | None) -> Decision | None:
    """A draft grants nothing."""
    return None if status == "draft" and decision in (*_GRANTED, Decision.NOT_REQUIRED) else decision


def _actions(level: Node) -> Iterator[Node]:
    """Give the review actions of one level: at its adjudications, or (older) directly at the level."""
    holders = [level, *level.each("adjudication")]
    for holder in holders:
        yield from extensions(holder, "extension-reviewAction", "reviewAction")
        yield from extensions(holder, "extension-reviewActionCode")


def _codes(actions: list[Node]) -> list[str]:
    return [code for one in actions if (code := _action_code(one)) is not None]


def _action_code(action: Node) -> str | None:
    """Give the code of a review action (X12 306): in an extension of it, or (older) as its own value."""
    inner = extension(action, *_ACTION_NAMES)
    return coded_text(action if inner.value is None else inner, ACTIONS, "a review action (X12 306)")


def _code(actions: list[Node]) -> str | None:
    """Give the code of a level; where it has several, the one that says least good."""
    codes = _codes(actions)
    whole = combined(ACTIONS[code] for code in codes)
    return next((code for code in codes if ACTIONS[code] == whole), next(iter(codes), None))


def _number(actions: list[Node]) -> str | None:
    for action in actions:
        number = extension(action, "number").text("valueString")
        if number is not None:
            return number
    return None


def _reference(response: Node) -> str | None:
    """Give the number of an answer whose actions bear none. Only of one that grants: others bear it all the same."""
    return review_number(response) or response.text("preAuthRef")


def _reasons(actions: list[Node]) -> list[str]:
    found: list[str] = []
    for action in actions:
        for reason in extensions(action, "reasonCode", "extension-reviewReasonCode"):
            concept = reason.at("valueCodeableConcept")
            found.extend(concept_codes(concept) if concept.value is not None else _plain(reason))
    return found


def _plain(reason: Node) -> list[str]:
    code = coded_value(reason).text("code") or reason.text("valueCode") or reason.text("valueString")
    return [code] if code is not None else []


def _lines(response: Node, name: str) -> Iterator[tuple[dict[str, Any], list[str]]]:
    """Read the lines of an answer (or those that the payer added), each with the action codes of all its levels."""
    for item in response.each(name):
        actions = list(_actions(item))
        below = [action for detail in _details(item) for action in _actions(detail)]
        yield _line(item, actions or below, name == "addItem"), _codes([*actions, *below])


def _details(item: Node) -> Iterator[Node]:
    for detail in item.each("detail"):
        yield detail
        yield from detail.each("subDetail")


def _line(item: Node, actions: list[Node], added: bool) -> dict[str, Any]:
    detail = extension(item, "extension-itemAuthorizedDetail")
    quantity = extension(detail, "quantity").at("valueQuantity")
    if added and quantity.value is None:
        quantity = item.at("quantity")
    return {
        "sequence": _added_to(item) if added else item.sequence("itemSequence"),
        "added": added,
        "action": _code(actions),
        "number": _number(actions),
        "reasons": _reasons(actions),
        "issued": extension(item, "extension-itemPreAuthIssueDate").day("valueDate"),
        "effective": _effective(item),
        "code": first_code(extension(detail, "productOrServiceCode").at("valueCodeableConcept"))
        or first_code(item.at("productOrService")),
        "quantity": quantity.figure("value"),
        "unit": quantity.text("code") or quantity.text("unit"),
    }


def _added_to(item: Node) -> int | None:
    """Give the line that an added line belongs to, where it names one."""
    named = [Node({"one": one.value}, one.pointer, one.kind).sequence("one") for one in item.each("itemSequence")]
    return named[0] if len(named) == 1 else None


def _effective(item: Node) -> dict[str, str | None]:
    """Give the days for which a line is approved; the days that were asked for stand elsewhere and are not read."""
    given = extension(item, "extension-itemPreAuthPeriod")
    day = given.day("valueDate") or given.day("valueDateTime")
    return {"begins": day, "ends": day} if day is not None else given.at("valuePeriod").span()


def _trace(response: Node, known: list[Entry]) -> str | None:
    """Give the trace number of the request that is answered, as the answer echoes it."""
    own = trace_of(response) or response.path("request", "identifier").text("value")
    if own is not None:
        return own
    claim = resolved(response, response.at("request"), known, "Claim")
    return trace_of(claim) if claim is not None else None


def _error(error: Node) -> dict[str, str | None]:
    code = error.at("code")
    coding = next((one for one in code.each("coding") if one.text("code") is not None), None)
    message = code.text("text") or (coding.text("display") if coding is not None else None)
    return {"code": coding.text("code") if coding is not None else None, "message": message}
