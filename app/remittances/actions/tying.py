"""Look up whom a claim may be about, the patient's visits, and what Cleared showed of them."""

from collections.abc import Mapping
from uuid import UUID

from app.clearance.store import history
from app.coverage.store import coverages as coverage_store
from app.patients import store as patient_store
from app.patients.rules import member_keys
from app.platform.caller import Caller
from app.remittances.facts.claims import Candidate, Link, ReadClaim, Said, Tie
from app.remittances.rules.matching import visit_of
from app.remittances.rules.saying import Shown, said_of_code, said_of_visit, shown_at
from app.schedule import store as schedule_store
from app.schedule.facts import Visit

MOST = 20
"""Patients looked at for one claim, and past verdicts for one visit."""


def candidates_of(caller: Caller, read: ReadClaim) -> tuple[Candidate, ...]:
    """Find the patients whom a claim may be about: by member id, by record number, by the visit that it names."""
    session, practice_id = caller.session, caller.practice_id
    found = dict.fromkeys(
        patient
        for member in read.members
        for key in sorted(member_keys(member))
        for patient in patient_store.found_under(session, practice_id, [key], MOST)
    )
    by_control = _by_control(caller, read.control)
    found.update(dict.fromkeys(by_control))
    people = patient_store.opened(session, practice_id, list(found)[:MOST])
    return tuple(
        Candidate(
            patient_id=one.id,
            last_name=one.last_name,
            first_name=one.first_name,
            members=tuple(kept.member_id for kept in coverage_store.on_file(session, practice_id, one.id)),
            by_control=one.id in by_control,
        )
        for one in people.values()
    )


def _by_control(caller: Caller, control: str | None) -> frozenset[UUID]:
    if control is None or not control.strip():
        return frozenset()
    session, practice_id = caller.session, caller.practice_id
    visit = schedule_store.visit_by_reference(session, practice_id, control.strip())
    patient = patient_store.by_mrn(session, practice_id, control)
    return frozenset(one for one in (visit.patient_id if visit is not None else None, patient) if one is not None)


def visits_of(caller: Caller, patient_id: UUID) -> dict[UUID, Visit]:
    """Read all visits of a patient by id."""
    found = schedule_store.of_patients(caller.session, caller.practice_id, [patient_id]).get(patient_id, ())
    return {one.id: one for one in found}


def said_about(caller: Caller, visit: Visit) -> Said | None:
    """What Cleared showed of a visit when it began; None: nothing."""
    shown = _shown(caller, visit)
    return None if shown is None else said_of_visit(shown)


def _shown(caller: Caller, visit: Visit) -> Shown | None:
    session, practice_id = caller.session, caller.practice_id
    past = history.of_visit(session, practice_id, visit.id, MOST)
    shown = [Shown(one.shown_since, one.badge, one.content) for one in past]
    now = history.shown_now(session, practice_id, visit.id)
    if now is not None and now.shown_since is not None:
        shown.append(Shown(now.shown_since, now.badge, now.content))
    return shown_at(shown, visit.starts_at)


def links_of_lines(caller: Caller, read: ReadClaim, to: Tie, visits: Mapping[UUID, Visit]) -> tuple[Link, ...]:
    """Tie each line of a claim to its visit: its own by its day, else the claim's; with what was shown of its code."""
    shown: dict[UUID, Shown | None] = {}
    links = []
    for line in read.lines:
        visit_id, _why = visit_of(read.control, line, (line.begins, line.ends), visits.values())
        visit = visits.get(visit_id or to.visit_id or UUID(int=0)) if to.why is None else None
        if visit is None:
            links.append(Link())
            continue
        if visit.id not in shown:
            shown[visit.id] = _shown(caller, visit)
        then = shown[visit.id]
        said = None if then is None else said_of_code(then, visit, line.code)
        links.append(Link(visit.id, said, said.chosen if said is not None else None))
    return tuple(links)
