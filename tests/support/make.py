"""Facts for tests, with fixed defaults: name only what the test is about."""

from datetime import UTC, datetime
from hashlib import sha256
from uuid import UUID

from app.platform.clock import FixedClock
from app.platform.keys import Keys
from app.platform.sealed import Keyring
from app.practice.facts.practice import Practice, Provider, Site

PRACTICE_ID = UUID("01900000-0000-7000-8000-000000000001")
OTHER_PRACTICE_ID = UUID("01900000-0000-7000-8000-000000000002")
ZONE = "America/New_York"
NOW = datetime(2026, 3, 2, 15, 0, tzinfo=UTC)
"""Monday 2026-03-02, 10:00 AM in the practice's zone."""
NPI = "1003000126"
GROUP_NPI = "1003000134"


def an_id(number: int) -> UUID:
    """Make an id that a test can name by a small number."""
    return UUID(int=0x01900000_0000_7000_8000_000000000000 + 0x1000 + number)


def keys() -> Keys:
    """Make keys that are the same in every run."""
    sealing, index, audit, cookie = (sha256(name).digest() for name in (b"sealing", b"index", b"audit", b"cookie"))
    return Keys(Keyring({1: sealing}, 1, index), audit, cookie)


def clock(instant: datetime = NOW) -> FixedClock:
    """Make a clock that stands still."""
    return FixedClock(instant)


def practice(practice_id: UUID = PRACTICE_ID, name: str = "Example Dermatology") -> Practice:
    """Make a practice in New York that signs in by password alone; tests of second factors ask for them."""
    return Practice(practice_id, name, ZONE, "NY", GROUP_NPI, second_factor=False)


def site(number: int = 1, name: str = "Main", state: str | None = "NY", zone: str = ZONE) -> Site:
    """Make a site."""
    return Site(an_id(number), name, None, zone, state)


def provider(number: int = 2, npi: str = NPI, group_npi: str | None = GROUP_NPI) -> Provider:
    """Make a provider of the practice's group."""
    return Provider(an_id(number), npi, "Pat Example", group_npi)
