"""Everything but the patient: sites, people, payer rules, as one run of judging sees them."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import partial
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from app.clearance.facts.verdicts import ClassAnswer, Surroundings
from app.clearance.rules.deciding import Decider
from app.patients.facts import PatientForJudging
from app.patients.store import unsealed_birth
from app.platform.clock import Clock
from app.platform.db import keyring_of
from app.policies.actions.library import current_book
from app.policies.facts.answers import PracticeRule, ServiceClass
from app.policies.facts.book import Book
from app.policies.rules.classify import classify
from app.policies.rules.library import drug_of_code
from app.policies.store.practice import practice_rules
from app.practice.facts.practice import Participation, Practice, Provider, Site
from app.practice.store import practice as practice_store
from app.values.spans import age_on


@dataclass
class World:
    """The surroundings of a run, for any day asked about. `as_of` overrides what today is at every site."""

    practice: Practice
    sites: Mapping[UUID, Site]
    groups: Mapping[str, str]
    participations: Mapping[str, tuple[Participation, ...]]
    book: Book
    practice_rules: tuple[PracticeRule, ...]
    clock: Clock
    age: "AgeReader"
    as_of: date | None = None
    people: tuple[Provider, ...] = ()
    classes: dict[tuple[str, tuple[str, ...], frozenset[str]], ClassAnswer] = field(default_factory=dict)
    todays: dict[UUID, date] = field(default_factory=dict)
    families: dict[tuple[Decider, str, frozenset[str]], tuple[str, ...]] = field(default_factory=dict)
    days: dict[date, Surroundings] = field(default_factory=dict)

    def today(self, site_id: UUID) -> date:
        """The day that it is at a site, or the day asked about: the same for the whole run."""
        if self.as_of is not None:
            return self.as_of
        day = self.todays.get(site_id)
        if day is None:
            day = self.todays[site_id] = self.clock.today(self.zone(site_id))
        return day

    def zone(self, site_id: UUID) -> ZoneInfo:
        """A site's zone; the practice's where the site is not known."""
        site = self.sites.get(site_id)
        return ZoneInfo(site.zone if site is not None else self.practice.zone)

    def at(self, as_of: date) -> Surroundings:
        """The surroundings for one day asked about."""
        if as_of not in self.days:
            in_force = tuple(rule for rule in self.practice_rules if rule.recorded_on <= as_of)
            decider = Decider(self.book, in_force, self.age)
            self.days[as_of] = Surroundings(
                as_of=as_of,
                sites=self.sites,
                groups=self.groups,
                practice_group=self.practice.group_npi,
                participations=self.participations,
                requirement=decider.decide,
                classify=self._classify,
                only_line=self.book.only_line,
                drug_of=self._drug_of,
                turns=tuple(sorted({rule.recorded_on for rule in self.practice_rules if rule.recorded_on > as_of})),
                may_require=partial(self._may_require, decider),
            )
        return self.days[as_of]

    def _classify(self, code: str, diagnoses: tuple[str, ...], documented: frozenset[str]) -> ClassAnswer:
        key = (code, diagnoses, documented)
        answer = self.classes.get(key)
        if answer is None:
            found = classify(self.book.grid, code, diagnoses, documented)
            # Some of several triggers that are needed together document nothing yet.
            shown = found.triggers & documented if found.klass is ServiceClass.MEDICAL else frozenset()
            answer = ClassAnswer(found.klass, found.weak, found.listed, bool(shown), found.family, shown)
            self.classes[key] = answer
        return answer

    def _may_require(self, decider: Decider, payer: str, family: frozenset[str]) -> tuple[str, ...]:
        key = (decider, payer, family)
        found = self.families.get(key)
        if found is None:
            found = self.families[key] = tuple(code for code in sorted(family) if decider.may_require(payer, code))
        return found

    def _drug_of(self, code: str) -> str | None:
        return drug_of_code(self.book, code)


@dataclass(frozen=True)
class AgeReader:
    """Opens a birth date when a rule asks for an age, and only then."""

    session: Session
    practice_id: UUID

    def __call__(self, patient: PatientForJudging, day: date) -> int | None:
        """Whole months of age on a day; None when the birth date is not on file."""
        keyring = keyring_of(self.session)
        birth = unsealed_birth(keyring, self.practice_id, patient.id, patient.sealed_birth)
        return age_on(birth, day) if birth is not None else None


def world_of(session: Session, practice_id: UUID, clock: Clock, as_of: date | None = None) -> World:
    """Read the surroundings of a practice once for a run."""
    participations: dict[str, list[Participation]] = {}
    for row in practice_store.participations(session, practice_id):
        participations.setdefault(row.payer, []).append(row)
    providers = practice_store.providers(session, practice_id)
    return World(
        practice=practice_store.practice_of(session, practice_id),
        sites={site.id: site for site in practice_store.sites(session, practice_id)},
        groups={one.npi: one.group_npi for one in providers if one.group_npi is not None},
        participations={payer: tuple(rows) for payer, rows in participations.items()},
        book=current_book(session, practice_id),
        practice_rules=tuple(practice_rules(session, practice_id)),
        clock=clock,
        age=AgeReader(session, practice_id),
        as_of=as_of,
        people=providers,
    )
