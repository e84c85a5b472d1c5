"""Words for the checks rule, spacing, secondary and renewal."""

from collections.abc import Callable
from datetime import date

from app.authorizations.facts import Authorization
from app.clearance.facts.reasons import Check, Reason
from app.clearance.views.context import Told, Words, approval_source, called, coverage_source
from app.coverage.facts import Coverage
from app.policies.facts.answers import Limit, Requirement, Truth
from app.policies.rules.speaking import say_lacking
from app.policies.views.requirements import why_sentence
from app.values.wording import counted, long_day, short_day

Teller = Callable[[Told], Words]


def rule_source(requirement: Requirement) -> str | None:
    """Where the requirement was read: its citation, or on what the practice's own rule or answer rests."""
    if requirement.basis:
        until = f", until {short_day(requirement.until)}" if requirement.until else ""
        return f"{requirement.basis.rstrip('.')}{until}."
    if requirement.cite is not None:
        read = f", read {short_day(requirement.cite.read_on)}" if requirement.cite.read_on else ""
        return f"{requirement.cite.title}{read}."
    return f"Rule {requirement.rule}, from memory: to verify." if requirement.rule else None


def _must_show(requirement: Requirement) -> str | None:
    open_criteria = [entry.text for entry in requirement.criteria if entry.result is not Truth.MET]
    return f"The note must show: {'; '.join(open_criteria)}." if open_criteria else None


def _rule(fix: Callable[[Told], str] | None, short: str) -> Teller:
    def tell(told: Told) -> Words:
        requirement = told.requirement
        says = why_sentence(requirement, told.payer, told.what)
        return Words(_must_show(requirement), says, rule_source(requirement), fix(told) if fix else None, short)

    return tell


def _ask_payer(told: Told) -> str:
    if told.verdict.coverage is None:
        return "Add the patient's coverage, so that its rules can be asked."
    return f"Ask {told.payer} whether {told.what} needs approval, and record the answer."


def _unmet(told: Told) -> str:
    unmet = told.requirement.unmet
    return f"Record {'; '.join(say_lacking(name) for name in unmet)}." if unmet else _ask_payer(told)


def _settled(told: Told) -> Words:
    row = told.approval
    return Words(
        None, f"The payer has decided: {called(row)} is approved.", approval_source(row), None, "Payer has approved it"
    )


def _no_procedure(told: Told) -> Words:
    name = told.verdict.line.visit_type or "without a name"
    return Words(
        "A planned procedure.",
        f"No procedure is planned for visit type {name}.",
        "Schedule import.",
        f"Map visit type {name} to its codes once, or add the code to the visit.",
        f"No procedure is planned for visit type {name}",
    )


def _row_refused(told: Told) -> Words:
    row = told.verdict.line.refused_row
    return Words(
        "A planned procedure.",
        f"Row {row} of the schedule file was refused: the service planned in it is not known.",
        "Schedule import.",
        "Correct the row and import it again.",
        "A row of the schedule file was refused",
    )


def _limits(told: Told) -> str:
    return "; ".join(limit.text for limit in told.requirement.limits)


def _spacing(told: Told) -> Words:
    detail = told.detail(Check.SPACING)
    source = rule_source(told.requirement)
    if not detail:
        return Words(_limits(told) + ".", "Within what can be counted from the visits.", source, None, "Within limits")
    limit, count = detail
    assert isinstance(limit, Limit) and isinstance(count, int)
    thing = (limit.counts or "units").rstrip("s")
    span = limit.period if limit.every == 1 else f"{limit.every} {limit.period}s"
    return Words(
        f"{limit.text}.",
        f"This line makes {counted(count, thing)} in one {span}; the limit is {limit.most}.",
        source,
        "Move the visit to a later day, or ask the payer for an exception.",
        f"Over the payer's limit of {limit.most} per {span}",
    )


def _secondary(has: str, fix: str | None, short: str) -> Teller:
    def tell(told: Told) -> Words:
        coverage = told.detail(Check.SECONDARY)[0]
        row = told.detail(Check.SECONDARY)[2]
        assert isinstance(coverage, Coverage)
        source = approval_source(row) if isinstance(row, Authorization) else coverage_source(coverage)
        name = coverage.payer_name
        return Words(
            f"{name}, {coverage.rank.value}, lets the visit go ahead.",
            has.format(payer=name),
            source,
            fix.format(payer=name) if fix else None,
            short,
        )

    return tell


def _renewal_due(told: Told) -> Words:
    later, turns, how = told.detail(Check.RENEWAL)
    assert isinstance(later, date) and isinstance(turns, date)
    row = told.approval
    ends = f"ends {long_day(turns)}" if how == "ends" else f"gives its last unit on {long_day(turns)}"
    return Words(
        "A renewal before care stops.",
        f"{called(row)} {ends}, and the visit on {long_day(later)} is not held by any approval.",
        approval_source(row),
        "Ask for the renewal now.",
        "Renewal is due; a later visit is open",
    )


TELLERS: dict[Reason, Teller] = {
    Reason.RULE_REQUIRED: _rule(None, "Approval is needed"),
    Reason.RULE_NOT_REQUIRED: _rule(None, "No approval needed"),
    Reason.RULE_MILD: _rule(None, "Approval is not required before the visit"),
    Reason.RULE_SETTLED: _settled,
    Reason.RULE_NOT_COVERED: _rule(
        lambda told: "Tell the patient before the visit and mark it self-pay, or correct the diagnosis or code.",
        "The payer does not cover this",
    ),
    Reason.RULE_UNKNOWN: _rule(_ask_payer, "Not known whether approval is needed"),
    Reason.RULE_UNMET: _rule(_unmet, "Needs approval in some cases; facts are missing"),
    Reason.RULE_NO_PROCEDURE: _no_procedure,
    Reason.RULE_ROW_REFUSED: _row_refused,
    Reason.SPACING_INSIDE: _spacing,
    Reason.SPACING_OVER: _spacing,
    Reason.SPACING_OVER_FIRM: _spacing,
    Reason.SECONDARY_NOTHING: _secondary("{payer} asks no approval.", None, "Secondary coverage asks nothing"),
    Reason.SECONDARY_APPROVED: _secondary("{payer} has approved it.", None, "Secondary coverage approved it"),
    Reason.SECONDARY_MISSING: _secondary(
        "{payer} needs approval, and none on file passes.",
        "Request the authorization from {payer} too.",
        "Secondary coverage needs approval; none passes",
    ),
    Reason.SECONDARY_UNKNOWN: _secondary(
        "It is not known whether {payer} needs approval.",
        "Ask {payer} and record the answer.",
        "Secondary coverage's need is not known",
    ),
    Reason.RENEWAL_NOT_DUE: lambda told: Words(
        None, "No later visit of this care is without approval yet.", None, None, "Renewal is not due"
    ),
    Reason.RENEWAL_DUE: _renewal_due,
}
