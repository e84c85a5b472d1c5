"""Stories about what people at the desk decide."""

from app.clearance.facts.reasons import Badge, Check
from app.web.sample.clinic import FICTWORTH, HARBORLIGHT
from app.web.sample.scene import Scene, Telling, near

story = Telling()
RISK = "S-RISK-1"


@story(
    RISK, Badge.ACCEPTED_RISK, Check.APPROVAL, HARBORLIGHT,
    "Light treatment has no approval yet; a manager lets the visit go ahead, and says why.", near,
)  # fmt: skip
def _let_through(scene: Scene) -> None:
    scene.covered()
    scene.booked("96910", "L40.0", by=FICTWORTH)


STORIES = tuple(story.stories)
