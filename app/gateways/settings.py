"""What the settings say of texts and e-mail. Faults are added to a list, never with a secret in them."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from ipaddress import ip_address
from urllib.parse import urlsplit


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


def read_texts(environment: Mapping[str, str], faults: list[str]) -> TextSettings | None:
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


def read_mail(environment: Mapping[str, str], faults: list[str]) -> MailSettings | None:
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
