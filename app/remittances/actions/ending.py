"""End the practice rules that a denial for want of authorization contradicts: at once, for its payer and code."""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import date, timedelta
from uuid import UUID

from app.coverage.facts import CoverageRecord
from app.coverage.store import coverages as coverage_store
from app.platform.caller import Caller
from app.policies.actions.basics import today_of
from app.policies.actions.recording import end_practice_rule
from app.policies.store.practice import practice_rules
from app.remittances.facts.claims import Category, Link, ReadClaim, Tie
from app.remittances.rules.contradicting import contradicted
from app.remittances.rules.matching import same_member
from app.schedule.facts import Visit
from app.values.wording import short_day

_DAY = timedelta(days=1)


def end_contradicted(
    caller: Caller, read: ReadClaim, to: Tie, links: tuple[Link, ...], visits: Mapping[UUID, Visit], claim_id: UUID
) -> tuple[Link, ...]:
    """End what a claim contradicts, in the transaction that is open; its visits are judged with it.

    A rule ends the day before the denied service, so that it answers for no visit from then on.
    Returns   the links of the claim's lines with the rules that each has ended.
    """
    denied = list(_denied(read, to, links, visits))
    if not denied or to.patient_id is None:
        return links
    insured = _insured(caller, read, to.patient_id)
    ended = dict[int, tuple[UUID, ...]]()
    for position, code, day, visit_id in denied:
        providers = _providers(visits.get(visit_id or UUID(int=0)), code)
        found = _end(caller, insured, code, day or today_of(caller), providers, claim_id)
        ended[position] = (*ended.get(position, ()), *found)
    return tuple(replace(link, ended=ended.get(position, ())) for position, link in enumerate(links))


def _denied(
    read: ReadClaim, to: Tie, links: tuple[Link, ...], visits: Mapping[UUID, Visit]
) -> Iterator[tuple[int, str, date | None, UUID | None]]:
    """Each code that was denied for want of authorization: its line's place, the code, its day, its visit."""
    whole = Category.AUTHORIZATION in read.own_categories
    for position, (line, link) in enumerate(zip(read.lines, links, strict=True)):
        if line.code is not None and (whole or Category.AUTHORIZATION in line.categories):
            yield position, line.code, line.begins or read.begins, link.visit_id
    visit = visits.get(to.visit_id or UUID(int=0))
    if whole and not read.lines and visit is not None:
        for planned in visit.lines:
            if planned.code is not None:
                yield -1, planned.code, read.begins or visit.day, visit.id


def _insured(caller: Caller, read: ReadClaim, patient_id: UUID) -> tuple[CoverageRecord, ...]:
    """The coverages that may have answered: those with the claim's member id, else all of the patient's."""
    kept = tuple(coverage_store.on_file(caller.session, caller.practice_id, patient_id))
    named = tuple(one for one in kept if any(same_member(member, one.member_id) for member in read.members))
    return named or kept


def _providers(visit: Visit | None, code: str) -> frozenset[str]:
    if visit is None:
        return frozenset()
    return frozenset(one.provider_npi for one in visit.lines if one.code == code and one.provider_npi)


def _end(
    caller: Caller,
    insured: tuple[CoverageRecord, ...],
    code: str,
    day: date,
    providers: frozenset[str],
    claim_id: UUID,
) -> tuple[UUID, ...]:
    last = min(day, today_of(caller)) - _DAY
    lines = frozenset(one.line for one in insured if one.line is not None)
    payers = frozenset(one.payer for one in insured)
    rules = practice_rules(caller.session, caller.practice_id)
    found = contradicted(rules, payers, lines, code, last + _DAY, providers)
    for rule, name in found:
        reason = f"A remittance denied {code} of {short_day(day)} for want of authorization (claim {claim_id})."
        end_practice_rule(caller, rule, last, reason, name)
    return tuple(dict.fromkeys(UUID(rule.ref.removeprefix("practice#")) for rule, _name in found))
