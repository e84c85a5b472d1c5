"""A visit's answer as plain lines, for a terminal."""

from app.clearance.facts.answered import AnsweredVisit
from app.clearance.views.context import Told
from app.clearance.views.sentences import BADGE_WORDS, CHECK_WORDS, shown_words, words_of

_MARKS = {"pass": "ok", "warn": "!", "fail": "x", "unknown": "?"}


def plain_visit(answer: AnsweredVisit) -> str:
    """Write one visit: when, where, who by record number, the sentence, then each line with its findings."""
    visit = answer.lines[0].visit
    _badge, sentence, _short = shown_words(answer)
    site = answer.sites.get(visit.site_id)
    starts = visit.starts_at.astimezone(answer.zone)
    written = [f"{starts:%a %m/%d/%Y %I:%M %p}  {site.name if site else ''}  MRN {answer.mrn}  {visit.reference}"]
    written.append(f"  {sentence}")
    for one in answer.lines:
        told = Told(one, answer.sites, answer.basis.as_of)
        badge = BADGE_WORDS[one.badge] if one.badge is not None else "Billed outside"
        written.append(f"  {told.what} x{one.line.units}: {badge}")
        for reason in one.reasons:
            words = words_of(reason, told)
            fix = f" {words.fix}" if words.fix and reason.result.value != "pass" else ""
            written.append(f"    {_MARKS[reason.result.value]:>2} {CHECK_WORDS[reason.check]}: {words.has or ''}{fix}")
    return "\n".join(written)
