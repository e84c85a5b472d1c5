"""S14: is the system set up, healthy and accountable? The first page of Admin, and the timetable of jobs."""

from dataclasses import dataclass
from datetime import timedelta
from inspect import getdoc

from flask import Blueprint, render_template

from app.practice import store
from app.practice.access import current_caller, current_practice, needs
from app.practice.facts import Permission
from app.timetable import JOBS, Job
from app.values.wording import counted
from app.web.navigation import link

admin_pages = Blueprint("admin_pages", __name__, url_prefix="/admin")


@dataclass(frozen=True, slots=True)
class Card:
    """One part of Admin: its title, where it is, and what stands there now."""

    title: str
    address: str
    words: str


@admin_pages.get("")
@needs(Permission.SETTINGS)
def show() -> str:
    """Show the parts of Admin with what is to be checked in each."""
    return render_template("web/admin.html", cards=[card for card in _cards() if card is not None])


@admin_pages.get("/jobs")
@needs(Permission.SETTINGS)
def jobs() -> str:
    """List the jobs and how often each runs."""
    listed = [(job.name, _purpose(job), _every(job.every)) for job in JOBS]
    return render_template("web/jobs.html", jobs=listed)


def _cards() -> list[Card | None]:
    session, practice_id = current_caller().session, current_caller().practice_id
    sites, providers = store.sites(session, practice_id), store.providers(session, practice_id)
    people = [one for one in store.staff_of(session, practice_id) if one.active]
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
        _card("Payers", "rules_pages.payers", "Which payers are turned on, and how fresh their rules are."),
        _card("Jobs", "admin_pages.jobs", f"{counted(len(JOBS), 'job')} run by themselves."),
        _card("Leave the sample", "desk_pages.leave_sample", "Begin with your own practice, or remove the sample.")
        if practice.sample
        else None,
    ]


def _card(title: str, endpoint: str, words: str) -> Card | None:
    address = link(endpoint)
    return None if address is None else Card(title, address, words)


def _state(thing: str, count: int, unreviewed: int) -> str:
    checked = f" {counted(unreviewed, 'is', 'are')} to be checked: made by an import." if unreviewed else ""
    return f"{counted(count, thing)}.{checked}"


def _purpose(job: Job) -> str:
    """What a job does, as the first sentence of its own description says."""
    return (getdoc(job.run) or "").split(". ")[0].rstrip(".") + "."


def _every(cadence: timedelta) -> str:
    seconds = int(cadence.total_seconds())
    if seconds < 60:
        return f"Every {counted(seconds, 'second')}"
    minutes = seconds // 60
    if minutes % 1440 == 0:
        return "Every day" if minutes == 1440 else f"Every {minutes // 1440} days"
    if minutes % 60 == 0:
        return "Every hour" if minutes == 60 else f"Every {minutes // 60} hours"
    return "Every minute" if minutes == 1 else f"Every {minutes} minutes"
