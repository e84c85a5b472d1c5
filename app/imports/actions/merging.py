"""Two records that are one person: everything of the one goes to the other, and its number goes on finding it."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from uuid import UUID

from app.audit.actions import record
from app.authorizations import store as authorizations
from app.coverage.facts import CoverageRecord
from app.coverage.store import coverages as coverage
from app.imports.actions.feed_people import Known, PersonAfter, cover, person_after
from app.imports.actions.histories import told as keeping_histories
from app.imports.intake.feeds import ToldPerson
from app.imports.rules.feeds import same_person
from app.imports.rules.people import details_of
from app.imports.rules.telling import Stamp, Told, joined
from app.imports.store import feeds, merging
from app.imports.store import rows as rows_of_others
from app.patients import store as patients
from app.patients.facts import FormerNumber, PatientDetails
from app.platform.caller import Caller
from app.platform.changes import Changed, announce
from app.platform.ids import new_id
from app.values.insurance import Benefit, Rank
from app.values.members import member_forms
from app.values.records import Filed, Outcome, RecordRef


def merge(caller: Caller, told: ToldPerson, known: Known, stamp: Stamp, ref: RecordRef, forced: bool) -> Filed:
    """Merge the patient of one number into the patient of another, in the transaction that is open.

    Takes     what the message tells; the patient who stays, to be made where the number is new; `forced`: a person said
              that the two are one, however they are written.
    Returns   what came of it. CONTRADICTING, nothing changed: the two are not alike, or both hold the same approval.
    """
    if told.merged_mrn is None:
        return Filed(Outcome.UNMATCHED, known.patient_id, why="no_merged_number")
    session, practice_id = caller.session, caller.practice_id
    merged_id = patients.by_mrn(session, practice_id, told.merged_mrn)
    stays_id = patients.by_mrn(session, practice_id, told.person.mrn) if told.person.mrn else None
    if forced and known.patient_id != (stays_id or merged_id):
        return Filed(Outcome.UNMATCHED, why="not_the_one_that_stays")
    if merged_id is None:
        return _numbered(caller, told, known, stamp, ref)
    if merged_id == stays_id:
        return Filed(Outcome.ALREADY, merged_id)
    merged = patients.details(session, practice_id, [merged_id])[merged_id]
    stays = details_of(told.person, merged_id) if stays_id is None else known.patient
    if not forced and not same_person(stays, merged):
        return Filed(Outcome.CONTRADICTING, known.patient_id or merged_id, merged_id, "not_alike")
    if stays_id is None:
        renamed = Known(replace(merged, mrn=told.person.mrn), chosen=forced)
        return _numbered(caller, replace(told, merged_mrn=merged.mrn), renamed, stamp, ref)
    return _both(caller, told, known, merged, (stamp, ref))


def _numbered(caller: Caller, told: ToldPerson, known: Known, stamp: Stamp, ref: RecordRef) -> Filed:
    """Keep a number that nobody has on file, or that a patient had until now."""
    assert told.merged_mrn is not None
    after = person_after(caller, known, told.person, stamp, told.values)
    after.changed = True
    _write(caller, after, FormerNumber(new_id(), told.merged_mrn, known.patient.id, caller.clock.now()))
    record(caller, "imports.patients_merged", (known.patient.id,), rows=0, number=ref.number)
    return Filed(Outcome.MATCHED, known.patient.id)


def _both(
    caller: Caller, told: ToldPerson, known: Known, merged: PatientDetails, come: tuple[Stamp, RecordRef]
) -> Filed:
    session, practice_id, stays = caller.session, caller.practice_id, known.patient
    ids = [stays.id, merged.id]
    asked = authorizations.records_of(session, practice_id, ids)
    keys = [{one.natural_key for one in asked.get(patient_id, [])} for patient_id in ids]
    if keys[0] & keys[1]:
        return Filed(Outcome.CONTRADICTING, stays.id, merged.id, "same_approval")
    covered = coverage.records_of(session, practice_id, ids)
    theirs = (covered.get(stays.id, []), covered.get(merged.id, []))
    pairs = _same(*theirs)
    for gone, kept in pairs:
        merging.fold_coverage(session, practice_id, gone.id, kept.id)
    outweighed = set(_outweighed(*theirs)) - {gone.id for gone, _ in pairs}
    asked_about = rows_of_others.held(session, practice_id, "coverage", outweighed)
    coverage.drop_unverified(session, practice_id, sorted(outweighed - asked_about))
    before = joined(*(feeds.person_told(session, practice_id, patient_id) for patient_id in ids))
    with keeping_histories(caller, [one.id for one in asked.get(merged.id, [])], caller.via):
        rows = merging.move(session, practice_id, merged.id, stays.id)
    known = replace(known, patient=_filled(stays, merged, bool(theirs[1])))
    _told_of_both(
        caller, told, known, before, come[0], FormerNumber(merged.id, merged.mrn, stays.id, caller.clock.now())
    )
    record(caller, "imports.patients_merged", (stays.id, merged.id), rows=rows, number=come[1].number)
    return Filed(Outcome.MATCHED, stays.id, merged.id)


def _told_of_both(
    caller: Caller, told: ToldPerson, known: Known, before: Told, stamp: Stamp, former: FormerNumber
) -> None:
    after = person_after(caller, known, told.person, stamp, told.values, before)
    after.changed = True
    _write(caller, after, former)


def _write(caller: Caller, after: PersonAfter, former: FormerNumber) -> None:
    if after.named is not None:
        cover(caller, after)
    after.write(caller)
    patients.add_former_number(caller.session, caller.practice_id, former)
    announce(caller.session, Changed(frozenset({after.patient.id})))


def _same(
    stays: Sequence[CoverageRecord], merged: Sequence[CoverageRecord]
) -> list[tuple[CoverageRecord, CoverageRecord]]:
    """Pair the coverages that both records hold: what goes, and what is kept because it was checked last."""
    theirs = {_key(one): one for one in merged}
    both = [(theirs[_key(one)], one) for one in stays if _key(one) in theirs]
    return [(mine, other) if _weight(other) > _weight(mine) else (other, mine) for other, mine in both]


def _weight(one: CoverageRecord) -> tuple[bool, date]:
    return (one.verified, one.checked_on or date.min)


def _key(one: CoverageRecord) -> tuple[object, ...]:
    return (one.rank, one.payer, member_forms(one.member_id).whole, one.begins)


def _outweighed(stays: Sequence[CoverageRecord], merged: Sequence[CoverageRecord]) -> list[UUID]:
    """Name the coverages that were only named by a schedule, where the other record has one of their rank.

    A checked one outweighs them; of two that were named only, that of the record that stays is kept.
    """
    verified = [_ranks([one for one in theirs if one.verified]) for theirs in (merged, stays)]
    gone = [one.id for one in stays if not one.verified and one.rank in verified[0]]
    return gone + [one.id for one in merged if not one.verified and one.rank in verified[1] | _ranks(stays)]


def _ranks(records: Sequence[CoverageRecord]) -> set[Rank]:
    return {one.rank for one in records if one.benefit is not Benefit.PHARMACY}


def _filled(stays: PatientDetails, merged: PatientDetails, covered: bool) -> PatientDetails:
    """Take over how to reach the person where the record that stays does not say; a consent to texts is not."""
    filled = replace(
        stays,
        phone=stays.phone or merged.phone,
        email=stays.email or merged.email,
        address=stays.address or merged.address,
        language=stays.language or merged.language,
    )
    return replace(filled, no_coverage_on=None, no_coverage_source=None) if covered else filled
