"""Which services of a request are cosmetic by the grid: insurance is not asked for them."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from app.policies.facts.answers import ServiceClass
from app.policies.facts.book import Book
from app.policies.rules.classify import APPEARANCE, classify
from app.policies.rules.wording import say_key
from app.schedule.facts import ServiceLine
from app.values.wording import listed, short_day


@dataclass(frozen=True, slots=True)
class CosmeticService:
    """A cosmetic service of a request, with where its class was read and what would make it another's business.

    `diagnoses`: those that were given for it. `medical`: diagnoses, `findings`: keys of findings in the note, of which
    one, where it is documented, makes it medical.
    """

    code: str
    diagnoses: tuple[str, ...]
    labels: tuple[str, ...]
    sources: tuple[str, ...]
    read_on: date | None
    medical: tuple[str, ...]
    findings: tuple[str, ...]


def cosmetic_services(
    book: Book,
    asked: Iterable[tuple[str | None, str | None]],
    diagnoses: Sequence[str],
    booked: Collection[ServiceLine],
    documented: frozenset[str],
) -> tuple[CosmeticService, ...]:
    """Find the cosmetic services of a request.

    Takes     the rule book; codes, each with the last of its range or None; the diagnoses of the request; the patient's
              planned lines, whose notes and stated classes count for their codes; findings of the chart.
    Returns   each code once. In a range every code of the grid is judged: insurance is asked for none that is cosmetic.
    """
    codes = dict.fromkeys(one for code, last in asked if code is not None for one in _named(book, code, last))
    return tuple(
        _told(book, code, tuple(diagnoses)) for code in codes if _is_cosmetic(book, code, diagnoses, booked, documented)
    )


def refusal_words(service: CosmeticService) -> str:
    """Say why insurance is not asked for a service, by whose word, and what to do."""
    what = f"{service.code} with {listed(list(service.diagnoses))}" if service.diagnoses else service.code
    read = f", read {short_day(service.read_on)}" if service.read_on else ""
    rests = f"{listed(list(service.labels), 'or')}; {', '.join(service.sources) or 'from memory, to verify'}{read}"
    ways = [f"the diagnosis ({listed(list(service.medical), 'or')})"] if service.medical else []
    ways += [f"the finding ({listed([say_key(one) for one in service.findings], 'or')})"] if service.findings else []
    way = f"If a medical reason is documented, record {listed(ways, 'or')} with its source" if ways else ""
    otherwise = "prepare the estimate and the consent in the visit's booking check"
    todo = f"{way}; else {otherwise}" if way else otherwise.capitalize()
    return f"{what} is cosmetic by the service grid ({rests}): insurance is not asked for it. {todo}"


def _named(book: Book, code: str, last: str | None) -> Iterable[str]:
    if last is None:
        return (code,)
    return [one for one in sorted(book.grid.by_code) if len(one) == len(code) and code <= one <= last]


def _is_cosmetic(
    book: Book, code: str, diagnoses: Sequence[str], booked: Collection[ServiceLine], documented: frozenset[str]
) -> bool:
    mine = [line for line in booked if line.code == code]
    stated = {line.klass for line in mine} - {None}
    if stated:
        return stated == {ServiceClass.COSMETIC.value}
    shown = documented.union(*(line.documented for line in mine))
    return classify(book.grid, code, diagnoses, shown).klass is ServiceClass.COSMETIC


def _told(book: Book, code: str, diagnoses: tuple[str, ...]) -> CosmeticService:
    grid = book.grid_file
    services = [one for one in grid.services if code in one.codes] if grid else []
    weak = {one for service in services for one in service.weak}
    medical = dict.fromkeys(one for service in services for one in service.medical if one not in weak)
    conditional = [one.medical_if_documented for one in services if one.class_ == "conditional"]
    only_look = classify(book.grid, code, diagnoses, frozenset()).klass is ServiceClass.CONDITIONAL
    findings = dict.fromkeys(key for tree in conditional if tree and only_look for key in (*tree.all, *tree.any))
    return CosmeticService(
        code=code,
        diagnoses=diagnoses,
        labels=tuple(one.label for one in services),
        sources=tuple(dict.fromkeys(source for one in services for source in one.sources)),
        read_on=grid.read_on if grid else None,
        medical=tuple(one.rstrip("*").rstrip(".") for one in medical),
        findings=tuple(one for one in findings if one != APPEARANCE),
    )
