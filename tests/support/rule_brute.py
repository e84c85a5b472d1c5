"""What a change of rules would do, by brute force: everybody judged under both sets, every visit put into words."""

from dataclasses import dataclass, replace
from typing import Any
from uuid import UUID

from app.casework.actions.criteria import asked_by
from app.clearance.actions.answering import answered
from app.clearance.actions.judging import files_of, judge_file, without_canceled
from app.clearance.actions.world import world_of
from app.clearance.facts.verdicts import PatientFile
from app.clearance.rules.packing import pack
from app.clearance.store import risks
from app.clearance.views.shapes import visit_shape
from app.patients import store as patients
from app.platform.caller import Caller
from app.policies.facts.book import Book
from app.policies.facts.grid import PolicySet
from app.policies.rules.compiling import compile_book
from app.rule_changes.actions.impact_search import NO_SITE
from app.rule_changes.facts.impact import Impact
from app.rule_changes.rules.impact_cases import Putting, is_open_case, needs_of
from app.schedule.facts import VisitStatus

Said = tuple[Any, ...]


@dataclass(frozen=True)
class Stands:
    """What everybody's visits and cases come to under one book: what is said, and what is stored.

    `files` is what is on file of everybody, for judging it again.
    """

    files: tuple[PatientFile, ...]
    visits: dict[str, Said]
    stored: dict[str, bytes]
    cases: dict[UUID, dict[str, Any]]


def everybody(caller: Caller, book: Book | None = None, like: Stands | None = None) -> Stands:
    """Judge everybody's booked visits from today on and open cases.

    Takes     a book, or None for the rules in force; what was found before, while nothing on file has changed since:
              its files are judged again, and what is stored alike is said alike.
    """
    session, practice_id = caller.session, caller.practice_id
    world = world_of(session, practice_id, caller.clock)
    if book is not None:
        world = replace(world, book=book, classes={}, families={}, days={})
    found = Stands(like.files if like is not None else _files(caller), {}, {}, {})
    for file in found.files:
        for one in judge_file(file, world).values():
            visit = one.lines[0].visit
            if visit.status is not VisitStatus.BOOKED or visit.day < one.as_of:
                continue
            content = found.stored[visit.reference] = pack(one.lines)
            if like is not None and like.stored.get(visit.reference) == content:
                found.visits[visit.reference] = like.visits[visit.reference]
                continue
            accepted = risks.of_visits(session, practice_id, [visit.id]).get(visit.id, ())
            found.visits[visit.reference] = _said(visit_shape(answered(one, "", world, None, accepted)))
        putting = Putting(world.book, world.at, world.sites)
        for row in filter(is_open_case, file.authorizations):
            needs = needs_of(row, asked_by(row), file, world.today(row.site_id or NO_SITE), putting)
            found.cases[row.id] = {name: rested.need for name, rested in needs.items()}
    session.rollback()
    return found


def _files(caller: Caller) -> tuple[PatientFile, ...]:
    session, practice_id = caller.session, caller.practice_id
    people = [one.id for one in patients.in_patient_order(session, practice_id)]
    return tuple(map(without_canceled, files_of(session, practice_id, people)))


def _said(shape: dict[str, Any]) -> Said:
    lines = tuple(
        (
            line["badge"],
            line["requirement"]["need"] if line["requirement"] else None,
            tuple((check["id"], check["result"]) for check in line["checks"]),
        )
        for line in shape["lines"]
    )
    return shape["badge"], lines


def compiled(policies: PolicySet, version: str = "drawn") -> Book:
    """Compile a set as it is, under any name."""
    return compile_book(policies, version)


def differing(before: Stands, after: Stands, impact: Impact) -> list[str]:
    """Say where an impact is not what brute force says; nothing where they are equal."""
    wrong = []
    expected = {one for one, said in before.visits.items() if said != after.visits[one]}
    listed = {one.reference: one for one in impact.visits}
    wrong += [f"visit {one} is missed" for one in sorted(expected - listed.keys())]
    wrong += [f"visit {one} is listed and stays" for one in sorted(listed.keys() - expected)]
    for one in sorted(expected & listed.keys()):
        wrong += _turned_wrongly(one, before.visits[one], after.visits[one], listed[one])
    cases = {one for one, needs in before.cases.items() if needs != after.cases[one]}
    told = {one.case_id for one in impact.cases}
    wrong += [f"case {one} is missed or listed and stays" for one in sorted(cases ^ told)]
    rest = sum(one not in expected and before.stored[one] != after.stored[one] for one in before.stored)
    if rest != impact.resting:
        wrong.append(f"{impact.resting} rest on something else, and it should be {rest}")
    return wrong


def _turned_wrongly(reference: str, was: Said, will: Said, turn: Any) -> list[str]:
    """Compare badges, and by line the checks that turn."""
    if (turn.before.value, turn.after.value) != (was[0], will[0]):
        return [f"visit {reference} turns {turn.before} to {turn.after}, and it should be {was[0]} to {will[0]}"]
    checks = {}
    for place, (old, new) in enumerate(zip(was[1], will[1], strict=True)):
        if old != new:
            found, wanted = dict(old[2]), dict(new[2])
            ids = {*found, *wanted}
            checks[place] = {(one, found.get(one), wanted.get(one)) for one in ids if found.get(one) != wanted.get(one)}
    told = {
        line.position: {(c.check.value, _value(c.before), _value(c.after)) for c in line.checks} for line in turn.lines
    }
    places = sorted(told)
    same = len(places) == len(checks) and [told[place] for place in places] == [
        checks[place] for place in sorted(checks)
    ]
    return [] if same else [f"visit {reference} tells {told}, and it should be {checks}"]


def _value(result: Any) -> str | None:
    return None if result is None else result.value
