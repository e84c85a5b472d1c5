"""What stands beside a case, in a few lines each: criteria, papers, units, the denial, the drug."""

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from app.authorizations.facts import UNSENT, Status
from app.casework.facts.beside import Beside
from app.casework.facts.cases import CaseFile
from app.casework.facts.denials import Denial
from app.casework.views.course import RunOutWords, course_words
from app.casework.views.criteria import CriteriaBlock, criteria_block
from app.casework.views.papers import LETTERS
from app.casework.views.supplies import PLANS, STEPS
from app.clinical.facts import ProviderAsk
from app.documents.facts import KIND_WORDS, Document
from app.pharmacy.facts import Supply
from app.pharmacy.rules import next_step
from app.practice.rules.fields import Field
from app.values.wording import counted, long_day, short_day

SHOWN = 6
_WITH_PAYER_AGAIN = frozenset({Status.DENIED, Status.IN_APPEAL})


@dataclass(frozen=True, slots=True)
class Paper:
    """One document: what it is called, and what it is."""

    id: UUID
    name: str
    about: str


@dataclass(frozen=True, slots=True)
class Letter:
    """One letter of the case in its newest version."""

    kind: str
    name: str
    about: str


@dataclass(frozen=True, slots=True)
class DenialWords:
    """The latest denial: its day, the payer's code and words, and what it says is unmet."""

    headline: str
    words: str | None
    unmet: tuple[str, ...]
    more: int


@dataclass(frozen=True, slots=True)
class Open:
    """A criterion that is not met, or not known."""

    text: str
    result: str
    words: str


@dataclass(frozen=True, slots=True)
class BesideWords:
    """All of it. `first` names the blocks that the status puts before the timeline; None hides a block."""

    first: tuple[str, ...]
    criteria: CriteriaBlock | None
    open: tuple[Open, ...]
    asks: tuple[str, ...]
    wanted: tuple[str, ...]
    papers: tuple[Paper, ...]
    more_papers: int
    letters: tuple[Letter, ...]
    packet: str | None
    packet_id: UUID | None
    sees_papers: bool
    run_out: RunOutWords | None
    denial: DenialWords | None
    drug: str | None
    brings: bool


def beside_words(beside: Beside, case: CaseFile, fields: Collection[Field]) -> BesideWords:
    """Put what stands beside a case into words, as far as the reader's role reads it."""
    status = case.record.status
    block = criteria_block(beside.sheet) if beside.sheet is not None else None
    mine = [one for one in beside.documents if one.case_id == case.record.id]
    packet = next(iter(beside.packets), None)
    return BesideWords(
        first=_first(status),
        criteria=block,
        open=tuple(_open(block))[:SHOWN] if block is not None else (),
        asks=tuple(_ask(one, case) for one in beside.asks),
        wanted=beside.sheet.documents if beside.sheet is not None and status in UNSENT | {Status.MORE_INFO} else (),
        papers=tuple(_paper(one) for one in mine[:SHOWN]),
        more_papers=len(beside.documents) - min(len(mine), SHOWN),
        letters=tuple(_letters(beside, case)),
        packet=f"Packet made {_day(case, packet.made_at)}" if packet is not None else None,
        packet_id=packet.id if packet is not None else None,
        sees_papers=Field.CLINICAL in fields,
        run_out=course_words(beside.course).run_out if beside.course is not None else None,
        denial=_denial(beside.denials, fields),
        drug=_drug(beside.supply) if beside.supply is not None else None,
        brings=beside.supply is not None or case.record.drug is not None,
    )


def _first(status: Status) -> tuple[str, ...]:
    if status in UNSENT:
        return ("criteria", "papers")
    if status is Status.MORE_INFO:
        return ("papers", "criteria")
    return ("denial", "criteria") if status in _WITH_PAYER_AGAIN else ()


def _open(block: CriteriaBlock) -> Iterator[Open]:
    lines = {line.text: line for rule in block.rules for line in rule.lines}
    for line in lines.values():
        if line.result != "pass":
            yield Open(line.text, line.result, line.result_words)


def _ask(one: ProviderAsk, case: CaseFile) -> str:
    who = case.chart.staff.get(one.asked_of, "somebody no longer on file")
    asked = f"{who} was asked {counted(len(one.items), 'thing')} on {_day(case, one.asked_at)}"
    if one.answered_at is not None:
        return f"{asked}, and answered on {_day(case, one.answered_at)}."
    if one.withdrawn_at is not None:
        return f"{asked}; it was taken back."
    return f"{asked}{f', due {long_day(one.due_on)}' if one.due_on else ''}. No answer yet."


def _day(case: CaseFile, at: datetime) -> str:
    return short_day(at.astimezone(case.chart.zone).date())


def _paper(one: Document) -> Paper:
    day = f", dated {short_day(one.dated)}" if one.dated else ", no date"
    return Paper(one.id, one.name, f"{KIND_WORDS[one.kind]}{day}")


def _letters(beside: Beside, case: CaseFile) -> Iterator[Letter]:
    newest = {one.kind: one for one in reversed(beside.letters)}
    for kind, name in LETTERS.items():
        if kind in newest:
            yield Letter(kind.value, name, f"version {newest[kind].number}, {_day(case, newest[kind].at)}")


def _denial(denials: tuple[Denial, ...], fields: Collection[Field]) -> DenialWords | None:
    if not denials:
        return None
    last = denials[0]
    level = f", appeal of level {last.level}" if last.level else ""
    if Field.DENIAL_REASON not in fields:
        return DenialWords(
            f"Denied {long_day(last.denied_on)}{level}. The reason is not shown to your role.", None, (), 0
        )
    code = f", code {last.code}" if last.code else ""
    return DenialWords(f"Denied {long_day(last.denied_on)}{level}{code}", last.words, last.unmet, len(denials) - 1)


def _drug(supply: Supply) -> str:
    step = next_step(supply)
    return f"{PLANS[supply.plan]}. {f'Next: {STEPS[step].lower()}' if step is not None else 'Every step is done'}."
