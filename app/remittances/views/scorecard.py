"""The scorecard in words: what claims say of a rule, what to correct, which visits are at the same risk."""

from collections.abc import Callable
from dataclasses import dataclass
from uuid import UUID

from app.policies.views.finder import NEED_WORDS
from app.remittances.actions.scoring import RuleAtRisk, RuleNamed, Scorecard
from app.remittances.facts.scores import RuleScore, Suggested
from app.remittances.rules.scoring import FEW, suggestion
from app.remittances.views.listing import name_words
from app.values.wording import counted, listed, long_day

Address = Callable[..., str]
_CORRECT = {
    Suggested.REQUIRED: "Record that approval is required",
    Suggested.COVERED: "Record what the payer covers",
    Suggested.CRITERIA: "Record what the payer says",
    Suggested.SENT: None,
}
_WHY = {
    Suggested.REQUIRED: "The rule says that no request is needed, and the payer denied for want of one.",
    Suggested.COVERED: "The rule says that it is not covered, and the payer paid.",
    Suggested.CRITERIA: "The payer denied for coverage or medical need: ask what the note has to show, and record it.",
    Suggested.SENT: "The rule says that approval is needed, so it is not wrong: look at how they were asked for.",
}
_NEED = {Suggested.REQUIRED: "required"}


@dataclass(frozen=True, slots=True)
class Correction:
    """What to correct, why, and the fields of the form that records it (None: there is nothing to record)."""

    why: str
    words: str | None
    fields: dict[str, str] | None


@dataclass(frozen=True, slots=True)
class ScoreRow:
    """One rule. `result` tells the counts in a sentence; `few`: too few claims to build on; `own`: a rule of the
    practice, by its id; `risk`: the parts of the address of its visits."""

    rule: str
    payer: str
    summary: str
    says: str
    paid: int
    authorization: int
    coverage: int
    other: int
    count: int
    result: str
    few: str | None
    correction: Correction | None
    own: UUID | None
    risk: dict[str, str]


@dataclass(frozen=True, slots=True)
class ScorecardPage:
    """All that the page shows."""

    rows: tuple[ScoreRow, ...]
    empty: str | None
    next_page: str | None


@dataclass(frozen=True, slots=True)
class RiskRow:
    """One visit that rests on the rule."""

    id: UUID
    day: str
    patient: str
    mrn: str
    codes: str


@dataclass(frozen=True, slots=True)
class RiskPage:
    """A rule with the visits that rest on it. `looked`: how far was looked."""

    rule: ScoreRow
    rows: tuple[RiskRow, ...]
    shown: str
    looked: str | None
    next_page: str | None


def scorecard_page(found: Scorecard, address: Address) -> ScorecardPage:
    """Put the scorecard into words. `address` makes the address of the page that begins at a place."""
    empty = None
    if not found.scores:
        empty = "No claim has followed a rule yet. Rules are counted as remittances (835) come in."
    following = address(found.next) if found.next is not None else None
    return ScorecardPage(tuple(_row(one, found.named[one.rule]) for one in found.scores), empty, following)


def risk_page(found: RuleAtRisk, address: Address) -> RiskPage:
    """Put the visits at risk into words; `address` as for the scorecard."""
    row = _row(found.score, found.named)
    rows = tuple(
        RiskRow(
            id=visit.id,
            day=long_day(visit.day),
            patient=name_words(found.people.get(visit.patient_id)),
            mrn=found.people[visit.patient_id].mrn if visit.patient_id in found.people else "",
            codes=listed(list(codes)),
        )
        for visit, codes in found.found
    )
    looked = f"Visits until {long_day(found.through)} were looked through." if found.through is not None else None
    following = address(found.next) if found.next is not None else None
    return RiskPage(row, rows, counted(len(rows), "visit"), looked, following)


def _row(score: RuleScore, named: RuleNamed) -> ScoreRow:
    return ScoreRow(
        rule=score.rule,
        payer=named.payer_name or "Payer not known",
        summary="This rule is no longer on file." if named.summary is None else named.summary,
        says=NEED_WORDS[score.need],
        paid=score.paid,
        authorization=score.authorization,
        coverage=score.coverage,
        other=score.other,
        count=score.count,
        result=_result(score),
        few=f"{counted(score.count, 'claim')} only: look at each before you build on it."
        if score.count < FEW
        else None,
        correction=_correction(score, named),
        own=named.own,
        risk={"rule": score.rule, "need": score.need.value},
    )


def _result(score: RuleScore) -> str:
    parts = (
        (score.authorization, "denied for authorization"),
        (score.coverage, "denied for coverage or medical need"),
        (score.other, "denied for another reason"),
        (score.paid, "paid"),
    )
    told = [f"{number}{_share(number, score)} {words}" for number, words in parts if number]
    return f"Of {counted(score.count, 'claim line')}: {listed(told)}."


def _share(number: int, score: RuleScore) -> str:
    """A share in percent, where enough claims are there to tell one."""
    return f" ({round(100 * number / score.count)}%)" if score.count >= FEW else ""


def _correction(score: RuleScore, named: RuleNamed) -> Correction | None:
    found = suggestion(score)
    if found is None:
        return None
    words = _CORRECT[found]
    if words is None or named.payer is None:
        return Correction(_WHY[found], None, None)
    fields = {
        "payer": named.payer,
        "codes": " ".join(score.codes),
        "need": _NEED.get(found, ""),
        "basis_kind": "claims",
        "basis": _basis(score, found),
        "source_day": "t",
    }
    return Correction(_WHY[found], words, {name: text for name, text in fields.items() if text})


def _basis(score: RuleScore, found: Suggested) -> str:
    if found is Suggested.COVERED:
        return f"Remittances: {score.paid} of {score.count} claim lines paid"
    if found is Suggested.CRITERIA:
        return f"Remittances: {score.coverage} of {score.count} claim lines denied for coverage or medical need"
    return f"Remittances: {score.authorization} of {score.count} claim lines denied for authorization"
