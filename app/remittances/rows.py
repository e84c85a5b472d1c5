"""What rows of claims and lines hold, as facts, and the blind indexes by which claims are known again."""

import json
from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from app.clearance.facts.reasons import Badge, Check
from app.platform.sealed import Keyring
from app.remittances.facts.claims import Said

Raw = Mapping[str, Any]


def said_in(badge: Badge | None, check: Check | None, since: datetime | None) -> Said | None:
    """What Cleared had shown, as the three columns of a row hold it; None: nothing."""
    return None if badge is None or since is None else Said(badge, check, since)


def payment_digest(keyring: Keyring, practice_id: UUID, payment: Raw) -> bytes:
    """Make the blind index of all that a payment says."""
    return keyring.blind("remittance", practice_id, canonical(payment))


def claim_digest(keyring: Keyring, practice_id: UUID, payment: Raw, claim: Raw) -> bytes:
    """Make the blind index of all that a claim and its payment say: equal when the same claim comes again."""
    return keyring.blind("remittance claim", practice_id, canonical([payment, claim]))


def chain_of(keyring: Keyring, practice_id: UUID, payment: Raw, claim: Raw, claim_id: UUID) -> bytes:
    """Make the blind index of payer and control number. A claim without a control number follows none."""
    payer, control = payment.get("payer"), claim.get("claim_id")
    text = f"id {claim_id}" if control is None else f"{(payer or '').casefold().strip()}|{control.strip()}"
    return keyring.blind("remittance chain", practice_id, text)


def canonical(value: Any) -> str:
    """Write what was read as one text: the same for the same content."""
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
