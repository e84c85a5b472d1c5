"""What the rules and the file say to a request that is being written: nothing is stored."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from uuid import UUID

from app.authorizations.facts import ANY_CODE, Counting
from app.casework.actions.criteria import criteria_for
from app.casework.facts.criteria import CriteriaAsked, CriteriaSheet
from app.casework.facts.requests import AskedLine, HeldApproval, LineAnswer, RequestAnswer, RequestStart
from app.casework.rules.asking import codes_of, shown_name
from app.casework.rules.trying import Terms, Thought, visits_for
from app.clearance.actions.trying import try_under
from app.clearance.actions.world import World, world_of
from app.clearance.facts.work import Assessment
from app.clearance.rules.candidates import UNDECIDED
from app.clearance.rules.trying import Tried
from app.coverage.facts import CoverageRecord
from app.platform.caller import Caller
from app.policies.facts.answers import Need, PayerMatch
from app.policies.facts.records import Found
from app.policies.rules.clocks import clock_of_answer
from app.policies.rules.families import OfferedFamily, offered_families
from app.schedule.facts import Visit


def answer_request(
    caller: Caller,
    start: RequestStart,
    coverage: UUID | None,
    lines: Sequence[AskedLine],
    terms: Terms,
    chosen: Sequence[Visit] = (),
    renewal: bool = False,
) -> RequestAnswer:
    """Tell what the payer asks for each line, what is on file for it, and what the day may end with.

    Takes     what the form starts from; the coverage asked under; what is asked for, and what is said of all lines; the
              visits that it is for; whether the payer's criteria for renewals count.
    Returns   nothing without a coverage or without lines. Whether an approval on file would do is clearance's own
              judgement of the visits, with what other visits take before them.
    """
    row = next((one for one in start.coverages if one.id == coverage), None)
    if row is None or not lines:
        return RequestAnswer()
    world = world_of(caller.session, caller.practice_id, caller.clock)
    families = offered_families(world.book, codes_of(tuple(lines)))
    asked = {line.name for line in lines}
    beside = [AskedLine(code, code) for code in _codes(families) if code not in asked]
    patient_id = start.patient.id
    thought = visits_for(patient_id, lines, terms, chosen)
    tried = try_under(caller, world, patient_id, row.id, thought.visits)
    alone = {line.name: visits_for(patient_id, [*lines, line], terms, key=line.name) for line in beside}
    made_up = [visit for one in alone.values() for visit in one.visits]
    tried_alone = try_under(caller, world, patient_id, row.id, made_up) if made_up else {}
    return RequestAnswer(
        lines=tuple(_line(line, row, thought, tried, world, start) for line in lines),
        families=families,
        needs=dict(_needs(alone, tried_alone)),
        sheet=_sheet(caller, start, row, lines, terms, renewal),
        other_coverage=_other(start, row),
    )


def _codes(families: Iterable[OfferedFamily]) -> list[str]:
    return list(dict.fromkeys(one.code for family in families for part in family.parts for one in part.codes))


def _needs(alone: Mapping[str, Thought], tried: Mapping[UUID, Tried]) -> Iterator[tuple[str, Need]]:
    """What the payer asks for each code, beside what is asked for already and without the others of the family."""
    for name, thought in alone.items():
        found = tried.get(thought.lines[name][0])
        if found is not None and found.verdict.requirement is not None:
            yield name, found.verdict.requirement.need


def _line(
    line: AskedLine, row: CoverageRecord, thought: Thought, tried: dict[UUID, Tried], world: World, start: RequestStart
) -> LineAnswer:
    found = [tried[line_id] for line_id in thought.lines[line.name] if line_id in tried]
    own = start.case.id if start.case is not None else start.draft.id if start.draft is not None else None
    held = [one for one in _held(found) if one.approval.id != own]
    unsent = {one.id: one for each in found for one in each.unsent if one.id != own}
    undecided = {one.approval.id: one.approval for one in held if one.approval.status in UNDECIDED}
    return LineAnswer(
        line,
        _found(line, row, found[0], world) if found else None,
        tuple(one for one in held if one.approval.id not in undecided),
        (*undecided.values(), *unsent.values()),
    )


def _held(tried: Sequence[Tried]) -> Iterator[HeldApproval]:
    """Each candidate over all the visits, usable ones first, in the order in which clearance would choose them."""
    by_id: dict[UUID, list[tuple[Tried, Assessment]]] = {}
    for each in tried:
        for one in each.held:
            by_id.setdefault(one.approval.id, []).append((each, one))
    found = [_over_visits(pairs, len(tried)) for pairs in by_id.values()]
    yield from sorted(found, key=lambda one: (not one.usable, -one.holds))


def _over_visits(pairs: Sequence[tuple[Tried, Assessment]], of: int) -> HeldApproval:
    good = [pair for pair in pairs if pair[1].passes]
    each, one = next((pair for pair in pairs if not pair[1].passes), pairs[0])
    judged = replace(
        each.verdict,
        chosen=one.approval,
        reasons=tuple(sorted(one.reasons, key=lambda reason: reason.number)),
        units_left_after=one.left,
    )
    return HeldApproval(one.approval, len(good), of, judged, _left(*good[-1]) if good else None)


def _left(tried: Tried, one: Assessment) -> int | None:
    """Whole units or visits that an approval has left once a line has taken its own; None: not counted."""
    if one.left is None or one.item is None:
        return None
    by_visit = one.approval.items[one.item].counting is Counting.VISITS
    return max(0, one.left - (1 if by_visit else tried.verdict.line.units))


def _found(line: AskedLine, row: CoverageRecord, tried: Tried, world: World) -> Found | None:
    requirement, question = tried.verdict.requirement, tried.question
    if requirement is None or question is None:
        return None
    book = world.book
    clock, hangs_on = clock_of_answer(book, question, requirement)
    rule = book.rules.get(requirement.rule or "")
    return Found(
        replace(requirement, clock=clock),
        tried.verdict.klass,
        PayerMatch(row.payer, row.payer_name, row.payer in book.payers),
        shown_name(line.name),
        rule.extras.verify if rule is not None else None,
        question.place,
        hangs_on,
    )


def _sheet(
    caller: Caller,
    start: RequestStart,
    row: CoverageRecord,
    lines: Sequence[AskedLine],
    terms: Terms,
    renewal: bool,
) -> CriteriaSheet | None:
    asked = CriteriaAsked(
        payer=row.payer,
        codes=tuple(line.code for line in lines if line.code and line.code != ANY_CODE),
        drug=next((line.drug for line in lines if line.drug is not None), None),
        diagnoses=terms.diagnoses,
        day=terms.day,
        renewal=renewal,
        place=terms.place,
        site_id=terms.site_id,
        channel=terms.channel,
        provider_npi=terms.provider_npi,
        line=row.line,
        plan=row.plan,
    )
    sheet = criteria_for(caller, start.patient.id, asked)
    return sheet if sheet.lines or sheet.hidden else None


def _other(start: RequestStart, row: CoverageRecord) -> str | None:
    of_day = next((one for one in start.coverages if one.id == start.coverage), None)
    return of_day.payer_name if of_day is not None and of_day.id != row.id else None


def worth_asking(answer: RequestAnswer) -> frozenset[str]:
    """Name the lines for which approval may have to be asked: all of them where it is none.

    Left out are those that need none by a rule that is known, and those that an approval on file covers.
    """
    open_lines = {line.line.name for line in answer.lines if not _settled(line)}
    return frozenset(open_lines or {line.line.name for line in answer.lines})


def _settled(line: LineAnswer) -> bool:
    none_needed = line.found is not None and line.found.requirement.need is Need.NOT_REQUIRED
    return none_needed or any(one.usable for one in line.held)
