"""How visits are written into rows and read out of them. A referral that a line names is sealed."""

import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any
from uuid import UUID

from app.platform.rows import as_uuid, known_day, known_instant
from app.platform.sealed import Keyring
from app.schedule.facts import ServiceLine, Visit, VisitRecord, VisitStatus
from app.schedule.rules.packing import (
    REFERRAL,
    read_facts,
    referrals_of,
    stored_lines,
    stored_visit,
    unpack_lines,
    with_referral,
)
from app.values.members import MemberKey

_REFERRALS, _ROW_REFERRAL = "visit.referrals", "service_line.row_referral"
_STATUSES = {one.value: one for one in VisitStatus}
_NO_MEMBER = bytes(48)
_make_line: Callable[..., ServiceLine] = ServiceLine
_sites: dict[Any, UUID] = {}


def visit_stored(keyring: Keyring, practice_id: UUID, visit: Visit) -> dict[str, Any]:
    """Make the columns of a visit, all but its version."""
    named = referrals_of(visit.lines)
    sealed = None if named is None else keyring.seal(_REFERRALS, practice_id, visit.id, named)
    return stored_visit(practice_id, visit) | {"referrals": sealed}


def lines_stored(keyring: Keyring, practice_id: UUID, records: Iterable[VisitRecord]) -> list[dict[str, Any]]:
    """Make the columns of the lines of visits."""
    rows: list[dict[str, Any]] = []
    for record in records:
        for row, source in zip(stored_lines(practice_id, record), record.sources, strict=True):
            named = (source.row_facts or {}).get(REFERRAL)
            sealed = keyring.seal(_ROW_REFERRAL, practice_id, row["id"], named) if named else None
            rows.append(row | {"row_referral": sealed})
    return rows


def facts_in(
    keyring: Keyring, practice_id: UUID, line_id: UUID, stored: Mapping[str, Any] | None, referral: bytes | None
) -> dict[str, Any] | None:
    """Read what the row of a line said."""
    named = None if referral is None else keyring.unseal(_ROW_REFERRAL, practice_id, line_id, referral)
    return read_facts(stored, named)


def visit_in(keyring: Keyring, practice_id: UUID, patient_id: UUID, row: Sequence[Any]) -> Visit:
    """Read a row of the driver, in the order of the store's list of columns."""
    visit_id, _, reference, raw_site, starts_at, day, status, text, ids, members, referrals, version = row
    own_id, site = as_uuid(visit_id), _sites.get(raw_site)
    if site is None:
        site = _sites[raw_site] = as_uuid(raw_site)
    named = None if referrals is None else json.loads(keyring.unseal(_REFERRALS, practice_id, own_id, referrals))
    lines = []
    for place, (position, plain) in enumerate(unpack_lines(text)):
        line_id = as_uuid(ids[place * 16 : place * 16 + 16])
        member = None if members is None else _member(members[place * 48 : place * 48 + 48])
        content = plain if named is None else with_referral(plain, named[place])
        lines.append(_make_line(line_id, position, *content, member))
    instant, of_day, stands = known_instant(starts_at), known_day(day), _STATUSES[status]
    return Visit(own_id, reference, patient_id, site, instant, of_day, stands, tuple(lines), version)


def _member(indexes: bytes) -> MemberKey | None:
    return None if indexes == _NO_MEMBER else MemberKey(indexes[:16], indexes[16:32], indexes[32:])
