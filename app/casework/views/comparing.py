"""What was asked beside what was granted, in words."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any
from uuid import UUID

from app.authorizations.facts import Counting
from app.authorizations.rules.requested import ALL, Aspect, Difference, LineComparison
from app.authorizations.rules.requested import Outcome as Compared
from app.clearance.views.context import drug_name
from app.practice.facts.practice import Site
from app.values.wording import short_day

_ASPECTS = {
    Aspect.CODE: "Code",
    Aspect.DRUG: "Drug",
    Aspect.NDC: "NDC",
    Aspect.MODIFIERS: "Modifiers",
    Aspect.UNITS: "Units",
    Aspect.COUNTING: "Counted in",
    Aspect.BEGINS: "Start date",
    Aspect.ENDS: "End date",
    Aspect.DIAGNOSES: "Diagnoses",
    Aspect.PROVIDER: "Provider",
    Aspect.GROUP: "Group",
    Aspect.SITE: "Site",
    Aspect.PLACE: "Place of service",
    Aspect.CHANNEL: "Benefit",
}
OUTCOMES = {
    Compared.GRANTED: "As asked",
    Compared.CUT: "Cut",
    Compared.CHANGED: "Changed",
    Compared.REFUSED: "Not granted",
    Compared.OPEN: "Not decided",
    Compared.NOT_SAID: "Not said",
}


@dataclass(frozen=True, slots=True)
class Cut:
    """One aspect of one line: what was asked, what was granted, and what that is; `bad`: less, or something else."""

    line: str
    aspect: str
    asked: str
    granted: str
    outcome: str
    bad: bool

    def hidden(self, words: str) -> "Cut":
        """The same, for who does not read what it says."""
        return replace(self, asked=words, granted=words)


def cuts_of(
    lines: tuple[LineComparison, ...], sites: Mapping[UUID, Site], providers: Mapping[str, str], whole: bool = False
) -> Iterator[Cut]:
    """Put what was asked beside what was granted: what was cut or changed, and how many until when.

    Takes     the comparison; sites by id and providers' names by NPI; `whole`: what is as asked, too, where the
              decision speaks of it.
    """
    for line in lines:
        name = line.line.code or drug_name(line.line.drug) or "Request"
        for one in line.aspects:
            bad = one in line.cut
            said = whole and one.outcome not in (Compared.OPEN, Compared.NOT_SAID)
            if bad or said or (one.aspect in (Aspect.UNITS, Aspect.ENDS) and not whole):
                asked, granted = _value(one, one.asked, sites, providers), _value(one, one.granted, sites, providers)
                yield Cut(name, _ASPECTS[one.aspect], asked, granted, OUTCOMES[one.outcome], bad)


def _value(one: Difference, value: Any, sites: Mapping[UUID, Site], providers: Mapping[str, str]) -> str:
    if value is None or value == ():
        return "Not said"
    if one.aspect in (Aspect.BEGINS, Aspect.ENDS):
        return short_day(value) if value.year < 9999 else "No end"
    if one.aspect is Aspect.SITE:
        return sites[value].name if value in sites else "Another site"
    return _word(one.aspect, value, providers)


def _word(aspect: Aspect, value: Any, providers: Mapping[str, str]) -> str:
    if value == ALL:
        return "Not counted"
    if aspect is Aspect.PROVIDER:
        return providers.get(value, f"NPI {value}")
    if aspect is Aspect.DRUG:
        return drug_name(value) or str(value)
    if isinstance(value, Counting):
        return value.value.replace("_", " ")
    return ", ".join(value) if isinstance(value, tuple) else str(value)
