"""By whose clock the payer owes its answer to one request, and when it is due.

The law is data (`payer_policies/_grid/clocks.yaml`), chosen by `policies/rules/clocks.py`. Where no rule surely applies
there is no legal clock; the payer's own target, if it states one, is told as a target.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal

from app.deadlines.facts import Basis, BasisKind
from app.deadlines.rules.calendar import day_after, due_after, end_of_day, zone_of
from app.deadlines.rules.pausing import Pause as Pause
from app.deadlines.rules.pausing import Times, shifted
from app.policies.facts.answers import Confidence
from app.policies.facts.clocks import ClockRule
from app.policies.facts.language import ClockTimes
from app.policies.rules.clocks import ClockQuestion as ClockQuestion
from app.policies.rules.clocks import appeal_rule, hangs_on, running_clocks, time_of, usual_hours
from app.policies.rules.wording import say_length
from app.values.spans import Duration

NO_CLOCK = "No legal clock; the payer's own target."
_NOT_KNOWN = {
    "line": "No legal clock is sure: the line of business is not known. Until it is, the payer's own target.",
    "drug": "No legal clock is sure: whether it is for a drug is not known. Until it is, the payer's own target.",
}
_DEEMED = "It counts a request not answered in time as approved: rely on that only once the payer has confirmed it"
_LAW = {"federal": BasisKind.FEDERAL, "state": BasisKind.STATE}


@dataclass(frozen=True, slots=True)
class Run:
    """One clock that runs: its time, the time in all with notice, and what a question of the payer does to it.

    `pause` None: nothing, it runs on. `anew`: the time from the answer where it begins anew. `answer_within`: the least
    time that the payer must leave for the answer. `deemed`: not answered in time counts as approved by that law; it is
    never shown as an approval before the payer says so.
    """

    basis: Basis
    length: Duration
    extended: Duration | None = None
    pause: Literal["stop", "restart"] | None = None
    anew: Duration | None = None
    answer_within: Duration | None = None
    deemed: bool = False


@dataclass(frozen=True, slots=True)
class LegalClock:
    """The clocks that run for one request, those of the law or one target; `basis` is that of the shortest.

    No runs: no legal clock, and no target that the payer states.
    """

    basis: Basis
    runs: tuple[Run, ...] = ()

    @property
    def legal(self) -> bool:
        """Whether a law or program holds the payer to it."""
        return self.basis.kind in (BasisKind.FEDERAL, BasisKind.STATE)


@dataclass(frozen=True, slots=True)
class AnswerDue:
    """When the payer's answer is due: a whole day in the zone, an instant (UTC), or neither.

    `paused`: every clock stands still until we answer. `basis`: by whose clock it is due.
    """

    basis: Basis
    due_on: date | None = None
    due_at: datetime | None = None
    paused: bool = False
    deemed: bool = False


@dataclass(frozen=True, slots=True)
class AppealWindow:
    """How long one may appeal after a denial, and how long the payer may take for it. None: the rule says no time."""

    level: int
    basis: Basis
    window: Duration | None
    decided_within: Duration | None


def legal_clock(question: ClockQuestion, clocks: Iterable[ClockRule]) -> LegalClock:
    """Choose the clock of one request.

    Takes     the request, with what is not known left unknown; the rules of the clocks in force.
    Returns   every clock of the law that surely runs; without one the payer's own target (`question.target` whose basis
              is the payer), or nothing, each with its basis in words.
    """
    rules = tuple(clocks)
    runs = tuple(_run(rule, question) for rule in running_clocks(question, rules))
    if runs:
        first = min(runs, key=lambda run: usual_hours(run.length))
        return LegalClock(first.basis, runs)
    target = question.target
    length = _target_time(question) if target is not None and target.basis == "payer" else None
    without = _NOT_KNOWN.get(hangs_on(question, rules) or "", NO_CLOCK)
    if length is None:
        return LegalClock(Basis(BasisKind.TARGET, words=without, confidence=Confidence.NONE))
    words = f"{without} It states {say_length(length)} from the receipt of the request."
    basis = Basis(BasisKind.TARGET, words=words, confidence=Confidence.SEEN)
    return LegalClock(basis, (Run(basis, length),))


def answer_due(
    request: ClockQuestion, clock: LegalClock, pauses: Sequence[Pause] = (), *, noticed_on: date | None = None
) -> AnswerDue:
    """Say when the payer's answer is due.

    Takes     the request; its clock; when the payer asked for information and when we answered; the day on which the
              payer gave notice that it needs longer, None: it gave none.
    Returns   the earliest of the clocks that run. Where an instant is not known the latest that it can be counts, so
              that nobody is called late who may not be. A question or notice after the time ran out changes nothing.
    """
    zone = zone_of(request.zone)
    found: list[tuple[datetime, Run, Times]] = []
    paused = False
    for run in clock.runs:
        due = _due(request, run, pauses, noticed_on)
        if due is None:
            paused = True
        elif due.due_at is not None or due.due_on is not None:
            found.append((due.due_at or end_of_day(due.due_on or request.received_on, zone), run, due))
    if not found:
        return AnswerDue(clock.basis, paused=paused)
    _, run, due = min(found, key=lambda one: one[0])
    return AnswerDue(run.basis, due.due_on, due.due_at, deemed=run.deemed)


def information_due(request: ClockQuestion, clock: LegalClock, asked: Pause) -> Times | None:
    """When we owe the payer what it asked for, by the least time that the law leaves us; None: no law says.

    The payer's own date, where its letter names one, goes before this.
    """
    least = [run.answer_within for run in clock.runs if run.answer_within is not None]
    if not least:
        return None
    return Times(*due_after(asked.asked_at, asked.asked_on, least[0], zone_of(request.zone)))


def appeal_window(
    denial: ClockQuestion, level: int, clocks: Iterable[ClockRule], external: bool | None = None
) -> AppealWindow | None:
    """How long one may appeal.

    Takes     the request, `received_on` being the day of the denial's notice; the level, 1 the first; the rules;
              whether an independent reviewer decides, None: by the level alone.
    Returns   the window and its basis; None where no rule surely applies: ask the payer, the letter names the day.
    """
    rule = appeal_rule(denial, level, clocks, external)
    if rule is None:
        return None
    decided = time_of(rule.appeal, urgent=denial.urgent)
    words = f"{rule.title}: "
    words += f"{say_length(rule.window)} from the notice" if rule.window else "sent on by the plan itself"
    kind = BasisKind.FEDERAL if rule.appeal is None else _LAW.get(rule.appeal.basis, BasisKind.TARGET)
    return AppealWindow(level, _basis(rule, kind, words), rule.window, decided)


def appeal_by(denied_on: date, window: AppealWindow) -> date | None:
    """The last day of an appeal's window, counted from the day of the notice; None: it has no window."""
    return day_after(denied_on, window.window) if window.window is not None else None


