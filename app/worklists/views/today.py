"""The page of today in words."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from uuid import UUID
from zoneinfo import ZoneInfo

from app.alerts.actions.due import Due
from app.casework.facts.today import CaseBlocks
from app.casework.views.today import CasesToday, cases_today
from app.clearance.facts.opened import OpenedVisit
from app.clearance.facts.reasons import Badge
from app.clearance.views.panel import patient_name, provider_name
from app.clearance.views.sentences import BADGE_WORDS, shown_words
from app.imports.facts import Kind
from app.mailroom.actions.mail import COUNTED
from app.policies.views.proposals import waiting_words
from app.questions.views.listing import QuestionStrip, strip_of
from app.values.wording import clock_time, counted, listed, long_day, near_time
from app.worklists.actions.today import RISKY
from app.worklists.facts import AskedOfMe, Today, WaitingFile
from app.worklists.views.asking import AskWords, ask_words
from app.worklists.views.due import DueBlock, due_block
from app.worklists.views.schedule import stale_words

Address = Callable[..., str]
_KINDS = {Kind.SCHEDULE: "schedule", Kind.AUTHORIZATIONS: "authorization log", Kind.COVERAGE: "coverage file"}
RULES_SHOWN = 5


@dataclass(frozen=True, slots=True)
class Count:
    """One count of a site: a badge, how many visits, and the list of them."""

    badge: str
    visits: int
    address: str


@dataclass(frozen=True, slots=True)
class SiteCounts:
    """The counts of one site."""

    name: str
    total: str
    counts: tuple[Count, ...]


@dataclass(frozen=True, slots=True)
class RiskRow:
    """One visit that somebody should look at."""

    visit_id: UUID
    patient_id: UUID
    time: str
    patient: str
    mrn: str
    where: str
    badge: str
    badge_words: str
    reason: str
    owner: str
    why: str


@dataclass(frozen=True, slots=True)
class AskRow:
    """One question of a colleague, and when the visit is."""

    words: AskWords
    visit_id: UUID
    when: str
    patient: str


@dataclass(frozen=True, slots=True)
class TodayPage:
    """All that the template shows. `quiet`: what to say where nothing is due."""

    title: str
    mine: bool
    site: str
    sites: tuple[tuple[str, str], ...]
    questions: QuestionStrip
    risk_title: str
    risk_address: str | None
    risk_sites: tuple[SiteCounts, ...]
    risk: tuple[RiskRow, ...]
    risk_rest: str | None
    asks: tuple[AskRow, ...]
    imports: tuple[str, ...]
    verify: tuple[str, ...]
    verify_rest: str | None
    due: DueBlock
    failed_job: str | None
    quiet: str | None
    cases: CasesToday
    books: bool
    to_match: str | None = None
    new_rules: str | None = None


def today_page(found: Today, due: Due, cases: CaseBlocks, schedule: Address) -> TodayPage:
    """Put today into words. `schedule` makes the schedule's address of the parts of a query."""
    page = TodayPage(
        title=long_day(found.today),
        mine=found.query.mine,
        site=str(found.query.site or ""),
        sites=tuple((str(one.id), one.name) for one in found.sites),
        questions=strip_of(found.questions.asked, found.questions.count),
        risk_title=_risk_title(found),
        risk_address=schedule(**_query(found)) if found.risk.day else None,
        risk_sites=tuple(_sites(found, schedule)),
        risk=tuple(_row(one, found, schedule) for one in found.risk.shown),
        risk_rest=_rest(found),
        asks=tuple(_ask(one, found) for one in found.asks),
        imports=tuple(_imports(found)),
        verify=tuple(dict.fromkeys(f"{one.payer_name}: {one.summary}" for one in found.verify))[:RULES_SHOWN],
        verify_rest=counted(len(found.verify), "rule") if len(found.verify) > RULES_SHOWN else None,
        due=due_block(due, found.query.mine, str(found.query.site or "")),
        failed_job=_failed_job(found),
        quiet=None,
        cases=cases_today(cases),
        books=found.books,
        to_match=_to_match(found.to_match),
        new_rules=waiting_words(found.new_rules),
    )
    return page if _due(page) else _quiet(page, found)


def _to_match(count: int) -> str | None:
    if not count:
        return None
    verb = "waits" if count == 1 else "wait"
    number = f"{COUNTED} or more records" if count >= COUNTED else counted(count, "record")
    return f"{number} of documents that came {verb} for a person to match."


