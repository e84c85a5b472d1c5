"""Count a payer's decisions by provider and service, as the laws on gold cards count them."""

from collections.abc import Collection, Iterable, Iterator
from uuid import UUID

from app.authorizations.facts import ANY_CODE, Decisions, Status
from app.casework.facts.gold_cards import Count
from app.policies.facts.gold_card import GoldCardLaw


def counts_of(decisions: Iterable[Decisions], sites: Collection[UUID], everywhere: bool) -> tuple[Count, ...]:
    """Count decisions by provider and service.

    Takes     decisions alike, with how many there were; the sites in the law's state; whether all sites of the practice
              are (then a request that names no site was there too, else it is left out).
    Returns   one count for each provider and code or drug, by the most asked first. A request of several codes counts
              for each of them.
    """
    found: dict[tuple[str | None, str], list[int]] = {}
    for one in decisions:
        if one.site_id not in sites and not (one.site_id is None and everywhere):
            continue
        place = 0 if one.status in (Status.APPROVED, Status.NOT_REQUIRED) else 1
        place = 1 if one.status is Status.PARTLY_APPROVED else place
        place = 2 if one.status in (Status.DENIED, Status.IN_APPEAL) else place
        for service in _services(one):
            found.setdefault((one.provider_npi, service), [0, 0, 0])[place] += one.count
    counts = (Count(npi, service, *numbers) for (npi, service), numbers in found.items())
    return tuple(sorted(counts, key=lambda count: (-count.total, count.npi or "~", count.service)))


def _services(one: Decisions) -> Iterator[str]:
    if one.drug is not None:
        yield one.drug
        return
    for item in one.items:
        if item.last is not None:
            yield f"{item.codes[0]}-{item.last}"
        else:
            yield from (code for code in item.codes if code != ANY_CODE)


def reached(count: Count, law: GoldCardLaw) -> bool:
    """Say whether a count reaches what the law asks for: only the payer's notice makes an exemption of it."""
    return count.total >= (law.least or 1) and 100 * count.approved >= law.share * count.total
