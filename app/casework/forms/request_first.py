"""What the form of a request shows first: the draft, else the case, else what the visit says."""

from collections.abc import Iterable, Iterator, Mapping

from app.authorizations.facts import AuthorizationRecord, Counting, Kind, RequestedLine
from app.casework.facts.requests import RequestStart, Typed
from app.casework.rules.asking import OWN_DRUG
from app.schedule.facts import BillTo, ServiceLine
from app.values.wording import short_day

_OF_THE_FORM = ("visit", "have", "offered")
"""Fields that a case does not hold: they are taken from the draft."""


def first_typed(start: RequestStart) -> Typed:
    """Say what the form shows before anybody types."""
    if start.case is not None:
        if start.draft is not None and start.draft.case_version == start.case_version:
            return start.draft.typed
        extras = start.draft.typed if start.draft is not None else {}
        return {**typed_of(start.case, start), **{name: extras[name] for name in _OF_THE_FORM if name in extras}}
    return start.draft.typed if start.draft is not None else _of_visit(start)


def _single(values: Mapping[str, str]) -> dict[str, tuple[str, ...]]:
    return {name: (value,) for name, value in values.items() if value}


def _of_visit(start: RequestStart) -> Typed:
    """The coverage of the day; of a visit its services, diagnoses, provider, site, place and day."""
    shared = {"coverage": str(start.coverage) if start.coverage else "", "kind": Kind.INITIAL.value}
    visit = start.visit
    if visit is None:
        return _single(shared)
    lines = [line for line in visit.lines if line.bill_to is not BillTo.SELF_PAY and (line.code or line.drug)]
    first = lines[0] if lines else None
    kind = Kind.RETRO if visit.day < start.today else Kind.INITIAL
    shared |= {
        "kind": kind.value,
        "diagnoses": ", ".join(dict.fromkeys(code for line in lines for code in line.diagnoses)),
        "provider": first.provider_npi if first is not None else "",
        "site": str(visit.site_id),
        "place": first.place if first is not None else "",
        "begins": short_day(visit.day),
        "channel": first.channel.value if first is not None and first.channel else "",
        "ndc": next((line.ndc for line in lines if line.ndc), "") or "",
    }
    return {**_single(shared), **_lines(_planned(lines)), "visit": (str(visit.id),)}


def _planned(lines: Iterable[ServiceLine]) -> Iterator[RequestedLine]:
    for line in lines:
        if line.code is None:
            yield RequestedLine(drug=line.drug, counting=Counting.UNITS, count=line.units)
        else:
            modifiers = line.modifiers
            yield RequestedLine(code=line.code, modifiers=modifiers, counting=Counting.UNITS, count=line.units)


def _lines(lines: Iterable[RequestedLine]) -> Typed:
    typed: dict[str, tuple[str, ...]] = {}
    names = []
    for line in lines:
        name = _name(line)
        names.append(name)
        counted = "*" if line.counting is Counting.NOT_COUNTED else str(line.count or "")
        typed |= _single(
            {
                f"count-{name}": counted,
                f"counting-{name}": line.counting.value if line.count is not None else "",
                f"modifiers-{name}": " ".join(line.modifiers),
            }
        )
    return {**typed, "code": tuple(dict.fromkeys(names))}


def _name(line: RequestedLine) -> str:
    if line.code is None:
        drug = line.drug or ""
        return drug if drug.startswith(OWN_DRUG) else OWN_DRUG + drug
    return f"{line.code}-{line.last}" if line.last else line.code


def typed_of(record: AuthorizationRecord, start: RequestStart) -> Typed:
    """Write a case that is not sent as a person would type it."""
    row = next((one for one in start.coverages if _same(record, one.payer, one.member_id)), None)
    values = {
        "coverage": str(row.id) if row is not None else "",
        "kind": record.kind.value,
        "urgent": "yes" if record.urgent else "",
        "parent": str(record.parent_id) if record.parent_id else "",
        "diagnoses": ", ".join(record.diagnoses),
        "reason": record.note or "",
        "begins": short_day(record.begins) if record.begins else "",
        "ends": short_day(record.ends) if record.ends else "",
        "provider": record.provider_npi or "",
        "site": str(record.site_id) if record.site_id else "",
        "place": ", ".join(record.places),
        "channel": record.channel.value if record.channel else "",
        "ndc": record.ndc or "",
    }
    return {**_single(values), **_lines(record.requested or _of_items(record))}


def _same(record: AuthorizationRecord, payer: str, member_id: str) -> bool:
    return record.payer == payer and record.member_id in (None, member_id)


def _of_items(record: AuthorizationRecord) -> Iterator[RequestedLine]:
    for item in record.items:
        for code in item.codes:
            yield RequestedLine(code=code, last=item.last, counting=item.counting, count=item.count)
    if record.drug:
        yield RequestedLine(drug=record.drug)
