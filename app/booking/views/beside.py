"""What pages about visits say of consents that nobody signed yet, and of the modifier that a claim would carry."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from app.booking.facts.gate import BesideLine
from app.booking.facts.papers import Paper, PaperKind
from app.booking.views.gate import notice_words, paper_words
from app.booking.views.shapes import NoticeWords, PaperWords
from app.values.wording import long_day

NO_PAPER = "No estimate is prepared."


@dataclass(frozen=True, slots=True)
class BesideRow:
    """One planned service. `unsigned`: the sentence where a consent is missing, with its paper where there is one."""

    visit_id: UUID
    day: str
    service: str
    unsigned: str | None
    paper: PaperWords | None
    notice: NoticeWords | None
    abn: PaperWords | None


def beside_rows(lines: Sequence[BesideLine]) -> tuple[BesideRow, ...]:
    """Put what was found into words, in the order of the visits."""
    return tuple(
        BesideRow(
            visit_id=one.visit_id,
            day=long_day(one.day),
            service=one.line.service,
            unsigned=_unsigned(one) if one.line.unsigned else None,
            paper=_paper(one.line.paper) if one.line.unsigned else None,
            notice=notice_words(one.line),
            abn=_paper(one.line.abn),
        )
        for one in sorted(lines, key=lambda one: (one.day, one.visit_id))
    )


def _unsigned(one: BesideLine) -> str:
    why = "it is cosmetic" if one.line.cosmetic else "insurance might cover it"
    lacking = "" if one.line.paper is not None and one.line.paper.kind is PaperKind.CONSENT else f" {NO_PAPER}"
    return f"The consent to pay for {one.line.service} is not signed yet. The patient pays, and {why}.{lacking}"


def _paper(paper: Paper | None) -> PaperWords | None:
    return paper_words(paper) if paper is not None else None
