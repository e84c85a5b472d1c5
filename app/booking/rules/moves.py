"""How a paper moves from being written to being signed, and back by one step."""

from collections.abc import Iterable
from datetime import date

from app.booking.facts.papers import Paper, PaperKind, PaperState
from app.booking.rules.gate import service_of
from app.schedule.facts import BillTo, ServiceLine

MOVES = {
    PaperState.OPEN: frozenset({PaperState.GIVEN, PaperState.SIGNED, PaperState.DECLINED, PaperState.WITHDRAWN}),
    PaperState.GIVEN: frozenset({PaperState.SIGNED, PaperState.DECLINED, PaperState.WITHDRAWN}),
    PaperState.SIGNED: frozenset({PaperState.WITHDRAWN}),
    PaperState.DECLINED: frozenset[PaperState](),
    PaperState.WITHDRAWN: frozenset[PaperState](),
}


def may_move(now: PaperState, to: PaperState) -> bool:
    """Say whether a paper may come from one state to another."""
    return to in MOVES[now]


def state_before(paper: Paper) -> PaperState | None:
    """The state that a paper had before its last step; None: it has made none."""
    if paper.state is PaperState.OPEN:
        return None
    if paper.state is PaperState.WITHDRAWN and paper.signed_on is not None:
        return PaperState.SIGNED
    return PaperState.GIVEN if paper.given_on is not None and paper.state is not PaperState.GIVEN else PaperState.OPEN


def refusal_of_signature(paper: Paper, signed_on: date, visit_day: date, today: date) -> tuple[str, str] | None:
    """Say why a signature cannot be recorded: the field and a sentence; None: it can.

    Takes     the paper; the day on which it was signed; the day of the visit; today, both at the site.
    """
    if signed_on > today:
        return "signed_on", "Signed on must be today or earlier"
    if signed_on < paper.made_on:
        return (
            "signed_on",
            f"Signed on must not come before the day on which this was prepared, {paper.made_on:%m/%d/%Y}",
        )
    if signed_on > visit_day:
        return "signed_on", f"Signed on must not come after the day of the visit, {visit_day:%m/%d/%Y}"
    if paper.valid_until < visit_day:
        return (
            "signed_on",
            f"The prices hold until {paper.valid_until:%m/%d/%Y}, and the visit is on {visit_day:%m/%d/%Y}. Withdraw "
            "this one and prepare another",
        )
    return None


def payers_before(paper: Paper, lines: Iterable[ServiceLine]) -> dict[str, list[str | None]]:
    """Who is to pay for the lines of a visit once a signature counts no more, by the ids of lines.

    Takes     the paper as it was signed; the visit's lines as they are now. Where a later schedule has put other lines
              in the place of those that the signature turned, insurance is asked again for every service of the paper:
              none stays with the patient without a consent.
    """
    before = dict(paper.paid_before or {})
    here = list(lines)
    if before.keys() <= {line.id.hex for line in here}:
        return before
    mine = [line for line in here if service_of(line) in paper.services and line.id.hex not in before]
    return before | {line.id.hex: [BillTo.INSURANCE.value, None] for line in mine}


def standing_for(papers: Iterable[Paper], kind: PaperKind, service: str) -> Paper | None:
    """The newest paper of a kind that speaks of a service: one that stands before one that does not."""
    mine = [one for one in papers if one.kind is kind and service in one.services]
    return next((one for one in mine if one.standing), mine[0] if mine else None)


def pays_by_consent(papers: Iterable[Paper], service: str) -> bool:
    """Say whether the patient has signed to pay for a service. Nothing else makes a cosmetic line self-pay."""
    return any(
        one.kind is PaperKind.CONSENT and one.state is PaperState.SIGNED and service in one.services for one in papers
    )
