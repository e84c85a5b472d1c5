"""Settings from the environment, all checked at start, all faults named at once. None is needed but in production."""

import os
import re
import stat
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from ipaddress import IPv4Network, IPv6Network, ip_address, ip_network
from pathlib import Path
from urllib.parse import SplitResult, parse_qs, urlsplit
from zoneinfo import ZoneInfo

from app.gateways.clearinghouse.settings import ClearinghouseSettings, read_clearinghouses
from app.gateways.pas.settings import PasSettings, read_pas
from app.gateways.settings import MailSettings, TextSettings, is_this_machine, read_mail, read_texts

__all__ = ["MailSettings", "TextSettings"]

ROOT = Path(__file__).resolve().parent
DEFAULT_ZONE = "America/New_York"
LONGEST_BASE_OF_TEXTS = 45
MODES = ("desk", "production")

Network = IPv4Network | IPv6Network
UNIX_SOCKET = IPv6Network("::/128")
"""Stands for `unix` among the proxies: whoever reaches us by a socket of this machine."""
WIDEST = {4: 8, 6: 32}
"""How short the prefix of a network of proxies may be: a wider one would let strangers name their own address."""


class SettingsError(Exception):
    """One or more settings are wrong. `faults` holds a sentence for each."""

    def __init__(self, faults: list[str]) -> None:
        super().__init__(" ".join(faults))
        self.faults = faults


@dataclass(frozen=True)
class Settings:
    """Where things are and how strict to be.

    APP_ENV           `desk` (default: this machine only) or `production`, which refuses to start on anything unsafe
    CLEARED_HOME      folder of databases and keys (default: .local beside this file)
    CLEARED_KEY_FILE  the key file (default: keys.json in CLEARED_HOME)
    CLEARED_KEYS      the keys themselves instead of a file: what a key file holds, as it is or in base64
    DATABASE_URL      the practice's database (default: practice.sqlite in CLEARED_HOME)
    AUDIT_HEADS       folder of the ends of the audit log, outside the database (default: audit-heads in CLEARED_HOME)
    BACKUP_FOLDER     folder of the daily backups, best on another disk (default: backups in CLEARED_HOME)
    BACKUP_KEEP       how many of them are kept, by days, weeks and months (default: 7,4,12)
    PRACTICE_ZONE     time zone of a practice that is made (default: America/New_York)
    PUBLIC_BASE_URL   the address that people type (default: http://127.0.0.1:8000)
    OUTBOUND_PRIVATE  networks inside in which a named host may lie, by commas (default: none)
    TRUSTED_PROXIES   the proxies in front: addresses or networks by commas, `unix` for a socket (default: none)

    Texts     TWILIO_ACCOUNT_SID, TWILIO_AUTH_TOKEN, and TWILIO_FROM or TWILIO_MESSAGING_SERVICE_SID (TWILIO_API_URL)
    E-mail    SMTP_HOST, SMTP_FROM (SMTP_PORT, SMTP_USER with SMTP_PASSWORD, SMTP_TLS: starttls, tls or none)
    Payers    CLEARINGHOUSE_OUT and CLEARINGHOUSE_IN, or CLEARINGHOUSE_URL; CLEARINGHOUSE_SENDER, CLEARINGHOUSE_RECEIVER
              (CLEARINGHOUSE_USER with CLEARINGHOUSE_PASSWORD, CLEARINGHOUSE_MODE, CLEARINGHOUSE_VERSION,
              CLEARINGHOUSE_USAGE); several: CLEARINGHOUSES names them, each with CLEARINGHOUSE_<NAME>_OUT and so on
    By FHIR   PAS_URL, PAS_PAYERS, PAS_SUBMITTER, PAS_TOKEN and more: app/gateways/pas/settings.py, and the README

    `texts` or `mail` None: not set up, so that such messages stay in the outbox. No clearinghouses: people ask payers.
    """

    home: Path
    key_file: Path
    database_url: str
    zone: str | None
    base_url: str
    production: bool
    texts: TextSettings | None = None
    mail: MailSettings | None = None
    clearinghouses: tuple[ClearinghouseSettings, ...] = ()
    pas: tuple[PasSettings, ...] = ()
    proxies: tuple[Network, ...] = ()
    outbound_private: tuple[Network, ...] = ()
    keys: str | None = field(default=None, repr=False)
    heads: Path | None = None
    backups: Path | None = None
    backup_keep: tuple[int, int, int] = (7, 4, 12)

    @property
    def backup_folder(self) -> Path:
        """Where the daily backups are written."""
        return self.backups or self.home / "backups"

    @property
    def audit_heads(self) -> Path:
        """Where the ends of the audit log are written, outside the database."""
        return self.heads or self.home / "audit-heads"

    @property
    def secure(self) -> bool:
        """Whether people reach us by https."""
        return self.base_url.startswith("https:")

    def on_sample(self) -> "Settings":
        """The same settings on the sample practice's database: never the practice's own, unless one was named."""
        own = f"sqlite:///{self.home / 'practice.sqlite'}"
        named = self.database_url != own
        if named:
            return self
        backups = self.backup_folder.with_name(f"{self.backup_folder.name}-of-sample")
        return replace(self, database_url=f"sqlite:///{self.home / 'sample.sqlite'}", backups=backups)


