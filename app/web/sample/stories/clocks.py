"""Stories about time: an approval that ends soon, and a window that has closed."""

from datetime import date, timedelta

from app.clearance.facts.reasons import Badge, Check
from app.web.sample.clinic import HARBORLIGHT, PLUMERIA
from app.web.sample.days import Days
from app.web.sample.scene import BOOTH, Scene, Telling

story = Telling()
DAY = timedelta(days=1)
ENDS_IN = 14
ENDING, CLOSED = "S-DATES-4", "S-APPROVAL-10"


def after_the_end(days: Days, _place: int) -> date:
    """A working day of the week after the approval has ended."""
    return days.working(ENDS_IN + 2)


@story(
    ENDING, Badge.BLOCKED, Check.DATES, HARBORLIGHT,
    "The approval ends in two weeks, and treatments are booked after it: the alert asks for the renewal in time.",
    after_the_end,
)  # fmt: skip
def _ends_soon(scene: Scene) -> None:
    scene.covered()
    scene.asked(BOOTH, begins=scene.days.on(-165), ends=scene.days.on(ENDS_IN))
    scene.also("-A", scene.days.working(4), "96910", "L40.0")
    scene.also("-B", scene.days.working(ENDS_IN + 9), "96910", "L40.0")
    scene.booked("96910", "L40.0")


@story(
    CLOSED, Badge.BLOCKED, Check.APPROVAL, PLUMERIA,
    "The payer denied the drug, nobody appealed, and the window of the appeal has closed.",
)  # fmt: skip
def _window_closed(scene: Scene) -> None:
    scene.covered()
    scene.asked("J3245:100", "denied", begins=scene.days.on(-50), denial_reason="Severity not shown")
    scene.booked("J3245", "L40.0", units="100")


STORIES = tuple(story.stories)
