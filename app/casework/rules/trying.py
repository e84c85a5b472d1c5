"""The visits that a request is for, as they would be judged: booked ones with what is asked for, or one made up."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time
from uuid import UUID, uuid5

from app.authorizations.facts import ANY_CODE
from app.casework.facts.requests import AskedLine
from app.schedule.facts import BillTo, ServiceLine, Visit, VisitStatus
from app.values.codes import in_range
from app.values.insurance import Channel

_NOON = time(18)  # UTC: about noon in every zone of the country


@dataclass(frozen=True, slots=True)
class Terms:
    """What a request says of all its lines. `day` is the first day of service, or today."""

    day: date
    site_id: UUID
    diagnoses: tuple[str, ...] = ()
    provider_npi: str | None = None
    provider_group: str | None = None
    place: str | None = None
    channel: Channel | None = None
    ndc: str | None = None


@dataclass(frozen=True, slots=True)
class Thought:
    """Visits to be judged, and in which lines of them, by the name of what is asked for, in order of time."""

    visits: tuple[Visit, ...]
    lines: Mapping[str, tuple[UUID, ...]]


def visits_for(
    patient_id: UUID, lines: Sequence[AskedLine], terms: Terms, chosen: Sequence[Visit] = (), key: str = "asked for"
) -> Thought:
    """Think of the visits of a request.

    Takes     whose; what is asked for; what is said of all lines; the visits on file that it is for; what tells the
              visit that is made up from another one.
    Returns   each chosen visit with a line for everything asked for: its own where one is planned, else a further one;
              without chosen visits one visit on the first day asked for.
    """
    if not chosen:
        empty = Visit(
            uuid5(patient_id, key), "", patient_id, terms.site_id,
            datetime.combine(terms.day, _NOON, UTC), terms.day, VisitStatus.BOOKED, (),
        )  # fmt: skip
        chosen = [empty]
    found: dict[str, list[UUID]] = {line.name: [] for line in lines}
    visits = []
    for visit in sorted(chosen, key=lambda one: (one.starts_at, one.reference)):
        planned = {line.id: line for line in visit.lines}
        for asked in lines:
            own = next((line for line in visit.lines if _names(asked, line)), None)
            line = _planned(own, terms) if own is not None else _further(visit, asked, terms, len(planned))
            planned[line.id] = line
            found[asked.name].append(line.id)
        visits.append(replace(visit, lines=tuple(planned.values())))
    return Thought(tuple(visits), {name: tuple(ids) for name, ids in found.items()})


def _names(asked: AskedLine, line: ServiceLine) -> bool:
    if asked.drug is not None:
        return line.drug == asked.drug
    if asked.code == ANY_CODE:
        return line.code is not None
    if line.code is None or asked.code is None:
        return False
    return in_range(line.code, asked.code, asked.last) if asked.last else line.code == asked.code


def _planned(line: ServiceLine, terms: Terms) -> ServiceLine:
    """A planned line as insurance is asked about it; the diagnoses of the request where it names some."""
    return replace(line, bill_to=BillTo.INSURANCE, diagnoses=terms.diagnoses or line.diagnoses)


def _further(visit: Visit, asked: AskedLine, terms: Terms, place: int) -> ServiceLine:
    beside = visit.lines[0] if visit.lines else None
    return ServiceLine(
        uuid5(visit.id, asked.name),
        place,
        asked.code if asked.code != ANY_CODE else None,
        drug=asked.drug,
        modifiers=asked.modifiers,
        diagnoses=terms.diagnoses or (beside.diagnoses if beside else ()),
        place=terms.place or (beside.place if beside else "11"),
        ndc=terms.ndc if asked.drug is not None else None,
        documented=beside.documented if beside else frozenset(),
        channel=terms.channel,
        provider_npi=terms.provider_npi or (beside.provider_npi if beside else ""),
        provider_group=terms.provider_group,
    )
