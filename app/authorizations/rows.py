"""How authorizations and their events are written into rows and read out of them: what is sealed, and under what."""

import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import fields, replace
from typing import Any
from uuid import UUID

from app.authorizations.facts import Authorization, AuthorizationEvent, AuthorizationRecord, Kind, Status
from app.authorizations.rules.items import key_of, pack_items, pack_requested, unpack_items, unpack_requested
from app.authorizations.rules.numbers import real_number
from app.platform.rows import as_day, as_uuid, in_order
from app.platform.sealed import Keyring, Sealed
from app.values.insurance import Channel
from app.values.lists import pack, unpack
from app.values.members import MemberKey

_NUMBER, _REFERENCE, _CHANGES = "authorization.number", "authorization.reference", "authorization_event.changes"
_STEP = "step"
_STATUSES = {one.value: one for one in Status}
_KINDS = {one.value: one for one in Kind}
_CHANNELS = {one.value: one for one in Channel}


_SEALED = (
    "number", "reference", "member_id", "denial_reason", "note", "owner", "next_action", "submitted_by_channel",
    "representative", "call_reference",
)  # fmt: skip
_LISTS = ("diagnoses", "places")
_RECORD = [field.name for field in fields(AuthorizationRecord)]


def stored(keyring: Keyring, practice_id: UUID, record: AuthorizationRecord) -> dict[str, Any]:
    """Make the columns of an authorization, all but its version."""
    row: dict[str, Any] = {name: getattr(record, name) for name in _RECORD}
    member = None if record.member_id is None else keyring.member_key(practice_id, record.member_id)
    for name in _SEALED:
        row[name] = None if row[name] is None else _seal(keyring, practice_id, record.id, name, row[name])
    row |= {name: pack(row[name]) for name in _LISTS}
    return row | {
        "practice_id": practice_id,
        "natural_key": blind_key(keyring, practice_id, record.natural_key),
        "items": pack_items(record.items),
        "requested": pack_requested(record.requested),
        "member_whole": member and member.whole,
        "member_base": member and member.base,
        "member_cut": member and member.cut,
    }


def _seal(keyring: Keyring, practice_id: UUID, row_id: UUID, name: str, text: str) -> Sealed:
    return keyring.seal(f"authorization.{name}", practice_id, row_id, text)


def blind_key(keyring: Keyring, practice_id: UUID, key: str) -> str:
    """The natural key as it is stored: for exact match only, since it holds the payer's number."""
    return keyring.blind("authorization key", practice_id, key).hex()


def record_in(keyring: Keyring, row: Any) -> AuthorizationRecord:
    """Read a row of the ORM whole, sealed texts opened."""
    values: dict[str, Any] = {name: getattr(row, name) for name in _RECORD}
    for name in _SEALED:
        if values[name] is not None:
            values[name] = keyring.unseal(f"authorization.{name}", row.practice_id, row.id, values[name])
    values |= {name: unpack(values[name]) for name in _LISTS}
    values["items"] = unpack_items(row.items)
    values["requested"] = unpack_requested(row.requested)
    record = AuthorizationRecord(**values)
    return replace(record, natural_key=key_of(record))


def authorization_in(keyring: Keyring, practice_id: UUID, patient_id: UUID, row: Sequence[Any]) -> Authorization:
    """Read what judging needs of a row of the driver, in the order of the store's list of columns."""
    (
        authorization_id, _, payer, payer_name, status, kind, items, drug, ndc, whole, base, cut, plan, plan_id, group,
        number, reference, begins, ends, no_end, diagnoses, provider, provider_group, binds, site, places, channel,
        decided_on, requested_on, used_on, version, verbal, parent,
    ) = row  # fmt: skip
    own_id, site_id, parent_id = as_uuid(authorization_id), _id(site), _id(parent)
    return Authorization(
        own_id,
        patient_id,
        payer,
        payer_name,
        _STATUSES[status],
        _KINDS[kind],
        unpack_items(items),
        drug,
        ndc,
        None if whole is None else MemberKey(whole, base, cut),
        plan,
        plan_id,
        group,
        None if number is None else real_number(keyring.unseal(_NUMBER, practice_id, own_id, number)),
        None if reference is None else real_number(keyring.unseal(_REFERENCE, practice_id, own_id, reference)),
        as_day(begins), as_day(ends), bool(no_end),
        unpack(diagnoses),
        provider, provider_group, bool(binds),
        site_id,
        unpack(places),
        _CHANNELS.get(channel),
        as_day(decided_on), as_day(requested_on), as_day(used_on),
        version,
        bool(verbal),
        parent_id,
    )  # fmt: skip


def by_patient(
    keyring: Keyring, practice_id: UUID, rows: Iterable[Sequence[Any]]
) -> Iterator[tuple[UUID, tuple[Authorization, ...]]]:
    """Group rows of the driver that come patient by patient, each patient's in the order of their ids."""
    current: bytes | UUID | None = None
    patient_id = UUID(int=0)
    group: list[Authorization] = []
    for row in rows:
        if row[1] != current:
            if group:
                yield patient_id, in_order(group)
            current, patient_id, group = row[1], as_uuid(row[1]), []
        group.append(authorization_in(keyring, practice_id, patient_id, row))
    if group:
        yield patient_id, in_order(group)


def _id(value: Any) -> UUID | None:
    return None if value is None else as_uuid(value)


def event_in(keyring: Keyring, row: Any) -> AuthorizationEvent:
    """Read an event."""
    changes = json.loads(keyring.unseal(_CHANGES, row.practice_id, row.id, row.changes))
    step = changes.pop(_STEP, 0)
    return AuthorizationEvent(row.id, row.authorization_id, row.at, row.via, row.user_id, changes, step)


def stored_event(keyring: Keyring, practice_id: UUID, event: AuthorizationEvent) -> dict[str, Any]:
    """Make the columns of an event."""
    row = {field.name: getattr(event, field.name) for field in fields(AuthorizationEvent) if field.name != _STEP}
    told = json.dumps({**event.changes, _STEP: event.step} if event.step else dict(event.changes))
    changes = keyring.seal(_CHANGES, practice_id, event.id, told)
    return row | {"practice_id": practice_id, "changes": changes}
