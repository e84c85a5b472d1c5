"""What the stored verdicts of the next days tell of each site's day, and of coverage that changed."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from datetime import date, datetime
from uuid import UUID

from app.clearance.facts.reasons import Badge, Reason
from app.clearance.rules.packing import unpack
from app.deadlines.facts import About
from app.deadlines.rules.calendar import next_business_day, zone_of
from app.deadlines.rules.practice_wide import SiteDay
from app.values.fact import fact

NOBODY: Mapping[tuple[UUID, date], int] = {}
OURS = frozenset({Badge.BLOCKED, Badge.NOT_CHECKED})
STALE = frozenset(
    {
        Reason.COVERAGE_NEVER_CHECKED,
        Reason.COVERAGE_ANSWER_UNKNOWN,
        Reason.COVERAGE_CHECK_STALE,
        Reason.COVERAGE_CHECK_OLD,
        Reason.COVERAGE_PERIOD_TURNED,
    }
)
"""Findings that a new eligibility check settles."""
CHANGED = frozenset(
    {
        Reason.COVERAGE_ENDED,
        Reason.COVERAGE_INACTIVE,
        Reason.COVERAGE_OTHER_PRIMARY,
        Reason.COVERAGE_SCHEDULE_DIFFERS,
        Reason.PLAN_PAYER_DIFFERS,
        Reason.PLAN_MEMBER_DIFFERS,
        Reason.PLAN_ID_DIFFERS,
    }
)
"""Findings that say that the coverage is no longer what visits or approvals rest on."""


@fact
class Finding:
    """What is stored of one booked visit: where, when, whose, its badge, until when that holds, and its lines."""

    patient_id: UUID
    site_id: UUID
    day: date
    starts_at: datetime
    badge: Badge
    changes_on: date | None
    content: bytes
    shown_since: datetime

    def holds_on(self, today: date) -> bool:
        """Say whether it still holds on a day."""
        return self.changes_on is None or self.changes_on > today


def site_days(
    findings: Iterable[Finding],
    booked: Mapping[tuple[UUID, date], int],
    abouts: Mapping[UUID, About],
    todays: Mapping[UUID, date],
    unanswered: Mapping[tuple[UUID, date], int] = NOBODY,
) -> Iterator[SiteDay]:
    """Count the next days of each site: from its today through its next business day.

    Takes     what is stored of booked visits; how many visits are booked, by site and day; the sites, and the day that
              it is at each; how many patients' plans were asked and have not answered, by site and day.
    Returns   a day that has booked visits each. A visit of which nothing is stored, or nothing that holds today, is
              not checked.
    """
    by_day: dict[tuple[UUID, date], list[Finding]] = {}
    for one in findings:
        by_day.setdefault((one.site_id, one.day), []).append(one)
    for (site_id, day), total in sorted(booked.items()):
        today = todays.get(site_id)
        if today is not None and today <= day <= next_business_day(today):
            found = _site_day(abouts[site_id], day, total, by_day.get((site_id, day), []), today)
            yield replace(found, unanswered=unanswered.get((site_id, day), 0))


def _site_day(about: About, day: date, total: int, found: list[Finding], today: date) -> SiteDay:
    holding = [one for one in found if one.holds_on(today)]
    badges = Counter(one.badge for one in holding)
    unknown = max(0, total - len(holding))
    open_ones = [
        one.starts_at for one in found if not one.holds_on(today) or one.badge in OURS or one.badge is Badge.WAITING
    ]
    return SiteDay(
        about=about,
        day=day,
        total=total,
        blocked=sum(badges[badge] for badge in OURS) + unknown,
        waiting=badges[Badge.WAITING],
        at_risk=badges[Badge.AT_RISK],
        first_at=min(open_ones, default=None),
        unchecked=len(
            {one.patient_id for one in holding if one.badge is not Badge.ACCEPTED_RISK and _says(one, STALE)}
        ),
    )


def changed_coverage(
    findings: Iterable[Finding], todays: Mapping[UUID, date], *, until: date, zone: str
) -> tuple[int, date, date] | None:
    """Count the patients with booked visits whose coverage changed.

    Takes     what is stored of booked visits; the day at each site; the last day of service that counts; the practice's
              zone.
    Returns   how many patients; the day of the first such visit; the day, in the zone, on which the latest of these
              findings was first shown. None: there is no such patient. A risk that a person accepted is settled.
    """
    found = [
        one
        for one in findings
        if todays.get(one.site_id, date.max) <= one.day <= until
        and one.badge is not Badge.ACCEPTED_RISK
        and one.holds_on(todays[one.site_id])
        and _says(one, CHANGED)
    ]
    if not found:
        return None
    latest = max(one.shown_since for one in found)
    first = min(one.day for one in found)
    return len({one.patient_id for one in found}), first, latest.astimezone(zone_of(zone)).date()


def _says(one: Finding, reasons: frozenset[Reason]) -> bool:
    if one.badge in (Badge.CLEARED, Badge.SELF_PAY):
        return False
    return any(not reasons.isdisjoint(line.reasons) for line in unpack(one.content))
