"""The list of payers in words."""

from dataclasses import dataclass
from datetime import date

from app.policies.facts.desk import PayerLine, PayerList
from app.policies.views.freshness import level_words
from app.policies.views.proposals import waiting_words
from app.values.wording import counted, short_day


@dataclass(frozen=True, slots=True)
class PayerRow:
    """One payer of the list. `levels` count its rules by freshness; `routine_open`: nobody asked about routine yet.

    `verify`: some of its rules are not fresh.
    """

    key: str
    name: str
    rules: str
    read: str
    levels: tuple[tuple[str, str], ...]
    verify: bool
    routine: str
    routine_open: bool
    own: str
    in_library: bool


@dataclass(frozen=True, slots=True)
class PayersPage:
    """All that the template shows: the payers worked with, the others, and those whose routine services are open."""

    on: tuple[PayerRow, ...]
    others: tuple[PayerRow, ...]
    open_keys: tuple[str, ...]
    caption: str
    waiting: str | None = None


def payers_page(found: PayerList) -> PayersPage:
    """Put the list into words."""
    on = tuple(_row(one, found.today) for one in found.payers if one.turned_on)
    others = tuple(_row(one, found.today) for one in found.payers if not one.turned_on)
    since = f", in force since {short_day(found.since)}" if found.since is not None else ""
    return PayersPage(
        on=on,
        others=others,
        open_keys=tuple(row.key for row in on if row.routine_open),
        caption=f"Rules {found.version[:12]}{since}",
        waiting=waiting_words(found.waiting),
    )


def read_words(oldest: date | None, newest: date | None) -> str:
    """When the sources were read: one day, or the oldest and the newest."""
    if oldest is None or newest is None:
        return "Not known"
    return short_day(newest) if oldest == newest else f"{short_day(oldest)} to {short_day(newest)}"


def _row(one: PayerLine, today: date) -> PayerRow:
    fresh = one.fresh
    return PayerRow(
        key=one.key,
        name=one.name,
        rules=f"{fresh.rules:,}" if fresh is not None else "No rules on file",
        read=read_words(fresh.oldest, fresh.newest) if fresh is not None else "Not applicable",
        levels=level_words(fresh) if fresh is not None else (),
        verify=fresh is not None and bool(fresh.soon + fresh.ask),
        routine=_routine(one, today),
        routine_open=one.turned_on and one.routine_until is None,
        own=counted(one.own_rules, "own rule") if one.own_rules else "",
        in_library=one.in_library,
    )


def _routine(one: PayerLine, today: date) -> str:
    if one.routine_until is not None:
        left = (one.routine_until - today).days
        return f"Confirmed until {short_day(one.routine_until)} (in {counted(left, 'day')})"
    return "Routine services not asked yet" if one.turned_on else "Not asked"
