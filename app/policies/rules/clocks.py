"""Which clocks of law or program run for one request. A clock that may or may not apply does not run."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime

from app.policies.facts.answers import DecisionClock, Question, Requirement
from app.policies.facts.book import Book
from app.policies.facts.clocks import ClockRule
from app.policies.facts.language import ClockTimes
from app.policies.facts.law import Law
from app.values.codes import in_range, is_drug_code
from app.values.insurance import Channel, Known, Line
from app.values.spans import Duration

PUBLIC_LINES = frozenset({Line.MEDICAID, Line.MEDICAID_MANAGED, Line.CHIP})
"""Lines of a state's own programs: a shorter limit of the state counts for urgent requests (CMS-0057-F)."""
_HOURS = {
    "hour": 1.0, "day": 24.0, "calendar_day": 24.0, "business_day": 24.0 * 7 / 5, "week": 168.0, "month": 720.0,
    "year": 8760.0,
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class ClockQuestion:
    """One request, as far as it decides which clock runs. What is not known is None or `Known.UNKNOWN`.

    `received_on` is the day, in `zone`, on which the payer received the request, `received_at` the instant (UTC) where
    it is known. `drug`: is it for a drug? `codes` are CPT/HCPCS; `place` two digits; `plan_state` the state that
    regulates the plan, `practice_state` that of the site where the service is given. `program` is the product of the
    payer's rules that names the service (`opd`, `wiser`), None: none does. `grandfathered` and `government` (the
    employer is one): not known counts as no, as it is for nearly all plans. `target` is the payer's own time.
    """

    received_on: date
    zone: str
    line: Line | None = None
    channel: Channel | None = None
    drug: Known = Known.UNKNOWN
    urgent: bool = False
    received_at: datetime | None = None
    place: str | None = None
    codes: tuple[str, ...] = ()
    plan_state: str | None = None
    practice_state: str | None = None
    program: str | None = None
    grandfathered: Known = Known.UNKNOWN
    government: Known = Known.UNKNOWN
    target: DecisionClock | None = None


def running_clocks(question: ClockQuestion, clocks: Iterable[ClockRule]) -> tuple[ClockRule, ...]:
    """Find the clocks that run for a request.

    Takes     the request; the rules of `clocks.yaml`, in their order.
    Returns   the rules that surely apply and say a time for its urgency; several where a state's clock runs beside a
              federal one. Where it is not known whether it is for a drug, those that both readings have alike.
    """
    rules = [
        rule for rule in clocks if not rule.proposed and rule.clock and time_of(rule.clock, urgent=question.urgent)
    ]
    return _in_every_reading(question, rules)


def appeal_rule(
    question: ClockQuestion, level: int, clocks: Iterable[ClockRule], external: bool | None = None
) -> ClockRule | None:
    """Find the rule on one level of appeal against a denial; `received_on` is the day of the denial.

    Takes     the denial; the level, 1 the first; the rules; whether an independent reviewer decides, whose rule counts
              whatever the level. None: by the level alone.
    Returns   the rule for just this kind of service before the one for any; None where no rule surely applies.
    """
    spoken = [rule for rule in clocks if not rule.proposed and _speaks_of_appeal(rule)]
    if external:
        rules = [rule for rule in spoken if rule.external]
    else:
        rules = [rule for rule in spoken if rule.level == level and (external is None or not rule.external)]
    found = _in_every_reading(question, rules)
    return min(found, key=lambda rule: rule.drugs == "both", default=None)


def time_of(times: ClockTimes | None, *, urgent: bool) -> Duration | None:
    """The time for a request: an urgent one has that of any other where a rule has none for it."""
    if times is None:
        return None
    return (times.expedited or times.standard) if urgent else times.standard


def usual_hours(length: Duration) -> float:
    """The hours that a length usually comes to, for naming the shortest of several; which is due first days tell."""
    return float("inf") if length.value is None else length.value * _HOURS[length.unit]


def legal_times(question: ClockQuestion, clocks: Iterable[ClockRule]) -> DecisionClock | None:
    """The law's times for a standard and an urgent request, the shortest of those that run; None: no legal clock."""
    rules = tuple(clocks)
    standard, expedited = (_shortest(replace(question, urgent=urgent), rules) for urgent in (False, True))
    first = standard or expedited
    if first is None:
        return None
    law, urgent_law = _law(first[1]), _law(expedited[1]) if expedited else None
    return DecisionClock(
        standard[0] if standard else None,
        expedited[0] if expedited else None,
        law.basis,
        law,
        urgent_law if urgent_law != law else None,
    )


def _law(rule: ClockRule) -> Law:
    basis = rule.clock.basis if rule.clock is not None else "none"
    return Law(basis, rule.title or rule.id, rule.confidence == "memory")


def _shortest(question: ClockQuestion, rules: Iterable[ClockRule]) -> tuple[Duration, ClockRule] | None:
    """The shortest time of the clocks that run for a request, with its rule."""
    found = ((time_of(rule.clock, urgent=question.urgent), rule) for rule in running_clocks(question, rules))
    return min(((length, rule) for length, rule in found if length), key=lambda one: usual_hours(one[0]), default=None)


def program_of(book: Book, requirement: Requirement) -> str | None:
    """The product of the payer's rules that the answering rule belongs to (`opd`, `wiser`); None: no rule answered."""
    rule = book.rules.get(requirement.rule or "")
    return rule.product if rule is not None else None


def for_drug(codes: Iterable[str], drug: str | None) -> Known:
    """Say whether a request is for a drug: it names one, or a HCPCS code of one; procedures alone are none.

    Takes     CPT and HCPCS codes; the drug by any name, None: none is named.
    Returns   unknown where no code is given, or one of which its letter does not tell (C, S, Q of other kinds).
    """
    named = list(codes)
    if drug or any(is_drug_code(code) for code in named):
        return Known.YES
    return Known.NO if named and all(code[0].isdigit() for code in named) else Known.UNKNOWN


def clock_of_answer(
    book: Book, question: Question, requirement: Requirement
) -> tuple[DecisionClock | None, str | None]:
    """The times to decide that the finder shows.

    Takes     the book, the question and its answer: a request is taken as received on the day that was asked about,
              and the state that was given as the plan's too.
    Returns   the law's times where a legal clock runs, else the payer's own, else None; and what must be known to tell
              whether one runs (`line`, `drug`), None where that is settled.
    """
    asked = _request_of(book, question, requirement)
    stated = requirement.clock
    own = stated if stated is not None and stated.basis == "payer" else None
    legal = legal_times(asked, book.clocks)
    return legal or own, None if legal else hangs_on(asked, book.clocks)


def hangs_on(question: ClockQuestion, clocks: Iterable[ClockRule]) -> str | None:
    """What must be known before it can be said whether a legal clock runs where none surely does: `line` or `drug`."""
    if question.line is None:
        return "line"
    if _drug(question) is not Known.UNKNOWN:
        return None
    rules = tuple(clocks)
    readings = (legal_times(replace(question, drug=drug), rules) for drug in (Known.YES, Known.NO))
    return "drug" if any(readings) else None


def _request_of(book: Book, question: Question, requirement: Requirement) -> ClockQuestion:
    drug = question.drug or (question.service if (question.service or "").startswith("drug") else None)
    codes = (question.code,) if question.code else ()
    return ClockQuestion(
        received_on=question.day,
        zone="UTC",
        line=question.line or book.only_line(question.payer),
        channel=question.channel,
        drug=for_drug((*codes, *question.companions), drug),
        place=question.place,
        codes=(*codes, *sorted(question.companions)),
        plan_state=question.state,
        practice_state=question.state,
        program=program_of(book, requirement),
    )


def _speaks_of_appeal(rule: ClockRule) -> bool:
    return rule.appeal is not None or (rule.level > 1 and rule.clock is None)


def _in_every_reading(question: ClockQuestion, rules: list[ClockRule]) -> tuple[ClockRule, ...]:
    drug = _drug(question)
    if drug is not Known.UNKNOWN:
        return tuple(rule for rule in rules if _applies(rule, question, drug))
    yes = [rule for rule in rules if _applies(rule, question, Known.YES)]
    no = [rule for rule in rules if _applies(rule, question, Known.NO)]
    return tuple(rule for rule in no if any(_alike(rule, other) for other in yes))


def _drug(question: ClockQuestion) -> Known:
    """A request under a drug plan or the pharmacy benefit is for a drug unless it says otherwise."""
    pharmacy = question.line is Line.PART_D or question.channel is Channel.PHARMACY
    return Known.YES if question.drug is Known.UNKNOWN and pharmacy else question.drug


def _alike(one: ClockRule, other: ClockRule) -> bool:
    said = [(rule.clock, rule.extended, rule.pause, rule.window, rule.appeal) for rule in (one, other)]
    return said[0] == said[1]


def _applies(rule: ClockRule, question: ClockQuestion, drug: Known) -> bool:
    """Say whether a rule surely applies: every bound of it holds, and nothing that decides is unknown."""
    return (
        question.line is not None
        and question.line in rule.lines
        and rule.drugs in ("both", drug.value)
        and (rule.from_ is None or rule.from_ <= question.received_on)
        and (rule.until is None or question.received_on <= rule.until)
        and _bound_plan(rule, question, question.line)
        and _bound_place(rule, question)
    )


def _bound_plan(rule: ClockRule, question: ClockQuestion, line: Line) -> bool:
    """The plan's own bounds: its employer, whether it is grandfathered, the state that regulates it."""
    if question.government is Known.YES and "government" in rule.employers_not:
        return False
    if question.grandfathered is Known.YES and line in rule.grandfathered_not:
        return False
    if line in PUBLIC_LINES and rule.clock is not None and rule.clock.basis == "state":
        return question.urgent
    own = question.plan_state or question.practice_state
    return not rule.states_late or (own is not None and own not in rule.states_late)


def _bound_place(rule: ClockRule, question: ClockQuestion) -> bool:
    """Where: the program that names the service, the place, the state, and what the state leaves out."""
    state = question.practice_state if rule.program is not None else question.plan_state
    if rule.program is not None and rule.program != question.program:
        return False
    if (rule.places and question.place not in rule.places) or (rule.states and state not in rule.states):
        return False
    left_out = rule.codes_not.get(state or "", ())
    if not left_out:
        return True
    return bool(question.codes) and not any(
        in_range(code, *span.split("-")) for code in question.codes for span in left_out
    )
