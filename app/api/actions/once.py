"""Do what a request asks once, however often it is sent: the effect and its answer are one transaction.

Whoever is killed before the commit has done nothing, and the next try does it; whoever is killed after it has done it,
and the next try gets the answer that was kept. There is no moment between the two.
"""

from collections.abc import Callable
from dataclasses import replace

from app.api.facts.once import KEPT_FOR, Answered, Once
from app.api.facts.problems import Kind, ProblemError
from app.api.store import answers as store
from app.platform.caller import Caller
from app.platform.db import joined, writing

REPLAYED = {"Idempotency-Replayed": "true"}


def do_once(caller: Caller, once: Once, effect: Callable[[], Answered]) -> Answered:
    """Do what is asked, or give the answer that it was given first.

    Takes     the token that asks as caller; the request under its key; what does it, in the transaction that is open.
    Returns   the answer; one that is given again says so in a header.
    Raises    ProblemError: 409 while the first request is at work, 422 when the key was used for something else; and
              whatever `effect` raises: then nothing was done, nothing is kept, and the key may be used again.
    """
    token_id = caller.user_id
    assert token_id is not None
    with writing(caller.session) as session:
        if not store.hold_key(session, caller.practice_id, once):
            raise ProblemError(
                Kind.IN_FLIGHT, "Send it again in a moment: you then get its answer.", headers={"Retry-After": "1"}
            )
        kept = store.kept_answer(session, caller.practice_id, token_id, once)
        if kept is not None and caller.clock.now() - kept.at < KEPT_FOR:
            if kept.request != once.request:
                raise ProblemError(Kind.KEY_USED, "Make a new key for each thing to be done.")
            return replace(kept.answer, headers={**kept.answer.headers, **REPLAYED})
        if kept is not None:
            store.forget_answer(session, caller.practice_id, token_id, once)
        with joined(session):
            answer = effect()
        store.keep_answer(session, caller.practice_id, token_id, once, answer, caller.clock.now())
    return answer


def forget_answers(caller: Caller) -> int:
    """Remove the answers that are older than a day. Returns how many; safe twice, late and after a crash."""
    with writing(caller.session) as session:
        return store.forget_answers(session, caller.practice_id, caller.clock.now() - KEPT_FOR)
