"""How far a long file is, ready for its page."""

from dataclasses import dataclass
from uuid import UUID

from app.imports.facts import WORKING, Draft, DraftState
from app.imports.views.files import kind_words

_WORDS = {
    DraftState.TO_CHECK: "Waiting to be checked",
    DraftState.CHECKING: "Checking",
    DraftState.TO_CONFIRM: "Waiting to be written",
    DraftState.CONFIRMING: "Writing",
    DraftState.FAILED: "Stopped",
}


@dataclass(frozen=True, slots=True)
class ProgressPage:
    """How far it is; `writing` tells the step of writing from that of checking."""

    id: UUID
    version: int
    name: str
    kind: str
    heading: str
    working: bool
    writing: bool
    done: int
    rows: int
    sentence: str
    incident: str | None


def progress_page(draft: Draft) -> ProgressPage:
    """Put the state of a long file into words."""
    begun = draft.state in (DraftState.CHECKING, DraftState.CONFIRMING) or draft.done > 0
    again = draft.state is DraftState.TO_CONFIRM and begun
    sentence = f"{draft.done:,} of {draft.rows:,} rows" if begun else f"{draft.rows:,} rows, not begun yet"
    summary = draft.summary or {}
    return ProgressPage(
        draft.id,
        draft.version,
        draft.head["name"],
        kind_words(draft.kind),
        "Checking once more before writing" if again else _WORDS[draft.state],
        draft.state in WORKING,
        draft.state in (DraftState.TO_CONFIRM, DraftState.CONFIRMING) or bool(summary.get("written")),
        draft.done if begun else 0,
        draft.rows,
        sentence,
        summary.get("incident") if draft.state is DraftState.FAILED else None,
    )
