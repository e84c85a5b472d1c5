"""What was on file at an instant, made of what is on file now and of what happened since; and two answers compared."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import fields, replace
from datetime import date, datetime
from typing import Any
from uuid import UUID

from app.authorizations.facts import Authorization, AuthorizationEvent
from app.authorizations.rules import changes as authorization_changes
from app.authorizations.rules.numbers import real_number
from app.clearance.facts.reasons import CHECK_ORDER, Check, Reason
from app.clearance.facts.verdicts import LineVerdict, PatientFile
from app.clearance.rules.judge import COUNTED
from app.clearance.rules.packing import StoredLine
from app.clinical.facts import ClinicalFact
from app.coverage import rules as coverage_changes
from app.coverage.facts import Coverage, CoverageEvent
from app.policies.facts.answers import Confidence, Need
from app.rule_changes.facts.replay import Answer, CheckDifference, LineDifference
from app.schedule.facts import VisitStatus
from app.values.members import MemberKey
from app.values.spans import DateSpan

_FIELDS = ("badge", "klass", "need", "confidence", "rule", "chosen", "units_left_after")
_AUTHORIZATION = frozenset(field.name for field in fields(Authorization)) - {"id", "patient_id", "member", "version"}
_COVERAGE = frozenset(field.name for field in fields(Coverage)) - {"id", "patient_id", "member", "span", "version"}
_NUMBERS = frozenset({"number", "reference"})


def authorization_then(
    row: Authorization, since: Sequence[AuthorizationEvent], member_of: Callable[[str], MemberKey]
) -> tuple[Authorization | None, bool]:
    """Set an authorization back.

    Takes     it as it is; what happened to it after the instant, oldest first; how a member id is made comparable.
    Returns   it as it was, None where it was not on file yet; and whether every earlier value was kept.
    """
    whole = True
    for event in reversed(since):
        if authorization_changes.is_first(event.changes):
            return None, whole
        told = {name: pair for name, pair in event.changes.items() if name in authorization_changes.FIELDS}
        whole = whole and all(map(authorization_changes.kept, told.values()))
        values = {
            name: authorization_changes.read_value(name, pair[0])
            for name, pair in told.items()
            if authorization_changes.kept(pair)
        }
        row = replace(row, **_judged(values, member_of))
    return row, whole


def _judged(values: dict[str, Any], member_of: Callable[[str], MemberKey]) -> dict[str, Any]:
    """What judging reads of the fields of a record."""
    found = {name: value for name, value in values.items() if name in _AUTHORIZATION}
    found |= {name: real_number(found[name]) for name in _NUMBERS & found.keys()}
    if "member_id" in values:
        found["member"] = member_of(values["member_id"]) if values["member_id"] is not None else None
    return found


def coverage_then(row: Coverage, since: Sequence[CoverageEvent]) -> tuple[Coverage | None, bool]:
    """Set a coverage back, as `authorization_then` does; what happened after the instant, oldest first."""
    for event in reversed(since):
        if coverage_changes.is_first(event.changes):
            return None, True
        told = {name: pair for name, pair in event.changes.items() if name not in ("why", "said_by")}
        values = coverage_changes.values_before(told)
        if values is None:
            return row, False
        span = DateSpan(values.pop("begins", row.span.begins), values.pop("ends", row.span.ends))
        row = replace(row, span=span, **{name: value for name, value in values.items() if name in _COVERAGE})
    return row, True


def facts_then(ever: Iterable[ClinicalFact], standing: Iterable[ClinicalFact], instant: datetime) -> list[ClinicalFact]:
    """The clinical facts that stood at an instant.

    Takes     all facts of a patient ever recorded, and those that stand now (their documents were not taken away).
    """
    now = {one.id for one in standing}
    found = []
    for one in ever:
        if one.recorded_at > instant or (one.ended_at is not None and one.ended_at <= instant):
            continue
        if one.ended_at is not None:
            found.append(replace(one, ended_at=None))
        elif one.id in now:
            found.append(one)
    return sorted(found, key=lambda one: one.id.int)


def booked_then(file: PatientFile, visit_id: UUID, as_of: date) -> PatientFile:
    """The visits that counted on a day: one that is done or was missed only after it was booked then.

    Takes     the file; the visit that is asked about, which was booked since it showed an answer; the day.
    Returns   the file without canceled and missed visits, as judging takes it.
    """
    visits = []
    for visit in file.visits:
        later = visit.day > as_of and visit.status in (VisitStatus.DONE, VisitStatus.NO_SHOW)
        if visit.id == visit_id or later:
            visit = replace(visit, status=VisitStatus.BOOKED)
        if visit.status in COUNTED:
            visits.append(visit)
    return replace(file, visits=tuple(visits))


def kept_answer(line: StoredLine) -> Answer:
    """What was kept of a line."""
    return Answer(
        line.badge, line.klass, line.need, line.confidence, line.rule, line.reasons, line.chosen, line.units_left_after
    )


def judged_answer(line: LineVerdict) -> Answer:
    """The same of a line judged again."""
    asked = line.requirement
    return Answer(
        badge=line.badge,
        klass=line.klass,
        need=asked.need if asked is not None else Need.UNKNOWN,
        confidence=asked.confidence if asked is not None else Confidence.NONE,
        rule=(asked.rule or None) if asked is not None else None,
        reasons=line.reasons,
        chosen=line.chosen.id if line.chosen is not None else None,
        units_left_after=line.units_left_after,
    )


def differences(kept: Sequence[Answer], anew: Sequence[Answer]) -> tuple[LineDifference, ...]:
    """Name the lines of which anything differs, each with the checks that found something else.

    A line that only one of both has differs in everything.
    """
    found = []
    for place in range(max(len(kept), len(anew))):
        was = kept[place] if place < len(kept) else None
        now = anew[place] if place < len(anew) else None
        if was != now:
            found.append(_line(place, was, now))
    return tuple(found)


def _line(place: int, was: Answer | None, now: Answer | None) -> LineDifference:
    before, after = _by_check(was), _by_check(now)
    checks = sorted({*before, *after}, key=CHECK_ORDER.__getitem__)
    other = [name for name in _FIELDS if was is None or now is None or getattr(was, name) != getattr(now, name)]
    return LineDifference(
        place,
        tuple(
            CheckDifference(one, before.get(one), after.get(one))
            for one in checks
            if before.get(one) is not after.get(one)
        ),
        tuple(other),
    )


def _by_check(answer: Answer | None) -> dict[Check, Reason]:
    return {reason.check: reason for reason in answer.reasons} if answer is not None else {}
