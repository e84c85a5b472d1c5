"""One claim in words: what the payer said of it, and what Cleared had said of its visit."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from app.casework.facts.casebook import case_code
from app.clearance.facts.reasons import Badge, Check
from app.remittances.actions.reading import OpenedClaim
from app.remittances.facts.claims import Category, ClaimState, KeptLine
from app.remittances.views.codes import CATEGORY_WORDS, REMARK_WORDS, adjustment_words, code_words, money_words
from app.remittances.views.listing import STATE_WORDS, WHY_WORDS, name_words, result_words, said_words
from app.schedule.facts import Visit
from app.values.wording import clock_time, listed, long_day, short_day


@dataclass(frozen=True, slots=True)
class LineWords:
    """One line of a claim. `visit_id`: its visit, where it is in sight."""

    code: str
    day: str
    units: str
    charge: str
    paid: str
    adjustments: tuple[tuple[str, str], ...]
    remarks: tuple[str, ...]
    categories: str
    said: str
    badge: str | None
    case_id: UUID | None
    case: str
    ended: tuple[UUID, ...]
    off: str


@dataclass(frozen=True, slots=True)
class VisitWords:
    """A visit that a claim is or may be tied to."""

    id: UUID
    when: str
    patient: str
    codes: str


@dataclass(frozen=True, slots=True)
class OtherWords:
    """Another claim under the same control number."""

    id: UUID
    words: str


@dataclass(frozen=True, slots=True)
class ClaimPage:
    """All that the page of one claim shows."""

    id: UUID
    result: str
    denied: bool
    state: str
    why: str
    patient_id: UUID | None
    patient: str
    mrn: str
    named: str
    facts: tuple[tuple[str, str], ...]
    said: str
    badge: str | None
    lesson: str
    visits: tuple[VisitWords, ...]
    suggested: tuple[VisitWords, ...]
    adjustments: tuple[tuple[str, str], ...]
    remarks: tuple[str, ...]
    lines: tuple[LineWords, ...]
    others: tuple[OtherWords, ...]
    off: str
    ended: tuple[UUID, ...]


def claim_page(found: OpenedClaim) -> ClaimPage:
    """Put one claim into words."""
    kept, claim = found.kept, found.kept.claim
    patient = found.people.get(kept.to.patient_id) if kept.to.patient_id is not None else None
    ended = tuple(dict.fromkeys(one for line in kept.lines for one in line.to.ended))
    said = kept.to.said
    return ClaimPage(
        id=kept.id,
        result=result_words(claim.status, kept.state, claim.categories, claim.paid),
        denied=bool(claim.categories) and kept.state is ClaimState.STANDS,
        state=STATE_WORDS[kept.state],
        why=WHY_WORDS[kept.to.why] if kept.to.why is not None else "",
        patient_id=kept.to.patient_id,
        patient=name_words(patient),
        mrn=patient.mrn if patient is not None else "",
        named=", ".join(one for one in (claim.patient.last_name, claim.patient.first_name) if one) or "Nobody",
        facts=tuple((name, value) for name, value in _facts(found) if value),
        said="" if said is None else _said_sentence(found, said.badge, said.check, said.since),
        badge=said.badge.value if said is not None else None,
        lesson=_lesson(kept.to.said.badge if kept.to.said else None, claim.categories, kept.state),
        visits=tuple(_visit(one, found) for one in found.visits.values()),
        suggested=tuple(_visit(one, found) for one in found.suggested),
        adjustments=tuple((adjustment_words(one), money_words(one.cents)) for one in claim.adjustments),
        remarks=tuple(code_words(one, REMARK_WORDS) for one in claim.remarks),
        lines=tuple(_line(one) for one in kept.lines),
        others=tuple(OtherWords(key, _other(state, paid)) for key, state, paid in kept.others),
        off=off_words(claim.off_by, "This claim"),
        ended=ended,
    )


def _facts(found: OpenedClaim) -> Sequence[tuple[str, str]]:
    claim, payment = found.kept.claim, found.kept.payment
    corrected = claim.corrected
    days = [short_day(one) for one in dict.fromkeys((claim.begins, claim.ends)) if one is not None]
    return (
        ("Payer", payment.payer or ""),
        ("Paid on", long_day(payment.paid_on) if payment.paid_on is not None else ""),
        ("Payment", " ".join(one for one in (payment.method or "", payment.trace or "") if one)),
        ("Days of service", " to ".join(days)),
        ("Control number", claim.control or ""),
        ("Payer's number", claim.payer_control or ""),
        ("Member id", claim.patient.member_id or ""),
        ("Corrected member id", (corrected.member_id or "") if corrected is not None else ""),
        ("Charged", money_words(claim.charge)),
        ("Paid", money_words(claim.paid)),
        ("Patient owes", money_words(claim.share)),
    )


def _said_sentence(found: OpenedClaim, badge: Badge, check: Check | None, since: datetime) -> str:
    visit = found.visits.get(found.kept.to.visit_id or UUID(int=0))
    on = f", on {long_day(visit.day)}" if visit is not None else ""
    began = long_day(since.astimezone(found.zone).date())
    return f"Cleared said: {said_words(badge, check).lower()}{on} (shown since {began})."


_GOOD = (Badge.CLEARED, Badge.ACCEPTED_RISK)


def _lesson(badge: Badge | None, categories: Sequence[Category], state: ClaimState) -> str:
    """What is to be learnt of a claim: whether a warning was right, or missing."""
    if badge is None or state is not ClaimState.STANDS:
        return ""
    denied = Category.AUTHORIZATION in categories
    if denied and badge is Badge.CLEARED:
        return "The payer denied for authorization what Cleared had let through. Find out what was not on file."
    if denied and badge not in _GOOD:
        return "Cleared had warned, and the payer denied it."
    if not categories and badge in (Badge.BLOCKED, Badge.NOT_CHECKED, Badge.AT_RISK, Badge.WAITING):
        return "Cleared had warned, and the payer denied nothing. The rule or what was on file may be too strict."
    return ""


def _line(kept: KeptLine) -> LineWords:
    line, to = kept.line, kept.to
    days = [short_day(one) for one in dict.fromkeys((line.begins, line.ends)) if one is not None]
    return LineWords(
        code=" ".join((line.code or "No code", *line.modifiers)),
        day=" to ".join(days),
        units=line.units or "",
        charge=money_words(line.charge),
        paid=money_words(line.paid),
        adjustments=tuple((adjustment_words(one), money_words(one.cents)) for one in line.adjustments),
        remarks=tuple(code_words(one, REMARK_WORDS) for one in line.remarks),
        categories=listed([CATEGORY_WORDS[one] for one in line.categories]),
        said="" if to.said is None else said_words(to.said.badge, to.said.check),
        badge=to.said.badge.value if to.said is not None else None,
        case_id=to.authorization_id,
        case=case_code(to.authorization_id) if to.authorization_id is not None else "",
        ended=to.ended,
        off=off_words(line.off_by, "This line"),
    )


def off_words(cents: int | None, what: str) -> str:
    """Say by how much a claim or line does not add up; nothing where it does."""
    if cents is None:
        return f"{what} gives too few amounts to see whether it adds up."
    if cents == 0:
        return ""
    return f"{what} does not add up by {money_words(abs(cents))}: charged less paid is not what was adjusted."


def _visit(visit: Visit, found: OpenedClaim) -> VisitWords:
    day = f"{long_day(visit.day)} {clock_time(visit.starts_at.astimezone(found.zone))}"
    codes = ", ".join(one.code for one in visit.lines if one.code is not None)
    return VisitWords(visit.id, day, name_words(found.people.get(visit.patient_id)), codes)


def _other(state: ClaimState, paid: date) -> str:
    return f"Paid {short_day(paid)}: {STATE_WORDS[state] or 'Stands'}"
