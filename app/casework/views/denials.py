"""The page of a case's denials in words: what the payer said, what can be done about it, and until when."""

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID
from zoneinfo import ZoneInfo

from app.authorizations.facts import Status
from app.authorizations.views import status_words
from app.casework.actions.appeals import APPEALS, TALKS
from app.casework.facts.casebook import case_code
from app.casework.facts.cases import CaseFile
from app.casework.facts.denials import EXTERNAL, FIRST, SECOND, Denial, DenialFile, Window
from app.casework.rules.windows import KEPT, name_of
from app.casework.views.case_words import service_words
from app.casework.views.timeline import NOT_SHOWN
from app.casework.views.words import person_name
from app.deadlines.facts import AppealLevel, PeerToPeer
from app.documents.facts import LetterKind
from app.policies.facts.answers import Confidence
from app.practice.rules.fields import Field
from app.values.wording import clock_time, counted, long_day, short_day

LEVELS = {
    FIRST: "First appeal to the payer",
    SECOND: "Second appeal to the payer",
    EXTERNAL: "External review",
}
TALK_OUTCOMES = [(one.value, f"{words[0].upper()}{words[1:]}") for one, words in TALKS.items()]
APPEAL_OUTCOMES = [(one.value, f"{words[0].upper()}{words[1:]}") for one, words in APPEALS.items()]
_DENIED = {0: "The request", KEPT[EXTERNAL]: "External review"}
_LETTERS = {
    FIRST: LetterKind.APPEAL_FIRST,
    SECOND: LetterKind.APPEAL_SECOND,
    EXTERNAL: LetterKind.APPEAL_EXTERNAL,
}
_APPEALABLE = frozenset({Status.DENIED, Status.PARTLY_APPROVED, Status.IN_APPEAL})
_DENIABLE = frozenset({Status.SUBMITTED, Status.MORE_INFO, Status.NOTIFIED, Status.APPROVED, Status.PARTLY_APPROVED})


@dataclass(frozen=True, slots=True)
class Head:
    """Whose case it is, and how it stands."""

    id: UUID
    code: str
    patient_id: UUID
    patient: str
    mrn: str
    service: str
    payer: str
    status: str


@dataclass(frozen=True, slots=True)
class DenialWords:
    """One denial. `of` names what was denied; `struck`: a correction took its place."""

    id: UUID
    of: str
    day: str
    code: str | None
    words: str
    unmet: tuple[str, ...]
    appeal_by: str | None
    document_id: UUID | None
    recorded: str
    struck: bool


@dataclass(frozen=True, slots=True)
class WindowWords:
    """Until when one level can be opened. `day` None: the letter says; `urgent`: few days are left, or none."""

    level: str
    label: str
    day: str | None
    left: str
    why: str
    urgent: bool


@dataclass(frozen=True, slots=True)
class TalkWords:
    """One talk between physicians. `open`: it can be booked and held."""

    id: UUID
    offered: str
    until: str
    booked: str | None
    who: str | None
    how: tuple[str, ...]
    held: str | None
    open: bool
    closed: bool


@dataclass(frozen=True, slots=True)
class LevelWords:
    """One level of appeal that was opened. `to_file`, `to_decide`: what is to be recorded next."""

    id: UUID
    label: str
    against: str
    window: str
    filed: str | None
    decided: str | None
    to_file: bool
    to_decide: bool
    urgent: bool


@dataclass(frozen=True, slots=True)
class DenialsPage:
    """All that the template shows. `log_reason`: a denial that the log names and nobody recorded."""

    head: Head
    denials: tuple[DenialWords, ...]
    windows: tuple[WindowWords, ...]
    talks: tuple[TalkWords, ...]
    levels: tuple[LevelWords, ...]
    log_reason: str | None
    log_day: str | None
    deniable: bool
    appealable: bool
    letter: str


def head_of(case: CaseFile) -> Head:
    """Name the case, whose it is and how it stands."""
    record, details = case.record, case.chart.details
    return Head(
        id=record.id,
        code=case_code(record.id),
        patient_id=record.patient_id,
        patient=person_name(details),
        mrn=details.mrn,
        service=service_words(record),
        payer=record.payer_name,
        status=status_words(record.status),
    )


