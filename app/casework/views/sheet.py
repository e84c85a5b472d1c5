"""The sheet that a doctor reads to the payer: the case, the payer's no, and each criterion with what proves it."""

from collections.abc import Collection
from dataclasses import dataclass

from app.casework.actions.sheets import DenialSheet
from app.casework.facts.criteria import CriterionLine, Proof
from app.casework.views.denials import Head, head_of, window_words
from app.casework.views.timeline import NOT_SHOWN
from app.policies.facts.answers import Truth
from app.policies.rules.speaking import say_lacking
from app.practice.rules.fields import Field
from app.values.wording import counted, listed, long_day, short_day

RESULTS = {Truth.MET: "Met", Truth.NOT_MET: "Not met", Truth.UNKNOWN: "Not known"}
_ORDER = {Truth.MET: 1, Truth.NOT_MET: 2, Truth.UNKNOWN: 3}


@dataclass(frozen=True, slots=True)
class Line:
    """One criterion. `claimed`: the payer says that it is not met. `proofs`: what to say, each with its source."""

    number: int
    text: str
    result: str
    met: bool
    claimed: bool
    proofs: tuple[str, ...]
    lacking: str | None


@dataclass(frozen=True, slots=True)
class SheetPage:
    """All that the template shows."""

    head: Head
    born: str | None
    member: str | None
    numbers: tuple[tuple[str, str], ...]
    denied: str | None
    reason: str | None
    code: str | None
    lines: tuple[Line, ...]
    others: tuple[str, ...]
    summary: str
    rules: tuple[str, ...]
    windows: tuple[str, ...]


def sheet_page(sheet: DenialSheet, fields: Collection[Field]) -> SheetPage:
    """Put the sheet into words. Criteria that the payer says are unmet come first, the met ones before the others."""
    found, criteria = sheet.found, sheet.criteria
    record, last = found.case.record, found.last
    shown = Field.DENIAL_REASON in fields
    claimed = frozenset(last.unmet) if last is not None and shown else frozenset()
    lines = sorted(criteria.lines, key=lambda line: (line.text not in claimed, _ORDER[line.result]))
    known = {line.text for line in lines}
    birth = found.case.chart.details.birth_date
    reason = last.words if last is not None else record.denial_reason
    return SheetPage(
        head=head_of(found.case),
        born=short_day(birth) if birth is not None else None,
        member=record.member_id if Field.MEMBER_ID in fields else None,
        numbers=tuple((label, text) for label, text in _numbers(sheet) if text),
        denied=long_day(found.denied_on) if found.denied_on is not None else None,
        reason=(reason if shown else NOT_SHOWN) if reason else None,
        code=last.code if last is not None and shown else None,
        lines=tuple(_line(place, line, claimed) for place, line in enumerate(lines, 1)),
        others=tuple(text for text in sorted(claimed) if text not in known),
        summary=_summary(criteria.count(Truth.MET), len(lines)),
        rules=tuple(f"{one.cite.title}" if one.cite is not None else one.summary for one in criteria.rules),
        windows=tuple(
            f"{one.label}: {one.day}"
            for one in (window_words(w, found.case.chart.today) for w in found.windows)
            if one.day
        ),
    )


def _numbers(sheet: DenialSheet) -> tuple[tuple[str, str | None], ...]:
    record = sheet.found.case.record
    return (
        ("Authorization number", record.number),
        ("Payer's reference", record.reference),
        ("Diagnoses", listed(list(record.diagnoses)) if record.diagnoses else None),
        ("Sent on", short_day(record.requested_on) if record.requested_on else None),
    )


def _summary(met: int, total: int) -> str:
    if not total:
        return "No rule on file names the criteria of this payer for this service."
    return f"{met} of {counted(total, 'criterion', 'criteria')} met by what is on file."


def _line(number: int, line: CriterionLine, claimed: frozenset[str]) -> Line:
    return Line(
        number=number,
        text=line.text,
        result=RESULTS[line.result],
        met=line.result is Truth.MET,
        claimed=line.text in claimed,
        proofs=tuple(map(_proof, line.proofs)),
        lacking=_lacking(line),
    )


def _lacking(line: CriterionLine) -> str | None:
    if not line.unmet or line.result is not Truth.UNKNOWN:
        return None
    return f"To settle it: {'; '.join(say_lacking(name) for name in line.unmet)}."


def _proof(one: Proof) -> str:
    where = ""
    if one.document_name is not None:
        where = f" ({one.document_name}{f', page {one.page}' if one.page else ''})"
    elif one.person is not None:
        where = f" ({one.person})"
    day = f", {short_day(one.dated)}" if one.dated is not None else ""
    return f"{one.said}{day}{where}"
