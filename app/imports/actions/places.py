"""Sites, providers and payers that a file names: found, or made and marked to check."""

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from uuid import UUID
from zoneinfo import ZoneInfo

from app.audit.actions import record
from app.imports.facts import Report
from app.imports.rules.undoing import Piece
from app.imports.store import pieces
from app.platform.caller import Caller
from app.platform.db import writing
from app.platform.ids import new_id
from app.policies.facts.answers import PayerMatch
from app.policies.store import payers as policies
from app.practice.facts.practice import Practice, Provider, Site
from app.practice.store import practice


def _fold(name: str) -> str:
    return re.sub(r"[^0-9a-z]", "", name.casefold()) or name.strip().casefold()


@dataclass
class Places:
    """What the practice has, and what a file adds. In a dry run additions stay here."""

    practice: Practice
    sites: dict[str, Site]
    npis: set[str]
    payers: set[str]
    new_sites: list[Site] = field(default_factory=list)
    new_providers: list[Provider] = field(default_factory=list)
    new_payers: dict[str, str] = field(default_factory=dict)

    def site(self, name: str) -> Site:
        """Find a site by name or code. Raises KeyError for one that `add_sites` was not told of."""
        return self.sites[_fold(name)]

    def known_site(self, name: str) -> Site | None:
        """Find a site by name or code; None: there is none of this name."""
        return self.sites.get(_fold(name))

    def site_key(self, name: str) -> str:
        """Tell one site from another, known or not, by name or code."""
        known = self.sites.get(_fold(name))
        return known.id.hex if known else _fold(name)

    def zone(self, name: str) -> ZoneInfo:
        """Find the zone of a site; of a site that is not there yet, the practice's."""
        known = self.sites.get(_fold(name))
        return ZoneInfo(known.zone if known else self.practice.zone)

    def add_sites(self, names: Iterable[str], report: Report) -> None:
        """Note the sites that the practice lacks, to be made in the practice's zone and state."""
        for name in names:
            if _fold(name) not in self.sites:
                made = Site(new_id(), name, None, self.practice.zone, self.practice.state, unreviewed=True)
                self.sites[_fold(name)] = made
                self.new_sites.append(made)
                report.created_sites.append(name)

    def add_providers(self, npis: Iterable[str], report: Report) -> None:
        """Note the providers that the practice lacks, by NPI.

        The group that a row names bills that row alone: a person may bill for several groups, so it says nothing of
        the lines of other rows.
        """
        for npi in npis:
            if npi not in self.npis:
                self.npis.add(npi)
                self.new_providers.append(Provider(new_id(), npi, None, None, unreviewed=True))
                report.created_providers.append(npi)

    def add_payers(self, matches: Iterable[PayerMatch], report: Report) -> None:
        """Note the payers without rules that are not on file yet."""
        for match in matches:
            if not match.in_library and not match.self_pay and match.key not in self.payers:
                self.payers.add(match.key)
                self.new_payers[match.key] = match.name
                report.created_payers.append(match.name)

    def write(self, caller: Caller, run_id: UUID) -> None:
        """Make what was noted, in one short transaction, and keep what a run made."""
        if not (self.new_sites or self.new_providers or self.new_payers):
            return
        with writing(caller.session) as session:
            for site in self.new_sites:
                practice.add_site(session, caller.practice_id, site)
            for provider in self.new_providers:
                practice.add_provider(session, caller.practice_id, provider)
            added = [policies.add_payer(session, caller.practice_id, *one) for one in self.new_payers.items()]
            made: list[UUID] = [site.id for site in self.new_sites] + [one.id for one in self.new_providers]
            named = {
                "site": tuple(site.id for site in self.new_sites),
                "provider": tuple(one.id for one in self.new_providers),
                "payer": tuple(one for one in added if one is not None),
            }
            piece = Piece({table: ids for table, ids in named.items() if ids})
            pieces.add_piece(session, caller.practice_id, run_id, piece, caller.clock.now())
            record(caller, "imports.named", made, payers=len(self.new_payers))
        self.new_sites, self.new_providers, self.new_payers = [], [], {}


def places_of(caller: Caller) -> Places:
    """Read the practice's sites, providers and payers."""
    session, practice_id = caller.session, caller.practice_id
    sites: dict[str, Site] = {}
    for site in practice.sites(session, practice_id):
        sites[_fold(site.name)] = site
        if site.code:
            sites.setdefault(_fold(site.code), site)
    npis = {provider.npi for provider in practice.providers(session, practice_id)}
    payers = set(policies.payers(session, practice_id))
    return Places(practice.practice_of(session, practice_id), sites, npis, payers)
