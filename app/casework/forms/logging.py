"""What a program logs on a case, read from the words of the command line: an answer of the payer, or a contact."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from app.authorizations.intake import UnreadError, read_codes, read_number
from app.casework.facts.decisions import DISMISSED_FOR, Decided, Decision
from app.casework.facts.entries import Contact, EntryKind, NextStep, Noted, Outcome

NOTED = {one.value: one for one in (EntryKind.CALL, EntryKind.PORTAL, EntryKind.FAX, EntryKind.NOTE)}
DECIDED = tuple(one.value for one in Decision)
LONGEST_HOLD = 1_440


class UnloggedError(ValueError):
    """What was given cannot be logged; the text is a sentence."""


def read_noted(given: Mapping[str, Any]) -> Noted:
    """Read a contact or a note. Raises UnloggedError."""
    kind = NOTED[given["kind"]]
    contact = None if kind is EntryKind.NOTE else read_contact(given)
    if contact is None and not given["words"]:
        raise UnloggedError("A note needs its words: --words TEXT.")
    if kind is EntryKind.CALL and contact is not None and not (contact.person or contact.reference):
        raise UnloggedError("A call needs whom you spoke to or its reference: --person NAME, --reference R.")
    return Noted(kind, given["words"], contact, read_next(given))


def read_contact(given: Mapping[str, Any]) -> Contact:
    """Read whom one spoke to, under which reference, since when and for how long. Raises UnloggedError."""
    hold = given["hold"]
    if hold is not None and not 0 <= hold <= LONGEST_HOLD:
        raise UnloggedError(f"--hold is in whole minutes, 0 to {LONGEST_HOLD}; you gave {hold}.")
    outcome = Outcome(given["outcome"]) if given["outcome"] else None
    return Contact(given["line"], given["person"], given["reference"], _started(given["started"]), hold, outcome)


def _started(text: str | None) -> datetime | None:
    if text is None:
        return None
    try:
        found = datetime.fromisoformat(text)
    except ValueError:
        found = None
    if found is None or found.tzinfo is None:
        raise UnloggedError("--started is a time with its offset, like 2026-12-01T09:30-05:00.")
    return found


def read_next(given: Mapping[str, Any]) -> NextStep | None:
    """Read what comes next and by when. Raises UnloggedError."""
    if given["next_on"] is not None and not given["next"]:
        raise UnloggedError("--next-on needs what is to be done: --next TEXT.")
    return NextStep(given["next"], given["next_on"]) if given["next"] else None


def read_decided(given: Mapping[str, Any]) -> Decided:
    """Read an answer of the payer. Raises UnloggedError."""
    what = Decision(given["decision"])
    values = _values(given) | ({"verbal": True} if what is Decision.VERBAL else {})
    _refuse_unfit(what, values, given)
    return Decided(
        what,
        values,
        words=given["words"],
        contact=read_contact(given),
        due_on=given["due"],
        next_step=read_next(given),
        why=given["why"],
    )


_SAID = ("begins", "ends", "decided_on", "too_early_until")


def _values(given: Mapping[str, Any]) -> dict[str, Any]:
    """The new values of the case, by the field names of AuthorizationRecord; what was not given stays."""
    values: dict[str, Any] = {name: given[name] for name in _SAID if given[name] is not None}
    numbers = (("number", "number"), ("authorization_reference", "reference"))
    values |= {name: _number(option, given[option]) for option, name in numbers if given[option]}
    values |= {"no_end": True, "ends": None} if given["no_end"] else {}
    values |= {"items": _codes(given["codes"])} if given["codes"] else {}
    return values | ({"denial_reason": given["reason"]} if given["reason"] else {})


def _refuse_unfit(what: Decision, values: Mapping[str, Any], given: Mapping[str, Any]) -> None:
    if what is Decision.APPROVED and not (values.get("number") or values.get("reference")):
        raise UnloggedError("An approval needs the payer's --number or --authorization-reference; else it is `verbal`.")
    if what is Decision.DENIED and not (given["reason"] or given["words"]):
        raise UnloggedError("A denial needs its reason in the payer's words: --reason TEXT.")
    if what is Decision.DISMISSED and given["why"] not in DISMISSED_FOR:
        raise UnloggedError(f"A dismissal needs --why: {', '.join(DISMISSED_FOR)}.")
    if what is Decision.TOO_EARLY and given["too_early_until"] is None:
        raise UnloggedError("Too early needs the first day on which the payer takes it: --too-early-until DATE.")
    if given["begins"] and given["ends"] and given["ends"] < given["begins"]:
        raise UnloggedError(
            f"--ends {given['ends']} lies before --begins {given['begins']}. Give the earlier day first."
        )


def _number(name: str, text: str) -> str:
    found = read_number(text)
    if found is None:
        option = f"--{name.replace('_', '-')}"
        raise UnloggedError(f"{option} must be the one that the payer gave; '{text[:20]}' is none.")
    return found


def _codes(text: str) -> Any:
    try:
        return read_codes(text)
    except UnreadError as fault:
        raise UnloggedError(f"--codes: {fault}") from None