def load(environment: Mapping[str, str] = os.environ) -> Settings:
    """Read and check the settings. Raises SettingsError with a sentence for each fault."""
    settings, faults = read(environment)
    if faults:
        raise SettingsError(faults)
    return settings


def read(environment: Mapping[str, str]) -> tuple[Settings, list[str]]:
    """Read the settings as far as they can be read. Returns them with a sentence for each fault."""
    faults = _mode_faults(environment)
    home = Path(environment.get("CLEARED_HOME") or ROOT / ".local").absolute()
    settings = Settings(
        home=home,
        key_file=Path(environment.get("CLEARED_KEY_FILE") or home / "keys.json").absolute(),
        database_url=environment.get("DATABASE_URL") or f"sqlite:///{home / 'practice.sqlite'}",
        zone=environment.get("PRACTICE_ZONE") or None,
        base_url=(environment.get("PUBLIC_BASE_URL") or "http://127.0.0.1:8000").rstrip("/"),
        production=environment.get("APP_ENV", "desk") == "production",
        texts=read_texts(environment, faults),
        mail=read_mail(environment, faults),
        clearinghouses=read_clearinghouses(environment, faults),
        pas=read_pas(environment, faults),
        proxies=_proxies(environment, faults),
        outbound_private=_networks(environment, "OUTBOUND_PRIVATE", faults),
        keys=environment.get("CLEARED_KEYS") or None,
        heads=Path(heads).absolute() if (heads := environment.get("AUDIT_HEADS")) else None,
        backups=Path(folder).absolute() if (folder := environment.get("BACKUP_FOLDER")) else None,
        backup_keep=_backup_keep(environment, faults),
    )
    if settings.zone is not None and not is_zone(settings.zone):
        faults.append(f"PRACTICE_ZONE is '{settings.zone}'; write a zone of the IANA list, such as America/Chicago.")
    faults += _address_faults(settings)
    if settings.production:
        faults += [*_surroundings_faults(environment), *_database_faults(environment), *_key_faults(settings)]
    return settings, faults


def is_zone(name: str) -> bool:
    """Say whether a name is a zone of the IANA list."""
    try:
        ZoneInfo(name)
    except (OSError, ValueError, KeyError):
        return False
    return True


def _backup_keep(environment: Mapping[str, str], faults: list[str]) -> tuple[int, int, int]:
    """Read how many backups are kept."""
    given = environment.get("BACKUP_KEEP") or "7,4,12"
    found = re.fullmatch(r"\s*(\d{1,3})\s*,\s*(\d{1,3})\s*,\s*(\d{1,3})\s*", given)
    if found is None or not int(found[1]):
        faults.append(f"BACKUP_KEEP is '{given}'; write days, weeks and months, such as 7,4,12, with at least 1 day.")
        return 7, 4, 12
    return int(found[1]), int(found[2]), int(found[3])


def _mode_faults(environment: Mapping[str, str]) -> list[str]:
    mode = environment.get("APP_ENV", "desk")
    faults = [] if mode in MODES else [f"APP_ENV is '{mode}'; write desk or production."]
    if environment.get("CLEARED_MODE"):
        faults.append("CLEARED_MODE is called APP_ENV now; rename it.")
    return faults


def _proxies(environment: Mapping[str, str], faults: list[str]) -> tuple[Network, ...]:
    found = _networks(environment, "TRUSTED_PROXIES", faults)
    faults += [
        f"TRUSTED_PROXIES names '{network}', which is too wide; name the proxies' own addresses."
        for network in found
        if network.prefixlen < WIDEST[network.version]
    ]
    return found


def _networks(environment: Mapping[str, str], name: str, faults: list[str]) -> tuple[Network, ...]:
    found: list[Network] = []
    for word in filter(None, (word.strip() for word in environment.get(name, "").split(","))):
        try:
            found.append(UNIX_SOCKET if word == "unix" else ip_network(word))
        except ValueError:
            faults.append(f"{name} names '{word}'; write addresses or networks by commas, such as 127.0.0.1.")
    return tuple(found)


