"""Bring files in for other programs: the same drafts as on the pages, worked on by the scheduler."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from app.api.facts.problems import changed_since, conflict, not_found, not_valid
from app.imports.actions import drafts as desk
from app.imports.actions.confirming import AlreadyConfirmedError, confirm
from app.imports.facts import Draft, FileRefusedError, Kind, Refused, Table
from app.imports.files.reading import digest_of, read_bytes
from app.imports.intake.uploads import fault_of_bytes
from app.imports.store import drafts as store
from app.platform.caller import Caller

SHOWN = 1000
"""Refused rows that one answer lists; their whole number stands beside them."""


@dataclass(frozen=True, slots=True)
class Handed:
    """A file that was read: its table, and what tells its bytes from others."""

    table: Table
    sha256: str


@dataclass(frozen=True, slots=True)
class Result:
    """A file under way, with the refused rows of its last check."""

    draft: Draft
    refused: Sequence[Refused]


def read_file(content: bytes) -> Handed:
    """Read a file in the confined child, before anything is written. Raises ProblemError (422)."""
    fault = fault_of_bytes(content)
    if fault is not None:
        raise not_valid({"file": fault})
    try:
        table = read_bytes(content)
    except FileRefusedError as error:
        raise not_valid({"file": error.sentence}) from None
    if not table.rows:
        raise not_valid({"file": "The file has a header and no rows. Export the table again with its rows."})
    return Handed(table, digest_of(content))


def hand_in(caller: Caller, handed: Handed, kind: Kind | None, draft_id: UUID) -> Result:
    """Keep a file under an id; the scheduler checks it within seconds."""
    return Result(desk.hand_in(caller, "api", handed.sha256, handed.table, kind, draft_id), ())


def read_result(caller: Caller, draft_id: UUID) -> Result:
    """Read how far a file is and what comes of it, and note it. Raises ProblemError (404)."""
    try:
        draft = desk.read_draft(caller, draft_id)
    except desk.DraftGoneError:
        raise not_found() from None
    return Result(draft, store.refused_of(caller.session, caller.practice_id, draft_id))


def confirm_import(caller: Caller, draft_id: UUID, version: int, cancel_vanished: bool) -> Result:
    """Let a checked file be written; the scheduler does it within seconds. Raises ProblemError (404, 409, 412)."""
    try:
        confirm(caller, draft_id, version, None if cancel_vanished else frozenset(), at_once=False)
    except desk.DraftGoneError:
        raise not_found() from None
    except AlreadyConfirmedError:
        raise conflict("The import was confirmed before.") from None
    except desk.DraftChangedError:
        raise changed_since() from None
    return read_result(caller, draft_id)