def _due(page: TodayPage) -> bool:
    return bool(page.to_match or page.new_rules) or bool(
        page.questions.count or page.risk or page.asks or page.due.rows or page.cases.any
    )


def _quiet(page: TodayPage, found: Today) -> TodayPage:
    if not found.books:
        words = "Nothing is due."
    elif found.next_risk is not None:
        words = f"Nothing is due. Next: {long_day(found.next_risk)}, where visits are not cleared yet."
    elif found.risk.day is not None:
        words = f"Nothing is due. The next visits are on {long_day(found.risk.day)}, and none of them is at risk."
    else:
        words = "Nothing is due. No visits are booked after today."
    return replace(page, quiet=words)


def _query(found: Today) -> dict[str, str]:
    assert found.risk.day is not None
    site = {"site": str(found.query.site)} if found.query.site is not None else {}
    return {"day": found.risk.day.isoformat(), **site}


def _risk_title(found: Today) -> str:
    day = found.risk.day
    if day is None:
        return "Next visits at risk"
    name = "Tomorrow" if (day - found.today).days == 1 else "Next day with visits"
    return f"{name} at risk: {long_day(day)}" if name == "Tomorrow" else f"{name}, at risk: {long_day(day)}"


def _sites(found: Today, schedule: Address) -> Iterator[SiteCounts]:
    for site in found.sites:
        counts = found.risk.counts.get(site.id)
        if not counts:
            continue
        shown = tuple(
            Count(badge.value, counts[badge], schedule(**_query(found) | {"site": str(site.id), "badge": badge.value}))
            for badge in (*RISKY, Badge.CLEARED)
            if counts.get(badge)
        )
        yield SiteCounts(site.name, counted(sum(counts.values()), "visit"), shown)


def _rest(found: Today) -> str | None:
    risky = sum(counts.get(badge, 0) for counts in found.risk.counts.values() for badge in RISKY)
    if risky <= len(found.risk.shown):
        return None
    return f"All {counted(risky, 'visit')} at risk"


def _row(opened: OpenedVisit, found: Today, schedule: Address) -> RiskRow:
    answer = opened.answer
    visit = answer.lines[0].visit
    badge, _sentence, short = shown_words(answer)
    site = answer.sites.get(visit.site_id)
    owner = found.risk.owners.get(visit.id)
    return RiskRow(
        visit_id=visit.id,
        patient_id=visit.patient_id,
        time=clock_time(visit.starts_at.astimezone(answer.zone)),
        patient=patient_name(opened),
        mrn=opened.patient.mrn,
        where=f"{site.name if site else 'Site not known'}, {provider_name(opened, answer.lines[0])}",
        badge=badge.value,
        badge_words=BADGE_WORDS[badge],
        reason=short,
        owner=found.names.get(owner, "") if owner is not None else "",
        why=schedule(**_query(found), visit=str(visit.id), _anchor="panel"),
    )


def _ask(one: AskedOfMe, found: Today) -> AskRow:
    site = next((site for site in found.sites if site.id == one.visit.site_id), None)
    zone = ZoneInfo(site.zone if site is not None else found.zone)
    when = f"{long_day(one.visit.day)} {clock_time(one.visit.starts_at.astimezone(zone))}"
    words = ask_words(one.ask, found.names, zone, answerable=True)
    return AskRow(words, one.visit.id, when, f"{one.patient.last_name}, {one.patient.first_name}")


def _failed_job(found: Today) -> str | None:
    if found.failed_job is None:
        return None
    at = near_time(found.failed_job.at.astimezone(ZoneInfo(found.zone)), found.today)
    incident = f" Incident {found.failed_job.incident}." if found.failed_job.incident else ""
    return f"The job {found.failed_job.name} failed, last at {at}.{incident}"


def _imports(found: Today) -> Iterator[str]:
    stale = stale_words(found.imported_at, found.stopped_at, found.now)
    if stale is not None:
        yield stale
    yield from (_file(one) for one in found.files)


def _file(one: WaitingFile) -> str:
    kind = _KINDS.get(one.kind, "file") if one.kind is not None else "file"
    if not one.checked:
        return f"One {kind} waits for its columns to be matched."
    decisions = ["your confirmation"]
    if one.gone:
        decisions.append(f"a decision on {counted(one.gone, 'visit')} that it no longer holds")
    return f"One {kind} waits for {listed(decisions)}."
