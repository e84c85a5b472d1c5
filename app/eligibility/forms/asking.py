"""What people typed about how a payer is asked -> checked values, or errors beside the field."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from app.eligibility.facts.asking import Detail, Route

LONGEST_ID = 20
_PAYER_ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]*")


@dataclass
class RouteForm:
    """How a payer is asked, as typed. `route` is None until every field can be stored."""

    typed: Mapping[str, str]
    route: Route | None = None
    errors: dict[str, str] = field(default_factory=dict)


def read_route(typed: Mapping[str, str], payer: str, clearinghouses: tuple[str, ...]) -> RouteForm:
    """Read the form of one payer."""
    form = RouteForm(typed)
    payer_id, house = "".join(typed.get("payer_id", "").split()), typed.get("clearinghouse", "")
    if not payer_id or len(payer_id) > LONGEST_ID or not _PAYER_ID.fullmatch(payer_id):
        form.errors["payer_id"] = (
            f"Enter the payer's id at the clearinghouse: at most {LONGEST_ID} letters and digits, like 60054."
        )
    if house and house not in clearinghouses:
        form.errors["clearinghouse"] = "Choose a clearinghouse of the list; the settings name no other."
    detail, version = typed.get("detail", ""), typed.get("version", "")
    if detail not in set(Detail):
        form.errors["detail"] = "Choose how much the payer may be asked at once."
    if not form.errors:
        number = int(version) if version.isdecimal() and len(version) < 9 else 0
        form.route = Route(payer, payer_id, house or None, Detail(detail), typed.get("procedures") == "yes", number)
    return form
