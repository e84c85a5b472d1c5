"""Settings from the environment, all checked at start, all faults named at once. None is needed."""

import os
import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from ipaddress import ip_address
from pathlib import Path
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

ROOT = Path(__file__).resolve().parent
DEFAULT_ZONE = "America/New_York"
LONGEST_BASE_OF_TEXTS = 45


class SettingsError(Exception):
    """One or more settings are wrong. `faults` holds a sentence for each."""

    def __init__(self, faults: list[str]) -> None:
        super().__init__(" ".join(faults))
        self.faults = faults


@dataclass(frozen=True)
class TextSettings:
    """The account that sends texts. Texts come from the number `sender`, or from a messaging service.

    `api_url` None: Twilio's own address; else one of this machine, for tests and drills.
    """

    account: str
    token: str = field(repr=False)
    sender: str | None
    service: str | None
    api_url: str | None


@dataclass(frozen=True)
class MailSettings:
    """The server that takes e-mail. `tls`: `starttls`, `tls` from the first byte, or `none` (this machine only)."""

    host: str
    port: int
    user: str | None
    password: str | None = field(repr=False)
    sender: str
    tls: str


@dataclass(frozen=True)
class Settings:
    """Where things are and how strict to be.

    CLEARED_HOME      folder of databases and keys (default: .local beside this file)
    CLEARED_KEY_FILE  the key file (default: keys.json in CLEARED_HOME)
    DATABASE_URL      the practice's database (default: practice.sqlite in CLEARED_HOME)
    PRACTICE_ZONE     time zone of a practice that is made (default: America/New_York)
    PUBLIC_BASE_URL   the address that people type (default: http://127.0.0.1:8000)
    CLEARED_MODE      `desk` (default: this machine only) or `production`

    Texts     TWILIO_ACCOUNT_SID, TWILIO_AUTH_TOKEN, and TWILIO_FROM or TWILIO_MESSAGING_SERVICE_SID (TWILIO_API_URL)
    E-mail    SMTP_HOST, SMTP_FROM (SMTP_PORT, SMTP_USER with SMTP_PASSWORD, SMTP_TLS: starttls, tls or none)

    `texts` or `mail` None: not set up, so that such messages stay in the outbox.
    """

    home: Path
    key_file: Path
    database_url: str
    zone: str | None
    base_url: str
    production: bool
    texts: TextSettings | None = None
    mail: MailSettings | None = None

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
        texts=_texts(environment, faults),
        mail=_mail(environment, faults),
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
    if settings.texts is not None and len(settings.base_url) > LONGEST_BASE_OF_TEXTS:
        return [
            f"PUBLIC_BASE_URL has {len(settings.base_url)} characters; every text holds it and has room "
            f"for at most {LONGEST_BASE_OF_TEXTS}."
        ]
    return []


TEXT_NAMES = (
    "TWILIO_ACCOUNT_SID",
    "TWILIO_AUTH_TOKEN",
    "TWILIO_FROM",
    "TWILIO_MESSAGING_SERVICE_SID",
    "TWILIO_API_URL",
)
MAIL_NAMES = ("SMTP_HOST", "SMTP_FROM", "SMTP_PORT", "SMTP_USER", "SMTP_PASSWORD", "SMTP_TLS")
TEXT_FORMS = (
    ("TWILIO_ACCOUNT_SID", r"AC[0-9a-fA-F]{32}", "is not an account's id; it begins with AC and has 34 characters"),
    ("TWILIO_FROM", r"\+1[2-9]\d{9}|\d{5,6}", "is not a number to send from; write it as +12125550123"),
    ("TWILIO_MESSAGING_SERVICE_SID", r"MG[0-9a-fA-F]{32}", "is not a service's id; it begins with MG"),
    ("TWILIO_AUTH_TOKEN", r"[!-~]{8,}", "is not a token; copy it whole from the account's page"),
)
MAIL_PORTS = {"starttls": 587, "tls": 465, "none": 25}


