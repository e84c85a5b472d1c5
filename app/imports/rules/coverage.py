"""What the rows of a coverage table change."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any
from uuid import UUID

from app.coverage.facts import CheckResult, CoverageRecord
from app.imports.facts import Code, CoverageRowFacts, Kind, Outcome, RowRefusedError
from app.imports.rules.keyed import refuse_repeats
from app.imports.rules.people import mrn_key, patient_of
from app.imports.rules.plans import OnFile, Plan
from app.imports.rules.schedule import is_live
from app.patients.facts import PatientDetails
from app.policies.facts.answers import PayerMatch
from app.values.insurance import Benefit, Rank
from app.values.members import member_forms

Key = tuple[Rank, str, str, date | None]


@dataclass(frozen=True, slots=True)
class Named:
    """A coverage row and the payer that it means."""

    row: CoverageRowFacts
    payer: PayerMatch

    @property
    def key(self) -> Key:
        """The natural key: rank, payer, member and begin."""
        return key_of(self.row.values.get("rank", Rank.PRIMARY), self.payer.key, self.row.member_id or "", self.begins)

    @property
    def begins(self) -> date | None:
        """The first day, where the row says it."""
        begins: date | None = self.row.values.get("begins")
        return begins

    @property
    def content(self) -> Any:
        """What the row says, for telling a repetition from a contradiction."""
        return (self.row.values, self.row.member_id, self.payer.self_pay)


def key_of(rank: Rank, payer: str, member_id: str, begins: date | None) -> Key:
    """Make a natural key. Member ids are compared without spaces, dashes and case."""
    return (rank, payer, member_forms(member_id).whole, begins)


def decide(rows: Sequence[Named], on_file: OnFile, new_id: Callable[[], UUID], today: date) -> Plan:
    """Decide what the rows of some patients, all rows of each, change."""
    plan = Plan()
    by_patient: dict[str, list[Named]] = {}
    for named in refuse_repeats(rows, lambda one: (mrn_key(one.row.person.mrn), one.key), "member_id", plan):
        by_patient.setdefault(mrn_key(named.row.person.mrn), []).append(named)
    for key, theirs in by_patient.items():
        made: PatientDetails | None = None
        for named in sorted(theirs, key=lambda one: one.payer.self_pay):  # the word that there is none comes last
            known = on_file.patients if made is None else {**on_file.patients, key: made}
            try:
                patient, is_new = patient_of(named.row.person, known, new_id)
                patient = _take(named, patient, on_file, plan, theirs, new_id, today)
            except RowRefusedError as refusal:
                plan.refused.append(refusal.at(named.row.row))
                continue
            if is_new or patient != known[key]:
                plan.put_patient(patient, is_new)
            made = patient
    return plan


def _take(
    named: Named,
    patient: PatientDetails,
    on_file: OnFile,
    plan: Plan,
    theirs: Sequence[Named],
    new_id: Callable[[], UUID],
    today: date,
) -> PatientDetails:
    stored = on_file.coverages.get(patient.id, [])
    if named.payer.self_pay:
        return _none(named, patient, [*stored, *_of_plan(plan, patient.id)], plan, today)
    if named.row.member_id is None:
        raise RowRefusedError(
            "member_id", Code.MISSING, "", "Write the member id as on the card; only a self-pay row goes without."
        )
    old = _known(named, stored, theirs)
    record = _merged(named, patient.id, old, new_id, plan)
    if record.begins and record.ends and record.ends < record.begins:
        raise RowRefusedError(
            "ends",
            Code.BAD_DATE,
            str(record.ends),
            f"The coverage on file begins {record.begins}; it cannot end before.",
        )
    if old is None:
        plan.new_coverages[record.id] = record
    elif record != old:
        plan.changed_coverages[record.id] = record
    plan.outcomes[named.row.row] = (
        Outcome.CREATED if old is None else Outcome.UPDATED if record != old else Outcome.UNCHANGED
    )
    if record != old:
        plan.touched.add(patient.id)
    _replace_unverified(record, stored, plan)
    return replace(patient, no_coverage_on=None, no_coverage_source=None) if is_live(record, today) else patient


def _of_plan(plan: Plan, patient_id: UUID) -> list[CoverageRecord]:
    return [one for one in plan.new_coverages.values() if one.patient_id == patient_id]


def _none(
    named: Named, patient: PatientDetails, records: Sequence[CoverageRecord], plan: Plan, today: date
) -> PatientDetails:
    """Take the word that a patient has no coverage; not against a coverage that someone checked and that goes on.

    In a row of a further rank it says only that there is no further coverage.
    """
    if named.row.values.get("rank", Rank.PRIMARY) is not Rank.PRIMARY:
        plan.outcomes[named.row.row] = Outcome.UNCHANGED
        return patient
    live = next((record for record in records if record.verified and is_live(record, today)), None)
    if live is not None:
        raise RowRefusedError(
            "payer",
            Code.CONFLICT,
            named.row.payer,
            f"A coverage by {live.payer_name} is on file and has not ended. Give it an end date in a row of its own, "
            "then say that the patient has none.",
        )
    known = patient.no_coverage_source == Kind.COVERAGE
    plan.outcomes[named.row.row] = (
        Outcome.UNCHANGED if known else Outcome.UPDATED if patient.no_coverage_on else Outcome.CREATED
    )
    unverified = {record.id for record in records if not record.verified}
    if unverified:
        plan.dropped_coverages |= unverified
        plan.touched.add(patient.id)
    said_on = patient.no_coverage_on or named.row.values.get("checked_on") or today
    return replace(patient, no_coverage_on=said_on, no_coverage_source=Kind.COVERAGE.value)


def _known(named: Named, stored: Sequence[CoverageRecord], theirs: Sequence[Named]) -> CoverageRecord | None:
    """Find the coverage on file that a row means: by its key; without a begin, the only one that else agrees."""
    by_key = {key_of(one.rank, one.payer, one.member_id, one.begins): one for one in stored}
    if named.key in by_key or named.begins is not None:
        return by_key.get(named.key)
    others = {other.key for other in theirs}
    alike = [one for key, one in by_key.items() if key[:3] == named.key[:3] and key not in others]
    return alike[0] if len(alike) == 1 else None


def _merged(
    named: Named, patient_id: UUID, old: CoverageRecord | None, new_id: Callable[[], UUID], plan: Plan
) -> CoverageRecord:
    values: dict[str, Any] = dict(named.row.values)
    member = named.row.member_id or ""
    if old is None:
        rank = values.pop("rank", Rank.PRIMARY)
        return CoverageRecord(new_id(), patient_id, rank, named.payer.key, named.payer.name, member, **values)
    if not old.verified and old.source == "schedule":
        values.setdefault("source", None)
    if why := _why_it_stays(values, old):
        plan.warnings.append(f"Row {named.row.row}: {why}; the check of {old.checked_on} on file stays.")
        values = {name: value for name, value in values.items() if name not in _ANSWER}
    return replace(old, **values, payer_name=named.payer.name, member_id=member, verified=True)


_ANSWER = frozenset(("checked_on", "result", "network", "source", "reference"))


def _why_it_stays(values: Mapping[str, Any], old: CoverageRecord) -> str | None:
    """Say why a row's answer does not take the place of a dated one on file; None where it does.

    A practice's system goes on writing out what it was told long ago. So an older answer never counts, nor a day
    without a result, which would make an old answer young; a result without a day only where it is less good.
    """
    checked_on, result = values.get("checked_on"), values.get("result")
    if old.result is None or old.checked_on is None:
        return None
    if checked_on is None:
        better = result is CheckResult.ACTIVE and old.result is not CheckResult.ACTIVE
        return "its result has no day" if better else None
    if checked_on < old.checked_on:
        return f"its check of {checked_on} is older"
    return f"its check of {checked_on} has no result" if result is None and checked_on > old.checked_on else None


def _replace_unverified(record: CoverageRecord, stored: Sequence[CoverageRecord], plan: Plan) -> None:
    """A coverage of the medical benefit that someone checked or typed takes the place of what a schedule named."""
    if record.rank is Rank.PRIMARY and record.benefit is not Benefit.PHARMACY:
        gone = {one.id for one in stored if not one.verified and one.id != record.id}
        if gone - plan.dropped_coverages:
            plan.dropped_coverages |= gone
            plan.touched.add(record.patient_id)


def mrns(rows: Sequence[Named]) -> Mapping[str, str]:
    """Collect the record numbers of rows by their key."""
    return {mrn_key(one.row.person.mrn): one.row.person.mrn for one in rows}
