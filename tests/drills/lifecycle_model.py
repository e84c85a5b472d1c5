"""A small model of a case's life, written apart from the program: what a case is after each thing that people do to it.

It keeps a case as plain values and knows no events, no database and no history. Moves, numbers and days are written
here a second time on purpose.
"""

from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

LEGAL = {
    "draft": "needs_documents ready submitted notified not_required withdrawn voided",
    "needs_documents": "draft ready submitted notified not_required withdrawn voided",
    "ready": "draft needs_documents submitted notified not_required withdrawn voided",
    "submitted": "more_info approved partly_approved denied not_required notified ready withdrawn dismissed voided",
    "more_info": "submitted approved partly_approved denied not_required withdrawn dismissed voided",
    "notified": "more_info approved partly_approved denied not_required withdrawn dismissed voided closed",
    "approved": "partly_approved denied closed voided",
    "partly_approved": "approved denied in_appeal closed voided",
    "denied": "in_appeal approved partly_approved closed voided",
    "in_appeal": "approved partly_approved denied closed voided",
    "not_required": "closed voided",
    "withdrawn": "closed voided",
    "dismissed": "draft ready closed voided",
    "voided": "",
    "closed": "",
}
STATES = tuple(LEGAL)
YES = ("approved", "partly_approved")
BEFORE_SENDING = ("draft", "needs_documents", "ready")
ANSWERED = (*YES, "denied", "not_required", "dismissed")
FOLLOWS = {
    "renewal": ("approved", "partly_approved", "closed"),
    "extension": ("approved", "partly_approved", "closed"),
    "appeal": ("denied", "partly_approved", "in_appeal"),
    "initial": tuple(one for one in STATES if one != "voided"),
}
KEPT = timedelta(hours=24)


class Refused(Exception):  # noqa: N818 - an answer, not a fault
    """What people are told instead of having it done: `stale`, `illegal`, `value`, `known` or `undo`."""


@dataclass(frozen=True)
class Is:
    """What a case is, of all that the drill changes. `asked`: count, begin and end as they were sent, or None."""

    status: str
    word: str
    number: str | None = None
    reference: str | None = None
    verbal: bool = False
    count: int | None = 36
    used: int | None = None
    begins: date | None = None
    ends: date | None = None
    requested_on: date | None = None
    decided_on: date | None = None
    too_early: date | None = None
    asked: tuple[Any, ...] | None = None
    note: str | None = None


@dataclass
class Case:
    """A case, with what it was before each change, so that the last can be taken back."""

    id: UUID
    now: Is
    at: datetime
    kind: str = "initial"
    parent: UUID | None = None
    version: int = 1
    before: list[Is | None] = field(default_factory=lambda: [None])
    events: list[UUID | None] = field(default_factory=lambda: [None])

    @property
    def key(self) -> tuple[Any, ...]:
        """By what the payer, or else the practice, knows it."""
        if self.now.number:
            return ("number", folded(self.now.number))
        if self.now.reference:
            return ("reference", folded(self.now.reference))
        if self.now.status in BEFORE_SENDING or self.now.asked or self.parent:
            return ("case", self.id)
        return ("codes", self.now.begins)