def _given(environment: Mapping[str, str], names: tuple[str, ...]) -> dict[str, str]:
    return {name: value for name in names if (value := environment.get(name, "").strip())}


def _texts(environment: Mapping[str, str], faults: list[str]) -> TextSettings | None:
    """Read the settings of texts. None without any; faults are added, never with a secret in them."""
    given = _given(environment, TEXT_NAMES)
    if not given:
        return None
    first = next(iter(given))
    faults += [
        f"{name} is missing; with {first} set, texts need it."
        for name in ("TWILIO_ACCOUNT_SID", "TWILIO_AUTH_TOKEN")
        if name not in given
    ]
    if "TWILIO_FROM" not in given and "TWILIO_MESSAGING_SERVICE_SID" not in given:
        faults.append(
            f"TWILIO_FROM or TWILIO_MESSAGING_SERVICE_SID is missing; with {first} set, texts need one of them."
        )
    faults += [f"{name} {wrong}." for name, form, wrong in TEXT_FORMS if not _has_form(given.get(name), form)]
    api_url = given.get("TWILIO_API_URL")
    if api_url is not None and not _on_this_machine(api_url):
        faults.append(
            "TWILIO_API_URL is not of this machine; leave it out, or write one such as http://127.0.0.1:4010."
        )
    return TextSettings(
        given.get("TWILIO_ACCOUNT_SID", ""),
        given.get("TWILIO_AUTH_TOKEN", ""),
        given.get("TWILIO_FROM"),
        given.get("TWILIO_MESSAGING_SERVICE_SID"),
        api_url,
    )


def _mail(environment: Mapping[str, str], faults: list[str]) -> MailSettings | None:
    """Read the settings of e-mail. None without any; faults are added, never with a secret in them."""
    given = _given(environment, MAIL_NAMES)
    if not given:
        return None
    first, tls = next(iter(given)), given.get("SMTP_TLS", "starttls")
    port, host = given.get("SMTP_PORT", str(MAIL_PORTS.get(tls, 587))), given.get("SMTP_HOST", "")
    needed = {"SMTP_HOST": first, "SMTP_FROM": first}
    needed |= {"SMTP_PASSWORD": "SMTP_USER"} if "SMTP_USER" in given else {}
    needed |= {"SMTP_USER": "SMTP_PASSWORD"} if "SMTP_PASSWORD" in given else {}
    faults += [
        f"{name} is missing; with {other} set, e-mail needs it." for name, other in needed.items() if name not in given
    ]
    if tls not in MAIL_PORTS:
        faults.append(f"SMTP_TLS is '{tls}'; write starttls, tls or none.")
    elif tls == "none" and host and not is_this_machine(host):
        faults.append("SMTP_TLS is none, but SMTP_HOST is not this machine; write starttls or tls.")
    if not re.fullmatch(r"\d{1,5}", port) or not 0 < int(port) < 65536:
        faults.append(f"SMTP_PORT is '{port}'; write a number from 1 to 65535, such as 587.")
    if not _has_form(given.get("SMTP_FROM"), r"[^\s@<>,;]+@[^\s@<>,;]+"):
        faults.append("SMTP_FROM is not an address; write one such as cleared@practice.example.")
    number = int(port) if port.isdecimal() else 0
    return MailSettings(
        host, number, given.get("SMTP_USER"), given.get("SMTP_PASSWORD"), given.get("SMTP_FROM", ""), tls
    )


def _has_form(value: str | None, form: str) -> bool:
    return value is None or re.fullmatch(form, value) is not None


def is_this_machine(host: str) -> bool:
    """Say whether a host is this machine itself: localhost, or an address of the loopback."""
    try:
        return host.lower() == "localhost" or ip_address(host).is_loopback
    except ValueError:
        return False


def _on_this_machine(text: str) -> bool:
    try:
        address = urlsplit(text)
        return address.scheme in ("http", "https") and is_this_machine(address.hostname or "")
    except ValueError:
        return False
