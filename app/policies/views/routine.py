"""The page of routine services in words."""

from collections.abc import Collection, Iterator
from dataclasses import dataclass

from app.policies.facts.desk import RoutineOffer, Strict
from app.values.wording import counted, listed, short_day


@dataclass(frozen=True, slots=True)
class PayerTick:
    """One payer to choose; `note` says until when routine services are confirmed, or that nobody asked yet."""

    key: str
    name: str
    note: str
    ticked: bool


@dataclass(frozen=True, slots=True)
class CodeTick:
    """One code to untick; `note` says where the library asks approval for it."""

    code: str
    ticked: bool
    note: str | None


@dataclass(frozen=True, slots=True)
class GroupTicks:
    """One group of services; `left_out` counts the codes that are not ticked."""

    key: str
    label: str
    codes: tuple[CodeTick, ...]
    count: str


@dataclass(frozen=True, slots=True)
class RoutinePage:
    """All that the template shows."""

    payers: tuple[PayerTick, ...]
    groups: tuple[GroupTicks, ...]
    total: str
    stays: tuple[str, ...]


def routine_page(offer: RoutineOffer, payers: Collection[str], codes: Collection[str]) -> RoutinePage:
    """Put the offer into words, with what is ticked."""
    strict = [one for one in offer.strict if one.payer in payers] if payers else list(offer.strict)
    groups = tuple(
        GroupTicks(
            group.key,
            group.label,
            tuple(CodeTick(code, code in codes, _note(strict, code)) for code in group.codes),
            _count(sum(code in codes for code in group.codes), len(group.codes)),
        )
        for group in offer.groups
    )
    return RoutinePage(
        payers=tuple(_payers(offer, payers)),
        groups=groups,
        total=counted(sum(len(group.codes) for group in groups), "code"),
        stays=tuple(dict.fromkeys(_stays(one) for one in strict)),
    )


def _payers(offer: RoutineOffer, chosen: Collection[str]) -> Iterator[PayerTick]:
    for key, name in offer.payers:
        until = offer.asked.get(key)
        note = f"confirmed until {short_day(until)}" if until is not None else "not asked yet"
        yield PayerTick(key, name, note, key in chosen)


def _count(ticked: int, all_of: int) -> str:
    return f"all {all_of}" if ticked == all_of else f"{ticked} of {all_of}"


def _note(strict: list[Strict], code: str) -> str | None:
    names = [one.payer_name + (" in some cases" if one.in_some_cases else "") for one in strict if one.code == code]
    return f"The library says approval is needed for {listed(names)}: stays" if names else None


def _stays(one: Strict) -> str:
    cases = " in some cases" if one.in_some_cases else ""
    return f"{one.payer_name}, {one.code}: the library says approval is needed{cases}: stays."
