"""What people typed about the practice, sites and providers -> checked values, or errors beside the field."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from uuid import UUID
from zoneinfo import ZoneInfo, available_timezones

from app.practice.facts.practice import Provider, Site
from app.values.codes import read_npi

_STATES = """
AL AK AZ AR CA CO CT DC DE FL GA GU HI IA ID IL IN KS KY LA MA MD ME MI MN MO MS MT NC ND NE NH NJ NM NV NY OH OK OR PA
PR RI SC SD TN TX UT VA VI VT WA WI WV WY AS MP
"""


STATES = frozenset(_STATES.split())


LONGEST_NAME, LONGEST_CODE, MOST_DAYS = 80, 20, 90


ZONE, STATE = "Choose a time zone, such as America/Chicago.", "Enter the state as two letters, like TX."


@dataclass
class SetupForm:
    """The practice's page as read. `errors` is empty when every field can be stored."""

    name: str
    zone: str
    state: str | None
    group_npi: str | None
    errors: dict[str, str] = field(default_factory=dict)


def read_setup(typed: Mapping[str, str]) -> SetupForm:
    """Read the four fields; state and group NPI may be empty."""
    name, zone = typed.get("name", "").strip(), typed.get("zone", "").strip()
    state, npi = typed.get("state", "").strip().upper(), typed.get("group_npi", "").strip()
    form = SetupForm(name, zone, state or None, read_npi(npi) if npi else None)
    if not name or len(name) > LONGEST_NAME:
        form.errors["name"] = f"Enter the name of the practice, at most {LONGEST_NAME} characters."
    if not _is_zone(zone):
        form.errors["zone"] = ZONE
    if state and state not in STATES:
        form.errors["state"] = STATE
    if npi and form.group_npi is None:
        form.errors["group_npi"] = _npi_fault(npi)
    return form


@dataclass
class SiteForm:
    """A site as typed. `site` is None until every field can be stored; `version` is None for a new one."""

    typed: Mapping[str, str]
    version: str | None
    site: Site | None = None
    errors: dict[str, str] = field(default_factory=dict)


def read_site(typed: Mapping[str, str], site_id: UUID) -> SiteForm:
    """Read a site's page. A site that a person saves is checked."""
    form = SiteForm(typed, typed.get("version") or None)
    name, code, zone = (typed.get(key, "").strip() for key in ("name", "code", "zone"))
    state, days = typed.get("state", "").strip().upper(), typed.get("fresh_days", "").strip()
    if not name or len(name) > LONGEST_NAME:
        form.errors["name"] = f"Enter the name of the site, at most {LONGEST_NAME} characters."
    if len(code) > LONGEST_CODE:
        form.errors["code"] = f"Code must have at most {LONGEST_CODE} characters; you entered {len(code)}."
    if not _is_zone(zone):
        form.errors["zone"] = ZONE
    if state and state not in STATES:
        form.errors["state"] = STATE
    if not (days.isascii() and days.isdigit() and int(days) <= MOST_DAYS):
        form.errors["fresh_days"] = f"Days must be a whole number from 0 to {MOST_DAYS}, like 7."
    if not form.errors:
        form.site = Site(site_id, name, code or None, zone, state or None, int(days))
    return form


@dataclass
class ProviderForm:
    """A provider as typed. `provider` is None until every field can be stored; `version` is None for a new one."""

    typed: Mapping[str, str]
    version: str | None
    provider: Provider | None = None
    errors: dict[str, str] = field(default_factory=dict)


def read_provider(typed: Mapping[str, str], provider_id: UUID, known_npi: str | None) -> ProviderForm:
    """Read a provider's page. `known_npi`: of one that is on file, which stays. One that a person saves is checked."""
    form = ProviderForm(typed, typed.get("version") or None)
    name, npi, group = (typed.get(key, "").strip() for key in ("name", "npi", "group_npi"))
    if not name or len(name) > LONGEST_NAME:
        form.errors["name"] = f"Enter the provider's name, at most {LONGEST_NAME} characters."
    own = known_npi or read_npi(npi)
    if own is None:
        form.errors["npi"] = _npi_fault(npi, "NPI", "provider")
    if group and read_npi(group) is None:
        form.errors["group_npi"] = _npi_fault(group)
    if not form.errors and own is not None:
        form.provider = Provider(provider_id, own, name, read_npi(group) if group else None)
    return form


def zone_choices(also: str) -> list[tuple[str, str]]:
    """List the zones of American practices, and the one that is chosen now."""
    names = {zone for zone in available_timezones() if zone.startswith(("America/", "Pacific/"))} | {also}
    return [(zone, zone.replace("_", " ")) for zone in sorted(names)]


def _npi_fault(typed: str, label: str = "Group NPI", owner: str = "practice") -> str:
    digits = sum(character.isdigit() for character in typed)
    if digits != 10:
        return f"{label} must have 10 digits; you entered {digits} digits."
    return f"{label} does not add up: its last digit checks the others. Compare it with the {owner}'s NPI letter."


def _is_zone(name: str) -> bool:
    try:
        ZoneInfo(name)
    except (OSError, ValueError, KeyError):
        return False
    return True
