"""Which requests to begin for several visits: one for a patient's services of one family, none that is on file."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date
from typing import Any, TypeVar
from uuid import UUID, uuid5

from app.authorizations.facts import UNSENT, Authorization, AuthorizationRecord, Counting, Kind, Status
from app.casework.facts.requests import AskedLine
from app.casework.facts.starting import Asked, Bar, Barred, Group, HeldGroup, SortedOut
from app.casework.rules.asked import NEXT_STEPS, items_of, requested_lines
from app.casework.rules.asking import OWN_DRUG
from app.clearance.facts.reasons import CHECK_ORDER, Badge, Check, Reason, Result
from app.clearance.facts.verdicts import LineVerdict
from app.coverage.facts import CoverageRecord
from app.policies.facts.families import Family
from app.schedule.facts import Visit, VisitStatus

T = TypeVar("T")
_NOT_ASKED = (None, Badge.SELF_PAY)
_FITS = frozenset({Result.PASS, Result.WARN})
_OF_THE_APPROVAL = frozenset(list(Check)[CHECK_ORDER[Check.PLAN] : CHECK_ORDER[Check.DRUG] + 1])
_GRANTED = frozenset({Reason.APPROVAL_APPROVED, Reason.APPROVAL_NOTIFIED})


def sort_out(
    lines: Iterable[LineVerdict],
    on_file: Mapping[UUID, Sequence[Authorization]],
    families: Sequence[Family],
    today: Callable[[Visit], date],
) -> SortedOut:
    """Put every planned service of some visits in one of three places.

    Takes     the judged lines of the visits, in order of time; the authorizations on file by patient; the families of
              codes that a day may end with; the day that it is where a visit takes place.
    Returns   what to begin, each patient's services of one family under one coverage together; what is on file; the
              rest with why nothing is begun. A service is begun only where clearance finds that approval is needed and
              that none was asked for.
    """
    begin: dict[Asked, list[LineVerdict]] = {}
    held: dict[tuple[Asked, UUID], tuple[list[LineVerdict], Authorization]] = {}
    barred: list[Barred] = []
    ordered = tuple(lines)
    family_of = _families(ordered, families)
    for line in ordered:
        bar = bar_of(line, today(line.visit))
        if bar is not None:
            barred.append(Barred(line, bar, line.chosen if bar in (Bar.APPROVED, Bar.MISFIT) else None))
            continue
        asked = _asked(line, family_of(line))
        case = _case_of(line, on_file.get(line.visit.patient_id, ()))
        if case is None:
            begin.setdefault(asked, []).append(line)
        else:
            held.setdefault((asked, case.id), ([], case))[0].append(line)
    return SortedOut(
        tuple(Group(asked, tuple(found)) for asked, found in begin.items()),
        tuple(HeldGroup(asked, tuple(found), case) for (asked, _id), (found, case) in held.items()),
        tuple(barred),
    )


def bar_of(line: LineVerdict, today: date) -> Bar | None:
    """Say why no request can be begun for a planned service; None: one is needed, or is on file already."""
    if line.visit.status is not VisitStatus.BOOKED:
        return Bar.NOT_BOOKED
    if line.visit.day < today:
        return Bar.PAST
    if line.badge in _NOT_ASKED:
        return Bar.NOT_ASKED
    if Reason.CLASS_COSMETIC in line.reasons:
        return Bar.COSMETIC
    if line.coverage is None or _fails(line, Check.COVERAGE):
        return Bar.COVERAGE
    return Bar.NOT_COVERED if Reason.RULE_NOT_COVERED in line.reasons else _bar_of_approval(line)


def _bar_of_approval(line: LineVerdict) -> Bar | None:
    found = next((one for one in line.reasons if one.check is Check.APPROVAL), None)
    if found is None:
        rule = next((one for one in line.reasons if one.check is Check.RULE), None)
        known = rule is not None and rule.result in _FITS and rule is not Reason.RULE_REQUIRED
        return Bar.NOT_NEEDED if known else Bar.UNKNOWN
    if found is Reason.APPROVAL_OPTIONAL:
        return Bar.NOT_NEEDED
    if found not in _GRANTED:
        return None
    fits = all(one.result in _FITS for one in line.reasons if one.check in _OF_THE_APPROVAL)
    return Bar.APPROVED if fits else Bar.MISFIT


def _fails(line: LineVerdict, check: Check) -> bool:
    return any(one.check is check and one.result is Result.FAIL for one in line.reasons)


def _case_of(line: LineVerdict, on_file: Sequence[Authorization]) -> Authorization | None:
    """The request that is on file for a service: the one that was judged, else one that is being written."""
    if line.chosen is not None:
        return line.chosen
    payer = line.coverage.payer if line.coverage is not None else ""
    written = [one for one in on_file if one.status in UNSENT and one.payer == payer]
    named = [one for one in written if _names(one, line)]
    if not named and Reason.APPROVAL_NOT_SENT in line.reasons:
        named = written  # clearance found one by another code of the same service
    return max(named, key=lambda one: one.id, default=None)


def _names(row: Authorization, line: LineVerdict) -> bool:
    code, drug = line.line.code, line.line.drug
    return (code is not None and any(item.names(code) for item in row.items)) or (drug is not None and row.drug == drug)


def _asked(line: LineVerdict, family: str) -> Asked:
    assert line.coverage is not None
    return Asked(line.visit.patient_id, line.coverage.id, line.line.channel, family)


def _families(lines: Sequence[LineVerdict], families: Sequence[Family]) -> Callable[[LineVerdict], str]:
    """What a service is grouped by: the family that it leads, else one that another service of the patient leads."""
    led: dict[UUID, list[Family]] = {}
    for one in lines:
        for family in families:
            if any(part.leads and one.line.code in part.codes for part in family.parts):
                led.setdefault(one.visit.patient_id, []).append(family)

    def of(line: LineVerdict) -> str:
        code = line.line.code
        if code is None:
            return line.line.drug or ""
        theirs = led.get(line.visit.patient_id, ())
        return next((one.id for one in theirs if any(code in part.codes for part in one.parts)), code)

    return of


def started_id(key: UUID, asked: Asked) -> UUID:
    """The id of the request that a form begins for one group: always the same, so that a form sent twice begins once.

    It is of version 7, of the millisecond of the form's own id.
    """
    channel = asked.channel.value if asked.channel is not None else ""
    name = f"{asked.patient_id} {asked.coverage_id} {channel} {asked.family}"
    rest = uuid5(key, name).int & ((1 << 62) - 1)
    return UUID(int=(key.int >> 80) << 80 | 7 << 76 | 2 << 62 | rest)


def draft_of(group: Group, coverage: CoverageRecord, key: UUID, today: date) -> AuthorizationRecord:
    """The request that is begun for a group, in draft.

    Takes     the group; the coverage that it is asked under; the id of the form; the day it is.
    Returns   its services with their units of all visits together, from the first day to the last. Provider, site and
              place are named where all visits agree.
    """
    values = _agreed(group)
    wanted = asked_lines(group)
    status = Status.DRAFT
    return AuthorizationRecord(
        id=started_id(key, group.asked),
        patient_id=group.asked.patient_id,
        natural_key="",
        payer=coverage.payer,
        payer_name=coverage.payer_name,
        status=status,
        raw_status=status.value,
        kind=Kind.INITIAL,
        items=items_of(wanted),
        drug=next((one.drug for one in wanted if one.drug is not None), None),
        requested=requested_lines(wanted, values),
        member_id=coverage.member_id or None,
        plan=coverage.plan,
        plan_id=coverage.plan_id,
        group_number=coverage.group_number,
        next_action=NEXT_STEPS[status],
        next_action_on=today,
        **values,
    )


def _agreed(group: Group) -> dict[str, Any]:
    """What a request says of all its visits together: days, diagnoses, and what they agree in."""
    lines = [one.line for one in group.lines]
    days = sorted({one.visit.day for one in group.lines})
    places = tuple(dict.fromkeys(one.place for one in lines))
    return {
        "begins": days[0],
        "ends": days[-1] if len(days) > 1 else None,
        "diagnoses": tuple(dict.fromkeys(code for one in lines for code in one.diagnoses)),
        "provider_npi": _same({one.provider_npi or None for one in lines}),
        "site_id": _same({one.visit.site_id for one in group.lines}),
        "places": places if len(places) == 1 else (),
        "channel": group.asked.channel,
        "ndc": next((one.ndc for one in lines if one.ndc), None),
        "provider_group": None,
    }


def asked_lines(group: Group) -> tuple[AskedLine, ...]:
    """What a group asks for: each code or drug once, with the units of all its visits."""
    units: dict[tuple[str | None, str | None], int] = {}
    modifiers: dict[tuple[str | None, str | None], tuple[str, ...]] = {}
    for one in group.lines:
        name = (one.line.code, one.line.drug if one.line.code is None else None)
        units[name] = units.get(name, 0) + one.line.units
        modifiers.setdefault(name, one.line.modifiers)
    return tuple(
        AskedLine(code or _drug_name(drug), code, None, drug, modifiers[code, drug], Counting.UNITS, count)
        for (code, drug), count in units.items()
    )


def _drug_name(drug: str | None) -> str:
    name = drug or ""
    return name if name.startswith(OWN_DRUG) else OWN_DRUG + name


def _same(values: set[T]) -> T | None:
    return next(iter(values)) if len(values) == 1 else None
