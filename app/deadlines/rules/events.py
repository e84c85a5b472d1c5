"""What happened to a request, told once and gone when a person has seen it: it was approved, or denied."""

from datetime import date, datetime, timedelta

from app.deadlines.facts import About, Basis, BasisKind, Clears, Deadline, Reason, Step
from app.deadlines.rules.making import deadline

TOLD_FOR = timedelta(days=30)
"""A decision older than this is no news: an alert about it would only be in the way."""


def denied(about: About, learned_at: datetime, appeal_until: date | None, now: datetime) -> Deadline | None:
    """Tell that a request was denied.

    Takes     when we learned of it (UTC); the last day of the first open window of appeal, None: not known; the time.
    Returns   one step at that instant, due on the last day of the window; None once it is no news: an open window of
              appeal is told by its own deadline.
    """
    until = learned_at + TOLD_FOR
    if now >= until:
        return None
    return deadline(
        about,
        Reason.DENIED,
        Clears.SEEN,
        Basis(BasisKind.PAYER),
        [_learned(learned_at, "denied")],
        due_on=appeal_until,
        again_at=until,
    )


def approved(about: About, learned_at: datetime, ends: date | None, visits: int, now: datetime) -> Deadline | None:
    """Tell that a request was approved.

    Takes     when we learned of it (UTC); its last day, None: not known; how many booked visits it covers; the time.
    Returns   one step at that instant; None once it is no news.
    """
    until = learned_at + TOLD_FOR
    if now >= until:
        return None
    return deadline(
        about,
        Reason.APPROVED,
        Clears.SEEN,
        Basis(BasisKind.PAYER),
        [_learned(learned_at, "approved")],
        due_on=ends,
        counts={"visits_cleared": visits},
        again_at=until,
    )


def _learned(learned_at: datetime, what: str) -> Step:
    return Step(f"{learned_at:%Y-%m-%dT%H:%M:%SZ}-{what}", learned_at)
