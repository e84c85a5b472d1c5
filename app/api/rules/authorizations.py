"""When an authorization hangs together, and what using units makes of it."""

from dataclasses import replace
from datetime import date

from app.authorizations.facts import AuthorizationRecord, Counting, Item, Status

GIVEN = frozenset({Status.APPROVED, Status.PARTLY_APPROVED})
_COUNTED = (Counting.UNITS, Counting.VISITS)


def faults_of(record: AuthorizationRecord, today: date) -> dict[str, str]:
    """Say what does not hang together in an authorization as it would stand, by field."""
    faults: dict[str, str] = {}
    if not record.items and not record.drug and not record.ndc:
        faults["items"] = "Send the codes that it names, or a drug or an NDC."
    if record.decided_on is not None and record.decided_on > today:
        faults["decided_on"] = "Send today or a day before."
    if record.begins is not None and record.ends is not None and record.ends < record.begins:
        faults["ends"] = "The end must be the same as or after the begin."
    if record.ends is not None and record.no_end:
        faults["no_end"] = "Send an end, or that there is none, not both."
    if record.verbal and (record.number is not None or record.status not in GIVEN):
        faults["verbal"] = "Only an approval without a number is one that was merely said."
    if record.status in GIVEN and not record.verbal:
        faults |= _faults_of_given(record)
    return faults


def _faults_of_given(record: AuthorizationRecord) -> dict[str, str]:
    faults: dict[str, str] = {}
    if record.number is None and record.reference is None:
        faults["number"] = "Send the number that the payer gave, or its reference."
    if record.begins is None:
        faults["begins"] = "Send the day on which the approval begins."
    if record.ends is None and not record.no_end:
        faults["ends"] = "Send the day on which the approval ends, or no_end true."
    return faults


class UseRefusedError(Exception):
    """Units cannot be counted as used. The text is a sentence."""


def used_more(record: AuthorizationRecord, code: str, units: int) -> tuple[Item, ...]:
    """Count units as used in the item that a code falls under.

    They are units that no visit on file shows: done visits go on being counted beside them, so that nothing is counted
    less than it was.

    Returns   the items as they stand afterwards.
    Raises    UseRefusedError: not approved; no item names the code; the item is not counted; fewer are left; or the
              item has no count of used units while others have one up to a day.
    """
    if record.status not in GIVEN:
        raise UseRefusedError("Only an approved authorization has units to use.")
    place = next((place for place, one in enumerate(record.items) if code in one.codes), None)
    if place is None:
        place = next((place for place, one in enumerate(record.items) if one.names(code)), None)
    if place is None:
        raise UseRefusedError("The authorization does not name this code.")
    item = record.items[place]
    if item.counting not in _COUNTED or item.count is None:
        raise UseRefusedError("The payer does not count this item.")
    if item.used is None and record.used_on is not None:
        raise UseRefusedError("Used units are on file up to a day, but not those of this item. Correct it first.")
    used = (item.used or 0) + units
    if used > item.count:
        raise UseRefusedError("Fewer units are left than were sent.")
    return (*record.items[:place], replace(item, used=used), *record.items[place + 1 :])
