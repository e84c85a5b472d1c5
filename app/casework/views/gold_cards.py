"""Gold cards in words: what was counted, what the law asks for, and what payers gave notice of."""

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from app.casework.facts.gold_cards import Count, Exemption, GoldCards, LawCounts
from app.casework.rules.gold_cards import reached
from app.clearance.views.context import drug_name
from app.values.wording import counted, long_day, short_day

SHOWN = 100


@dataclass(frozen=True, slots=True)
class CountRow:
    """One service of one provider, with its numbers."""

    provider: str
    npi: str | None
    service: str
    approved: int
    partly: int
    refused: int
    total: int
    rate: str
    says: str
    reached: bool


@dataclass(frozen=True, slots=True)
class LawSection:
    """One state's law with its counts; `more`: how many rows are not shown."""

    state: str
    title: str
    asks: str
    verify: str | None
    sources: tuple[str, ...]
    rows: tuple[CountRow, ...]
    more: int


@dataclass(frozen=True, slots=True)
class ExemptionRow:
    """One exemption with the notice that it rests on."""

    id: UUID
    payer: str
    whose: str
    codes: str
    span: str
    letter: str
    name: str
    holds: str


@dataclass(frozen=True, slots=True)
class GoldCardPage:
    """All that the template shows. `states`: no law is known for where the practice has its sites."""

    payers: tuple[tuple[str, str], ...]
    payer: str
    payer_name: str | None
    laws: tuple[LawSection, ...]
    exemptions: tuple[ExemptionRow, ...]


def gold_card_page(found: GoldCards) -> GoldCardPage:
    """Put the counts and exemptions into words."""
    names = dict(found.payers)
    return GoldCardPage(
        payers=(("", "Choose a payer"), *found.payers),
        payer=found.payer or "",
        payer_name=names.get(found.payer or ""),
        laws=tuple(_section(one, found) for one in found.laws),
        exemptions=tuple(_exemption(one, names, found) for one in found.exemptions),
    )


def _section(one: LawCounts, found: GoldCards) -> LawSection:
    law = one.law
    least = f" of at least {law.least} requests" if law.least is not None else ""
    asks = f"{law.share}% approved{least}, by provider and service, since {long_day(one.since)}"
    memory = "from memory" if law.confidence == "memory" else None
    verify = ", ".join(part for part in (memory, law.verify) if part)
    rows = tuple(_row(count, one, found) for count in one.counts[:SHOWN])
    sources = tuple(law.sources)
    return LawSection(law.state, law.title, asks, verify or None, sources, rows, max(0, len(one.counts) - SHOWN))


def _row(count: Count, one: LawCounts, found: GoldCards) -> CountRow:
    rate = 100 * count.approved // count.total
    good = reached(count, one.law)
    says = "Reached by our count. Only the payer's notice exempts." if good else _lacks(count, one)
    provider = found.names.get(count.npi or "", "Provider not named" if count.npi is None else "Not on file")
    service = drug_name(count.service) if ":" in count.service else count.service
    return CountRow(
        provider, count.npi, service or count.service, count.approved, count.partly, count.refused, count.total,
        f"{rate}%", says, good,
    )  # fmt: skip


def _lacks(count: Count, one: LawCounts) -> str:
    least = one.law.least
    if least is not None and count.total < least:
        return f"{counted(least - count.total, 'more request')} needed"
    return f"Below {one.law.share}%"


def _exemption(one: Exemption, payers: dict[str, str], found: GoldCards) -> ExemptionRow:
    notice = one.notice
    whose = ", ".join(f"{found.names[npi]} ({npi})" if npi in found.names else npi for npi in notice.npis)
    return ExemptionRow(
        id=notice.id,
        payer=payers.get(notice.payer, notice.payer),
        whose=whose,
        codes=", ".join(drug_name(code) or code if ":" in code else code for code in one.codes),
        span=f"{_day(one.begins)} to {_day(one.ends)}",
        letter=long_day(notice.letter_on),
        name=notice.name,
        holds=_holds(one, found.today),
    )


def _day(day: date | None) -> str:
    return short_day(day) if day is not None else "no day"


def _holds(one: Exemption, today: date) -> str:
    if one.begins is None or one.ends is None:
        return "Taken back"
    if one.ends < today:
        return "Ended"
    return "Not begun" if one.begins > today else "Holds"
