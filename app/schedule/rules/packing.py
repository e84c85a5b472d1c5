"""A visit and its lines as they are stored: the lines as one compact text, read in one go for a whole book."""

import json
from collections.abc import Callable, Mapping
from functools import lru_cache
from typing import Any, TypeAlias
from uuid import UUID

from app.schedule.facts import BillTo, ServiceLine, Supply, TypeLine, Visit, VisitRecord
from app.schedule.rules.types import type_key
from app.values.insurance import Channel
from app.values.members import MemberKey

LineContent: TypeAlias = Any
"""A tuple: the fields of a ServiceLine from `code` to `refused_row`, in their order."""

_NO_MEMBER = bytes(48)
_CONTENT = (
    "code", "units", "drug", "visit_type", "modifiers", "diagnoses", "place", "ndc", "documented", "referral",
    "channel", "provider_npi", "provider_group", "billing_npi", "bill_to", "supply", "klass", "named_payer",
)  # fmt: skip


def pack_lines(lines: tuple[ServiceLine, ...]) -> str:
    """Write the content of lines, with the position of each, as one text. Equal contents give equal texts.

    The row of a line that was refused stands last, and only where there is one: hardly any line has it. The number of
    a referral is left out; it is sealed apart (`referrals_of`).
    """
    return json.dumps(
        [[line.position, *map(_plain, _content_of(line)), *_refused(line)] for line in lines],
        separators=(",", ":"),
        ensure_ascii=False,
    )


def _content_of(line: ServiceLine) -> tuple[Any, ...]:
    return tuple(None if name == REFERRAL else getattr(line, name) for name in _CONTENT)


def referrals_of(lines: tuple[ServiceLine, ...]) -> str | None:
    """Write the number that each line names, to be sealed; None where no line names one."""
    named = [line.referral for line in lines]
    return json.dumps(named) if any(named) else None


def with_referral(content: LineContent, referral: str | None) -> LineContent:
    """Put the number that a line names into its content."""
    return content if referral is None else (*content[:_PLACE], referral, *content[_PLACE + 1 :])


def _refused(line: ServiceLine) -> tuple[int, ...]:
    return () if line.refused_row is None else (line.refused_row,)


def _plain(value: Any) -> Any:
    return sorted(value) if isinstance(value, frozenset) else value


REFERRAL = "referral"
_PLACE = _CONTENT.index(REFERRAL)


@lru_cache(maxsize=200_000)
def unpack_lines(text: str) -> tuple[tuple[int, LineContent], ...]:
    """Read what `pack_lines` wrote: the position and the content of each line."""
    return tuple((position, _content(content)) for position, *content in json.loads(text))


def _content(values: list[Any]) -> LineContent:
    (
        code, units, drug, visit_type, modifiers, diagnoses, place, ndc, documented, referral,
        channel, provider, group, billing, bill_to, supply, klass, named_payer, *refused,
    ) = values  # fmt: skip
    return (
        code,
        units,
        drug,
        visit_type,
        tuple(modifiers),
        tuple(diagnoses),
        place,
        ndc,
        frozenset(documented),
        referral,
        None if channel is None else Channel(channel),
        provider,
        group,
        billing,
        BillTo(bill_to),
        None if supply is None else Supply(supply),
        klass,
        named_payer,
        refused[0] if refused else None,
    )


def plain_facts(facts: Mapping[str, Any] | None) -> dict[str, Any] | None:
    """Write a row's facts as plain values for storing; of a referral only that it is among them."""
    if facts is None:
        return None
    return {name: None if name == REFERRAL else _written(value) for name, value in facts.items()}


def _written(value: Any) -> Any:
    return [value.whole.hex(), value.base.hex(), value.cut.hex()] if isinstance(value, MemberKey) else _plain(value)


def read_facts(stored: Mapping[str, Any] | None, referral: str | None) -> dict[str, Any] | None:
    """Read what `plain_facts` wrote, with the referral that was sealed apart."""
    if stored is None:
        return None
    facts = {name: _READERS.get(name, _same)(value) for name, value in stored.items()}
    return facts | {REFERRAL: referral} if REFERRAL in facts else facts


def _same(value: Any) -> Any:
    return value


_READERS: dict[str, Callable[[Any], Any]] = {
    "modifiers": tuple,
    "diagnoses": tuple,
    "documented": frozenset,
    "channel": Channel,
    "bill_to": BillTo,
    "supply": Supply,
    "named_member": lambda keys: MemberKey(*map(bytes.fromhex, keys)),
}


def stored_visit(practice_id: UUID, visit: Visit) -> dict[str, Any]:
    """Make the columns of a visit, all but its version."""
    named = any(line.named_member for line in visit.lines)
    return {
        "practice_id": practice_id,
        "id": visit.id,
        "reference": visit.reference,
        "patient_id": visit.patient_id,
        "site_id": visit.site_id,
        "starts_at": visit.starts_at,
        "day": visit.day,
        "status": visit.status,
        "lines": pack_lines(visit.lines),
        "line_ids": b"".join(line.id.bytes for line in visit.lines),
        "named_members": b"".join(map(_indexes, visit.lines)) if named else None,
    }


def _indexes(line: ServiceLine) -> bytes:
    member = line.named_member
    return _NO_MEMBER if member is None else member.whole + member.base + member.cut


def stored_lines(practice_id: UUID, record: VisitRecord) -> list[dict[str, Any]]:
    """Make the columns of a visit's lines."""
    return [
        {
            "practice_id": practice_id,
            "id": line.id,
            "visit_id": record.visit.id,
            "position": line.position,
            "code": line.code,
            "units": line.units,
            "type_key": None if line.visit_type is None else type_key(line.visit_type),
            "source_place": source.place,
            "provider_npi": line.provider_npi,
            "row_facts": plain_facts(source.row_facts),
        }
        for line, source in zip(record.visit.lines, record.sources, strict=True)
    ]


def read_type_line(stored: Mapping[str, Any]) -> TypeLine:
    """Read one stored line of a visit type."""
    bill_to = stored["bill_to"]
    return TypeLine(
        stored["code"], stored["drug"], stored["units"], stored["klass"], None if bill_to is None else BillTo(bill_to)
    )
