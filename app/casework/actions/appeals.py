"""Talks with a payer's physician, and appeals: offered and booked, filed and decided."""

from dataclasses import dataclass, replace
from datetime import date, datetime
from uuid import UUID

from app.audit.actions import record
from app.authorizations.actions import move
from app.authorizations.facts import Status
from app.casework.actions.denials import Seen, add_denial_of_level, held, settle, tell
from app.casework.actions.watching import badges_of, turned_since
from app.casework.facts.denials import EXTERNAL, Answered
from app.casework.facts.done import Done
from app.casework.facts.entries import EntryKind, NextStep
from app.casework.rules.windows import name_of, number_of
from app.casework.store import denials as store
from app.deadlines import actions as clocks
from app.deadlines import store as clock_store
from app.deadlines.facts import AppealLevel, AppealOutcome, Case, PeerToPeer, TalkOutcome
from app.platform.caller import Caller
from app.platform.changes import announced
from app.platform.ids import new_id
from app.values.wording import short_day


class WindowClosedError(Exception):
    """The window of the appeal has ended, or would end before the filing. The first argument says so as a sentence."""


@dataclass(frozen=True, slots=True)
class Filing:
    """An appeal as its form was read. `level` as a form names it; `denied_on` is the day of the denial that it is
    against, `window_ends` its last day; `late`: a person said that it is filed all the same."""

    level: str
    denied_on: date
    window_ends: date
    filed_on: date
    reference: str | None = None
    words: str | None = None
    late: bool = False
    next_step: NextStep | None = None


def offer_talk(caller: Caller, case_id: UUID, talk: PeerToPeer, step: NextStep | None) -> bool:
    """Record that the payer offers a talk between physicians. Returns False where it is on file under this id.

    Raises    CaseNotFoundError; BackwardsError of the room of deadlines.
    """
    old = held(caller.session, caller.practice_id, case_id)
    if any(one.id == talk.id for one in _case(caller, case_id).peers):
        return False
    with announced(caller):
        clocks.offer_call(caller, case_id, talk)
        tell(caller, old, EntryKind.PEER_TO_PEER, "The payer offers a talk between physicians.", None, step)
    return True


def book_talk(caller: Caller, case_id: UUID, talk: PeerToPeer, who: str | None, step: NextStep | None) -> None:
    """Record when an open talk is to be held, and by whom (`who`: the name, for the history).

    Raises    CaseNotFoundError; NothingOpenError, BackwardsError, PersonNotFoundError of the room of deadlines.
    """
    old = held(caller.session, caller.practice_id, case_id)
    with announced(caller):
        clocks.book_call(caller, talk)
        words = f"Talk between physicians booked{f', by {who}' if who else ''}."
        tell(caller, old, EntryKind.PEER_TO_PEER, words, None, step)


def hold_talk(caller: Caller, seen: Seen, talk_id: UUID, at: datetime, outcome: TalkOutcome, ended: Answered) -> Done:
    """Record that a talk was held and what came of it; a denial that was overturned becomes an approval.

    Takes     the case as the person saw it; the talk; when it was held; how it ended, with what was granted.
    Returns   what it did to the visits; no change where it was recorded as held already.
    Raises    as `record_denial`; BackwardsError where it was held before it was offered.
    """
    case_id, version = seen
    old = held(caller.session, caller.practice_id, case_id)
    if any(one.id == talk_id and one.held_at is not None for one in _case(caller, case_id).peers):
        return Done(None)
    before, event_id = badges_of(caller, old.patient_id), new_id()
    with announced(caller):
        clocks.hold_call(caller, talk_id, at, outcome)
        changed = outcome in (TalkOutcome.OVERTURNED, TalkOutcome.PARTLY_OVERTURNED)
        if changed:
            settle(caller, old, version, replace(ended, partly=outcome is TalkOutcome.PARTLY_OVERTURNED), event_id)
        words = _said(f"Talk between physicians held: {TALKS[outcome]}.", ended.words)
        tell(caller, old, EntryKind.PEER_TO_PEER, words, event_id if changed else None, ended.next_step)
        record(caller, "casework.talk_held", [old.patient_id, case_id], outcome=outcome.value)
    return Done(event_id if changed else None, turned_since(caller, old.patient_id, before))


