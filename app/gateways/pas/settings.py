"""What the settings say of payers that take prior authorization by FHIR (Da Vinci PAS). None is built in."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

from app.gateways.settings import is_this_machine

FIRST = "main"
"""The name of the one system where PAS_SYSTEMS names none."""
SHORTEST_SECRET = 32
USUAL_MEGABYTES, MOST_MEGABYTES = 10, 50
"""How much of documents goes with one request where the settings say nothing, and at most."""
_PARTS = ("URL", "PAYERS", "PAYER_ID", "SUBMITTER", "TOKEN_URL", "CLIENT_ID", "SCOPE", "LARGEST_MB")
_SECRETS = ("TOKEN", "CLIENT_SECRET", "HOOK_SECRET")
_ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{1,49}")


@dataclass(frozen=True)
class PasSettings:
    """One payer's system: its address, for which payers it is, under which id we ask, and how we prove who we are.

    `url` ends before /Claim/$submit. `payers` are keys of the rules' payers. `submitter` is our id in the exchange, by
    which notifications are filtered; `payer_id` the payer's. A `token` is sent as it is; else one is fetched from
    `token_url` with `client_id` and `client_secret`. `hook_secret` None: nothing is taken in from this system.
    `largest`: bytes of documents that it takes with one request.
    """

    name: str
    url: str
    payers: frozenset[str]
    submitter: str
    payer_id: str | None = None
    token_url: str | None = None
    client_id: str | None = None
    scope: str | None = None
    token: str | None = field(default=None, repr=False)
    client_secret: str | None = field(default=None, repr=False)
    hook_secret: str | None = field(default=None, repr=False)
    largest: int = USUAL_MEGABYTES * 2**20


def read_pas(environment: Mapping[str, str], faults: list[str]) -> tuple[PasSettings, ...]:
    """Read the systems that the settings name; none without any. Faults are added, never with a secret in them."""
    listed = environment.get("PAS_SYSTEMS", "").strip()
    if not listed:
        found = _read(environment, FIRST, "PAS", faults)
        return () if found is None else (found,)
    made: list[PasSettings] = []
    for name in (word.strip().lower() for word in listed.split(",")):
        if re.fullmatch(r"[a-z][a-z0-9]{0,19}", name) is None or any(one.name == name for one in made):
            faults.append(f"PAS_SYSTEMS names '{name}'; write different names of small letters and digits, by commas.")
            continue
        prefix = f"PAS_{name.upper()}"
        found = _read(environment, name, prefix, faults)
        if found is None:
            faults.append(f"{prefix}_URL is missing; PAS_SYSTEMS names {name}.")
        else:
            made.append(found)
    faults += _twice(made)
    return tuple(made)


def _twice(made: list[PasSettings]) -> list[str]:
    """Say of each payer that two systems are for: a request could go to either."""
    every = [payer for one in made for payer in one.payers]
    return [f"Two systems of PAS_SYSTEMS name the payer {one}." for one in sorted(set(every)) if every.count(one) > 1]


def _read(environment: Mapping[str, str], name: str, prefix: str, faults: list[str]) -> PasSettings | None:
    given = {part: value for part in _PARTS if (value := environment.get(f"{prefix}_{part}", "").strip())}
    secrets = {part: _secret(environment, f"{prefix}_{part}", faults) for part in _SECRETS}
    if not given and not any(secrets.values()):
        return None
    payers = frozenset(word.strip() for word in given.get("PAYERS", "").split(",") if word.strip())
    faults += [
        *_address_faults(given, prefix),
        *_party_faults(given, payers, prefix),
        *_proof_faults(given, secrets, prefix),
    ]
    return PasSettings(
        name,
        given.get("URL", "").rstrip("/"),
        payers,
        given.get("SUBMITTER", ""),
        given.get("PAYER_ID"),
        given.get("TOKEN_URL"),
        given.get("CLIENT_ID"),
        given.get("SCOPE"),
        secrets["TOKEN"],
        secrets["CLIENT_SECRET"],
        secrets["HOOK_SECRET"],
        _largest(given.get("LARGEST_MB"), prefix, faults),
    )


def _largest(text: str | None, prefix: str, faults: list[str]) -> int:
    """Read how much of documents a payer takes; 0: none. The usual where nothing is said."""
    if text is None:
        return USUAL_MEGABYTES * 2**20
    if not (text.isascii() and text.isdigit()) or int(text) > MOST_MEGABYTES:
        faults.append(f"{prefix}_LARGEST_MB is no whole number of megabytes from 0 to {MOST_MEGABYTES}; 0 sends none.")
        return 0
    return int(text) * 2**20


def _secret(environment: Mapping[str, str], name: str, faults: list[str]) -> str | None:
    """Read a secret from the environment, or from the file that the environment names (<name>_FILE)."""
    path = environment.get(f"{name}_FILE", "").strip()
    if not path:
        return environment.get(name, "").strip() or None
    try:
        if Path(path).stat().st_mode & 0o077:
            faults.append(f"{name}_FILE names a file that others may read; make it readable by its owner alone.")
        return Path(path).read_text(encoding="utf-8").strip() or None
    except (OSError, UnicodeDecodeError):
        faults.append(f"{name}_FILE names a file that cannot be read.")
        return None


def _address_faults(given: Mapping[str, str], prefix: str) -> list[str]:
    faults = [] if "URL" in given else [f"{prefix}_URL is missing; it is where the payer takes requests."]
    return faults + [
        f"{prefix}_{part} is not an address that begins with https; write one such as https://fhir.payer.example/pas."
        for part in ("URL", "TOKEN_URL")
        if part in given and not _is_safe(given[part])
    ]


def _party_faults(given: Mapping[str, str], payers: frozenset[str], prefix: str) -> list[str]:
    faults = [] if payers else [f"{prefix}_PAYERS is missing; it names the payers, by their keys, that are asked so."]
    if "SUBMITTER" not in given:
        return [*faults, f"{prefix}_SUBMITTER is missing; it is the id that the payer knows the practice by."]
    wrong = [part for part in ("SUBMITTER", "PAYER_ID") if part in given and not _ID.fullmatch(given[part])]
    return faults + [f"{prefix}_{part} has other than 2 to 50 letters, digits, dots or dashes." for part in wrong]


def _proof_faults(given: Mapping[str, str], secrets: Mapping[str, str | None], prefix: str) -> list[str]:
    """Say what is wrong with the ways in which we prove who we are, and in which the payer's system does."""
    fetched = [part for part in ("TOKEN_URL", "CLIENT_ID") if part in given]
    has_secret = secrets["CLIENT_SECRET"] is not None
    faults = []
    if (fetched or has_secret) and not (len(fetched) == 2 and has_secret):
        faults.append(f"{prefix}_TOKEN_URL, {prefix}_CLIENT_ID and {prefix}_CLIENT_SECRET go together; one is missing.")
    if secrets["TOKEN"] is not None and (fetched or has_secret):
        faults.append(f"{prefix}_TOKEN and {prefix}_TOKEN_URL: set one of them.")
    if secrets["TOKEN"] is None and not fetched and not has_secret:
        faults.append(f"{prefix}_TOKEN or {prefix}_TOKEN_URL is missing; the payer must know who asks.")
    hook = secrets["HOOK_SECRET"]
    if hook is not None and len(hook) < SHORTEST_SECRET:
        faults.append(f"{prefix}_HOOK_SECRET is shorter than {SHORTEST_SECRET} signs; make one of random signs.")
    return faults


def _is_safe(text: str) -> bool:
    try:
        address = urlsplit(text)
        host = address.hostname or ""
        plain = not (address.query or address.fragment or address.username or address.password)
        return (
            plain and bool(host) and (address.scheme == "https" or (address.scheme == "http" and is_this_machine(host)))
        )
    except ValueError:
        return False
