"""A visit's answer with what its words need."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID
from zoneinfo import ZoneInfo

from app.clearance.facts.history import AcceptedRisk
from app.clearance.facts.verdicts import LineVerdict
from app.practice.facts.practice import Site


@dataclass(frozen=True, slots=True)
class Basis:
    """On what an answer rests: the day asked about, the last schedule import, and the version of the rules."""

    as_of: date
    schedule_import: datetime | None
    rules_version: str


@dataclass(frozen=True, slots=True)
class AnsweredVisit:
    """The verdicts of a visit's lines in the order of the file, the patient's MRN, and what the words name.

    `accepted` is the risk that lets the visit through as of the day asked about; it stands for the visit's badge, never
    for those of its lines.
    """

    lines: tuple[LineVerdict, ...]
    mrn: str
    sites: Mapping[UUID, Site]
    basis: Basis
    zone: ZoneInfo
    accepted: AcceptedRisk | None = None
