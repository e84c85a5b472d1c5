"""What is under way and what was brought in, ready for the list of imports."""

from collections.abc import Mapping
from dataclasses import dataclass
from uuid import UUID
from zoneinfo import ZoneInfo

from app.clearance.views.panel import instant_words
from app.imports.actions.drafts import Desk
from app.imports.facts import Draft, DraftState, Kind, PastRun
from app.imports.intake.labels import KIND_SENTENCES, KIND_WORDS, needed
from app.practice.facts.staff import Staff
from app.values.wording import counted

SOMEBODY = "Someone who is no longer here"
COMMAND = "Command line"


@dataclass(frozen=True, slots=True)
class KindWords:
    """One kind of file: what it is and what it needs."""

    key: str
    name: str
    sentence: str
    needs: str

    @property
    def choice(self) -> tuple[str, str]:
        """The kind as one of a list to choose from."""
        return self.key, self.name


@dataclass(frozen=True, slots=True)
class DraftLine:
    """One file under way."""

    id: UUID
    version: int
    name: str
    kind: str
    rows: str
    state: str
    began: str
    by: str
    may_discard: bool


@dataclass(frozen=True, slots=True)
class RunLine:
    """One file that was brought in."""

    id: UUID
    kind: str
    when: str
    by: str
    rows: str
    created: str
    updated: str
    unchanged: str
    refused: str
    undo: str = ""  # possible, working, undone; empty: too late


@dataclass(frozen=True, slots=True)
class DeskPage:
    """The list of imports; `after` is the last run of this page where there are older ones."""

    kinds: tuple[KindWords, ...]
    drafts: tuple[DraftLine, ...]
    runs: tuple[RunLine, ...]
    after: UUID | None


KINDS = tuple(KindWords(kind.value, KIND_WORDS[kind], KIND_SENTENCES[kind], ", ".join(needed(kind))) for kind in Kind)


def desk_page(desk: Desk, zone: ZoneInfo) -> DeskPage:
    """Put the list into words."""
    drafts = tuple(_draft(one, desk.people, zone) for one in desk.drafts)
    runs = tuple(_run(one, desk, zone) for one in desk.runs)
    return DeskPage(KINDS, drafts, runs, desk.runs[-1].id if desk.more else None)


def person(people: Mapping[UUID, Staff], user_id: UUID | None) -> str:
    """Name who did it."""
    if user_id is None:
        return COMMAND
    return people[user_id].name if user_id in people else SOMEBODY


def state_words(draft: Draft) -> str:
    """Say where a draft stands."""
    rows, done = f"{draft.rows:,}", f"{draft.done:,}"
    refused = (draft.summary or {}).get("counts", {}).get("refused", 0)
    return {
        DraftState.MATCHING: "Columns to be matched",
        DraftState.TO_CHECK: "Waiting to be checked",
        DraftState.CHECKING: f"Being checked: {done} of {rows} rows",
        DraftState.CHECKED: f"Checked, {counted(refused, 'row')} refused" if refused else "Checked, to be confirmed",
        DraftState.TO_CONFIRM: "Confirmed, waiting to be written",
        DraftState.CONFIRMING: f"Being written: {done} of {rows} rows",
        DraftState.DONE: "Brought in",
        DraftState.FAILED: "Stopped",
    }[draft.state]


def kind_words(kind: Kind | None) -> str:
    """Name a kind of file."""
    return "Not known yet" if kind is None else KIND_WORDS[kind]


def _draft(draft: Draft, people: Mapping[UUID, Staff], zone: ZoneInfo) -> DraftLine:
    return DraftLine(
        draft.id,
        draft.version,
        draft.head["name"],
        kind_words(draft.kind),
        f"{draft.rows:,}",
        state_words(draft),
        instant_words(draft.began_at, zone),
        person(people, draft.began_by),
        draft.state not in (DraftState.TO_CONFIRM, DraftState.CONFIRMING),
    )


def _run(run: PastRun, desk: Desk, zone: ZoneInfo) -> RunLine:
    counts = (run.rows, run.created, run.updated, run.unchanged, run.refused)
    rows, created, updated, unchanged, refused = (f"{one:,}" for one in counts)
    when = instant_words(run.ended_at, zone)
    by, undo = person(desk.people, run.user_id), desk.undo.get(run.id, "")
    return RunLine(run.id, KIND_WORDS[run.kind], when, by, rows, created, updated, unchanged, refused, undo)
