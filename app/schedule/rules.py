"""The planned services of a visit as one compact text: read in one go for a whole book, split once when repeated."""

import json
from functools import lru_cache
from typing import Any, TypeAlias

from app.schedule.facts import BillTo, ServiceLine, Supply
from app.values.insurance import Channel

LineContent: TypeAlias = Any
"""A tuple of the fields of a ServiceLine from `code` to `named_payer`, in their order: all but ids, position and member."""

_CONTENT = (
    "code", "units", "drug", "visit_type", "modifiers", "diagnoses", "place", "ndc", "documented", "referral",
    "channel", "provider_npi", "provider_group", "billing_npi", "bill_to", "supply", "klass", "named_payer",
)  # fmt: skip


def pack_lines(lines: tuple[ServiceLine, ...]) -> str:
    """Write the content of lines, with the position of each, as one text. Equal contents give equal texts."""
    return json.dumps(
        [[line.position, *(_plain(getattr(line, name)) for name in _CONTENT)] for line in lines],
        separators=(",", ":"),
        ensure_ascii=False,
    )


def _plain(value: Any) -> Any:
    return sorted(value) if isinstance(value, frozenset) else value


@lru_cache(maxsize=200_000)
def unpack_lines(text: str) -> tuple[tuple[int, LineContent], ...]:
    """Read what `pack_lines` wrote: the position and the content of each line."""
    return tuple((position, _content(content)) for position, *content in json.loads(text))


def _content(values: list[Any]) -> LineContent:
    (
        code, units, drug, visit_type, modifiers, diagnoses, place, ndc, documented, referral,
        channel, provider, group, billing, bill_to, supply, klass, named_payer,
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
    )
