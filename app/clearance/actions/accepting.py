"""Let a visit through at a named person's risk, take that back, and undo the taking back."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta
from uuid import UUID

from app.audit.actions import record
from app.clearance.actions.answering import VisitNotFoundError
from app.clearance.actions.judging import judge_patients, rejudge
from app.clearance.actions.world import World, world_of
from app.clearance.facts.history import AcceptedRisk, By, Cause
from app.clearance.facts.verdicts import LineVerdict
from app.clearance.rules.accepting import digest_of, may_accept
from app.clearance.rules.badges import badge_of_visit
from app.clearance.store import risks
from app.platform.caller import Caller
from app.platform.db import writing
from app.platform.ids import new_id
from app.practice.store import staff as practice_store
from app.schedule import store as schedule_store
from app.schedule.facts import Visit
from app.values.wording import short_day

UNDO_HOURS = 24


class NotAcceptableError(Exception):
    """The visit is not booked, or is neither blocked, not checked nor waiting: there is no risk to accept."""


class RiskEndError(Exception):
    """A risk cannot stand until that day. The first argument says why, as a sentence."""


class ResultsChangedError(Exception):
    """What the checks find is no longer what the person saw."""


def accept_risk(caller: Caller, visit_id: UUID, reason: str, seen: bytes, until: date | None = None) -> None:
    """Let a visit through, in the caller's name, with what the checks find now, until a day.

    Takes     the visit; the reason, as checked by the form; the digest of what the person saw; the last day, None: that
              of the visit. Asked twice for the same visit and results, it does its work once.
    Raises    VisitNotFoundError, NotAcceptableError, ResultsChangedError; RiskEndError where the day is past or lies
              after the visit; nothing is stored then.
    """
    with writing(caller.session) as session:
        world = world_of(session, caller.practice_id, caller.clock)
        visit, lines = _judged(caller, world, visit_id)
        ever = risks.of_visits(session, caller.practice_id, [visit_id]).get(visit_id, ())
        digest = digest_of(lines)
        if any(one.ended_at is None and one.digest == digest == seen for one in ever):
            return
        if not may_accept(lines):
            raise NotAcceptableError
        if digest != seen:
            raise ResultsChangedError
        last = _last_day(world, visit, until)
        assert caller.user_id is not None, "a risk is accepted by a person"
        risk = AcceptedRisk(
            id=new_id(),
            visit_id=visit_id,
            patient_id=visit.patient_id,
            badge=badge_of_visit([one.badge for one in lines]),
            digest=digest,
            reason=reason,
            accepted_at=caller.clock.now(),
            accepted_by=caller.user_id,
            name=_name_of(caller, caller.user_id),
            until=last,
        )
        _stand(caller, world, risk)
        record(caller, "clearance.risk_accepted", [visit.patient_id, visit_id], risk=risk.id, badge=risk.badge)


def _last_day(world: World, visit: Visit, until: date | None) -> date:
    """The last day of a risk: as said, else that of the visit. A visit of the past ends with today."""
    today = world.today(visit.site_id)
    latest = max(visit.day, today)
    if until is not None and until < today:
        raise RiskEndError(f"Stands until must be today or later; you entered {short_day(until)}.")
    if until is not None and until > latest:
        raise RiskEndError(f"Stands until must be the day of the visit, {short_day(latest)}, or before.")
    return until or latest


def withdraw_risk(caller: Caller, visit_id: UUID) -> bool:
    """Take an accepted risk back, whoever accepted it. Returns whether one stood. Raises VisitNotFoundError."""
    with writing(caller.session) as session:
        visit = _visit(caller, visit_id)
        ended = risks.end(session, caller.practice_id, [visit_id], caller.clock.now(), caller.user_id)
        if not ended:
            return False
        world = world_of(session, caller.practice_id, caller.clock)
        rejudge(session, caller.practice_id, world, [visit.patient_id], By(Cause.RISK, caller.user_id))
        record(caller, "clearance.risk_withdrawn", [visit.patient_id, visit_id])
    return True


def restore_risk(caller: Caller, visit_id: UUID) -> bool:
    """Undo a withdrawal within a day, in the words and name of who accepted.

    Returns   False where the person withdrew none in the last day, or what the checks find has changed since.
    Raises    VisitNotFoundError.
    """
    with writing(caller.session) as session:
        world = world_of(session, caller.practice_id, caller.clock)
        visit, lines = _judged(caller, world, visit_id)
        ever = risks.of_visits(session, caller.practice_id, [visit_id]).get(visit_id, ())
        last = _withdrawn(caller, ever)
        if last is None or not may_accept(lines) or last.digest != digest_of(lines):
            return False
        if last.until is not None and last.until < world.today(visit.site_id):
            return False
        risk = replace(last, id=new_id(), ended_at=None, ended_by=None)
        _stand(caller, world, risk)
        record(caller, "clearance.risk_restored", [visit.patient_id, visit_id], risk=risk.id)
    return True


def _withdrawn(caller: Caller, ever: Sequence[AcceptedRisk]) -> AcceptedRisk | None:
    """The risk that the caller withdrew last, unless one stands again or a day has gone by."""
    if any(one.ended_at is None for one in ever):
        return None
    oldest = caller.clock.now() - timedelta(hours=UNDO_HOURS)
    mine = [
        (one.ended_at, one)
        for one in ever
        if one.ended_at is not None and one.ended_by == caller.user_id and one.ended_by is not None
    ]
    ended = max(mine, key=lambda found: (found[0], found[1].id), default=None)
    return ended[1] if ended is not None and ended[0] >= oldest else None


def _stand(caller: Caller, world: World, risk: AcceptedRisk) -> None:
    """Put a risk on file, in place of one that stands, and let the stored badge say so."""
    session, by = caller.session, By(Cause.RISK, caller.user_id)
    risks.end(session, caller.practice_id, [risk.visit_id], caller.clock.now(), caller.user_id)
    risks.add(session, caller.practice_id, risk)
    rejudge(session, caller.practice_id, world, [risk.patient_id], by)


def _judged(caller: Caller, world: World, visit_id: UUID) -> tuple[Visit, tuple[LineVerdict, ...]]:
    visit = _visit(caller, visit_id)
    judged = next(judge_patients(caller.session, caller.practice_id, world, [visit.patient_id]))
    if visit_id not in judged:
        raise VisitNotFoundError
    return visit, judged[visit_id].lines


def _visit(caller: Caller, visit_id: UUID) -> Visit:
    visit = schedule_store.visits_by_ids(caller.session, caller.practice_id, [visit_id]).get(visit_id)
    if visit is None:
        raise VisitNotFoundError
    return visit


def _name_of(caller: Caller, user_id: UUID) -> str:
    staff = practice_store.staff_of(caller.session, caller.practice_id)
    return next(one.name for one in staff if one.id == user_id)
