"""Which booked services are cosmetic and have no estimate yet: each opens a task."""

from collections.abc import Collection, Sequence

from app.booking.facts.papers import Paper, PaperKind
from app.booking.rules.gate import service_of
from app.policies.facts.answers import ServiceClass
from app.policies.facts.book import Book
from app.policies.facts.grid import GridFile
from app.policies.rules.classify import classify
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


def is_moot(book: Book, visit: Visit, paper: Paper, documented: frozenset[str]) -> bool:
    """Say whether an estimate that the program opened and nobody priced speaks of no cosmetic service any more."""
    untouched = paper.kind is PaperKind.CONSENT and paper.standing and not paper.priced and paper.made_by is None
    cosmetic = {service_of(line) for line in visit.lines if _is_cosmetic(book, line, documented)}
    return untouched and not paper.services & cosmetic


def _is_cosmetic(book: Book, line: ServiceLine, documented: frozenset[str]) -> bool:
    if line.bill_to is not BillTo.INSURANCE:
        return False
    if line.klass is not None:
        return line.klass == ServiceClass.COSMETIC.value
    diagnoses: Sequence[str] = line.diagnoses
    return classify(book.grid, line.code, diagnoses, line.documented | documented).klass is ServiceClass.COSMETIC
