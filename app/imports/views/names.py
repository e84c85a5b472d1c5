"""Names of payers that files brought, ready for their pages."""

from collections.abc import Mapping
from dataclasses import dataclass
from uuid import UUID
from zoneinfo import ZoneInfo

from app.clearance.views.panel import instant_words
from app.imports.actions.naming import BroughtName, Moving, Names
from app.imports.store.payer_rows import MOST_VISITS, Weight
from app.imports.views.files import person
from app.policies.facts.records import NameMatch
from app.practice.facts.staff import Staff
from app.values.wording import counted, listed


@dataclass(frozen=True, slots=True)
class NameLine:
    """One name to decide: what is on file under it, and payers that it may mean (key and name)."""

    key: str
    name: str
    coverages: str
    suggestions: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class DecidedLine:
    """One name of which a person has said what it is."""

    id: UUID
    name: str
    meaning: str
    moved: str
    when: str
    by: str
    own: bool


@dataclass(frozen=True, slots=True)
class NamesPage:
    """The names to decide and those decided; `library` are the payers that can be chosen, key and name."""

    brought: tuple[NameLine, ...]
    decided: tuple[DecidedLine, ...]
    library: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class MovePage:
    """What a match would move, in sentences."""

    key: str
    name: str
    payer: str
    payer_name: str
    moves: str
    rules: str


def names_page(names: Names, people: Mapping[UUID, Staff], zone: ZoneInfo) -> NamesPage:
    """Put the list into words."""
    return NamesPage(
        tuple(_line(one) for one in names.brought),
        tuple(_decided(one, names.library, people, zone) for one in names.decided),
        tuple(names.library.items()),
    )


def move_page(moving: Moving) -> MovePage:
    """Put what a match would move into words."""
    rules = ""
    if moving.rules:
        counts = counted(moving.rules, "rule")
        rules = f"{counts} that your practice recorded for {moving.brought.name} will hold for {moving.payer_name} too."
    brought = moving.brought
    return MovePage(brought.key, brought.name, moving.payer, moving.payer_name, _moves(moving.weight), rules)


def _moves(weight: Weight) -> str:
    parts = [counted(weight.coverages, "coverage")]
    if weight.authorizations:
        parts.append(counted(weight.authorizations, "authorization"))
    visits = counted(min(weight.visits, MOST_VISITS), "booked visit")
    many = "at least " if weight.visits > MOST_VISITS else ""
    return f"{listed(parts)}, with {many}{visits} from today on"


def _line(one: BroughtName) -> NameLine:
    offered = tuple((each.key, each.name) for each in one.suggestions)
    return NameLine(one.key, one.name, f"{one.coverages:,}", offered)


def _decided(one: NameMatch, library: Mapping[str, str], people: Mapping[UUID, Staff], zone: ZoneInfo) -> DecidedLine:
    own = one.payer is None
    meaning = "A payer of its own" if one.payer is None else library.get(one.payer, one.payer)
    rows = {table: len(ids) for table, ids in one.moved.items()}
    moved = "" if own else f"{counted(rows.get('coverage', 0), 'coverage')} moved"
    return DecidedLine(
        one.id, one.name, meaning, moved, instant_words(one.matched_at, zone), person(people, one.user_id), own
    )
