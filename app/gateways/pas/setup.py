"""The payers' systems that the settings name."""

from collections.abc import Mapping, Sequence

from app.gateways.facts import PasSystem
from app.gateways.outbound import Network
from app.gateways.pas.https import PasHttps
from app.gateways.pas.settings import PasSettings


def pas_from(settings: Sequence[PasSettings], private: tuple[Network, ...]) -> Mapping[str, PasSystem]:
    """Make the systems, by name."""
    return {one.name: PasHttps(one, private) for one in settings}
