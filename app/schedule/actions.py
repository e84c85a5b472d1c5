"""See which visit types there are, and say what one stands for."""

from collections.abc import Mapping
from dataclasses import dataclass

from app.audit.actions import record
from app.platform.caller import Caller
from app.platform.changes import Changed, announce, announced
from app.platform.ids import new_id
from app.policies.actions.library import current_book
from app.schedule import store
from app.schedule.facts import Visit, VisitType
from app.schedule.rules.types import type_key, with_meaning


class TypeChangedError(Exception):
    """Someone has said since what the type stands for; `now` is what is on file."""

    def __init__(self, now: VisitType | None) -> None:
        super().__init__("changed")
        self.now = now


@dataclass(frozen=True, slots=True)
class SeenType:
    """A visit type: its key, its name, how many visits name it, and what it stands for."""

    key: str
    name: str
    visits: int
    meaning: VisitType | None


def read_types(caller: Caller) -> tuple[SeenType, ...]:
    """List the visit types that visits name or that are mapped: those without a meaning first, then by visits."""
    session, practice_id = caller.session, caller.practice_id
    seen = store.seen_types(session, practice_id)
    meanings = store.visit_types(session, practice_id)
    visits = store.visits_by_ids(session, practice_id, [visit_id for visit_id, _ in seen.values()])
    found = []
    for key in {*seen, *meanings}:
        visit_id, count = seen.get(key, (None, 0))
        name = _written(visits[visit_id], key) if visit_id is not None else meanings[key].name
        found.append(SeenType(key, name, count, meanings.get(key)))
    return tuple(sorted(found, key=lambda one: (one.meaning is not None, -one.visits, one.name.casefold())))


def _written(visit: Visit, key: str) -> str:
    return next(line.visit_type for line in visit.lines if line.visit_type and type_key(line.visit_type) == key)


def drugs_of(caller: Caller) -> Mapping[str, str]:
    """The drugs of the service list: service key by name in small letters, with its spoken name first."""
    book = current_book(caller.session, caller.practice_id)
    keys = sorted(set(book.drug_names.values()))
    return {key.removeprefix("drug:").replace("_", " "): key for key in keys} | dict(book.drug_names)


def map_type(caller: Caller, meaning: VisitType, version: int | None = None) -> int:
    """Say what a visit type stands for, and give the visits of that type their lines. Returns how many changed.

    Takes     `version`: that of the meaning which the person saw (0: none); None: whatever is on file.
    Raises    TypeChangedError when someone has said something else since.
    """
    key = type_key(meaning.name)
    with announced(caller) as session:
        now = store.visit_types(session, caller.practice_id).get(key)
        seen = version is None or version == (now.version if now else 0)
        if not seen and (now is None or now.lines != meaning.lines):
            raise TypeChangedError(now)
        store.save_visit_type(session, caller.practice_id, meaning)
        before = store.records_of_type(session, caller.practice_id, key)
        after = {reference: with_meaning(one, key, meaning, new_id) for reference, one in before.items()}
        changed = [one for reference, one in after.items() if one != before[reference]]
        store.change_visits(session, caller.practice_id, changed)
        record(caller, "schedule.type_mapped", visits=len(changed), lines=len(meaning.lines))
        announce(session, Changed(patients=frozenset(one.visit.patient_id for one in changed)))
    return len(changed)
