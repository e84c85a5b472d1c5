"""What a case is after a move, and what of its values cannot stand together."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from typing import Any

from app.authorizations.facts import UNSENT, AuthorizationRecord, Item, RequestedLine, Status
from app.authorizations.rules.changes import shares_code, with_used_kept
from app.authorizations.rules.moves import DECIDED, GRANTED
from app.authorizations.rules.numbers import real_number
from app.authorizations.rules.requested import asked_of
from app.values.wording import counted, short_day

_ANSWERED = DECIDED | {Status.DISMISSED}
_GONE_OUT = frozenset({Status.SUBMITTED, Status.NOTIFIED})


class RefusedValueError(ValueError):
    """A value cannot stand: `field` names it as AuthorizationRecord does; `sentence` says what was found."""

    def __init__(self, field: str, sentence: str) -> None:
        super().__init__(sentence)
        self.field, self.sentence = field, sentence


def moved(old: AuthorizationRecord, to: Status, changes: Mapping[str, Any], today: date) -> AuthorizationRecord:
    """Make what a case is once it has gone to a state.

    Takes     the case, whose move is legal; the state; what was said with it; the practice's day, which days of sending
              and deciding fall on unless they were said.
    Raises    RefusedValueError.
    """
    values: dict[str, Any] = {**changes, "status": to}
    if "items" in values:
        values["items"] = with_used_kept(values["items"], old.items)
    if to is not old.status:
        values["raw_status"] = to.value
        if to in _ANSWERED:
            values.setdefault("decided_on", today)
    leaves = old.status in UNSENT and to in _GONE_OUT
    if leaves:
        values.setdefault("requested_on", today)
    new = replace(old, **values)
    if leaves and "requested" not in changes:
        new = replace(new, requested=_snapshot(new))
    refuse_faults(old, new)
    _refuse_days(new, to, today)
    new = settled(new)
    return replace(new, verbal=True) if to in GRANTED and not new.number and not new.reference else new


def _snapshot(new: AuthorizationRecord) -> tuple[RequestedLine, ...]:
    """What is asked as it is sent: the lines that were written for it, where they still ask for what the case names."""
    asked = asked_of(new)
    if not new.requested or _counts(new.requested) != _counts(asked):
        return asked
    return tuple(replace(line, begins=new.begins or line.begins, ends=new.ends or line.ends) for line in new.requested)


def _counts(lines: tuple[RequestedLine, ...]) -> frozenset[tuple[str, str | None, int | None]]:
    return frozenset((line.code, line.last, line.count) for line in lines if line.code is not None)


def settled(record: AuthorizationRecord) -> AuthorizationRecord:
    """Drop what does not hold: a word in place of a number, a spoken yes that has a number, what sending settles."""
    number, reference = real_number(record.number), real_number(record.reference)
    if (number, reference) != (record.number, record.reference):
        record = replace(record, number=number, reference=reference)
    if record.verbal and (record.number or record.status not in GRANTED):
        record = replace(record, verbal=False)
    if record.too_early_until is not None and record.status not in UNSENT:
        record = replace(record, too_early_until=None)
    if record.ends is not None and record.no_end:
        record = replace(record, no_end=False)
    return record


def refuse_faults(old: AuthorizationRecord | None, new: AuthorizationRecord) -> None:
    """Raise RefusedValueError where values cannot stand together: an end before the begin, less than was used."""
    if new.begins is not None and new.ends is not None and new.ends < new.begins:
        raise RefusedValueError(
            "ends", f"End date must be the same as or after the start date, {short_day(new.begins)}"
        )
    if old is not None and new.items != old.items:
        _refuse_less_than_used(old.items, new.items)


def _refuse_less_than_used(before: tuple[Item, ...], now: tuple[Item, ...]) -> None:
    for item in before:
        parts = [one for one in now if shares_code(one, item)]
        counts = [one.count for one in parts if one.count is not None]
        if item.used is None or len(counts) < len(parts) or not parts:
            continue
        if sum(counts) < item.used:
            used = counted(item.used, "unit")
            raise RefusedValueError("items", f"{used} of {item.codes[0]} are used already; enter at least as many")


def _refuse_days(new: AuthorizationRecord, to: Status, today: date) -> None:
    for field, label in (("requested_on", "Sent on"), ("decided_on", "Decided on")):
        day = getattr(new, field)
        if day is not None and day > today:
            raise RefusedValueError(field, f"{label} must be today or before; you entered {short_day(day)}")
    if to in _ANSWERED and new.requested_on and new.decided_on and new.decided_on < new.requested_on:
        sent = short_day(new.requested_on)
        raise RefusedValueError("decided_on", f"Decided on must be the same as or after the day it was sent, {sent}")
