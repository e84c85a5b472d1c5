"""Count the claims on file for the scorecard anew: those that came before it was kept, too."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID

from app.audit.actions import record
from app.clearance.store import history
from app.platform.caller import Caller
from app.platform.db import writing
from app.remittances.facts.claims import ClaimState, Link, ReadClaim
from app.remittances.facts.scores import ScoredLine
from app.remittances.intake.claims import read_claim
from app.remittances.rules.saying import Shown, said_of_code
from app.remittances.rules.scoring import scored_lines
from app.remittances.store import claims as store
from app.remittances.store import scores
from app.schedule import store as schedule_store

PIECE = 100
"""Claims of one transaction: what a claim holds back others for stays short, and what is done is kept."""


@dataclass(frozen=True, slots=True)
class Rebuilt:
    """What came of counting anew. `kept`: lines whose shown answer is no longer on file; they stay as they were."""

    claims: int = 0
    changed: int = 0
    kept: int = 0


def rebuild(caller: Caller) -> Rebuilt:
    """Count every claim on file by what had been shown for it, as taking it now would count it.

    Works from what is on file, piece by piece, each in a transaction of its own: run again, or after it broke off, it
    changes only what is not counted yet. What a claim was tied to, and which answer had been shown, stay as they were
    found when it came: a visit that moved since moves no count.
    """
    done, after = Rebuilt(), None
    while True:
        with writing(caller.session) as session:
            ids = scores.claims_after(session, caller.practice_id, after, PIECE)
            piece = [_count(caller, one) for one in ids]
            changed = sum(one.changed for one in piece)
            done = Rebuilt(done.claims + len(ids), done.changed + changed, done.kept + sum(one.kept for one in piece))
            if changed:
                record(caller, "remittances.counted", (), claims=changed)
        if len(ids) < PIECE:
            return done
        after = ids[-1]


def _count(caller: Caller, claim_id: UUID) -> Rebuilt:
    """Count one claim, held until the transaction ends; nothing is written where it is counted so already."""
    session, practice_id = caller.session, caller.practice_id
    found = store.raw_of(session, practice_id, claim_id)
    if found is None:
        return Rebuilt()
    read, links = read_claim(found[1]), store.links_of(session, practice_id, claim_id)
    before = scores.of_claim(session, practice_id, claim_id)
    told = [_told(caller, read, place, link) for place, link in enumerate(links)]
    gone = {place for place, one in enumerate(told) if one is None}
    fresh = scored_lines(read, [one or Link() for one in told])
    lines = _in_order([*fresh, *(line for line, _counted in before if line.position in gone)])
    stands = scores.state_of(session, practice_id, claim_id) is ClaimState.STANDS
    if [(line, stands) for line in lines] == list(before):
        return Rebuilt(kept=len(gone))
    scores.keep(session, practice_id, claim_id, lines)
    scores.count(session, practice_id, claim_id, stands=stands)
    return Rebuilt(changed=1, kept=len(gone))


def _told(caller: Caller, read: ReadClaim, place: int, link: Link) -> Link | None:
    """What a line is tied to, with the rule that had been shown for it; None: the shown answer is no longer on file."""
    if link.said is None or link.visit_id is None:
        return link
    visit = schedule_store.visits_by_ids(caller.session, caller.practice_id, [link.visit_id]).get(link.visit_id)
    shown = _shown_since(caller, link.visit_id, link.said.since)
    said = None if visit is None or shown is None else said_of_code(shown, visit, read.lines[place].code)
    return None if said is None else replace(link, said=said)


def _shown_since(caller: Caller, visit_id: UUID, since: datetime) -> Shown | None:
    """The verdict of a visit that was shown from an instant on; None: it is not kept any more."""
    session, practice_id = caller.session, caller.practice_id
    now = history.shown_now(session, practice_id, visit_id)
    if now is not None and now.shown_since == since:
        return Shown(since, now.badge, now.content)
    past = history.since(session, practice_id, [visit_id], since)
    return next((Shown(since, one.badge, one.content) for one in past if one.shown_since == since), None)


def _in_order(lines: Sequence[ScoredLine]) -> list[ScoredLine]:
    return sorted(lines, key=lambda line: line.position)