def file_appeal(caller: Caller, seen: Seen, key: UUID, filing: Filing) -> Done:
    """Record that an appeal was filed: its level opens with its window, and the case stands in appeal.

    Takes     the case as the person saw it; the id that the level gets, so that a form sent twice counts once.
    Raises    as `record_denial`; KnownAlreadyError, BackwardsError of the room of deadlines; WindowClosedError where it
              is late and nobody said that it is filed all the same.
    """
    case_id, version = seen
    old = held(caller.session, caller.practice_id, case_id)
    levels = _case(caller, case_id).appeals
    if any(one.id == key for one in levels):
        return Done(None)
    if filing.filed_on > filing.window_ends and not filing.late:
        raise WindowClosedError(f"The window ended on {short_day(filing.window_ends)}")
    opened = next((one for one in levels if one.filed_on is None and name_of(one) == filing.level), None)
    external, number = filing.level == EXTERNAL, number_of(filing.level) if opened is None else opened.level
    before, event_id = badges_of(caller, old.patient_id), new_id()
    with announced(caller):
        if opened is not None:
            clocks.file_appeal(caller, opened.id, filing.filed_on, filing.reference)
        else:
            clocks.open_level(caller, case_id, _new_level(key, number, filing))
        if old.status is not Status.IN_APPEAL:
            move(caller, case_id, version, Status.IN_APPEAL, {}, event_id=event_id)
        what = "External review asked for." if external else f"Appeal filed, level {number}."
        tell(caller, old, EntryKind.APPEAL, _said(what, filing.words), event_id, filing.next_step)
        record(caller, "casework.appealed", [old.patient_id, case_id], level=number)
    return Done(event_id, turned_since(caller, old.patient_id, before))


def _new_level(key: UUID, number: int, filing: Filing) -> AppealLevel:
    return AppealLevel(
        key,
        number,
        filing.denied_on,
        filing.window_ends,
        filing.filed_on,
        external=filing.level == EXTERNAL,
        reference=filing.reference,
    )


def decide_appeal(
    caller: Caller, seen: Seen, level_id: UUID, key: UUID, outcome: AppealOutcome, ended: Answered
) -> Done:
    """Record how a filed appeal was decided: overturned it becomes an approval, else the case is denied again.

    Takes     the case as the person saw it; the level; the id that the denial gets where it was turned down.
    Returns   what it did to the visits; no change where the level was decided already.
    Raises    as `record_denial`; NothingOpenError, BackwardsError of the room of deadlines.
    """
    case_id, version = seen
    old = held(caller.session, caller.practice_id, case_id)
    level = next((one for one in _case(caller, case_id).appeals if one.id == level_id), None)
    if level is None:
        raise clocks.NothingOpenError
    if level.decided_on is not None:
        return Done(None)
    before, event_id = badges_of(caller, old.patient_id), new_id()
    with announced(caller) as session:
        clocks.decide_appeal(caller, level_id, ended.on, outcome)
        ended = replace(ended, partly=outcome is AppealOutcome.PARTLY_OVERTURNED)
        if ended.granted is not None or not _still_asked(caller, case_id, level_id):
            settle(caller, old, version, ended, event_id)
        if ended.granted is None and not store.is_on_file(session, caller.practice_id, key):
            add_denial_of_level(caller, session, old, key, ended, level.level)
        name = "External review" if level.external else f"Appeal, level {level.level}"
        words = _said(f"{name}: {APPEALS[outcome]}.", ended.words)
        tell(caller, old, EntryKind.APPEAL, words, event_id, ended.next_step)
        record(caller, "casework.appeal_decided", [old.patient_id, case_id], outcome=outcome.value)
    return Done(event_id, turned_since(caller, old.patient_id, before))


TALKS = {
    TalkOutcome.OVERTURNED: "the denial is overturned",
    TalkOutcome.PARTLY_OVERTURNED: "the denial is overturned in part",
    TalkOutcome.UPHELD: "the denial stands",
    TalkOutcome.MORE_INFO_ASKED: "the payer asks for more information",
}
APPEALS = {
    AppealOutcome.OVERTURNED: "the denial is overturned",
    AppealOutcome.PARTLY_OVERTURNED: "the denial is overturned in part",
    AppealOutcome.UPHELD: "the denial is upheld",
    AppealOutcome.DISMISSED: "dismissed without a decision",
}


def _still_asked(caller: Caller, case_id: UUID, level_id: UUID) -> bool:
    """Say whether another appeal of the case was filed and is not decided: then it stays in appeal."""
    levels = _case(caller, case_id).appeals
    return any(one.id != level_id and one.filed_on is not None and one.decided_on is None for one in levels)


def _said(what: str, words: str | None) -> str:
    return f"{what} {words}" if words else what


def _case(caller: Caller, case_id: UUID) -> Case:
    return clock_store.cases(caller.session, caller.practice_id, [case_id]).get(case_id, Case(case_id))
