"""What the rows of an authorization log change."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any
from uuid import UUID

from app.authorizations.facts import AuthorizationEvent, AuthorizationRecord, Item, Status
from app.authorizations.rules.changes import changes_of
from app.authorizations.rules.items import codes_key, key_of, natural_key
from app.authorizations.rules.moves import OPEN
from app.imports.facts import AuthorizationRowFacts, Code, Outcome, RowRefusedError
from app.imports.rules.keyed import refuse_repeats
from app.imports.rules.people import mrn_key, patient_of
from app.imports.rules.plans import OnFile, Plan
from app.imports.rules.used import with_used
from app.patients.facts import PatientDetails
from app.policies.facts.answers import PayerMatch


@dataclass(frozen=True, slots=True)
class Entry:
    """A row of the log, the payer that it means, and the site that it names."""

    row: AuthorizationRowFacts
    payer: PayerMatch
    site_id: UUID | None

    @property
    def key(self) -> str:
        """The natural key."""
        values = self.row.values
        return natural_key(
            self.payer.key,
            values.get("number"),
            values.get("reference"),
            values.get("items", ()),
            values.get("drug") or values.get("ndc"),
            values.get("begins"),
        )

    @property
    def content(self) -> Any:
        """What the row says, for telling a repetition from a contradiction."""
        return (self.row.values, self.row.used, self.site_id)


@dataclass(frozen=True, slots=True)
class When:
    """When and by whom an import changes authorizations, for their events."""

    at: datetime
    today: date
    via: str
    user_id: UUID | None


def decide(entries: Sequence[Entry], on_file: OnFile, new_id: Callable[[], UUID], when: When) -> Plan:
    """Decide what the rows of some patients, all rows of each, change."""
    plan = Plan()
    by_patient: dict[str, list[Entry]] = {}
    kept = refuse_repeats(entries, lambda one: (mrn_key(one.row.person.mrn), one.key), "number", plan)
    for entry in kept:
        by_patient.setdefault(mrn_key(entry.row.person.mrn), []).append(entry)
    for key, theirs in by_patient.items():
        known = on_file.patients.get(key)
        stored = on_file.authorizations.get(known.id, []) if known else []
        matched = _match(theirs, stored)
        made: PatientDetails | None = None
        for entry in theirs:
            people = on_file.patients if made is None else {**on_file.patients, key: made}
            try:
                patient, is_new = patient_of(entry.row.person, people, new_id)
                _take(entry, patient.id, matched.get(entry.row.row), plan, new_id, when)
            except RowRefusedError as refusal:
                plan.refused.append(refusal.at(entry.row.row))
                continue
            if is_new:
                plan.put_patient(patient, is_new)
            made = patient
    return plan


def _match(entries: Sequence[Entry], stored: Sequence[AuthorizationRecord]) -> dict[int, AuthorizationRecord]:
    """Find the authorization on file that each row means; one is taken once.

    By key; by reference, where the one on file has got a number since; then a row that has got its number takes the
    one that had none: of the same reference, else of the same codes and begin.
    """
    found: dict[int, AuthorizationRecord] = {}
    for keys_of_row, keys_of_record in _WAYS:
        free = [one for one in stored if all(one is not taken for taken in found.values())]
        by_key = {key: one for one in reversed(free) if (key := keys_of_record(one)) is not None}
        for entry in entries:
            key = None if entry.row.row in found else keys_of_row(entry)
            if key is not None and key in by_key:
                found[entry.row.row] = by_key.pop(key)
    return found


def _codes_key(payer: str, values: Mapping[str, Any]) -> str:
    drug = values.get("drug") or values.get("ndc")
    return natural_key(payer, None, None, values.get("items", ()), drug, values.get("begins"))


def _reference_key(payer: str, reference: str | None) -> str | None:
    return natural_key(payer, None, reference, (), None, None) if reference else None


def _named(entry: Entry) -> bool:
    return bool(entry.row.values.get("number") or entry.row.values.get("reference"))


def _nameless_codes(record: AuthorizationRecord) -> str | None:
    return None if record.number or record.reference else codes_key(record)


_WAYS: tuple[tuple[Callable[[Entry], str | None], Callable[[AuthorizationRecord], str | None]], ...] = (
    (lambda entry: entry.key, lambda record: record.natural_key),
    (
        lambda entry: (
            None
            if entry.row.values.get("number")
            else _reference_key(entry.payer.key, entry.row.values.get("reference"))
        ),
        lambda record: _reference_key(record.payer, record.reference),
    ),
    (
        lambda entry: (
            _reference_key(entry.payer.key, entry.row.values.get("reference"))
            if entry.row.values.get("number")
            else None
        ),
        lambda record: None if record.number else _reference_key(record.payer, record.reference),
    ),
    # A request made here has a key of its own until the payer names it: a log knows it by its codes and begin.
    (lambda entry: None if _named(entry) else entry.key, _nameless_codes),
    (lambda entry: _codes_key(entry.payer.key, entry.row.values) if _named(entry) else None, _nameless_codes),
)


def _take(
    entry: Entry,
    patient_id: UUID,
    old: AuthorizationRecord | None,
    plan: Plan,
    new_id: Callable[[], UUID],
    when: When,
) -> None:
    if entry.payer.self_pay:
        raise RowRefusedError(
            "payer", Code.BAD_CHOICE, entry.row.payer, "An authorization comes from a payer; write which one."
        )
    record = _merged(entry, patient_id, old, new_id, when.today)
    if record.begins and record.ends and record.ends < record.begins:
        raise RowRefusedError(
            "ends",
            Code.BAD_DATE,
            str(record.ends),
            f"The authorization on file begins {record.begins}; it cannot end before.",
        )
    plan.outcomes[entry.row.row] = (
        Outcome.CREATED if old is None else Outcome.UPDATED if record != old else Outcome.UNCHANGED
    )
    if record == old:
        return
    event = AuthorizationEvent(new_id(), record.id, when.at, when.via, when.user_id, changes_of(old, record))
    (plan.changed_authorizations if old else plan.new_authorizations).append(record)
    (plan.changed_events if old else plan.new_events).append(event)
    plan.touched.add(patient_id)


def _merged(
    entry: Entry, patient_id: UUID, old: AuthorizationRecord | None, new_id: Callable[[], UUID], today: date
) -> AuthorizationRecord:
    values: dict[str, Any] = dict(entry.row.values)
    if entry.site_id is not None:
        values["site_id"] = entry.site_id
    before = () if old is None else old.items
    items = _carry_used(values.get("items", before), before)
    if entry.row.used:
        items = with_used(items, entry.row.used) or items
        if values.get("used_on") is None:
            same = old is not None and old.used_on is not None and items == old.items
            values["used_on"] = old.used_on if old is not None and same else today
    values["items"] = items
    if values.get("ends") is not None:
        values["no_end"] = False
    elif values.get("no_end"):
        values["ends"] = None
    base = old or AuthorizationRecord(
        new_id(), patient_id, "", entry.payer.key, entry.payer.name, values["status"], values["raw_status"]
    )
    record = replace(base, **values, payer_name=entry.payer.name)
    return replace(record, natural_key=key_of(record))


def _carry_used(items: tuple[Item, ...], before: tuple[Item, ...]) -> tuple[Item, ...]:
    """Keep the units used of items whose codes are still named: an empty cell changes nothing."""
    used = {(item.codes, item.last): item.used for item in before}
    return tuple(replace(item, used=used.get((item.codes, item.last))) for item in items)


def open_warnings(entries: Sequence[Entry]) -> list[str]:
    """Say in one sentence how many open rows nobody works on: without an owner, or without a next action."""
    idle = [
        entry.row.row
        for entry in entries
        if entry.row.values["status"] in OPEN
        and not (entry.row.values.get("owner") and entry.row.values.get("next_action"))
    ]
    if not idle:
        return []
    return [
        f"{len(idle)} open authorizations have no owner or no next action (the first is row {idle[0]}); "
        "say who does what next."
    ]


def number_warnings(entries: Sequence[Entry]) -> list[str]:
    """Name the approvals that will not clear a visit because they have neither a real number nor a reference."""
    return [
        f"Row {entry.row.row}: an approval without the payer's number or a reference clears no visit; add one."
        for entry in entries
        if entry.row.values["status"] in (Status.APPROVED, Status.PARTLY_APPROVED)
        and not entry.row.values.get("number")
        and not entry.row.values.get("reference")
    ]
