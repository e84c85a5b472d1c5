"""What a renewal that opens by itself is called, and what it says is needed."""

from uuid import UUID, uuid5

from app.casework.facts.criteria import CriteriaSheet
from app.policies.facts.answers import Truth

NAMED = 8


def renewal_id(approval_id: UUID) -> UUID:
    """The id of the renewal that opens by itself for an approval: always the same, so that it opens once."""
    return _derived(approval_id, "renewal")


def note_id(approval_id: UUID) -> UUID:
    """The id of the entry that says why it was opened and what it needs."""
    return _derived(approval_id, "renewal note")


def _derived(approval_id: UUID, name: str) -> UUID:
    """An id of version 7 that follows from another: a millisecond after it, so that it stands behind it in order."""
    millisecond = (approval_id.int >> 80) + 1
    rest = uuid5(approval_id, name).int & ((1 << 62) - 1)
    return UUID(int=millisecond << 80 | 7 << 76 | 2 << 62 | rest)


def needs_words(sheet: CriteriaSheet) -> str:
    """Say what the payer asks of a renewal and what of it is open: `Opened by itself ... To show: ...`."""
    said = ["Opened by itself: the time to ask for the renewal has come."]
    open_ = [line.text for line in sheet.lines if line.result is not Truth.MET]
    met = len(sheet.lines) - len(open_)
    if sheet.lines:
        said.append(f"Met {met} of {len(sheet.lines)} criteria.")
    else:
        said.append("No criteria of the payer for a renewal are on file.")
    if open_:
        said.append(f"To show: {_named(open_)}.")
    if sheet.documents:
        said.append(f"Documents: {_named(list(sheet.documents))}.")
    return " ".join(said)


def _named(texts: list[str]) -> str:
    shown = [text.rstrip(".") for text in texts[:NAMED]]
    more = len(texts) - len(shown)
    return "; ".join([*shown, f"{more} more"] if more else shown)
