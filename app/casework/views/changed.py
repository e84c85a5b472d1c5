"""What a change did to the visits, in one sentence."""

from collections import Counter

from app.casework.facts.done import Done
from app.clearance.facts.reasons import Badge
from app.clearance.views.sentences import BADGE_WORDS
from app.values.wording import counted, listed


def changed_words(what: str, done: Done) -> str:
    """Say what was done and which badges turned: `Approval logged. 2 visits changed: 1 is now cleared, 1 blocked.`"""
    if not done.turned:
        return f"{what}. No badge changed."
    counts = Counter(done.turned)
    parts = [f"{counts[badge]} {BADGE_WORDS[badge].lower()}" for badge in Badge if counts[badge]]
    first, *rest = parts
    number, _, badge = first.partition(" ")
    said = [f"{number} {'is' if number == '1' else 'are'} now {badge}", *rest]
    return f"{what}. {counted(len(done.turned), 'visit')} changed: {listed(said)}."
