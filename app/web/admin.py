"""S14: is the system set up, healthy and accountable? The first page of Admin, and the timetable of jobs."""

from dataclasses import dataclass
from zoneinfo import ZoneInfo

from flask import Blueprint, current_app, render_template

from app.backups.routes import backup_words
from app.gateways.access import gateways_of
from app.oversight.actions import reviewing
from app.platform import store as runs
from app.practice.access import current_caller, current_practice, needs
from app.practice.facts.staff import Permission
from app.practice.store import practice as store
from app.practice.store import staff as staffing
from app.timetable import JOBS
from app.values.wording import counted
from app.web.job_words import FailedRun, JobLine, When, failed_lines, job_lines, last_outage, runs_now
from app.web.navigation import link
from app.web.standing import how_to_start, standing_of, standing_words

admin_pages = Blueprint("admin_pages", __name__, url_prefix="/admin")
MOST_FAILED = 20


@dataclass(frozen=True, slots=True)
class Card:
    """One part of Admin: its title, where it is, and what stands there now."""

    title: str
    address: str
    words: str


@dataclass(frozen=True, slots=True)
class JobsPage:
    """What runs by itself: a sentence on whether it does, each job with its last run, and what failed lately."""

    bad: bool
    standing: str
    outage: str | None
    lines: list[JobLine]
    failed: list[FailedRun]


@admin_pages.get("")
@needs(Permission.SETTINGS)
def show() -> str:
    """Show the parts of Admin with what is to be checked in each."""
    return render_template("web/admin.html", cards=[card for card in _cards() if card is not None])


@admin_pages.get("/jobs")
@needs(Permission.SETTINGS)
def jobs() -> str:
    """List the jobs: how often each runs, when it last ran, what came of it, and what failed."""
    return render_template("web/jobs.html", page=_jobs())


def _jobs() -> JobsPage:
    caller, practice = current_caller(), current_practice()
    session, practice_id, now = caller.session, caller.practice_id, caller.clock.now()
    when = When(now, ZoneInfo(practice.zone))
    latest = runs.latest_runs(session, practice_id, [job.name for job in JOBS])
    still = standing_of(current_app).of(session, practice_id, now)
    if still is not None:
        standing = standing_words(still, when, practice)
    elif runs_now(latest, when):
        standing = "The scheduler runs."
    else:
        standing = f"No job has run in the last two minutes. {how_to_start(practice.sample)}"
    return JobsPage(
        still is not None or not runs_now(latest, when),
        standing,
        last_outage(runs.last_alarm(session, practice_id), when),
        job_lines(latest, when),
        failed_lines(runs.failed_runs(session, practice_id, MOST_FAILED), when),
    )


def _cards() -> list[Card | None]:
    session, practice_id = current_caller().session, current_caller().practice_id
    sites, providers = store.sites(session, practice_id), store.providers(session, practice_id)
    people = [one for one in staffing.staff_of(session, practice_id) if one.active]
    practice = current_practice()
    own = f"{practice.name}, {practice.state or 'state not known'}, group NPI {practice.group_npi or 'not known'}."
    return [
        _card("Practice", "setup.show", own),
        _card("Sites", "site_pages.listing", _state("site", len(sites), sum(site.unreviewed for site in sites))),
        _card(
            "Providers",
            "provider_pages.listing",
            _state("provider", len(providers), sum(one.unreviewed for one in providers)),
        ),
        _card("Participation", "participation_pages.listing", "Who is in which payer's network, and since when."),
        _card("Users", "people_pages.listing", f"{counted(len(people), 'person', 'people')} may sign in."),
        _card(
            "Signing in",
            "sign_in_rule_pages.show",
            "A second factor is asked for." if practice.second_factor else "A password alone is enough.",
        ),
        _card("Payers", "rules_pages.payers", "Which payers are turned on, and how fresh their rules are."),
        _card("Messages", "practice_text_pages.edit", "How patients' texts name the practice, and how each reads."),
        _card("Outbox", "outbox_pages.listing", _outbox_words()),
        _card("On call", "roster_pages.show", "Who is woken in quiet hours, who is away, and who covers."),
        _card("Audit", "audit_pages.search", _audit_words()),
        _card("API tokens", "token_pages.listing", "Which other programs may ask, and what."),
        _card("Jobs", "admin_pages.jobs", _jobs_words()),
        _card("Backups", "backup_pages.show", backup_words(current_caller(), ZoneInfo(practice.zone))),
        _card("Leave the sample", "desk_pages.leave_sample", "Begin with your own practice, or remove the sample.")
        if practice.sample
        else None,
    ]


def _audit_words() -> str:
    waits = reviewing.waiting(current_caller())
    review = f" {counted(waits, 'unusual reading', 'unusual readings')} to review." if waits else ""
    return f"Who saw or changed what, and a patient's access report.{review}"


def _outbox_words() -> str:
    ways = gateways_of(current_caller().session)
    missing = [words for words, gateway in (("Texts", ways.sms), ("e-mails", ways.mail)) if gateway is None]
    if not missing:
        return "What was sent, what waits and what failed."
    return f"{' and '.join(missing).capitalize()} are not set up: such messages stay there."


def _jobs_words() -> str:
    caller = current_caller()
    still = standing_of(current_app).of(caller.session, caller.practice_id, caller.clock.now())
    return f"{counted(len(JOBS), 'job')} run by themselves." if still is None else "Reminders stand still."


def _card(title: str, endpoint: str, words: str) -> Card | None:
    address = link(endpoint)
    return None if address is None else Card(title, address, words)


def _state(thing: str, count: int, unreviewed: int) -> str:
    checked = f" {counted(unreviewed, 'is', 'are')} to be checked: made by an import." if unreviewed else ""
    return f"{counted(count, thing)}.{checked}"
