"""The web program as the drill `kill-web` serves it: our own, whose workers die at named moments.

gunicorn ... 'tests.drills.web_under_kill:program()'
"""

import os
import random
import signal
import time
from collections.abc import Callable
from typing import Any

from flask import Flask
from sqlalchemy import event
from sqlalchemy.orm import Session

from app import create_app
from app.api.facts.once import Answered, Once
from app.api.routes import answering
from app.api.store import answers as store
from app.platform.caller import Caller
from app.platform.db import db, joined, writing
from app.platform.wall import of_practice
from app.policies.actions.library import current_book
from tests.support import make

BEFORE, AFTER = "DRILL_DIES_BEFORE_COMMIT", "DRILL_DIES_AFTER_COMMIT"
PLANT = "DRILL_PLANT"
GAP = 0.02  # seconds that a planted design takes between its two commits


def program() -> Flask:
    """Make the program, with fuses at every commit and, if asked, a planted design."""
    plant = os.environ.get(PLANT)
    if plant:
        answering.do_once = PLANTS[plant]  # type: ignore[attr-defined]
    _lay_fuse("before_commit", float(os.environ.get(BEFORE, "0")))
    _lay_fuse("after_commit", float(os.environ.get(AFTER, "0")))
    app = create_app()
    with app.app_context():  # the rules are compiled once, before the workers are forked
        current_book(of_practice(db.session(), make.PRACTICE_ID), make.PRACTICE_ID)
        db.session.remove()
        db.engine.dispose()
    return app


def _lay_fuse(moment: str, chance: float) -> None:
    if not chance:
        return
    dice = random.SystemRandom()

    @event.listens_for(Session, moment)
    def die(_session: Any) -> None:
        if dice.random() < chance:
            os.kill(os.getpid(), signal.SIGKILL)


def key_after_the_effect(caller: Caller, once: Once, effect: Callable[[], Answered]) -> Answered:
    """A bad design: the effect is committed, and its key and answer are kept in a transaction of their own."""
    session, practice_id, token_id = caller.session, caller.practice_id, caller.user_id
    assert token_id is not None
    kept = store.kept_answer(session, practice_id, token_id, once)
    if kept is not None:
        return kept.answer
    answer = effect()
    time.sleep(GAP)
    with writing(session):
        store.keep_answer(session, practice_id, token_id, once, answer, caller.clock.now())
    return answer


def key_before_the_effect(caller: Caller, once: Once, effect: Callable[[], Answered]) -> Answered:
    """A bad design: the key is taken first, so that whoever dies before the effect has lost it for good."""
    session, practice_id, token_id = caller.session, caller.practice_id, caller.user_id
    assert token_id is not None
    kept = store.kept_answer(session, practice_id, token_id, once)
    if kept is not None:
        return kept.answer
    empty = Answered(200, "{}", {"ETag": '"1"'})
    with writing(session):
        store.keep_answer(session, practice_id, token_id, once, empty, caller.clock.now())
    time.sleep(GAP)
    return effect()


def no_keys(caller: Caller, _once: Once, effect: Callable[[], Answered]) -> Answered:
    """A bad design: every request is done anew."""
    with writing(caller.session) as session, joined(session):
        return effect()


PLANTS = {"key-after": key_after_the_effect, "key-before": key_before_the_effect, "no-keys": no_keys}
