"""What a request that follows a case begins with."""

from dataclasses import replace
from uuid import UUID

from app.authorizations.facts import AuthorizationRecord, Kind, Status
from app.authorizations.rules.moves import refuse_follower

_KEPT = (
    "payer", "payer_name", "member_id", "plan", "plan_id", "group_number", "drug", "ndc", "diagnoses", "provider_npi",
    "provider_group", "site_id", "places", "channel", "owner",
)  # fmt: skip


def following(parent: AuthorizationRecord, kind: Kind, key: UUID) -> AuthorizationRecord:
    """Make the draft that follows a case: whose it is and what it names, without number, days and units used.

    It asks for as much as the case now names. Raises IllegalMoveError where this kind cannot follow it.
    """
    refuse_follower(parent, kind)
    draft = AuthorizationRecord(key, parent.patient_id, "", "", "", Status.DRAFT, Status.DRAFT.value)
    items = tuple(replace(item, used=None) for item in parent.items)
    values = {name: getattr(parent, name) for name in _KEPT}
    return replace(draft, **values, kind=kind, items=items, parent_id=parent.id)
