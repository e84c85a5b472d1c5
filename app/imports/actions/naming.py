"""Match the payers that files named with those of the library: said by a person, never by likeness, and taken back."""

from collections.abc import Mapping
from dataclasses import dataclass
from uuid import UUID
from zoneinfo import ZoneInfo

from app.audit.actions import record
from app.authorizations import store as authorizations
from app.imports.actions.histories import told
from app.imports.store import payer_rows
from app.imports.store.payer_rows import Payer, Weight
from app.platform.caller import Caller
from app.platform.changes import Changed, announce, announced
from app.platform.ids import new_id
from app.policies.actions.library import current_book
from app.policies.facts.book import Book
from app.policies.facts.records import NameMatch
from app.policies.rules.likeness import Suggestion, suggestions
from app.policies.rules.scope import plain_name
from app.policies.store import payers
from app.practice.store.practice import practice_of


class NameGoneError(Exception):
    """No payer stands under this key, or what was said of it is taken back already."""


class NameMatchedError(Exception):
    """Someone has said since what the name means."""


@dataclass(frozen=True, slots=True)
class BroughtName:
    """A payer that files named and of which nobody has said what it is, with the coverages under it."""

    key: str
    name: str
    coverages: int
    suggestions: tuple[Suggestion, ...]


@dataclass(frozen=True, slots=True)
class Names:
    """The names that files brought: those to decide, what was decided, and the payers of the library by key."""

    brought: tuple[BroughtName, ...]
    decided: tuple[NameMatch, ...]
    library: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Moving:
    """What a match would move: the name, the library's payer, what is on file under the name, rules of the practice."""

    brought: BroughtName
    payer: str
    payer_name: str
    weight: Weight
    rules: int


def read_names(caller: Caller) -> Names:
    """List the names to decide, those with most coverages first, and what was decided."""
    session, practice_id = caller.session, caller.practice_id
    book, decided = current_book(session, practice_id), payers.name_matches(session, practice_id)
    done = {one.local for one in decided}
    open_names = {key: name for key, name in payers.payers(session, practice_id).items() if key not in done}
    found = payer_rows.coverages_of(session, practice_id, list(open_names))
    library = {key: (entry.name, entry.spoken) for key, entry in book.payers.items()}
    brought = [
        BroughtName(key, name, found.get(key, 0), suggestions(name, library)) for key, name in open_names.items()
    ]
    brought.sort(key=lambda one: (-one.coverages, one.name.casefold()))
    return Names(tuple(brought), decided, _library(book))


def see_move(caller: Caller, local: str, payer: str) -> Moving:
    """Say what a match would move. Raises NameGoneError for a name or payer that is not there."""
    names = read_names(caller)
    brought = next((one for one in names.brought if one.key == local), None)
    if brought is None or payer not in names.library:
        raise NameGoneError
    session, practice_id = caller.session, caller.practice_id
    today = caller.clock.today(ZoneInfo(practice_of(session, practice_id).zone))
    weight = payer_rows.weight_of(session, practice_id, local, today)
    return Moving(brought, payer, names.library[payer], weight, payer_rows.rules_of(session, practice_id, local))


def match_name(caller: Caller, local: str, payer: str | None) -> NameMatch:
    """Say what a name means: a payer of the library, to which all that is on file moves; or (None) a payer of its own.

    Raises    NameGoneError for a name or payer that is not there; NameMatchedError when someone has said it since.
    """
    with announced(caller) as session:
        practice_id = caller.practice_id
        decided = payers.name_matches(session, practice_id)
        if any(local == one.local for one in decided):
            raise NameMatchedError
        name = payers.payers(session, practice_id).get(local)
        library = _library(current_book(session, practice_id))
        if name is None or (payer is not None and payer not in library):
            raise NameGoneError
        moved: dict[str, list[str]] = {}
        if payer is not None:
            with told(caller, authorizations.ids_of_payer(session, practice_id, local), caller.via):
                moved = payer_rows.move(session, practice_id, Payer(local, name), Payer(payer, library[payer]))
            _tell(caller, moved, local, payer)
        match = NameMatch(new_id(), plain_name(name), name, local, payer, caller.clock.now(), caller.user_id, moved)
        payers.add_match(session, practice_id, match)
        rows = sum(map(len, moved.values()))
        record(caller, "imports.payer_matched", (match.id,), rows=rows, own=int(payer is None))
    return match


def take_back(caller: Caller, match_id: UUID) -> None:
    """Take back what was said of a name: what moved goes back. Raises NameGoneError when that is done already."""
    with announced(caller) as session:
        practice_id = caller.practice_id
        match = next((one for one in payers.name_matches(session, practice_id) if one.id == match_id), None)
        if match is None:
            raise NameGoneError
        if match.payer is not None:
            now, before = Payer(match.payer, ""), Payer(match.local, match.name)
            with told(caller, [UUID(one) for one in match.moved.get("authorization", ())], caller.via):
                payer_rows.move_back(session, practice_id, now, before, match.moved)
            _tell(caller, match.moved, match.local, match.payer)
        payers.remove_match(session, practice_id, match_id)
        record(caller, "imports.payer_match_taken_back", (match_id,))


def _tell(caller: Caller, moved: Mapping[str, list[str]], local: str, payer: str) -> None:
    """Announce the patients whose rows moved; where rules moved, everybody of both payers."""
    patients = payer_rows.patients_of(caller.session, caller.practice_id, moved)
    ruled = moved.get("practice_rule") or moved.get("participation")
    announce(caller.session, Changed(patients, frozenset({local, payer}) if ruled else frozenset()))


def _library(book: Book) -> dict[str, str]:
    named = {key: entry.name for key, entry in book.payers.items()}
    return dict(sorted(named.items(), key=lambda one: one[1].casefold()))