def denials_page(found: DenialFile, fields: Collection[Field]) -> DenialsPage:
    """Put the denials of a case into words; the payer's words only for whom `fields` lets read them."""
    case, today, zone = found.case, found.case.chart.today, found.case.chart.zone
    status, shown = case.record.status, Field.DENIAL_REASON in fields
    unrecorded = not found.denials and status in (Status.DENIED, Status.IN_APPEAL)
    reason = (case.record.denial_reason if shown else NOT_SHOWN) if unrecorded and case.record.denial_reason else None
    return DenialsPage(
        head=head_of(case),
        denials=tuple(_denial(one, found, shown) for one in found.denials),
        windows=tuple(window_words(one, today) for one in found.windows),
        talks=tuple(_talk(one, found, zone) for one in reversed(found.clocks.peers)),
        levels=tuple(_level(one, today) for one in reversed(found.clocks.appeals)),
        log_reason=reason,
        log_day=_day(case.record.decided_on) if unrecorded else None,
        deniable=status in _DENIABLE or status is Status.DENIED,
        appealable=status in _APPEALABLE,
        letter=_LETTERS[found.windows[0].level if found.windows else FIRST].value,
    )


def _day(day: date | None) -> str | None:
    return None if day is None else long_day(day)


def _denial(one: Denial, found: DenialFile, shown: bool) -> DenialWords:
    chart = found.case.chart
    name = chart.staff.get(one.recorded_by, "somebody no longer on file") if one.recorded_by else "the program"
    return DenialWords(
        id=one.id,
        of=_DENIED.get(one.level, f"Appeal, level {one.level}"),
        day=long_day(one.denied_on),
        code=one.code if shown else None,
        words=one.words if shown else NOT_SHOWN,
        unmet=one.unmet if shown else (),
        appeal_by=_day(one.appeal_by),
        document_id=one.document_id,
        recorded=f"Recorded {short_day(one.recorded_at.astimezone(chart.zone).date())} by {name}",
        struck=one.id in found.struck,
    )


def window_words(one: Window, today: date) -> WindowWords:
    """Say until when a level can be opened, and by whose rule."""
    label = LEVELS[one.level]
    if one.sent_on and one.basis is not None:
        return WindowWords(one.level, label, None, "Nothing is to be filed.", one.basis.words, False)
    if one.last is None:
        why = "No rule surely names the last day for this case. Read it off the letter and enter it."
        return WindowWords(one.level, label, None, "Last day not known", why, True)
    why = "By the payer's letter."
    if not one.letter and one.basis is not None:
        why = one.basis.words
        why += " The letter's own day goes before it." if one.basis.confidence is not Confidence.PRACTICE else ""
    left = (one.last - today).days
    return WindowWords(one.level, label, long_day(one.last), left_words(left), why, left <= 7)


def left_words(days: int) -> str:
    """How long there is left: 12 days left, the last day is today, or that it has ended."""
    if days < 0:
        return f"Ended {counted(-days, 'day')} ago"
    return f"{counted(days, 'day')} left" if days else "The last day is today"


def _talk(one: PeerToPeer, found: DenialFile, zone: ZoneInfo) -> TalkWords:
    now = found.case.chart.now
    who = found.case.chart.staff.get(one.provider_id) if one.provider_id is not None else None
    held = None
    if one.held_at is not None:
        words = TALKS[one.outcome] if one.outcome is not None else "the outcome was not said"
        held = f"Held {_moment(one.held_at, zone)}: {words}"
    return TalkWords(
        id=one.id,
        offered=long_day(one.offered_at.astimezone(zone).date()),
        until=_moment(one.closes_at, zone),
        booked=_moment(one.booked_for, zone) if one.booked_for is not None else None,
        who=who,
        how=tuple(_how(one)),
        held=held,
        open=one.held_at is None,
        closed=one.held_at is None and one.closes_at < now,
    )


def _how(one: PeerToPeer) -> Iterator[str]:
    if one.payer_line:
        yield f"Line {one.payer_line}"
    if one.payer_person:
        yield f"Payer's physician: {one.payer_person}"
    if one.reference:
        yield f"Reference {one.reference}"


def _moment(at: datetime, zone: ZoneInfo) -> str:
    local = at.astimezone(zone)
    return f"{long_day(local.date())} {clock_time(local)}"


def _level(one: AppealLevel, today: date) -> LevelWords:
    name = name_of(one)
    label = LEVELS[name] if name == EXTERNAL or one.level < 3 else f"Appeal, level {one.level}"
    filed = None
    if one.filed_on is not None:
        filed = f"Filed {long_day(one.filed_on)}" + (f", reference {one.reference}" if one.reference else "")
    decided = None
    if one.decided_on is not None:
        words = APPEALS[one.outcome] if one.outcome is not None else "the outcome was not said"
        decided = f"Decided {long_day(one.decided_on)}: {words}"
    waits = one.filed_on is None and one.decided_on is None
    left = (one.window_ends - today).days
    return LevelWords(
        id=one.id,
        label=label,
        against=long_day(one.denied_on),
        window=f"Until {long_day(one.window_ends)}" + (f" ({left_words(left).lower()})" if waits else ""),
        filed=filed,
        decided=decided,
        to_file=waits,
        to_decide=one.filed_on is not None and one.decided_on is None,
        urgent=waits and left <= 7,
    )
