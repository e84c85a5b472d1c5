"""An accepted risk covers the check results that a person saw, and nothing else."""

import hashlib
from collections.abc import Iterable, Sequence
from datetime import date
from zoneinfo import ZoneInfo

from app.clearance.facts.history import AcceptedRisk
from app.clearance.facts.reasons import CHECK_ORDER, Badge, Reason, Result
from app.clearance.facts.verdicts import LineVerdict
from app.clearance.rules.badges import badge_of_visit
from app.schedule.facts import VisitStatus

ACCEPTABLE = frozenset({Badge.BLOCKED, Badge.NOT_CHECKED, Badge.WAITING})
SHORTEST_REASON = 10
LONGEST_REASON = 500


def digest_of(lines: Sequence[LineVerdict]) -> bytes:
    """Digest what a person sees of a visit's checks, to know later whether any of it changed.

    Takes     the verdicts of a visit's lines in order, judged or called back.
    Returns   32 bytes that differ when a line is added, dropped or stands for another service, when a check's result
              changes, or when a check that does not pass has another finding. A pass for another cause changes nothing.
    """
    digest = hashlib.sha256()
    for one in lines:
        line = one.line
        service = (line.code, line.drug, line.visit_type, line.units, one.badge)
        digest.update(repr(service).encode() + bytes(_numbers(one.reasons)) + b"\xff")
    return digest.digest()


def _numbers(reasons: Iterable[Reason]) -> Iterable[int]:
    """One number for each finding: its own, but for a pass that of its check (beyond all findings)."""
    return (200 + CHECK_ORDER[one.check] if one.result is Result.PASS else one.number for one in reasons)


def may_accept(lines: Sequence[LineVerdict]) -> bool:
    """Say whether a risk can be accepted: of a booked visit that is blocked, not checked or waiting."""
    return lines[0].visit.status is VisitStatus.BOOKED and badge_of_visit([one.badge for one in lines]) in ACCEPTABLE


def badge_shown(lines: Sequence[LineVerdict], accepted: bytes | None) -> Badge:
    """The badge that a visit shows: that of its lines, unless a standing risk covers exactly their results.

    Takes     the verdicts of its lines; the digest that a standing risk of the visit covers, None without one.
    """
    badge = badge_of_visit([one.badge for one in lines])
    if accepted is None or badge not in ACCEPTABLE or accepted != digest_of(lines):
        return badge
    return Badge.ACCEPTED_RISK


def standing_on(
    risks: Iterable[AcceptedRisk], lines: Sequence[LineVerdict], as_of: date, zone: ZoneInfo
) -> AcceptedRisk | None:
    """The risk that lets a visit through as of a day: accepted by then, not ended by then, and of these very results.

    A risk has not ended on the last day that was agreed.

    Takes     all risks ever accepted of the visit; its lines as judged for that day; the zone of its site.
    """
    if not may_accept(lines):
        return None
    for risk in risks:
        if risk.accepted_at.astimezone(zone).date() > as_of:
            continue
        if risk.ended_at is not None and risk.ended_at.astimezone(zone).date() <= as_of:
            continue
        if risk.until is not None and as_of > risk.until:
            continue
        if badge_shown(lines, risk.digest) is Badge.ACCEPTED_RISK:
            return risk
    return None
