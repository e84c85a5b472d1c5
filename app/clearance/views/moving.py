"""Where a visit could go, in words."""

from dataclasses import dataclass
from uuid import UUID

from app.clearance.actions.moving import Move
from app.clearance.rules.moving import Carried, CoveredDay, Days
from app.clearance.views.panel import patient_name
from app.clearance.views.sentences import visit_words
from app.clearance.views.turning import TurnsWords, turns_words
from app.values.wording import clock_time, counted, long_day

CHECK_FIRST = "once the coverage is checked again"


@dataclass(frozen=True, slots=True)
class DayWords:
    """A day that can be tried: `t` as an address takes it, its words, and whether it is the one that was tried."""

    iso: str
    words: str
    note: str


@dataclass(frozen=True, slots=True)
class TriedWords:
    """What would come of the day that was tried."""

    day: str
    badge: str
    sentence: str
    carried: str
    turns: TurnsWords
    unseen: str


@dataclass(frozen=True, slots=True)
class MoveWords:
    """The page: the visit as it is booked, the latest and the next day covered, and the day that was tried."""

    visit_id: UUID
    patient: str
    mrn: str
    when: str
    badge: str
    sentence: str
    booked: bool
    latest: DayWords | None
    latest_words: str
    next: DayWords | None
    next_words: str
    tried: TriedWords | None


def move_words(move: Move) -> MoveWords:
    """Put a trial of other days into the words of its page."""
    answer = move.opened.answer
    visit = answer.lines[0].visit
    starts = visit.starts_at.astimezone(answer.zone)
    badge, sentence, _short = visit_words(answer.lines, answer.sites, move.today)
    latest, following = (move.days.latest, move.days.next) if move.days is not None else (None, None)
    return MoveWords(
        visit_id=visit.id,
        patient=patient_name(move.opened),
        mrn=move.opened.patient.mrn,
        when=f"{long_day(starts.date())} {clock_time(starts)}",
        badge=badge.value,
        sentence=sentence.partition(". ")[2],
        booked=move.days is not None,
        latest=_day(latest) if latest is not None and move.days is not None and not move.days.open else None,
        latest_words=_latest(move.days) if move.days is not None else "",
        next=_day(following) if following is not None else None,
        next_words=_next(move.days) if move.days is not None else "",
        tried=_tried(move),
    )


def _day(found: CoveredDay) -> DayWords:
    return DayWords(found.day.isoformat(), long_day(found.day), CHECK_FIRST if found.once_checked else "")


def _latest(days: Days) -> str:
    if days.latest is None:
        return f"No day until {long_day(days.horizon)} is covered. Another day does not help: see what stops the visit."
    if days.open:
        return f"No end is known: the visit is covered until {long_day(days.horizon)}, as far as we looked."
    return f"{long_day(days.latest.day)}{_note(days.latest)}"


def _next(days: Days) -> str:
    if days.next is None:
        return "None: no business day after the booked day is covered."
    return f"{long_day(days.next.day)}{_note(days.next)}"


def _note(found: CoveredDay) -> str:
    return f", {CHECK_FIRST}" if found.once_checked else ""


_CARRIED = {
    Carried.YES: "The visit is covered on this day.",
    Carried.ONCE_CHECKED: f"The visit is covered on this day, {CHECK_FIRST}.",
    Carried.NO: "The visit is not covered on this day.",
}


def _tried(move: Move) -> TriedWords | None:
    tried = move.tried
    if tried is None:
        return None
    sites = move.opened.answer.sites
    badge, sentence, _short = visit_words(tried.lines, sites, move.today)
    unseen = f"{counted(move.unseen, 'further visit')} of the patient, out of your sight, would change too."
    return TriedWords(
        day=long_day(tried.day),
        badge=badge.value,
        sentence=sentence.partition(". ")[2],
        carried=_CARRIED[tried.carried],
        turns=turns_words(tried.turned, sites, move.today),
        unseen=unseen if move.unseen else "",
    )
