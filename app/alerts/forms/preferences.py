"""The page on which a person says how to be told -> checked values, or errors beside the field."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, time
from uuid import UUID

from app.alerts.facts.outbox import Way
from app.alerts.facts.people import Person
from app.alerts.rules.people import DEFAULT_STEPS, after_quiet, chosen_ways, default_ways
from app.deadlines.facts import Reason
from app.deadlines.rules.calendar import local_time, zone_of
from app.practice.facts.practice import Site
from app.values.phones import read_phone
from app.values.times import read_time

TICKED = (Way.EMAIL, Way.SMS)
"""The ways that can be chosen; the bell rings for everything."""
_TIME = "{} must be a time of day, like 7:00 PM"


@dataclass
class PreferencesForm:
    """The page as typed. `ticks` holds `email-appeal`, `sms-appeal`, `site-<id>` and so on; `person` None: faulty."""

    typed: Mapping[str, str]
    ticks: frozenset[str]
    version: str
    person: Person | None = None
    errors: dict[str, str] = field(default_factory=dict)


def read_preferences(
    typed: Mapping[str, str], ticks: Sequence[str], before: Person, others: Sequence[Person], sites: Sequence[Site]
) -> PreferencesForm:
    """Read the page.

    Takes     the fields as typed; the ticks; the person as on file; who else works here; the practice's sites.
    """
    form = PreferencesForm(typed, frozenset(ticks), typed.get("version", ""))
    backup = _backup(form, others)
    quiet_from, quiet_until = _quiet(form)
    chosen = replace(
        before,
        zone=_zone(form, before),
        phone=_phone(form),
        sites=frozenset(site.id for site in sites if f"site-{site.id}" in form.ticks),
        thresholds=_steps(form),
        quiet_from=quiet_from,
        quiet_until=quiet_until,
        quiet_weekends="weekends" in form.ticks,
        digest_at=_time(form, "digest", "Digest"),
        backup_id=backup,
    )
    chosen = replace(chosen, ways=_ways(form, before, chosen))
    _check_digest(form, chosen)
    if len(sites) == len(chosen.sites):
        chosen = replace(chosen, sites=frozenset())
    form.person = None if form.errors else chosen
    return form


def _zone(form: PreferencesForm, before: Person) -> str:
    name = form.typed.get("zone", "")
    try:
        zone_of(name)
    except ValueError:
        form.errors["zone"] = "Choose a time zone, such as America/Chicago"
        return before.zone
    return name


def _phone(form: PreferencesForm) -> str | None:
    text = form.typed.get("phone", "").strip()
    texted = sum(one.startswith("sms-") for one in form.ticks)
    if not text and texted:
        what = "1 kind of alert is" if texted == 1 else f"{texted} kinds of alerts are"
        form.errors["phone"] = f"Mobile number is empty, but {what} to be texted. Enter a number, or untick the texts"
    phone = read_phone(text) if text else None
    if text and phone is None:
        form.errors["phone"] = "Mobile number must be one of the United States that takes texts, like (212) 555-0123"
    return phone


def _ways(form: PreferencesForm, before: Person, chosen: Person) -> Mapping[Reason, frozenset[Way]]:
    """What differs from the defaults. A reason whose ticks stand as the page showed them stays as it was."""
    found: dict[Reason, frozenset[Way]] = {}
    for reason in Reason:
        ticked = frozenset(way for way in TICKED if f"{way}-{reason}" in form.ticks) | {Way.BELL}
        if ticked == chosen_ways(before, reason):
            if reason in before.ways:
                found[reason] = before.ways[reason]
        elif ticked != default_ways(chosen, reason):
            found[reason] = ticked
    return found


def _steps(form: PreferencesForm) -> Mapping[Reason, tuple[int, ...]]:
    found: dict[Reason, tuple[int, ...]] = {}
    for reason, offered in DEFAULT_STEPS.items():
        days = tuple(one for one in offered if f"{reason}-{one}" in form.ticks)
        if not days:
            form.errors[f"days-{reason}"] = "Tick at least one: nobody else may be told for you"
        elif days != offered:
            found[reason] = days
    return found


def _quiet(form: PreferencesForm) -> tuple[time, time]:
    """Both empty: no quiet hours, which is kept as hours that begin when they end."""
    begins, ends = _time(form, "quiet_from", "Quiet from"), _time(form, "quiet_until", "Quiet until")
    typed = [form.typed.get(name, "").strip() for name in ("quiet_from", "quiet_until")]
    if any(typed) and not all(typed):
        name = "quiet_until" if typed[0] else "quiet_from"
        form.errors[name] = "Enter both times, or leave both empty for no quiet hours"
    return begins or time(), ends or time()


def _time(form: PreferencesForm, name: str, label: str) -> time | None:
    text = form.typed.get(name, "").strip()
    at = read_time(text) if text else None
    if text and at is None:
        form.errors[name] = _TIME.format(label)
    return at


def _check_digest(form: PreferencesForm, chosen: Person) -> None:
    if chosen.digest_at is None or form.errors:
        return
    wednesday = local_time(date(2026, 6, 17), chosen.digest_at, zone_of(chosen.zone))
    if after_quiet(chosen, wednesday) != wednesday:
        form.errors["digest"] = "Digest must be at a time outside your quiet hours"


def _backup(form: PreferencesForm, others: Sequence[Person]) -> UUID | None:
    text = form.typed.get("backup", "")
    if not text:
        return None
    found = next((one.id for one in others if str(one.id) == text), None)
    if found is None:
        form.errors["backup"] = "Backup must be another person who works here. Choose one from the list"
    return found
