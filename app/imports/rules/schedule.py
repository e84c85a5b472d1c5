"""What the rows of a schedule change: patients, visits, and the coverage that a schedule names."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import date
from uuid import UUID

from app.coverage.facts import CoverageRecord
from app.imports.facts import Code, Kind, Outcome, Refused, RowRefusedError, ScheduleRow
from app.imports.rules.people import check_identity, contradiction, details_of, mrn_key, updated
from app.imports.rules.plans import OnFile, Placed, Plan
from app.imports.rules.visits import decide_visit
from app.patients.facts import PatientDetails
from app.schedule.facts import VisitType
from app.values.insurance import Benefit, Rank


def contradictions(rows: Sequence[ScheduleRow], site_key: Callable[[str], str]) -> list[Refused]:
    """Refuse rows that contradict an earlier row of the same file about their visit or their patient.

    Takes     the rows; `site_key` tells whether two names are one site.
    """
    visits: dict[str, ScheduleRow] = {}
    people: dict[str, ScheduleRow] = {}
    refused = []
    for row in rows:
        visit = visits.get(row.reference, row)
        person = people.get(mrn_key(row.person.mrn), row)
        of_visit = _visit_contradiction(visit, row, site_key)
        column = of_visit or contradiction(person.person, row.person)
        if column is None:
            visits.setdefault(row.reference, row)
            people.setdefault(mrn_key(row.person.mrn), row)
        else:
            refused.append(_contradicting(row, column, (visit if of_visit else person).row, bool(of_visit)))
    return refused


def _contradicting(row: ScheduleRow, column: str, first: int, of_visit: bool) -> Refused:
    shown = {
        "patient_mrn": row.person.mrn,
        "starts_at": row.starts.isoformat(sep=" ", timespec="minutes"),
        "site": row.site,
        "status": row.status or "",
    }
    about = "visit" if of_visit else "patient"
    return Refused(
        row.row,
        column,
        Code.CONFLICT,
        shown.get(column, "(not shown)"),
        f"Row {first} says otherwise of the same {about}. Correct one of the two rows.",
    )


def _visit_contradiction(one: ScheduleRow, other: ScheduleRow, site_key: Callable[[str], str]) -> str | None:
    if mrn_key(one.person.mrn) != mrn_key(other.person.mrn):
        return "patient_mrn"
    if one.starts != other.starts:
        return "starts_at"
    if site_key(one.site) != site_key(other.site):
        return "site"
    return "status" if one.status and other.status and one.status != other.status else None


def decide(
    rows: Sequence[Placed],
    on_file: OnFile,
    meanings: Mapping[str, VisitType],
    incomplete: Mapping[str, int],
    new_id: Callable[[], UUID],
    today: date,
) -> Plan:
    """Decide what the rows of some patients, all rows of each, change.

    Takes     rows that do not contradict each other; what is on file; what visit types mean; the visits of which a row
              was refused, each with the first such row.
    """
    plan = Plan()
    by_patient: dict[str, list[Placed]] = {}
    for placed in rows:
        key = mrn_key(placed.row.person.mrn)
        known = on_file.patients.get(key)  # rows may name one patient by a number from before a merge
        by_patient.setdefault(mrn_key(known.mrn) if known else key, []).append(placed)
    for key, theirs in by_patient.items():
        taken = _identified(theirs, on_file.patients.get(key), on_file, plan)
        if taken:
            patient = _patient(taken, on_file.patients.get(key), new_id)
            is_new = key not in on_file.patients
            changed_by = _changed_by(taken, on_file.patients.get(key), patient)
            _visits(taken, patient.id, on_file, meanings, incomplete, new_id, plan, changed_by)
            patient = _coverage(taken, patient, on_file, new_id, today, plan)
            if is_new or patient != on_file.patients[key]:
                plan.put_patient(patient, is_new)
    return plan


def _identified(rows: Sequence[Placed], known: PatientDetails | None, on_file: OnFile, plan: Plan) -> list[Placed]:
    """Keep the rows that mean this patient and visits of this patient; refuse the others."""
    taken = []
    for placed in rows:
        try:
            if known is not None:
                check_identity(placed.row.person, known)
            record = on_file.visits.get(placed.row.reference)
            if record is not None and (known is None or record.visit.patient_id != known.id):
                raise RowRefusedError(
                    "visit_id",
                    Code.CONFLICT,
                    placed.row.reference,
                    "This appointment id is on file for another patient. Check the id and the record number; "
                    "if the appointment was given to someone else, book it under a new id.",
                )
            taken.append(placed)
        except RowRefusedError as refusal:
            plan.refused.append(refusal.at(placed.row.row))
    return taken


def _in_time(rows: Sequence[Placed]) -> list[Placed]:
    """Order rows by what they are about, so that the order of a file does not decide which word is the last."""
    return sorted(rows, key=lambda placed: (placed.starts_at, placed.row.reference, str(placed.row.person)))


def _patient(rows: Sequence[Placed], known: PatientDetails | None, new_id: Callable[[], UUID]) -> PatientDetails:
    patient = known
    for placed in _in_time(rows):
        person = placed.row.person
        patient = details_of(person, new_id()) if patient is None else updated(patient, person)
    assert patient is not None
    return patient


def _changed_by(rows: Sequence[Placed], known: PatientDetails | None, patient: PatientDetails) -> frozenset[int]:
    """Name the rows that say something new of a patient who is on file and whose data changes."""
    if known is None or known == patient:
        return frozenset()
    return frozenset(placed.row.row for placed in rows if updated(known, placed.row.person) != known)


def _visits(
    rows: Sequence[Placed],
    patient_id: UUID,
    on_file: OnFile,
    meanings: Mapping[str, VisitType],
    incomplete: Mapping[str, int],
    new_id: Callable[[], UUID],
    plan: Plan,
    changed_by: frozenset[int],
) -> None:
    by_visit: dict[str, list[Placed]] = {}
    for placed in rows:
        by_visit.setdefault(placed.row.reference, []).append(placed)
    for reference, theirs in by_visit.items():
        before = on_file.visits.get(reference)
        decided = decide_visit(theirs, patient_id, before, meanings, incomplete.get(reference), new_id)
        for placed in theirs:
            row = placed.row.row
            changed = row in decided.changed or row in changed_by
            is_new = before is None or row in decided.created
            plan.outcomes[row] = Outcome.CREATED if is_new else Outcome.UPDATED if changed else Outcome.UNCHANGED
        for code in decided.gone:
            plan.warnings.append(
                f"Visit {reference}: the line {code} is no longer in the file and was removed from the visit."
            )
        if before is None:
            plan.new_visits.append(decided.record)
        elif decided.record != before:
            plan.changed_visits.append(decided.record)
        if decided.record != before:
            plan.touched.add(patient_id)


def _coverage(
    rows: Sequence[Placed],
    patient: PatientDetails,
    on_file: OnFile,
    new_id: Callable[[], UUID],
    today: date,
    plan: Plan,
) -> PatientDetails:
    """Keep the coverage that the schedule names, unverified, where none is on file; or the word that there is none."""
    records = on_file.coverages.get(patient.id, [])
    named = [placed for placed in _in_time(rows) if placed.payer is not None]
    insured = [placed for placed in named if placed.payer is not None and not placed.payer.self_pay]
    if insured and patient.no_coverage_source == Kind.COVERAGE:
        plan.warnings += [
            f"Row {placed.row.row}: the schedule names a payer, but by the practice's word the patient has no "
            "coverage; bring in the coverage if that has changed."
            for placed in insured
        ]
        return patient
    if insured:
        return _named_coverage(insured[-1], patient, records, new_id, plan)
    if named and not any(record.verified and is_live(record, today) for record in records):
        unverified = {record.id for record in records if not record.verified}
        if unverified:
            plan.dropped_coverages |= unverified
            plan.touched.add(patient.id)
        if patient.no_coverage_on is None:
            return replace(patient, no_coverage_on=today, no_coverage_source=Kind.SCHEDULE.value)
    return patient


def is_live(record: CoverageRecord, today: date) -> bool:
    """Say whether a coverage has not ended."""
    return record.ends is None or record.ends >= today


def _named_coverage(
    placed: Placed,
    patient: PatientDetails,
    records: Sequence[CoverageRecord],
    new_id: Callable[[], UUID],
    plan: Plan,
) -> PatientDetails:
    assert placed.payer is not None
    primary = [one for one in records if one.rank is Rank.PRIMARY and one.benefit is not Benefit.PHARMACY]
    if any(record.verified for record in primary):
        return patient
    old = primary[0] if primary else None
    same_payer = old is not None and old.payer == placed.payer.key
    record = CoverageRecord(
        old.id if old else new_id(),
        patient.id,
        Rank.PRIMARY,
        placed.payer.key,
        placed.payer.name,
        placed.row.member_id or (old.member_id if old and same_payer else ""),
        plan=placed.row.plan or (old.plan if old and same_payer else None),
        source="schedule",
        verified=False,
    )
    if record != old:
        (plan.changed_coverages if old else plan.new_coverages)[record.id] = record
        plan.touched.add(patient.id)
    return replace(patient, no_coverage_on=None, no_coverage_source=None)
