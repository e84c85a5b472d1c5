"""Which booked services are cosmetic and have no estimate yet: each opens a task."""

from collections.abc import Collection

from app.booking.facts.papers import Paper, PaperKind
from app.booking.rules.gate import service_of
from app.booking.rules.paying import Payer, class_of, needing
from app.policies.facts.answers import ServiceClass
from app.policies.facts.book import Book
from app.policies.facts.grid import GridFile
from app.schedule.facts import BillTo, ServiceLine, Visit


def cosmetic_codes(grid: GridFile | None) -> frozenset[str]:
    """The codes of the grid's cosmetic services: a line of another code is cosmetic only by what a person says."""
    services = grid.services if grid else ()
    return frozenset(code for one in services if one.class_ == "cosmetic" for code in one.codes)


def services_without_estimate(
    book: Book, visit: Visit, papers: Collection[Paper], documented: frozenset[str]
) -> tuple[str, ...]:
    """Name the cosmetic services of a visit that insurance would be asked for and that no consent speaks of.

    Takes     the rule book; the visit; its papers, those that were declined or withdrawn too (nothing is opened again
              that a person ended); findings of the patient's chart.
    """
    known = {service for one in papers if one.kind is PaperKind.CONSENT for service in one.services}
    found = [service_of(line) for line in visit.lines if _is_cosmetic(book, line, documented)]
    return tuple(one for one in dict.fromkeys(found) if one not in known)


def is_moot(book: Book, visit: Visit, paper: Paper, payer: Payer) -> bool:
    """Say whether a paper that the program opened and nobody priced speaks of no service any more that asks for one.

    An estimate is asked for by a cosmetic service, and by one that the patient pays for and has to sign for; a notice
    that the program opened, by the latter alone.
    """
    if not paper.standing or paper.priced or paper.made_by is not None:
        return False
    wanted = set(needing(book, visit, payer))
    if paper.kind is PaperKind.CONSENT:
        wanted |= {service_of(line) for line in visit.lines if _is_cosmetic(book, line, payer.documented)}
    return not paper.services & wanted


def _is_cosmetic(book: Book, line: ServiceLine, documented: frozenset[str]) -> bool:
    if line.bill_to is not BillTo.INSURANCE:
        return False
    return class_of(book, line, documented) is ServiceClass.COSMETIC
