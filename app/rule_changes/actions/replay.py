"""Give the answer again that a visit showed on a day: as it was kept, and judged by what was in force and on file."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from app.authorizations import store as authorization_store
from app.authorizations.facts import AuthorizationEvent
from app.clearance.actions.answering import VisitNotFoundError
from app.clearance.actions.judging import JudgedVisit, files_of, judge_file
from app.clearance.actions.opening import saw
from app.clearance.actions.world import World, world_of
from app.clearance.facts.reasons import Badge
from app.clearance.facts.verdicts import PatientFile
from app.clearance.rules.accepting import badge_shown
from app.clearance.rules.packing import unpack
from app.clearance.store import history, risks
from app.clinical.store import charted as fact_store
from app.coverage.store import coverages as coverage_store
from app.platform.caller import Caller
from app.platform.db import keyring_of
from app.policies.actions.library import book_of
from app.policies.rules.payers import with_aliases
from app.policies.store import answers as answer_store
from app.policies.store import rule_sets
from app.policies.store.payers import aliases
from app.policies.store.practice import practice_rules
from app.rule_changes.facts.replay import Answer, Basis, Cause, Replayed
from app.rule_changes.rules import replay as rules
from app.schedule import store as schedule_store
from app.schedule.facts import Visit, VisitStatus

MOST = 1_000  # events of a patient's authorizations or coverages that are read


class NothingShownError(Exception):
    """A visit showed no answer on a day; the text says why, and what answers instead."""


@dataclass(frozen=True)
class _Shown:
    """One answer as it was shown. `since` and `until` are instants; `until` None: it is shown now."""

    since: datetime
    until: datetime | None
    as_of: date
    badge: Badge
    version: str
    content: bytes


@dataclass(frozen=True)
class _Then:
    """The patient's file as far as it can be set back, and what could not be."""

    file: PatientFile
    lost: frozenset[Cause]


@dataclass(frozen=True)
class _Tried:
    """An answer judged again by one basis; no lines where it could not be."""

    basis: Basis
    badge: Badge | None
    lines: tuple[Answer, ...]


def replay(caller: Caller, reference: str, on: date) -> Replayed:
    """Give what was said of a visit on a day: the answer that it showed last on that day, kept and judged again.

    Takes     the practice system's id of the visit; a day of its site.
    Returns   both, and in what they differ. It is judged by the day, rule set and facts by which the answer was judged;
              where these give another answer, since a fact that was said again keeps only its last day, by those of
              the day asked about.
    Raises    VisitNotFoundError; NothingShownError. The reading is noted.
    """
    session, practice_id = caller.session, caller.practice_id
    visit = schedule_store.visit_by_reference(session, practice_id, reference)
    if visit is None:
        raise VisitNotFoundError
    world = world_of(session, practice_id, caller.clock)
    zone = world.zone(visit.site_id)
    if on > caller.clock.today(zone):
        raise NothingShownError(f"{on} lies ahead; give today or an earlier day.")
    shown, further = _shown_on(caller, visit.id, on, zone)
    kept = tuple(map(rules.kept_answer, unpack(shown.content)))
    then = _then(caller, visit, shown.since)
    tried = _first_equal(_tries(caller, world, visit, then, (shown, on, zone)), kept, shown.badge)
    differs = rules.differences(kept, tried.lines)
    saw(caller, "rule_changes.replayed", [visit.patient_id, visit.id])
    same = tried.badge is shown.badge and not differs
    return Replayed(
        reference=reference, visit_id=visit.id, patient_id=visit.patient_id, zone=zone, on=on, since=shown.since,
        until=shown.until, judged_for=shown.as_of, version=shown.version, further=further, badge=shown.badge, kept=kept,
        basis=tried.basis, badge_anew=tried.badge, anew=tried.lines, differences=differs,
        causes=() if same else _causes(visit, then, shown, tried),
    )  # fmt: skip


def _shown_on(caller: Caller, visit_id: UUID, on: date, zone: ZoneInfo) -> tuple[_Shown, int]:
    """The answer that was shown last on a day, and how many were shown before it on the same day."""
    session, practice_id = caller.session, caller.practice_id
    begins = datetime.combine(on, time(), zone)
    ends = datetime.combine(on + timedelta(days=1), time(), zone)
    found = [
        _Shown(one.shown_since, one.shown_until, one.as_of, one.badge, one.rules_version, one.content)
        for one in history.between(session, practice_id, visit_id, begins, ends, MOST)
    ]
    now = history.shown_now(session, practice_id, visit_id)
    if now is not None and now.shown_since is not None and now.shown_since < ends:
        found.append(_Shown(now.shown_since, None, now.as_of, now.badge, now.rules_version, now.content))
    if not found:
        raise NothingShownError(
            f"Nothing was shown of this visit on {on}: it was not booked, or not judged yet. "
            f"'visits why' with --as-of {on} says what would be answered now for that day."
        )
    return found[-1], len(found) - 1


