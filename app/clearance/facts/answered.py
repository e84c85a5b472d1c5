"""A visit's answer with what its words need."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID
from zoneinfo import ZoneInfo

from app.clearance.facts.verdicts import LineVerdict
from app.practice.facts import Site


@dataclass(frozen=True, slots=True)
class Basis:
    """On what an answer rests: the day asked about, the last schedule import, and the version of the rules."""

    as_of: date
    schedule_import: datetime | None
    rules_version: str


@dataclass(frozen=True, slots=True)
class AnsweredVisit:
    """The verdicts of a visit's lines in the order of the file, the patient's MRN, and what the words name."""

    lines: tuple[LineVerdict, ...]
    mrn: str
    sites: Mapping[UUID, Site]
    basis: Basis
    zone: ZoneInfo
