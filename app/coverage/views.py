"""Participation in words: by payer and provider, the word that counts now first, older words under it."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from app.practice.facts.practice import Network, Participation, Provider
from app.values.spans import DateSpan
from app.values.wording import short_day

IN_WORDS = {Network.IN: "In network", Network.OUT: "Out of network"}


@dataclass(frozen=True, slots=True)
class Row:
    """One provider at one payer and plan: what holds today, and every word ever recorded, newest first."""

    provider: str
    npi: str
    plan: str
    now: str
    words: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Group:
    """One payer with its rows."""

    payer: str
    rows: tuple[Row, ...]


def participation_list(
    words: Iterable[Participation], payers: Mapping[str, str], people: Iterable[Provider], today: date
) -> list[Group]:
    """Group the words recorded, oldest first, by payer; within one by provider and plan."""
    names = {one.npi: one.name or "Name not known" for one in people}
    found: dict[str, dict[tuple[str, str], list[Participation]]] = {}
    for word in words:
        found.setdefault(word.payer, {}).setdefault((word.provider_npi, word.plan or ""), []).append(word)
    groups = []
    for payer, rows in found.items():
        made = [_row(names.get(npi, "Not on file"), npi, plan, said, today) for (npi, plan), said in rows.items()]
        groups.append(Group(payers.get(payer, payer), tuple(sorted(made, key=lambda row: (row.provider, row.plan)))))
    return sorted(groups, key=lambda group: group.payer.casefold())


def _row(provider: str, npi: str, plan: str, said: list[Participation], today: date) -> Row:
    holds = next((word for word in reversed(said) if today in word.span), None)
    now = "Nothing holds today" if holds is None else f"{IN_WORDS[holds.network]}, {_span(holds.span)}"
    older = tuple(f"{IN_WORDS[word.network]}, {_span(word.span)}" for word in reversed(said))
    return Row(provider, npi, plan or "All plans", now, older)


def _span(span: DateSpan) -> str:
    begins = "from the beginning" if span.begins is None else f"from {short_day(span.begins)}"
    return f"{begins} to {short_day(span.ends)}" if span.ends is not None else f"{begins}, open"
