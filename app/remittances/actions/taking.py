"""Take a claim of a remittance: keep it, tie it to its visit, and let a denial end the practice rule it contradicts."""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from app.audit.actions import record
from app.patients import store as patient_store
from app.platform.caller import Caller
from app.platform.changes import announced
from app.platform.ids import new_id
from app.policies.actions.basics import today_of
from app.remittances.actions.ending import end_contradicted
from app.remittances.actions.tying import candidates_of, links_of_lines, said_about, visits_of
from app.remittances.facts.claims import Link, NewClaim, ReadClaim, Tie, Why
from app.remittances.intake.claims import read_claim, read_payment
from app.remittances.rules.following import states_of
from app.remittances.rules.matching import patient_of, visit_of
from app.remittances.store import claims as store
from app.schedule import store as schedule_store
from app.schedule.facts import Visit
from app.values.records import Filed, Outcome, RecordRef

Part = Mapping[str, Any]


def take_claim(caller: Caller, payment: Part, claim: Part, ref: RecordRef, chosen: UUID | None = None) -> Filed:
    """Take one claim of a remittance, in one transaction that is safe to repeat.

    Takes     `payment` and one of `claims` of `x12.835` as reading.md describes them; the document and record that it
              came in; the visit or patient that a person said it belongs to (None: nobody was asked).
    Returns   MATCHED: it is kept and tied to its patient and visit; where it denies a code for want of authorization,
              practice rules that say otherwise have ended, and their visits are not checked. ALREADY: the same claim of
              the same payment did its work before. UNMATCHED: it is kept, and waits for a person, since its patient or
              visit is not known or not the only one; `patient_id` is known where the patient is.
    """
    read = read_claim(claim)
    with announced(caller) as session:
        digest = store.digest_of(session, caller.practice_id, payment, claim)
        before = store.known(session, caller.practice_id, digest)
        if before is not None and before[3] is None:
            return Filed(Outcome.ALREADY, before[1], before[0])
        claim_id = before[0] if before is not None else new_id()
        to, visits = _tie(caller, session, read, chosen)
        named = [one for one in (to.patient_id, claim_id) if one is not None]
        # The line comes first: it holds the end of the log, so that claims of one chain are placed one after the other.
        record(caller, "remittances.taken", named, denied=bool(read.categories), waits=to.why or "no")
        links = links_of_lines(caller, read, to, visits)
        if to.why is None and to.patient_id is not None:
            links = end_contradicted(caller, read, to, links, visits, claim_id)
        _keep(caller, session, (claim_id, digest), (payment, claim), read, to, links, ref)
    outcome = Outcome.MATCHED if to.why is None else Outcome.UNMATCHED
    return Filed(outcome, to.patient_id, claim_id, to.why)


def tie_claim(caller: Caller, claim_id: UUID, visit_id: UUID) -> Filed | None:
    """Tie a claim that waits to the visit that a person chose. Returns None where there is no such claim.

    ALREADY: somebody tied it before, nothing changed.
    """
    with announced(caller) as session:
        found = store.raw_of(session, caller.practice_id, claim_id)
        if found is None:
            return None
        payment, claim, document_id, number = found
        return take_claim(caller, payment, claim, RecordRef(document_id, number), visit_id)


def _tie(caller: Caller, session: Session, read: ReadClaim, chosen: UUID | None) -> tuple[Tie, dict[UUID, Visit]]:
    """Find the patient and the visit of a claim."""
    if chosen is not None:
        return _chosen(caller, session, read, chosen)
    patient_id, why = patient_of(read, candidates_of(caller, read))
    if patient_id is None:
        return Tie(why=why), {}
    return _of_patient(caller, read, patient_id)


def _chosen(caller: Caller, session: Session, read: ReadClaim, chosen: UUID) -> tuple[Tie, dict[UUID, Visit]]:
    visit = schedule_store.visits_by_ids(session, caller.practice_id, [chosen]).get(chosen)
    if visit is not None:
        visits = visits_of(caller, visit.patient_id)
        return Tie(visit.patient_id, visit.id, said_about(caller, visit)), visits
    if chosen not in patient_store.opened(session, caller.practice_id, [chosen]):
        return Tie(why=Why.NO_PATIENT), {}
    return _of_patient(caller, read, chosen)


def _of_patient(caller: Caller, read: ReadClaim, patient_id: UUID) -> tuple[Tie, dict[UUID, Visit]]:
    visits = visits_of(caller, patient_id)
    first = read.lines[0] if read.lines else None
    days: tuple[date | None, date | None] = (read.begins, read.ends) if first is None else (first.begins, first.ends)
    visit_id, why = visit_of(read.control, first, days, visits.values())
    for line in read.lines[1:]:
        if visit_id is None:
            visit_id, why = visit_of(read.control, line, (line.begins, line.ends), visits.values())
    said = said_about(caller, visits[visit_id]) if visit_id is not None else None
    return Tie(patient_id, visit_id, said, None if visit_id is not None else why), visits


def _keep(
    caller: Caller,
    session: Session,
    keys: tuple[UUID, bytes],
    parts: tuple[Part, Part],
    read: ReadClaim,
    to: Tie,
    links: Iterable[Link],
    ref: RecordRef,
) -> None:
    payment, practice_id, now = read_payment(parts[0]), caller.practice_id, caller.clock.now()
    remittance_id = store.keep_payment(session, practice_id, payment, parts[0], now)
    new = NewClaim(
        id=keys[0],
        remittance_id=remittance_id,
        claim=read,
        paid_on=payment.paid_on or read.ends or read.begins or today_of(caller),
        to=replace(to),
        lines=tuple(links),
        document_id=ref.document_id,
        number=ref.number,
        taken_at=now,
        raw=parts[1],
    )
    store.keep(session, practice_id, new, keys[1], parts[0])
    claims = store.chained(session, practice_id, new.id)
    store.follow(session, practice_id, claims, states_of(claims))