def _then(caller: Caller, visit: Visit, instant: datetime) -> _Then:
    """The file of a visit's patient as it was on an instant, as far as what happened since was kept."""
    session, practice_id, patient = caller.session, caller.practice_id, visit.patient_id
    (file,) = files_of(session, practice_id, [patient])
    keyring, lost = keyring_of(session), set[Cause]()
    authorizations = []
    events = _since_by_row(caller, file, instant)
    for row in file.authorizations:
        found, whole = rules.authorization_then(
            row, events.get(row.id, ()), lambda text: keyring.member_key(practice_id, text)
        )
        authorizations += [found] if found is not None else []
        lost |= set() if whole else {Cause.AUTHORIZATION}
    coverages = []
    changed = [one for one in coverage_store.latest_events(session, practice_id, patient, MOST) if one.at > instant]
    for cover in file.coverages:
        told = [one for one in reversed(changed) if one.coverage_id == cover.id]
        then, whole = rules.coverage_then(cover, told)
        coverages += [then] if then is not None else []
        lost |= set() if whole else {Cause.COVERAGE}
    facts = rules.facts_then(fact_store.history_of(session, practice_id, patient), file.facts, instant)
    answers = answer_store.answers_of(session, practice_id, [patient], instant).get(patient, ())
    set_back = replace(
        file,
        authorizations=tuple(authorizations),
        coverages=tuple(coverages),
        facts=tuple(facts),
        answers=answers,
    )
    return _Then(set_back, frozenset(lost))


def _since_by_row(caller: Caller, file: PatientFile, instant: datetime) -> dict[UUID, list[AuthorizationEvent]]:
    """What happened to a patient's authorizations after an instant, oldest first."""
    ids = [row.id for row in file.authorizations]
    found: dict[UUID, list[AuthorizationEvent]] = {}
    for event in authorization_store.latest_events(caller.session, caller.practice_id, ids, MOST):
        if event.at > instant:
            found.setdefault(event.authorization_id, []).append(event)
    return {row_id: sorted(events, key=lambda one: (one.at, one.step)) for row_id, events in found.items()}


def _tries(
    caller: Caller, world: World, visit: Visit, then: _Then, asked: tuple[_Shown, date, ZoneInfo]
) -> Iterator[_Tried]:
    """Judge again by the basis of the answer, then by that of the day asked about."""
    session, practice_id = caller.session, caller.practice_id
    shown, on, zone = asked
    began = max(shown.since, datetime.combine(on, time(), zone))
    in_force = rule_sets.in_force_at(session, practice_id, began) or shown.version
    own = tuple(practice_rules(session, practice_id, shown.since))
    known = aliases(session, practice_id)
    for as_of, version in dict.fromkeys(((shown.as_of, shown.version), (on, in_force), (on, shown.version))):
        basis = Basis(as_of, version, shown.since)
        try:
            kept = book_of(session, practice_id, version) if version != world.book.version else world.book
            book = with_aliases(kept, known)
        except KeyError:
            yield _Tried(basis, None, ())
            continue
        around = replace(world, book=book, practice_rules=own, as_of=as_of, classes={}, families={}, days={}, todays={})
        judged = judge_file(rules.booked_then(then.file, visit.id, as_of), around).get(visit.id)
        lines = judged.lines if judged is not None else ()
        badge = _badge(caller, judged, shown) if judged is not None else None
        yield _Tried(basis, badge, tuple(map(rules.judged_answer, lines)))


def _badge(caller: Caller, judged: JudgedVisit, shown: _Shown) -> Badge:
    """The badge that the lines give, with the risk that stood when the answer was shown first."""
    visit_id = judged.lines[0].visit.id
    for risk in risks.of_visits(caller.session, caller.practice_id, [visit_id]).get(visit_id, ()):
        if risk.accepted_at <= shown.since and (risk.ended_at is None or risk.ended_at > shown.since):
            return badge_shown(judged.lines, risk.digest)
    return badge_shown(judged.lines, None)


def _first_equal(tries: Iterator[_Tried], kept: tuple[Answer, ...], badge: Badge) -> _Tried:
    """The first basis that gives the answer that was kept; where none does, the first one."""
    first: _Tried | None = None
    for one in tries:
        if one.badge is badge and not rules.differences(kept, one.lines):
            return one
        first = first or one
    assert first is not None, "there is a basis: that of the answer itself"
    return first


def _causes(visit: Visit, then: _Then, shown: _Shown, tried: _Tried) -> tuple[Cause, ...]:
    """Why the answer that was judged again can differ, by what is on file."""
    found = set(then.lost)
    if tried.badge is None:
        found.add(Cause.RULES)
    elif len(tried.lines) != len(unpack(shown.content)):
        found.add(Cause.LINES)
    if visit.status is not VisitStatus.BOOKED:
        found.add(Cause.VISIT)
    if any(one.checked_on is not None and one.checked_on > shown.as_of for one in then.file.coverages):
        found.add(Cause.COVERAGE)
    return tuple(one for one in Cause if one in found) or (Cause.OTHER,)