class Model:
    """All cases of one patient of one payer."""

    def __init__(self) -> None:
        """Begin with none."""
        self.cases: dict[UUID, Case] = {}

    def add(self, case_id: UUID, now: Is, at: datetime, event: UUID | None = None) -> None:
        """Log a case in whatever state."""
        self._fits(now)
        case = Case(case_id, tidy(now), at)
        self._unknown(case)
        case.events = [event]
        self.cases[case_id] = case

    def follow(self, parent: UUID, kind: str, case_id: UUID, at: datetime) -> None:
        """Begin a request that follows another."""
        up = self.cases[parent]
        if case_id in self.cases:
            return
        if up.now.status not in FOLLOWS[kind]:
            raise Refused("illegal")
        self.cases[case_id] = Case(case_id, Is("draft", "draft", count=up.now.count), at, kind, parent)

    def move(
        self, case_id: UUID, version: int, to: str, values: dict[str, Any], at: datetime, day: date, event: UUID
    ) -> None:
        """Take a case to a state, or say more in the one that it has."""
        case = self._fresh(case_id, version, event)
        if case is None:
            return
        old = case.now
        stays = to == old.status and to not in ("withdrawn", "voided", "closed")
        if not stays and to not in LEGAL[old.status].split():
            raise Refused("illegal")
        new = _gone(old, to, values, day)
        self._fits(new, old)
        _in_order(new, to, day)
        new = tidy(new)
        if to in YES and not new.number and not new.reference:
            new = replace(new, verbal=True)
        self._write(case, new, at, event)

    def change(
        self, case_id: UUID, version: int, values: dict[str, Any], marked: bool, at: datetime, event: UUID
    ) -> None:
        """Change fields; `marked`: as a correction, after which any state may stand."""
        case = self._fresh(case_id, version, event)
        if case is None:
            return
        new = replace(case.now, **values)
        if not marked and new.status != case.now.status and new.status not in LEGAL[case.now.status].split():
            raise Refused("illegal")
        self._fits(new, case.now)
        self._write(case, tidy(new), at, event)

    def take_back(self, case_id: UUID, last: bool, at: datetime) -> None:
        """Put back what the case was before its last change, within a day; one that was just logged is voided."""
        case = self.cases[case_id]
        if not last or case.at + KEPT < at:
            raise Refused("undo")
        before = case.before[-1]
        self._write(case, before or replace(case.now, status="voided"), at, None)

    def linked(self, case_id: UUID) -> set[UUID]:
        """The cases of one chain."""
        found, grows = {case_id}, True
        while grows:
            more = {one.id for one in self.cases.values() if one.parent in found or one.id in found}
            more |= {up for one in found if (up := self.cases[one].parent) is not None}
            grows, found = bool(more - found), found | more
        return found

    def _fresh(self, case_id: UUID, version: int, event: UUID) -> Case | None:
        case = self.cases[case_id]
        if version != case.version:
            if event in case.events:
                return None
            raise Refused("stale")
        return case

    def _fits(self, new: Is, old: Is | None = None) -> None:
        if new.begins and new.ends and new.ends < new.begins:
            raise Refused("value")
        if old is not None and old.used is not None and new.count is not None and new.count < old.used:
            changed = (new.count, new.used) != (old.count, old.used)
            if changed:
                raise Refused("value")

    def _unknown(self, case: Case) -> None:
        if any(one.key == case.key for one in self.cases.values() if one.id != case.id):
            raise Refused("known")

    def _write(self, case: Case, new: Is, at: datetime, event: UUID | None) -> None:
        if new == case.now:
            return
        other = Case(case.id, new, at, case.kind, case.parent)
        if other.key != case.key:
            self._unknown(other)
        case.before.append(case.now)
        case.events.append(event)
        case.now, case.at, case.version = new, at, case.version + 1


def _gone(old: Is, to: str, values: dict[str, Any], day: date) -> Is:
    """What a case is in another state, with what is said by itself: the day, and what was asked as it is sent."""
    new = replace(old, status=to, **values)
    if to != old.status:
        decided = {"decided_on": day} if to in ANSWERED and "decided_on" not in values else {}
        new = replace(new, word=to, **decided)
    if old.status not in BEFORE_SENDING or to not in ("submitted", "notified"):
        return new
    told = (new.count, new.begins, new.ends)
    if new.asked and new.asked[0] == new.count:  # what was written for it is sent with the days of the case
        told = (new.count, new.begins or new.asked[1], new.ends or new.asked[2])
    return replace(new, asked=told, requested_on=values.get("requested_on", day))


def _in_order(new: Is, to: str, day: date) -> None:
    """No day is ahead, and no answer comes before it was asked for."""
    ahead = [one for one in (new.requested_on, new.decided_on) if one is not None and one > day]
    both = new.requested_on is not None and new.decided_on is not None
    if ahead or (to in ANSWERED and both and new.decided_on < new.requested_on):
        raise Refused("value")


def folded(number: str) -> str:
    """A number as the payer would compare it."""
    return "".join(one for one in number.upper() if one.isalnum())


def real(text: str | None) -> str | None:
    """A number, or nothing where only a word stands."""
    if text is None or not any(one.isdigit() for one in text) or len({*text.lower()} - {*" -."}) < 2:
        return None
    return text


def tidy(one: Is) -> Is:
    """Drop what does not hold beside the rest."""
    one = replace(one, number=real(one.number), reference=real(one.reference))
    if one.number or one.status not in YES:
        one = replace(one, verbal=False)
    return one if one.status in BEFORE_SENDING else replace(one, too_early=None)
