"""Which way a case may go from where it stands, and what may follow it in its chain."""

from collections.abc import Mapping

from app.authorizations.facts import UNSENT, AuthorizationRecord, Kind, Status

GRANTED = frozenset({Status.APPROVED, Status.PARTLY_APPROVED})
"""The payer said yes, at least in part."""
WAITING = frozenset({Status.SUBMITTED, Status.MORE_INFO, Status.IN_APPEAL})
"""The payer has it and has not decided."""
DECIDED = frozenset({*GRANTED, Status.DENIED, Status.NOT_REQUIRED})
"""The payer answered what was asked. A dismissal is no decision."""
OPEN = frozenset({*UNSENT, *WAITING})
"""Somebody must do something next, or wait for somebody until a day."""
ENDED = frozenset({Status.VOIDED, Status.CLOSED})
"""Nothing follows but a correction."""

_DECISIONS = frozenset({*DECIDED, Status.MORE_INFO, Status.WITHDRAWN, Status.DISMISSED, Status.VOIDED})
_SENDING = frozenset({Status.SUBMITTED, Status.NOTIFIED, Status.NOT_REQUIRED, Status.WITHDRAWN, Status.VOIDED})
_OVER = frozenset({Status.CLOSED, Status.VOIDED})

MOVES: Mapping[Status, frozenset[Status]] = {
    Status.DRAFT: _SENDING | UNSENT - {Status.DRAFT},
    Status.NEEDS_DOCUMENTS: _SENDING | UNSENT - {Status.NEEDS_DOCUMENTS},
    Status.READY: _SENDING | UNSENT - {Status.READY},
    # Back to ready: the payer has no such request, or takes it only later.
    Status.SUBMITTED: _DECISIONS | {Status.READY, Status.NOTIFIED},
    Status.MORE_INFO: _DECISIONS - {Status.MORE_INFO} | {Status.SUBMITTED},
    Status.NOTIFIED: _DECISIONS | {Status.CLOSED},
    # A yes may be cut or taken back by the payer; what is asked anew is a link of the chain.
    Status.APPROVED: _OVER | {Status.PARTLY_APPROVED, Status.DENIED},
    Status.PARTLY_APPROVED: _OVER | {Status.APPROVED, Status.DENIED, Status.IN_APPEAL},
    # A no may turn without an appeal, by a call between doctors.
    Status.DENIED: _OVER | {*GRANTED, Status.IN_APPEAL},
    Status.IN_APPEAL: _OVER | {*GRANTED, Status.DENIED},
    Status.NOT_REQUIRED: _OVER,
    Status.WITHDRAWN: _OVER,
    Status.DISMISSED: _OVER | {Status.DRAFT, Status.READY},
    Status.VOIDED: frozenset(),
    Status.CLOSED: frozenset(),
}
"""Where a case may go from each state. Staying where it is, with other values, is no move."""

STAYS = frozenset(Status) - {*ENDED, Status.WITHDRAWN}
"""States in which more may be recorded without a move: a number after a spoken yes, a second question."""

NAMES: Mapping[Status, str] = {
    Status.DRAFT: "a draft",
    Status.NEEDS_DOCUMENTS: "waiting for documents",
    Status.READY: "ready to send",
    Status.APPROVED: "approved",
    Status.PARTLY_APPROVED: "partly approved",
    Status.SUBMITTED: "submitted",
    Status.MORE_INFO: "waiting for more information",
    Status.DENIED: "denied",
    Status.IN_APPEAL: "in appeal",
    Status.NOT_REQUIRED: "not required",
    Status.NOTIFIED: "notified",
    Status.WITHDRAWN: "withdrawn",
    Status.DISMISSED: "dismissed",
    Status.VOIDED: "voided",
    Status.CLOSED: "closed",
}


class IllegalMoveError(Exception):
    """The case cannot go there from where it stands. The text is a sentence for the person who tried."""

    def __init__(self, sentence: str, now: Status, to: Status | None = None) -> None:
        super().__init__(sentence)
        self.sentence, self.now, self.to = sentence, now, to


def may_move(record: AuthorizationRecord, to: Status) -> bool:
    """Say whether a case may go to a state, or stay in it with other values."""
    return to in STAYS if to is record.status else to in MOVES[record.status]


def refuse_illegal(record: AuthorizationRecord, to: Status) -> None:
    """Raise IllegalMoveError where a case may not go to a state."""
    if not may_move(record, to):
        raise IllegalMoveError(why_not(record.status, to), record.status, to)


def why_not(now: Status, to: Status) -> str:
    """Say why a move is not one, and what to do."""
    said = f"This case is {NAMES[now]}; it cannot become {NAMES[to]}."
    if to is now:
        said = f"This case is {NAMES[now]} already."
    if now in ENDED or now is Status.WITHDRAWN:
        return f"{said} Start a new request, or correct the step that was wrong."
    if now in UNSENT:
        return f"{said} Record first that it was sent."
    return f"{said} Correct the step that was wrong, or start a request that follows this one."


_AFTER_YES = frozenset({*GRANTED, Status.CLOSED})
_AFTER_NO = frozenset({Status.DENIED, Status.PARTLY_APPROVED, Status.IN_APPEAL})
_AFTER: Mapping[Kind, frozenset[Status]] = {
    Kind.RENEWAL: _AFTER_YES,
    Kind.EXTENSION: _AFTER_YES,
    Kind.CONTINUITY: _AFTER_YES,
    Kind.APPEAL: _AFTER_NO,
}


def may_follow(parent: AuthorizationRecord, kind: Kind) -> bool:
    """Say whether a request of a kind may follow a case in its chain."""
    return parent.status in _followed(kind)


def _followed(kind: Kind) -> frozenset[Status]:
    return _AFTER.get(kind, frozenset(Status) - {Status.VOIDED})


def refuse_follower(parent: AuthorizationRecord, kind: Kind) -> None:
    """Raise IllegalMoveError where a request of a kind cannot follow a case in its chain.

    A renewal, an extension and continuity of care follow a yes, an appeal follows a no; anything else follows whatever
    is not voided.
    """
    allowed = _followed(kind)
    if not may_follow(parent, kind):
        name = kind.value.replace("_", " ")
        needed = "an approval" if allowed is _AFTER_YES else "a denial" if allowed is _AFTER_NO else "a case"
        sentence = f"This case is {NAMES[parent.status]}; a request of kind {name} follows {needed} that stands."
        raise IllegalMoveError(sentence, parent.status)
