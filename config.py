"""Settings from the environment, all checked at start, all faults named at once. None is needed."""

import os
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

ROOT = Path(__file__).resolve().parent
DEFAULT_ZONE = "America/New_York"


class SettingsError(Exception):
    """One or more settings are wrong. `faults` holds a sentence for each."""

    def __init__(self, faults: list[str]) -> None:
        super().__init__(" ".join(faults))
        self.faults = faults


@dataclass(frozen=True)
class Settings:
    """Where things are and how strict to be.

    CLEARED_HOME      folder of databases and keys (default: .local beside this file)
    CLEARED_KEY_FILE  the key file (default: keys.json in CLEARED_HOME)
    DATABASE_URL      the practice's database (default: practice.sqlite in CLEARED_HOME)
    PRACTICE_ZONE     time zone of a practice that is made (default: America/New_York)
    PUBLIC_BASE_URL   the address that people type (default: http://127.0.0.1:8000)
    CLEARED_MODE      `desk` (default: this machine only) or `production`
    """

    home: Path
    key_file: Path
    database_url: str
    zone: str | None
    base_url: str
    production: bool

    def on_sample(self) -> "Settings":
        """The same settings on the sample practice's database: never the practice's own, unless one was named."""
        own = f"sqlite:///{self.home / 'practice.sqlite'}"
        named = self.database_url != own
        return self if named else replace(self, database_url=f"sqlite:///{self.home / 'sample.sqlite'}")


def load(environment: Mapping[str, str] = os.environ) -> Settings:
    """Read and check the settings. Raises SettingsError with a sentence for each fault."""
    faults: list[str] = []
    home = Path(environment.get("CLEARED_HOME") or ROOT / ".local").absolute()
    settings = Settings(
        home=home,
        key_file=Path(environment.get("CLEARED_KEY_FILE") or home / "keys.json").absolute(),
        database_url=environment.get("DATABASE_URL") or f"sqlite:///{home / 'practice.sqlite'}",
        zone=environment.get("PRACTICE_ZONE") or None,
        base_url=(environment.get("PUBLIC_BASE_URL") or "http://127.0.0.1:8000").rstrip("/"),
        production=environment.get("CLEARED_MODE", "desk") == "production",
    )
    mode = environment.get("CLEARED_MODE", "desk")
    if mode not in ("desk", "production"):
        faults.append(f"CLEARED_MODE is '{mode}'; write desk or production.")
    if settings.zone is not None and not is_zone(settings.zone):
        faults.append(f"PRACTICE_ZONE is '{settings.zone}'; write a zone of the IANA list, such as America/Chicago.")
    faults += _address_faults(settings)
    if settings.production and not environment.get("DATABASE_URL"):
        faults.append("DATABASE_URL is missing; in production, name the practice's database.")
    if faults:
        raise SettingsError(faults)
    return settings


def is_zone(name: str) -> bool:
    """Say whether a name is a zone of the IANA list."""
    try:
        ZoneInfo(name)
    except (OSError, ValueError, KeyError):
        return False
    return True


def _address_faults(settings: Settings) -> list[str]:
    try:
        address = urlsplit(settings.base_url)
        known = address.scheme in ("http", "https") and bool(address.hostname)
    except ValueError:
        known = False
    if not known:
        return ["PUBLIC_BASE_URL is not an address; write one such as https://cleared.example.com."]
    if settings.production and address.scheme != "https":
        return ["PUBLIC_BASE_URL does not begin with https; in production, passwords must not travel in the clear."]
    return []
