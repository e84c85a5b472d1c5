"""The deadlines of a practice as a whole: its next days, coverage that changed, the last import, old rules."""

from collections import Counter
from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from app.alerts.rules.days import Finding, changed_coverage, site_days
from app.clearance.store import listing
from app.clearance.store.listing import Which
from app.deadlines.facts import About, Deadline
from app.deadlines.rules.calendar import next_business_day
from app.deadlines.rules.practice_wide import (
    coverage_changed,
    eligibility_stale,
    eligibility_unanswered,
    import_stale,
    rules_unverified,
    tomorrow,
)
from app.eligibility.store.unanswered import without_answer
from app.platform.caller import Caller
from app.policies.actions.payers import rules_to_ask
from app.policies.facts.desk import ToVerify
from app.policies.facts.levels import Unverified
from app.policies.rules.freshness import ASK_DAYS
from app.practice.facts.practice import Practice, Site
from app.practice.store import practice as practice_store
from app.schedule import store as schedule_store

ANSWERS_WITHIN = timedelta(hours=4)
"""How long a plan may take before people are told, where a visit is near: the files of a morning are back by noon."""
AHEAD = timedelta(days=7)
"""How far ahead visits are looked at for coverage that changed."""


def deadlines_of_practice(caller: Caller) -> tuple[Deadline, ...]:
    """Make the deadlines of the practice and of its sites' next days, with a fixed number of queries.

    What is stored of a visit and does not hold today counts as not checked: unknown is never shown as good.
    """
    session, practice_id, now = caller.session, caller.practice_id, caller.clock.now()
    practice = practice_store.practice_of(session, practice_id)
    sites = practice_store.sites(session, practice_id)
    about = About(practice_id, practice.zone)
    found = [
        *_of_days(caller, practice, sites, now),
        import_stale(about, schedule_store.last_schedule_import(session, practice_id)),
        *_unverified(about, rules_to_ask(caller)),
    ]
    return tuple(one for one in found if one is not None)


def _of_days(caller: Caller, practice: Practice, sites: Iterable[Site], now: datetime) -> Iterator[Deadline | None]:
    session, practice_id = caller.session, caller.practice_id
    todays = {site.id: caller.clock.today(ZoneInfo(site.zone)) for site in sites}
    if not todays:
        return
    first = min(todays.values())
    until = max(max(map(next_business_day, todays.values())), first + AHEAD)
    findings = [Finding(*row) for row in listing.findings(session, practice_id, Which((first, until)))]
    unjudged = schedule_store.booked_by_day(session, practice_id, first, until)
    abouts = {site.id: About(site.id, site.zone, site.id) for site in sites}
    unanswered = without_answer(session, practice_id, (first, until), now - ANSWERS_WITHIN)
    for day in site_days(findings, unjudged, abouts, todays, unanswered):
        yield tomorrow(day, now)
        yield eligibility_stale(day, now)
        yield eligibility_unanswered(day, now)
    about = About(practice_id, practice.zone)
    changed = changed_coverage(findings, todays, until=first + AHEAD, zone=practice.zone)
    if changed is not None:
        yield coverage_changed(about, *changed, now)


def _unverified(about: About, rules: Iterable[ToVerify]) -> Iterator[Deadline | None]:
    by_payer: dict[str, list[ToVerify]] = {}
    for rule in rules:
        by_payer.setdefault(rule.payer, []).append(rule)
    for payer, them in by_payer.items():
        why = Counter(rule.why for rule in them)
        read = [rule.read_on for rule in them if rule.why is Unverified.OLD and rule.read_on is not None]
        latest = max(read, default=None)
        turned = None if latest is None else latest + timedelta(days=ASK_DAYS + 1)
        yield rules_unverified(about, payer, len(them) - why[Unverified.MEMORY], why[Unverified.MEMORY], turned)
