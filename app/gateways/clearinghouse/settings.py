"""What the settings say of clearinghouses. None is built in: each has a name, and a payer names the one it is for."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

from app.gateways.clearinghouse.envelope import RULE_VERSIONS
from app.gateways.facts import Acknowledges, Parties
from app.gateways.settings import is_this_machine

FIRST = "main"
"""The name of the one clearinghouse where CLEARINGHOUSES names none."""
_PARTS = (
    "OUT",
    "IN",
    "URL",
    "USER",
    "PASSWORD",
    "SENDER",
    "RECEIVER",
    "MODE",
    "VERSION",
    "USAGE",
    "ACKNOWLEDGE",
    "REVIEWS",
)
_ID = re.compile(r"(?:(\d\d|ZZ):)?([A-Za-z0-9][A-Za-z0-9 ._-]{1,14})")


@dataclass(frozen=True)
class ClearinghouseSettings:
    """One clearinghouse: folders or an address, and the ids of both sides. `realtime`: one patient a request.

    `acknowledges`: which acknowledgements of its files it wants. Where nothing is said, every one; in real time none,
    since an answer in the same breath is not acknowledged. `reviews`: the payers, by their keys in the rules, to which
    it takes requests for approval (278).
    """

    name: str
    sender: str
    receiver: str
    sender_qualifier: str = "ZZ"
    receiver_qualifier: str = "ZZ"
    out: Path | None = None
    incoming: Path | None = None
    url: str = ""
    user: str = ""
    password: str = field(default="", repr=False)
    realtime: bool = False
    rule_version: str = RULE_VERSIONS[0]
    usage: str = "P"
    acknowledges: Acknowledges = Acknowledges.ALL
    reviews: frozenset[str] = frozenset()

    @property
    def parties(self) -> Parties:
        """Who sends to whom."""
        return Parties(self.sender, self.receiver, self.sender_qualifier, self.receiver_qualifier, self.usage)


def read_clearinghouses(environment: Mapping[str, str], faults: list[str]) -> tuple[ClearinghouseSettings, ...]:
    """Read the clearinghouses that the settings name; none without any. Faults are added, never with a secret."""
    listed = environment.get("CLEARINGHOUSES", "").strip()
    if not listed:
        found = _read(environment, FIRST, "CLEARINGHOUSE", faults)
        return () if found is None else (found,)
    made: list[ClearinghouseSettings] = []
    for name in (word.strip().lower() for word in listed.split(",")):
        if re.fullmatch(r"[a-z][a-z0-9]{0,19}", name) is None or any(one.name == name for one in made):
            faults.append(
                f"CLEARINGHOUSES names '{name}'; write different names of small letters and digits, by commas."
            )
            continue
        prefix = f"CLEARINGHOUSE_{name.upper()}"
        found = _read(environment, name, prefix, faults)
        if found is None:
            faults.append(f"{prefix}_OUT or {prefix}_URL is missing; CLEARINGHOUSES names {name}.")
            continue
        made.append(found)
    return tuple(made)


def _read(environment: Mapping[str, str], name: str, prefix: str, faults: list[str]) -> ClearinghouseSettings | None:
    given = {part: value for part in _PARTS if (value := environment.get(f"{prefix}_{part}", "").strip())}
    if not given:
        return None
    _name_faults(given, prefix, faults)
    sender, receiver = _party(given, "SENDER", prefix, faults), _party(given, "RECEIVER", prefix, faults)
    return ClearinghouseSettings(
        name,
        sender[1],
        receiver[1],
        sender[0],
        receiver[0],
        Path(given["OUT"]).absolute() if "OUT" in given else None,
        Path(given["IN"]).absolute() if "IN" in given else None,
        given.get("URL", ""),
        given.get("USER", ""),
        given.get("PASSWORD", ""),
        given.get("MODE") == "realtime",
        given.get("VERSION", RULE_VERSIONS[0]),
        given.get("USAGE", "P"),
        _acknowledges(given),
        frozenset(word.strip() for word in given.get("REVIEWS", "").split(",") if word.strip()),
    )


def _acknowledges(given: Mapping[str, str]) -> Acknowledges:
    """Which acknowledgements are wanted; a word that is none is among the faults, and the usual holds meanwhile."""
    usual = Acknowledges.NONE if given.get("MODE") == "realtime" else Acknowledges.ALL
    told = given.get("ACKNOWLEDGE", "")
    return Acknowledges(told) if told in set(Acknowledges) else usual


def _name_faults(given: Mapping[str, str], prefix: str, faults: list[str]) -> None:
    if ("OUT" in given) == ("URL" in given):
        faults.append(f"{prefix}_OUT or {prefix}_URL: set one of them, a folder or an address.")
    if "OUT" in given and "IN" not in given:
        faults.append(f"{prefix}_IN is missing; answers to what {prefix}_OUT sends come by it.")
    if ("USER" in given) != ("PASSWORD" in given):
        faults.append(f"{prefix}_USER and {prefix}_PASSWORD go together; one of them is missing.")
    if "URL" in given and not _is_safe(given["URL"]):
        faults.append(
            f"{prefix}_URL is not an address that begins with https; write one such as https://edi.example/core."
        )
    choices = {
        "MODE": ("batch", "realtime"),
        "VERSION": RULE_VERSIONS,
        "USAGE": ("P", "T"),
        "ACKNOWLEDGE": tuple(one.value for one in Acknowledges),
    }
    faults += [
        f"{prefix}_{part} is '{given[part]}'; write {' or '.join(able)}."
        for part, able in choices.items()
        if part in given and given[part] not in able
    ]


def _party(given: Mapping[str, str], part: str, prefix: str, faults: list[str]) -> tuple[str, str]:
    if part not in given:
        faults.append(f"{prefix}_{part} is missing; a file to a payer says who sends it to whom.")
        return "ZZ", ""
    found = _ID.fullmatch(given[part])
    if found is None:
        faults.append(f"{prefix}_{part} has other than 2 to 15 letters, digits, blanks, dots or dashes.")
        return "ZZ", ""
    return found[1] or "ZZ", found[2]


def _is_safe(text: str) -> bool:
    try:
        address = urlsplit(text)
        host = address.hostname or ""
        return bool(host) and (address.scheme == "https" or (address.scheme == "http" and is_this_machine(host)))
    except ValueError:
        return False
