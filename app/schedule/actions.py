"""Say what a visit type stands for."""

from app.audit.actions import record
from app.platform.caller import Caller
from app.platform.changes import Changed, announce, announced
from app.platform.ids import new_id
from app.schedule import store
from app.schedule.facts import VisitType
from app.schedule.rules.types import type_key, with_meaning


def map_type(caller: Caller, meaning: VisitType) -> int:
    """Say what a visit type stands for, and give the visits of that type their lines. Returns how many changed."""
    key = type_key(meaning.name)
    with announced(caller) as session:
        store.save_visit_type(session, caller.practice_id, meaning)
        before = store.records_of_type(session, caller.practice_id, key)
        after = {reference: with_meaning(one, key, meaning, new_id) for reference, one in before.items()}
        changed = [one for reference, one in after.items() if one != before[reference]]
        store.change_visits(session, caller.practice_id, changed)
        record(caller, "schedule.type_mapped", visits=len(changed), lines=len(meaning.lines))
        announce(session, Changed(patients=frozenset(one.visit.patient_id for one in changed)))
    return len(changed)
