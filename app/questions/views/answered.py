"""What an answer changed, in words."""

from collections.abc import Mapping
from dataclasses import dataclass
from uuid import UUID

from app.clearance.facts.reasons import Badge
from app.clearance.views.sentences import BADGE_WORDS
from app.questions.facts.pages import Answered
from app.questions.views.visits import VisitRow, visit_rows
from app.questions.views.words import how_many, question_sentence
from app.values.wording import counted

_ORDER = (
    Badge.CLEARED,
    Badge.SELF_PAY,
    Badge.AT_RISK,
    Badge.WAITING,
    Badge.NOT_CHECKED,
    Badge.BLOCKED,
    Badge.ACCEPTED_RISK,
)


@dataclass(frozen=True, slots=True)
class AnsweredPage:
    """All that the template shows. `before` gives the badge that a listed visit had before the answer."""

    id: UUID
    question_id: UUID
    sentence: str
    changed: str
    rows: tuple[VisitRow, ...]
    before: Mapping[UUID, str]
    shown: str
    first_page: bool
    can_undo: bool
    still_open: str | None


def changed_sentence(counts: Mapping[Badge, int]) -> str:
    """Say how the visits of an answer stand: `41 visits answered: 38 cleared, 3 at risk`. It names nobody."""
    total = sum(counts.values())
    parts = [f"{counts[badge]:,} {BADGE_WORDS[badge].lower()}" for badge in _ORDER if counts.get(badge)]
    return f"{counted(total, 'visit')} answered: {', '.join(parts)}" if parts else "Answered; no visit waits for it now"


def answered_page(answered: Answered) -> AnsweredPage:
    """Put what an answer changed into words."""
    return AnsweredPage(
        id=answered.given.id,
        question_id=answered.given.question_id,
        sentence=question_sentence(answered.asked),
        changed=changed_sentence(answered.counts),
        rows=visit_rows(answered.visits),
        before={visit: badge.value for visit, badge in answered.before.items()},
        shown=_shown(answered),
        first_page=answered.first_page,
        can_undo=answered.given.record is not None,
        still_open=_still_open(answered),
    )


def _shown(answered: Answered) -> str:
    if answered.visits:
        return "Visits that are not cleared"
    return "Every visit of this answer is cleared." if answered.first_page else "No further visits."


def _still_open(answered: Answered) -> str | None:
    if not answered.still_open:
        return None
    waits = "waits" if answered.asked.question.visits == 1 else "wait"
    return f"{how_many(answered.asked.question, 'visit')} still {waits} for an answer to this question."
