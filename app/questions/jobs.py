"""What changes for questions by date alone."""

from app.platform.caller import Caller
from app.questions.actions.answering import forget_old_answers
from app.questions.actions.reading import drop_past_days


def drop_past_questions(caller: Caller) -> int:
    """Take visits of past days off their questions. Works from state: twice, late or by hand ends the same."""
    return drop_past_days(caller)


def forget_answers(caller: Caller) -> int:
    """Forget what answers of long ago changed; what they recorded stays. Works from state."""
    return forget_old_answers(caller)
