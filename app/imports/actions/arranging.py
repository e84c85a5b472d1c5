"""Where, when and with whom an appointment of a feed is, by the practice's own places and people."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from app.imports.actions.places import places_of
from app.imports.facts import Report, RowRefusedError
from app.imports.intake.schedule import instant
from app.imports.rules.feeds import Arranged, Named, provider_of
from app.imports.rules.telling import Telling
from app.patients.facts import PatientDetails
from app.platform.caller import Caller
from app.platform.ids import new_id
from app.practice.facts.practice import Provider, Site
from app.practice.store import practice
from app.schedule.facts import VisitRecord


class Arranging:
    """One appointment being arranged: what the message told last goes before what is on file.

    A place or an NPI that the practice lacks is made and marked to check, as for a row of a file.
    """

    def __init__(self, caller: Caller, telling: Telling, before: VisitRecord | None) -> None:
        self.caller, self.telling, self.before = caller, telling, before
        self.places = places_of(caller)
        self.on_file = practice.providers(caller.session, caller.practice_id)
        self.site: Site | None = None
        self.starts_at: datetime | None = None
        self.new_provider: Provider | None = None

    def missing(self) -> str | None:
        """Find site and time. Says why no visit can be made where one of them is not known; None: they are found."""
        why = self._find_site()
        return why or self._find_start()

    def _counts(self, field: str) -> bool:
        """Say whether what was told of a field goes before what is on file."""
        return self.before is None or field in self.telling.won

    def _find_site(self) -> str | None:
        sites = {site.id: site for site in self.places.sites.values()}
        told = self.telling.value("places") if self._counts("places") else None
        if told is None:
            only = next(iter(sites.values())) if len(sites) == 1 else None
            self.site = sites[self.before.visit.site_id] if self.before else only
            return None if self.site else "no_place"
        known = {site.id: site for site in map(self.places.known_site, told) if site is not None}
        if self.before is not None and self.before.visit.site_id in known:
            known = {self.before.visit.site_id: known[self.before.visit.site_id]}
        if len(known) > 1:
            return "two_places"
        if not known:
            self.places.add_sites(told[:1], Report(""))
            known = {self.places.site(told[0]).id: self.places.site(told[0])}
        self.site = next(iter(known.values()))
        return None

    def _find_start(self) -> str | None:
        assert self.site is not None
        told = self.telling.value("start") if self._counts("start") else None
        if told is None:
            self.starts_at = self.before.visit.starts_at if self.before else None
            return None if self.starts_at else "no_start"
        given = datetime.fromisoformat(told)
        try:
            self.starts_at = given.astimezone(UTC) if given.tzinfo else instant(given, ZoneInfo(self.site.zone))
        except (RowRefusedError, OverflowError):
            return "no_such_time"
        return None

    def arranged(self, reference: str, patient: PatientDetails, named: Named | None) -> Arranged:
        """Give the appointment; `missing` found nothing missing."""
        assert self.site is not None
        assert self.starts_at is not None
        changed = self.before is None or "services" in self.telling.changed
        return Arranged(
            reference,
            patient,
            self.site.id,
            self.starts_at,
            self.starts_at.astimezone(ZoneInfo(self.site.zone)).date(),
            self.telling.value("status") if self._counts("status") else None,
            self._provider() if self._counts("provider") else None,
            self.telling.value("services") if changed else None,
            named,
        )

    def _provider(self) -> str:
        lines = self.before.visit.lines if self.before else ()
        current = next((line.provider_npi for line in lines if line.refused_row is None), None)
        npi = provider_of(self.telling.told, current, {one.npi: one.name for one in self.on_file})
        if npi and npi not in self.places.npis:
            told_npi, name = self.telling.value("provider")
            self.new_provider = Provider(new_id(), npi, name if told_npi == npi else None, None, unreviewed=True)
        return npi

    def write(self) -> None:
        """Make the place and the provider that the practice lacks."""
        session, practice_id = self.caller.session, self.caller.practice_id
        for site in self.places.new_sites:
            practice.add_site(session, practice_id, site)
        if self.new_provider is not None:
            practice.add_provider(session, practice_id, self.new_provider)
