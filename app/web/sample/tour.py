"""The tour: one live example of each failure, and of what goes well, by the visit that shows it."""

from app.web.sample.scene import Story
from app.web.sample.stories.approvals import STORIES as OF_APPROVALS
from app.web.sample.stories.clocks import STORIES as OF_CLOCKS
from app.web.sample.stories.desk import STORIES as OF_THE_DESK
from app.web.sample.stories.insurance import STORIES as OF_INSURANCE

STORIES: tuple[Story, ...] = OF_APPROVALS + OF_CLOCKS + OF_INSURANCE + OF_THE_DESK
"""In the order in which the tour shows them. Each names its visit, its badge, its reason, and says it in a sentence."""
