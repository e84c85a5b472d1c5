"""A request as the clocks of law and program ask about it: under which coverage it was sent, and of which line."""

from collections.abc import Sequence
from datetime import date

from app.authorizations.facts import ANY_CODE, Authorization
from app.coverage.facts import Coverage
from app.policies.facts.book import Book, CompiledRule
from app.policies.rules.clocks import ClockQuestion, for_drug
from app.values.insurance import Line
from app.values.spans import DateSpan


def coverage_of_request(row: Authorization, coverages: Sequence[Coverage]) -> Coverage | None:
    """The coverage that a request was sent under: of its payer, of its member where it names one."""
    found = [one for one in coverages if one.payer == row.payer]
    mine = [one for one in found if row.member is not None and one.member.same_as(row.member)]
    day = row.requested_on
    inside = [one for one in mine or found if day is not None and day in (one.span or DateSpan())]
    return next(iter(inside or mine or found), None)


def line_of_request(row: Authorization, coverage: Coverage | None, book: Book) -> Line | None:
    """The line of business of a request: its coverage's, else the only one of its payer; None: not known."""
    return (coverage.line if coverage is not None else None) or book.only_line(row.payer)


def rule_of_request(row: Authorization, book: Book, day: date) -> CompiledRule | None:
    """The payer's rule in force on a day that speaks of one of the services of a request; None: none does."""
    spoken = [rule for item in row.items for code in item.codes for rule in book.by_code.get((row.payer, code), ())]
    spoken += book.by_drug.get((row.payer, row.drug), ()) if row.drug is not None else ()
    return next((rule for rule in spoken if rule.begins <= day <= rule.ends), None)


def question_of_denial(
    row: Authorization,
    coverages: Sequence[Coverage],
    book: Book,
    where: tuple[str, str | None],
    denied_on: date,
    *,
    urgent: bool,
) -> ClockQuestion:
    """Put a denial to the rules on appeals.

    Takes     the request; its patient's coverages; the payers' rules; the zone and the state of the place where it is
              given; the day of the denial's notice; whether it was asked for urgently.
    Returns   the question, with what is not known left unknown: then no rule that hangs on it applies.
    """
    coverage = coverage_of_request(row, coverages)
    rule = rule_of_request(row, book, denied_on)
    codes = tuple(code for item in row.items for code in item.codes if code != ANY_CODE)
    return ClockQuestion(
        received_on=denied_on,
        zone=where[0],
        line=line_of_request(row, coverage, book),
        channel=row.channel,
        drug=for_drug(codes, row.drug or row.ndc),
        urgent=urgent,
        place=row.places[0] if len(row.places) == 1 else None,
        codes=codes,
        plan_state=coverage.state if coverage is not None else None,
        practice_state=where[1],
        program=rule.product if rule is not None else None,
    )
