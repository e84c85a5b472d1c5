"""A deadline as one short text, and the id of what it watches."""

import hashlib
import json
from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID

from app.deadlines.facts import Basis, BasisKind, Clears, Deadline, Reason, Step, Subject, SubjectKind
from app.policies.facts.answers import Confidence

_write = json.JSONEncoder(separators=(",", ":"), ensure_ascii=False, check_circular=False).encode


def watch_id(subject: Subject, reason: Reason) -> UUID:
    """Name what is watched: the same subject and reason give the same id."""
    told = f"{subject.kind.value}:{subject.key}:{reason.value}"
    return UUID(bytes=hashlib.blake2b(told.encode(), digest_size=16).digest())


def pack(deadline: Deadline) -> str:
    """Write a deadline as text that `unpack` reads. Equal deadlines give equal texts."""
    kept: list[Any] = [
        deadline.subject.kind.value,
        deadline.subject.key,
        deadline.reason.value,
        deadline.zone,
        deadline.clears.value,
        pack_basis(deadline.basis),
        [[step.name, _instant(step.tell_at)] for step in deadline.steps],
        None if deadline.due_on is None else deadline.due_on.isoformat(),
        None if deadline.due_at is None else _instant(deadline.due_at),
        _hex(deadline.site_id),
        _hex(deadline.patient_id),
        _hex(deadline.owner_id),
        int(deadline.urgent),
        dict(sorted(deadline.counts.items())),
        None if deadline.again_at is None else _instant(deadline.again_at),
    ]
    return _write(kept)


def unpack(content: str) -> Deadline:
    """Read what `pack` wrote."""
    kind, key, reason, zone, clears, basis, steps, due_on, due_at, site, patient, owner, urgent, counts, again_at = (
        json.loads(content)
    )
    return Deadline(
        subject=Subject(SubjectKind(kind), key),
        reason=Reason(reason),
        steps=tuple(Step(name, _read(at)) for name, at in steps),
        zone=zone,
        clears=Clears(clears),
        basis=unpack_basis(basis),
        due_on=None if due_on is None else date.fromisoformat(due_on),
        due_at=None if due_at is None else _read(due_at),
        site_id=None if site is None else UUID(hex=site),
        patient_id=None if patient is None else UUID(hex=patient),
        owner_id=None if owner is None else UUID(hex=owner),
        urgent=bool(urgent),
        counts=counts,
        again_at=None if again_at is None else _read(again_at),
    )


def pack_basis(basis: Basis) -> list[str | None]:
    """Write a basis as a short list."""
    return [basis.kind.value, basis.rule, basis.words, basis.confidence.value, basis.source]


def unpack_basis(kept: list[str | None]) -> Basis:
    """Read what `pack_basis` wrote."""
    kind, rule, words, confidence, source = kept
    return Basis(BasisKind(kind or ""), rule, words or "", Confidence(confidence or ""), source)


def _hex(one: UUID | None) -> str | None:
    return None if one is None else one.hex


def _instant(at: datetime) -> str:
    return at.astimezone(UTC).replace(tzinfo=None).isoformat()


def _read(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)