def _address_faults(settings: Settings) -> list[str]:
    try:
        address = urlsplit(settings.base_url)
        known = address.scheme in ("http", "https") and bool(address.hostname) and _names_only_a_host(address)
    except ValueError:
        known = False
    if not known:
        return ["PUBLIC_BASE_URL is not an address; write one such as https://cleared.example.com."]
    if settings.production and address.scheme != "https":
        return ["PUBLIC_BASE_URL does not begin with https; in production, passwords must not travel in the clear."]
    if settings.production and _is_number(address.hostname or ""):
        return ["PUBLIC_BASE_URL names no host but a number; in production, write the name that the certificate has."]
    if settings.texts is not None and len(settings.base_url) > LONGEST_BASE_OF_TEXTS:
        return [
            f"PUBLIC_BASE_URL has {len(settings.base_url)} characters; every text holds it and has room "
            f"for at most {LONGEST_BASE_OF_TEXTS}."
        ]
    return []


def _names_only_a_host(address: SplitResult) -> bool:
    """Say whether an address is a host and a port, without a path, a query or a person; reading the port may raise."""
    _ = address.port
    return not (address.path or address.query or address.fragment or address.username or address.password)


def _is_number(host: str) -> bool:
    try:
        ip_address(host)
    except ValueError:
        return False
    return True


LOOSE = {
    "FLASK_DEBUG": "pages would show code and values when something breaks",
    "FLASK_RUN_FROM_CLI": "Flask's own server is for development",
    "WERKZEUG_DEBUG_PIN": "there is no debugger in production",
    "PYTHONASYNCIODEBUG": "errors would quote values",
    "PYTHONINSPECT": "Python would wait at a prompt when the program ends",
    "GUNICORN_CMD_ARGS": "options of the web server would pass by what was checked",
    "SQLALCHEMY_ECHO": "statements would be written to the log",
    "SSLKEYLOGFILE": "the keys of encrypted connections would be written down",
}
"""What may not be set in production, and what it would do."""


def _surroundings_faults(environment: Mapping[str, str]) -> list[str]:
    faults = [
        f"{name} is set; {why}. Take it out."
        for name, why in LOOSE.items()
        if environment.get(name, "").strip().lower() not in ("", "0", "false", "no")
    ]
    if not environment.get("PUBLIC_BASE_URL"):
        faults.append("PUBLIC_BASE_URL is missing; in production, write the address that people type.")
    if not environment.get("TRUSTED_PROXIES"):
        faults.append(
            "TRUSTED_PROXIES is missing; in production a proxy takes the encrypted connections. Name its address, "
            "such as 127.0.0.1 when it runs on this machine."
        )
    return faults


def _database_faults(environment: Mapping[str, str]) -> list[str]:
    named = environment.get("DATABASE_URL")
    if not named:
        return ["DATABASE_URL is missing; in production, name the practice's database."]
    try:
        address = urlsplit(named)
        host, asked = address.hostname or "", parse_qs(address.query)
    except ValueError:
        return []  # whoever opens it says so, without quoting its password
    if address.scheme.startswith("sqlite"):
        return (
            ["DATABASE_URL names the sample's database; in production, name the practice's."]
            if (address.path.endswith("/sample.sqlite"))
            else []
        )
    host = asked.get("host", [host])[-1]
    away = host and not host.startswith("/") and not is_this_machine(host)
    if away and asked.get("sslmode") != ["verify-full"]:
        return [
            "DATABASE_URL leads to another machine without checking who answers; add ?sslmode=verify-full to it "
            "(and sslrootcert= with the file of its certificate authority)."
        ]
    return []


def _key_faults(settings: Settings) -> list[str]:
    """Look at the key file and its folder: there, and nobody else's to read or exchange."""
    if settings.keys is not None:
        return []
    path = settings.key_file
    try:
        mode, folder = path.stat().st_mode, path.parent.stat()
    except OSError:
        return [
            f"The key file {path} is missing; in production it is never made by itself. Put it back, or, before the "
            "first start, run: scripts/manage keys make"
        ]
    faults = []
    if mode & 0o077:
        faults.append(f"Others on this machine may read the key file {path}; run: chmod 600 {path}")
    if folder.st_mode & 0o022 and not folder.st_mode & stat.S_ISVTX:
        faults.append(f"Others on this machine may exchange the key file; run: chmod go-w {path.parent}")
    if path.resolve().is_relative_to(ROOT) and not path.resolve().is_relative_to(ROOT / ".local"):
        faults.append(f"The key file {path} lies among the program's own files; move it to a folder of its own.")
    return faults
