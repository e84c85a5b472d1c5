"""The gateways that the settings name."""

from app.gateways.facts import Gateways
from config import Settings


def gateways_from(settings: Settings) -> Gateways:
    """Make the ways out of the building that are set up; None where one is not."""
    return Gateways(base_url=settings.base_url)
