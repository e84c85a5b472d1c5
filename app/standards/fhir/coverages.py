"""FHIR R4 Coverage: whose plan it is, under which member id and group, and when it holds."""

from typing import Any

from app.standards.fhir.bundles import typed_member_id
from app.standards.fhir.nodes import Node, concept_codes

_STATUSES = ("active", "cancelled", "draft", "entered-in-error")


def coverage_content(node: Node) -> dict[str, Any]:
    """Read a Coverage.

    Returns   `id`, `status` (of the closed list of FHIR R4), `member_id`, `subscriber_id`, `relationship`, `payer`,
              `group_number`, `plan`, `begins` and `ends`, `rank` (1: primary); null where not given.
    Raises    ReadingError bad_value.
    """
    classes = {code: one for one in node.each("class") for code in concept_codes(one.at("type"))}
    span = node.at("period").span()
    payors = list(node.each("payor"))
    return {
        "id": node.text("id"),
        "status": node.code("status", _STATUSES, "the status of a coverage"),
        "member_id": typed_member_id(list(node.each("identifier"))),
        "subscriber_id": node.text("subscriberId"),
        "relationship": next(iter(concept_codes(node.at("relationship"))), None),
        "payer": payors[0].text("display") if payors else None,
        "group_number": classes["group"].text("value") if "group" in classes else None,
        "plan": _plan(classes),
        "begins": span["begins"],
        "ends": span["ends"],
        "rank": node.sequence("order"),
    }


def _plan(classes: dict[str, Node]) -> str | None:
    plan = classes.get("plan")
    return None if plan is None else plan.text("name") or plan.text("value")
