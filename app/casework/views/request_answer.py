"""What the rules and the file say to a request, in words: the need first, then what is on file already."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from uuid import UUID

from app.authorizations.facts import UNSENT, Authorization
from app.authorizations.views import status_words
from app.casework.facts.casebook import case_code
from app.casework.facts.requests import HeldApproval, LineAnswer, RequestAnswer
from app.casework.rules.asking import shown_name
from app.casework.rules.readiness import documents_of
from app.casework.views.chart import why_held_not
from app.clearance.views.context import called
from app.policies.facts.answers import Need
from app.policies.facts.records import Found
from app.policies.views.finder import NEED_WORDS, FinderAnswer, finder_answer
from app.practice.facts.practice import Site
from app.values.wording import counted, listed, short_day

_ORDER = tuple(Need)


@dataclass(frozen=True, slots=True)
class NeedWords:
    """What the payer asks for some lines that have one answer."""

    what: str
    answer: FinderAnswer


@dataclass(frozen=True, slots=True)
class OnFile:
    """One approval or request on file that speaks of what is asked for; `kind`: usable, open, unsent or short."""

    id: UUID
    name: str
    code: str
    status: str
    kind: str
    sentence: str


@dataclass(frozen=True, slots=True)
class AnswerWords:
    """All that the answer shows. `headline` is one sentence; `need` the strictest need, for its color."""

    headline: str
    need: str
    note: str | None
    needs: tuple[NeedWords, ...]
    on_file: tuple[OnFile, ...]
    documents: tuple[str, ...]


def answer_words(answer: RequestAnswer, sites: Iterable[Site], today: date) -> AnswerWords | None:
    """Put the answer into words; None where nothing is asked for yet."""
    if not answer.lines:
        return None
    by_site = {site.id: site for site in sites}
    on_file = tuple(_on_file(answer.lines, by_site, today))
    needs = [line.found.requirement.need for line in answer.lines if line.found is not None]
    strictest = min(needs, key=_ORDER.index, default=Need.UNKNOWN)
    if len(needs) < len(answer.lines) and strictest is Need.NOT_REQUIRED:
        strictest = Need.UNKNOWN
    return AnswerWords(
        headline=_headline(answer, strictest, on_file),
        need=strictest.value,
        note=_note(answer),
        needs=tuple(_needs(answer.lines, today)),
        on_file=on_file,
        documents=documents_of(answer),
    )


def doubles(answer: RequestAnswer) -> Iterator[str]:
    """Say where a case of the request would double what is on file: asked once before it is made."""
    covered = [line for line in answer.lines if any(one.usable for one in line.held)]
    if covered and len(covered) == len(answer.lines):
        names = {called(one.approval) for line in covered for one in line.held if one.usable}
        yield f"{listed(sorted(names))} on file would do for all that is asked for."
        return
    undecided = {called(row): row for line in answer.lines for row in line.open}
    if undecided:
        yield f"{listed(sorted(undecided))} on file is not decided, and speaks of the same."


def _headline(answer: RequestAnswer, need: Need, on_file: Sequence[OnFile]) -> str:
    covered = [line for line in answer.lines if any(one.usable for one in line.held)]
    if len(covered) == len(answer.lines):
        return "An approval on file covers it"
    if any(one.kind == "open" for one in on_file):
        return "It is asked for already"
    if need is Need.UNKNOWN:
        return "Not known whether approval is needed"
    words = {
        Need.REQUIRED: "Approval is needed",
        Need.NOT_REQUIRED: "No approval is needed",
        Need.REQUIRED_WHEN_UNMET: "Approval is needed in some cases",
        Need.NOTIFICATION: "The payer wants to be notified",
    }
    return words.get(need, NEED_WORDS[need])


def _note(answer: RequestAnswer) -> str | None:
    if answer.other_coverage is None:
        return None
    first = f"On that day the patient's first coverage is that of {answer.other_coverage}."
    return f"{first} This asks as if there were no other."


def _needs(lines: Sequence[LineAnswer], today: date) -> Iterator[NeedWords]:
    """What the payer asks, lines with one answer together."""
    groups: dict[tuple[object, ...], list[LineAnswer]] = {}
    for line in lines:
        groups.setdefault(_key(line.found), []).append(line)
    for group in groups.values():
        what = listed([shown_name(line.line.name) for line in group])
        found = group[0].found
        if found is not None:
            yield NeedWords(what, finder_answer(replace(found, what=what), today))


def _key(found: Found | None) -> tuple[object, ...]:
    if found is None:
        return ()
    asked = found.requirement
    return asked.rule, asked.need, asked.grounds, asked.unmet, asked.criteria, asked.documents


def unanswered(answer: RequestAnswer) -> str | None:
    """Name the lines of which nothing can be asked: the coverage has no such benefit, or nothing is named."""
    names = [shown_name(line.line.name) for line in answer.lines if line.found is None]
    if not names:
        return None
    return f"Nothing can be said of {listed(names)} under this coverage: it has no such benefit, or no code is named."


def _on_file(lines: Sequence[LineAnswer], sites: Mapping[UUID, Site], today: date) -> Iterator[OnFile]:
    held: dict[UUID, list[tuple[str, HeldApproval]]] = {}
    undecided: dict[UUID, list[tuple[str, Authorization]]] = {}
    for line in lines:
        for one in line.held:
            held.setdefault(one.approval.id, []).append((shown_name(line.line.name), one))
        for row in line.open:
            undecided.setdefault(row.id, []).append((shown_name(line.line.name), row))
    rows = [_held(found, sites, today) for found in held.values()]
    yield from sorted((one for one in rows if one.kind == "usable"), key=lambda one: one.name)
    yield from (_undecided(found) for found in undecided.values())
    yield from (one for one in rows if one.kind == "short")


def _held(found: Sequence[tuple[str, HeldApproval]], sites: Mapping[UUID, Site], today: date) -> OnFile:
    row = found[0][1].approval
    good = [(name, one) for name, one in found if one.usable]
    bad = [(name, one) for name, one in found if not one.usable]
    said = []
    if good:
        first = good[0][1]
        visits = f" for all {counted(first.of, 'visit')}" if first.of > 1 else ""
        left = f"; {first.left:,} left after that" if first.left is not None else ""
        said.append(f"Covers {listed([name for name, _one in good])}{visits}{left}.")
    for name, one in bad:
        some = f" for {one.holds} of {counted(one.of, 'visit')}; then:" if one.holds else ":"
        said.append(f"{name}{some} {_lower(why_held_not(one.judged, sites, today))}.")
    return _row(row, "usable" if good and not bad else "short", " ".join(said))


def _lower(words: str) -> str:
    return words if words[:2].isupper() else words[:1].lower() + words[1:]


def _undecided(found: Sequence[tuple[str, Authorization]]) -> OnFile:
    row = found[0][1]
    names = listed([name for name, _row in found])
    if row.status in UNSENT:
        return _row(row, "unsent", f"A request for {names} is written and not sent. Go on with that one.")
    sent = f", sent {short_day(row.requested_on)}" if row.requested_on else ""
    return _row(row, "open", f"{names} is asked for{sent} and not decided. A second request would be a duplicate.")


def _row(row: Authorization, kind: str, sentence: str) -> OnFile:
    return OnFile(row.id, called(row), case_code(row.id), status_words(row.status), kind, sentence)
