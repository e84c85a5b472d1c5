"""How backups stand, for a page."""

from dataclasses import dataclass

from app.backups import store
from app.backups.facts.records import Backup, Standing
from app.platform.caller import Caller


@dataclass(frozen=True, slots=True)
class Listing:
    """How backups stand, and the last ones, newest first."""

    standing: Standing
    backups: tuple[Backup, ...]


def read_backups(caller: Caller) -> Listing:
    """Read how backups stand with a fixed number of queries."""
    return Listing(standing(caller), store.listing(caller.session, caller.practice_id))


def standing(caller: Caller) -> Standing:
    """Read how backups stand."""
    return store.standing_of(caller.session, caller.practice_id)
