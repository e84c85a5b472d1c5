"""The December list in words: what ends with the year, payer by payer."""

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import groupby
from uuid import UUID

from app.policies.rules.basis import say_answer
from app.policies.views.own_rules import NEED_SAYS, RuleRow, rule_row
from app.values.wording import counted, listed, short_day
from app.worklists.actions.december import December, EndingAnswer


@dataclass(frozen=True, slots=True)
class AnswerRow:
    """One answer for a patient. `open`: how many booked visits come after its end."""

    id: UUID
    patient_id: UUID
    patient: str
    mrn: str
    need: str
    names: str
    holds: str
    basis: str
    open: str


@dataclass(frozen=True, slots=True)
class PayerGroup:
    """What ends of one payer: rules with the visits that each end leaves open, and answers."""

    key: str
    name: str
    rules: tuple[tuple[RuleRow, str], ...]
    answers: tuple[AnswerRow, ...]


@dataclass(frozen=True, slots=True)
class DecemberPage:
    """All that the list shows. `payer`: the name of the one payer to which the address keeps it."""

    groups: tuple[PayerGroup, ...]
    count: str
    shown: int
    more_answers: bool
    payer: str | None
    today: str


def december_page(page: December) -> DecemberPage:
    """Put one page of the list into words."""
    found = page.found
    rules: dict[str, list[tuple[RuleRow, str]]] = {}
    for one in page.shown:
        row = rule_row(one, found.names, found.staff)
        rules.setdefault(one.kept.rule.payer, []).append((row, _open(page, one.kept.id)))
    answers = {key: tuple(map(_answer, them)) for key, them in groupby(page.answers, _payer_of)}
    keys = sorted({*rules, *answers}, key=lambda key: found.names.get(key, key).casefold())
    return DecemberPage(
        groups=tuple(
            PayerGroup(key, found.names.get(key, key), tuple(rules.get(key, ())), answers.get(key, ())) for key in keys
        ),
        count=counted(page.all_rules, "rule"),
        shown=len(page.shown),
        more_answers=page.more_answers,
        payer=found.names.get(page.payer, page.payer) if page.payer is not None else None,
        today=short_day(found.today),
    )


def _payer_of(one: EndingAnswer) -> str:
    return one.kept.answer.payer


def _answer(one: EndingAnswer) -> AnswerRow:
    said, person = one.kept.answer, one.patient
    begins, ends = (short_day(day) if day is not None else "open" for day in (said.span.begins, said.span.ends))
    return AnswerRow(
        id=one.kept.id,
        patient_id=person.id,
        patient=f"{person.last_name}, {person.first_name}",
        mrn=person.mrn,
        need=NEED_SAYS[said.need],
        names=listed(_plain(said.names)),
        holds=f"{begins} to {ends}",
        basis=say_answer(said.reference, said.said_on),
        open=counted(one.visits, "visit") if one.visits else "No visits yet",
    )


def _plain(names: Iterable[str]) -> list[str]:
    return [name.removeprefix("drug:") for name in sorted(names)]


def _open(page: December, rule: UUID) -> str:
    """How many visits its end leaves open."""
    visits = page.open_visits[rule]
    least = "at least " if page.more else ""
    return f"{least}{counted(visits, 'visit')}" if visits or page.more else "No visits yet"
