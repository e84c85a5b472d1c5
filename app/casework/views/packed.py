"""Our own pages of a packet, and the first words of letters, written from templates."""

import html
import re
from functools import lru_cache

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from app.casework.actions.packets import Contents
from app.casework.facts.casebook import case_code
from app.casework.facts.denials import Denial
from app.casework.facts.papers import Papers, SheetWish
from app.casework.views.papers import (
    LETTERS,
    criteria_words,
    line_words,
    pairs_of,
    service_of,
)
from app.documents.facts import LetterKind
from app.values.wording import counted, long_day, short_day
from config import ROOT


def packet_pages(papers: Papers, contents: Contents) -> tuple[str, str]:
    """Write cover, request, criteria and letter as one page, and give its style sheet."""
    wish = contents.wish
    letter = papers.letters.get(wish.letter) if wish.letter else None
    style = _environment().get_template("packet/packet.css").render()
    html = (
        _environment()
        .get_template("packet/packet.html")
        .render(
            case=case_code(papers.record.id),
            cover=wish.cover,
            practice=papers.practice.name,
            payer=papers.record.payer_name,
            reference=papers.record.reference or "",
            urgent=papers.record.urgent,
            day=long_day(papers.today),
            pairs=pairs_of(papers),
            lines=line_words(papers),
            criteria=criteria_words(papers, wish.sheet),
            rules=[one for one in papers.sheet.rules if one.lines] if wish.sheet is not SheetWish.NONE else [],
            letter=None if letter is None else paragraphs(letter.words),
            letter_title=LETTERS[wish.letter] if wish.letter else "",
            parts=[(title, counted(pages, "page")) for title, pages in contents.parts],
        )
    )
    return html, style


def first_words(papers: Papers, kind: LetterKind) -> str:
    """Write a letter from the facts: only what is proven is said. A person reads and changes it before it is sent."""
    denial = _last(papers.denials)
    name = "letters/medical_necessity.txt" if kind is LetterKind.MEDICAL_NECESSITY else "letters/appeal.txt"
    text = (
        _environment()
        .get_template(name)
        .render(
            kind=kind.value,
            title=LETTERS[kind],
            day=long_day(papers.today),
            payer=papers.record.payer_name,
            patient=f"{papers.patient.first_name} {papers.patient.last_name}",
            born=short_day(papers.patient.birth_date) if papers.patient.birth_date else "",
            member=papers.record.member_id or (papers.coverage.member_id if papers.coverage else ""),
            reference=papers.record.number or papers.record.reference or "",
            case=case_code(papers.record.id),
            urgent=papers.record.urgent,
            renewal=papers.sheet.asked.renewal,
            service=service_of(papers),
            diagnoses=", ".join(papers.record.diagnoses),
            provider=(papers.provider.name if papers.provider else None) or "",
            npi=papers.record.provider_npi or "",
            practice=papers.practice.name,
            proven=criteria_words(papers, SheetWish.MET),
            sources=[one.cite.title for one in papers.sheet.rules if one.cite],
            denied_on=short_day(denial.denied_on) if denial else _decided(papers),
            denial_words=denial.words if denial else (papers.record.denial_reason or ""),
            unmet=list(denial.unmet) if denial else [],
        )
    )
    plain = html.unescape(text)  # a letter is plain text: it is escaped where it is shown
    return re.sub(r"\n{3,}", "\n\n", plain).strip() + "\n"


def paragraphs(words: str) -> list[list[str]]:
    """Cut a letter into paragraphs of lines."""
    return [block.splitlines() for block in re.split(r"\n\s*\n", words.replace("\r\n", "\n").strip()) if block.strip()]


def _last(denials: tuple[Denial, ...]) -> Denial | None:
    """The newest denial that no correction took the place of."""
    struck = {one.corrects for one in denials}
    there = [one for one in denials if one.id not in struck]
    return max(there, key=lambda one: (one.denied_on, one.recorded_at), default=None)


def _decided(papers: Papers) -> str:
    return short_day(papers.record.decided_on) if papers.record.decided_on else ""


@lru_cache(maxsize=1)
def _environment() -> Environment:
    loader = FileSystemLoader(ROOT / "templates/casework")
    return Environment(loader=loader, autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True)
