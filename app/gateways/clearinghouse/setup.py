"""The clearinghouses that the settings name."""

from collections.abc import Mapping, Sequence

from app.gateways.clearinghouse.core_https import CoreHttps
from app.gateways.clearinghouse.folder import FolderClearinghouse
from app.gateways.clearinghouse.settings import ClearinghouseSettings
from app.gateways.facts import Clearinghouse
from app.gateways.outbound import Network


def clearinghouses_from(
    settings: Sequence[ClearinghouseSettings], private: tuple[Network, ...]
) -> Mapping[str, Clearinghouse]:
    """Make the clearinghouses, by name, in the order of the settings: the first is for payers that name none."""
    return {one.name: CoreHttps(one, private) if one.url else FolderClearinghouse(one) for one in settings}