def _run(rule: ClockRule, question: ClockQuestion) -> Run:
    urgent = question.urgent
    length = time_of(rule.clock, urgent=urgent)
    assert length is not None and rule.clock is not None  # running_clocks gives no others
    extended = _just(rule.extended, urgent=urgent)
    pause = rule.pause
    anew = _just(pause.anew, urgent=urgent) if pause is not None else None
    starts = "complete information" if pause is not None and pause.does == "restart" else "receipt of the request"
    words = f"{rule.title or rule.id}: {say_length(length)} from {starts}"
    words += f", {say_length(extended)} in all with notice" if extended else ""
    words += f". {_DEEMED}" if rule.deemed else ""
    return Run(
        basis=_basis(rule, _LAW.get(rule.clock.basis, BasisKind.PAYER), words),
        length=length,
        extended=extended,
        pause=("restart" if anew is not None else pause.does) if pause else None,
        anew=anew,
        answer_within=time_of(pause.answer_within, urgent=urgent) if pause else None,
        deemed=rule.deemed,
    )


def _just(times: ClockTimes | None, *, urgent: bool) -> Duration | None:
    """The time for just this urgency."""
    if times is None:
        return None
    return times.expedited if urgent else times.standard


def _basis(rule: ClockRule, kind: BasisKind, words: str) -> Basis:
    verify = "from memory, to verify" if rule.confidence == "memory" else f"verify {rule.verify}" if rule.verify else ""
    said = f"{words} ({verify})." if verify else f"{words}."
    return Basis(kind, rule.id, said, Confidence(rule.confidence), rule.sources[0] if rule.sources else None)


def _target_time(question: ClockQuestion) -> Duration | None:
    target = question.target
    if target is None:
        return None
    return (target.expedited or target.standard) if question.urgent else target.standard


def _due(request: ClockQuestion, run: Run, pauses: Sequence[Pause], noticed_on: date | None) -> Times | None:
    """When one clock is due; None while it stands still."""
    due = _due_in(request, run, run.length, pauses)
    if run.extended is None or noticed_on is None or due is None:
        return due
    last = due.due_on or (due.due_at and due.due_at.astimezone(zone_of(request.zone)).date())
    in_time = last is not None and noticed_on <= last
    return _due_in(request, run, run.extended, pauses) if in_time else due


def _due_in(request: ClockQuestion, run: Run, length: Duration, pauses: Sequence[Pause]) -> Times | None:
    zone = zone_of(request.zone)
    due = Times(*due_after(request.received_at, request.received_on, length, zone))
    if run.pause is None:
        return due
    return shifted(due, pauses, zone, length, anew=(run.anew or run.length) if run.pause == "restart" else None)
