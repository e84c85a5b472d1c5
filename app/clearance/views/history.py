"""What was shown of a visit before, in words."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from app.clearance.actions.recounting import DayShown, Stretch, VisitHistory
from app.clearance.facts.history import Cause
from app.clearance.facts.reasons import Badge, Reason, Result
from app.clearance.facts.verdicts import LineVerdict, first_reason
from app.clearance.rules.packing import StoredLine
from app.clearance.views.context import called
from app.clearance.views.panel import instant_words
from app.clearance.views.sentences import BADGE_WORDS, CHECK_WORDS, shown_words, visit_words
from app.values.wording import listed, long_day, short_day

_CAUSES = {
    Cause.FACTS: "a fact on file was changed",
    Cause.DAY: "a day came on which it changes by itself",
    Cause.BOOK: "all visits were judged anew",
    Cause.RISK: "a risk was accepted",
    Cause.GONE: "the visit was no longer booked",
}
_FOUND = {
    Result.FAIL: "does not hold",
    Result.UNKNOWN: "is not known",
    Result.WARN: "is to be looked at",
    Result.PASS: "holds",
}


@dataclass(frozen=True, slots=True)
class StretchWords:
    """One answer that was shown: when, its badge, its reason in short, the approval, the basis, and what ended it."""

    when: str
    badge: str
    reason: str
    approval: str | None
    basis: str
    ended: str | None
    changed: str | None
    risk: str | None


@dataclass(frozen=True, slots=True)
class DayWords:
    """What was shown on a day, beside what we would answer now as of that day."""

    day: str
    shown: tuple[StretchWords, ...]
    nothing: str | None
    same: bool
    now_badge: str
    now_sentence: str


@dataclass(frozen=True, slots=True)
class HistoryWords:
    """The section of what we showed; `more` says that older answers are kept and not shown here."""

    stretches: tuple[StretchWords, ...]
    more: str | None
    on: DayWords | None


def history_words(history: VisitHistory) -> HistoryWords:
    """Put the history of a visit into words, the latest answer first."""
    later: Stretch | None = None
    told = []
    for one in history.stretches:
        told.append(_stretch(one, later, history))
        later = one
    more = f"Only the last {len(told)} answers are shown; older ones are kept." if history.older else None
    return HistoryWords(tuple(told), more, _day(history.shown_on, history) if history.shown_on is not None else None)


def _day(on: DayShown, history: VisitHistory) -> DayWords:
    badge, sentence, _short = shown_words(on.now)
    last = on.stretches[-1] if on.stretches else None
    return DayWords(
        day=long_day(on.day),
        shown=tuple(_stretch(one, None, history) for one in on.stretches),
        nothing=None if last is not None else _nothing(on, history),
        same=last is not None and last.badge is badge and _findings(last.kept) == _judged(on.now.lines),
        now_badge=badge.value,
        now_sentence=sentence.removeprefix(f"{BADGE_WORDS[badge]}. "),
    )


def _nothing(on: DayShown, history: VisitHistory) -> str:
    first = history.stretches[-1] if history.stretches and not history.older else None
    if first is not None and on.day < first.since.astimezone(history.zone).date():
        return f"Nothing was shown on that day: the first answer is of {instant_words(first.since, history.zone)}."
    return "Nothing was shown on that day: the visit was not booked, or not judged yet."


def _stretch(one: Stretch, later: Stretch | None, history: VisitHistory) -> StretchWords:
    return StretchWords(
        when=_when(one, history),
        badge=one.badge.value,
        reason=_reason(one, history),
        approval=_approval(one, history),
        basis=f"Judged for {long_day(one.as_of)} by rules {one.rules_version[:12]}",
        ended=_ended(one),
        changed=_changed(one, later) if later is not None and later.since == one.until else None,
        risk=_risk(one, history),
    )


def _when(one: Stretch, history: VisitHistory) -> str:
    since = _at(one.since, history)
    return f"Since {since}" if one.until is None else f"{since} to {_at(one.until, history)}"


def _at(instant: datetime, history: VisitHistory) -> str:
    return instant_words(instant, history.zone)


def _reason(one: Stretch, history: VisitHistory) -> str:
    """The short reason: in the words of lists where the lines can be called back, else by the check that made it."""
    badge = one.risk.badge if one.risk is not None else one.badge
    if one.lines and all(_tellable(line) for line in one.lines):
        return f"{visit_words(one.lines, history.sites, one.as_of)[2]}."
    for line in one.kept:
        reason = first_reason(line.reasons, line.badge)
        if reason is not None and (line.badge is badge or badge is Badge.ACCEPTED_RISK):
            return f"{CHECK_WORDS[reason.check]} {_FOUND[reason.result]}."
    return "Every check passed." if badge is Badge.CLEARED else f"{BADGE_WORDS[badge]}."


def _tellable(line: LineVerdict) -> bool:
    """Say whether the words of a line find the coverage that they speak of: it may have been removed since."""
    return line.coverage is not None or not line.reasons or Reason.COVERAGE_NONE in line.reasons


def _approval(one: Stretch, history: VisitHistory) -> str | None:
    """The approvals that were chosen: as they are called now, or that one is no longer on file."""
    chosen = list(dict.fromkeys(line.chosen for line in one.kept if line.chosen is not None))
    if not chosen:
        return None
    rows = [history.approvals.get(row_id) for row_id in chosen]
    return f"Approval: {listed([called(row) if row is not None else 'one no longer on file' for row in rows])}"


def _ended(one: Stretch) -> str | None:
    if one.by is None:
        return None
    who = f" by {one.by_name}" if one.by_name is not None and one.by.cause is not Cause.DAY else ""
    withdrawn = one.by.cause is Cause.RISK and one.badge is Badge.ACCEPTED_RISK
    cause = "the accepted risk was withdrawn" if withdrawn else _CAUSES[one.by.cause]
    return f"Replaced because {cause}{who}."


def _changed(one: Stretch, later: Stretch) -> str | None:
    """Which checks then found something else."""
    before, after = _findings(one.kept), _findings(later.kept)
    names = list(dict.fromkeys(_differing(before, after)))
    return f"Then changed: {listed(names)}." if names else None


def _differing(before: Sequence[tuple[Reason, ...]], after: Sequence[tuple[Reason, ...]]) -> Iterator[str]:
    if len(before) != len(after):
        yield "Planned services"
        return
    for old, new in zip(before, after, strict=True):
        for reason in sorted(set(old) ^ set(new), key=lambda found: found.number):
            yield CHECK_WORDS[reason.check]


def _findings(kept: Sequence[StoredLine]) -> tuple[tuple[Reason, ...], ...]:
    return tuple(line.reasons for line in kept)


def _judged(lines: Sequence[LineVerdict]) -> tuple[tuple[Reason, ...], ...]:
    return tuple(line.reasons for line in lines)


def _risk(one: Stretch, history: VisitHistory) -> str | None:
    if one.risk is None:
        return None
    when = short_day(one.risk.accepted_at.astimezone(history.zone).date())
    return f"Let through by {one.risk.name} on {when}: {one.risk.reason}"
