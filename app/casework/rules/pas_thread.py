"""How a request to a payer's system stands by its messages: the request itself, and what changed it since."""

from collections.abc import Sequence
from dataclasses import dataclass

from app.authorizations.facts import Status
from app.casework.facts.pas import CHANGES, IN_DOUBT, PasAct, PasExchange, PasState

OPEN = frozenset({Status.SUBMITTED, Status.MORE_INFO})
"""States in which the payer owes an answer to the request itself."""


@dataclass(frozen=True, slots=True)
class PasThread:
    """The latest request of a case with its changes.

    `doubt`: the one message of which it is not known whether the payer has it. `taken`: the latest that the payer has.
    `changes`: those that it has or may have, the latest first.
    """

    submitted: PasExchange | None = None
    doubt: PasExchange | None = None
    taken: PasExchange | None = None
    changes: tuple[PasExchange, ...] = ()


def thread_of(messages: Sequence[PasExchange]) -> PasThread:
    """Sort the messages of a case, the latest first: what came before its latest request counts no more."""
    at = next((place for place, one in enumerate(messages) if one.act is PasAct.SUBMIT), None)
    if at is None:
        return PasThread()
    own = [one for one in messages[: at + 1] if one.act is not PasAct.INQUIRE and one.act is not PasAct.SUBMIT_X12]
    return PasThread(
        submitted=messages[at],
        doubt=next((one for one in own if one.state in IN_DOUBT), None),
        taken=next((one for one in own if one.state is PasState.ANSWERED), None),
        changes=tuple(one for one in own if one.act in CHANGES and one.state in (*IN_DOUBT, PasState.ANSWERED)),
    )


def may_change(thread: PasThread, status: Status) -> bool:
    """Say whether a request may be changed or taken back: the payer has it, owes an answer, and nothing is in doubt."""
    if thread.taken is None or thread.doubt is not None or status not in OPEN:
        return False
    return thread.taken.act is not PasAct.CANCEL
