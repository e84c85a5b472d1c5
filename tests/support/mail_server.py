"""A mail server for tests: aiosmtpd on a free port of this machine, with refusals, delays and broken connections."""

import asyncio
import datetime as dates
import ipaddress
import socket
import ssl
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path
from typing import Any, cast

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from app.platform.clock import SystemClock

ANSWERS = {
    "421": "421 4.3.2 Service not available",
    "451": "451 4.3.0 Local error in processing",
    "452": "452 4.2.2 Mailbox full",
    "550": "550 5.1.1 User unknown",
    "554": "554 5.7.1 Refused",
}
TAKEN_FIRST = {"drop_after", "silent_after"}
FAULTS = {"ok", "slow", "drop_before", "silent_before", *TAKEN_FIRST, *ANSWERS, "rcpt_550", "rcpt_451"}


@dataclass
class MailServer:
    """A running server. `script`: what befalls the next mails, one each; then what `addresses` say, then `always`."""

    host: str
    port: int
    certificate: Path | None = None
    script: list[str] = field(default_factory=list)
    always: str = "ok"
    addresses: dict[str, str] = field(default_factory=dict)
    firsts: dict[str, list[str]] = field(default_factory=dict)
    """What befalls the next mails to an address, one each."""
    slow: float = 0.3
    hold: float = 30.0
    accepted: list[EmailMessage] = field(default_factory=list)
    tried: list[tuple[str, str]] = field(default_factory=list)
    """Every try: its address and what came of it."""
    over_tls: list[bool] = field(default_factory=list)

    def choose(self, address: str) -> str:
        """Choose what happens to a mail."""
        own = self.script or self.firsts.get(address, [])
        fault = own.pop(0) if own else self.addresses.get(address, self.always)
        assert fault in FAULTS, f"unknown fault: {fault}"
        self.tried.append((address, fault))
        return fault

    def ids(self) -> list[str]:
        """The Message-IDs that it took, in order."""
        return [str(mail["Message-ID"]) for mail in self.accepted]


class _Handler:
    """Takes mails as the server's settings say."""

    def __init__(self, server: MailServer) -> None:
        self.server = server

    async def handle_RCPT(  # noqa: N802 - the name is the library's
        self, _smtp: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        fault = self.server.choose(address)
        session.chosen = fault  # type: ignore[attr-defined]
        if fault.startswith("rcpt_"):
            return ANSWERS[fault.removeprefix("rcpt_")]
        envelope.rcpt_tos.append(address)
        envelope.rcpt_options.extend(options)
        return "250 OK"

    async def handle_DATA(self, smtp: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802
        fault = session.chosen  # type: ignore[attr-defined]
        if fault in ANSWERS:
            return ANSWERS[fault]
        if fault in TAKEN_FIRST or fault in ("ok", "slow"):
            content = cast(bytes, envelope.content)
            self.server.accepted.append(cast(EmailMessage, message_from_bytes(content, policy=policy.default)))
            self.server.over_tls.append(session.ssl is not None)
        if fault == "slow":
            await asyncio.sleep(self.server.slow)
        if fault.startswith("silent"):
            await asyncio.sleep(self.server.hold)
        if fault.startswith(("drop", "silent")):
            cast(asyncio.Transport, smtp.transport).abort()
        return "250 OK"


def start(tls: tuple[Path, Path] | None = None, login: tuple[str, str] | None = None) -> tuple[MailServer, Controller]:
    """Start a server. `tls`: certificate and key for STARTTLS, which it then demands; `login`: a name and password."""
    with socket.socket() as finder:
        finder.bind(("127.0.0.1", 0))
        port = finder.getsockname()[1]
    server = MailServer("127.0.0.1", port, tls[0] if tls else None)
    more: dict[str, Any] = {}
    if tls:
        context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
        context.load_cert_chain(*tls)
        more |= {"tls_context": context, "require_starttls": True}
    if login:
        more |= {"authenticator": _checks(login), "auth_required": True, "auth_require_tls": bool(tls)}
    controller = Controller(_Handler(server), hostname="127.0.0.1", port=port, ready_timeout=30, **more)
    controller.start()
    return server, controller


def _checks(login: tuple[str, str]) -> Callable[..., AuthResult]:
    def check(_server: Any, _session: Any, _envelope: Any, _mechanism: str, given: Any) -> AuthResult:
        right = isinstance(given, LoginPassword) and (given.login.decode(), given.password.decode()) == login
        return AuthResult(success=right, handled=right)

    return check


def make_certificate(folder: Path) -> tuple[Path, Path]:
    """Make a certificate of this machine that it signed itself. Returns the files of the certificate and its key."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "localhost")])
    now = SystemClock().now()
    names = [x509.DNSName("localhost"), x509.IPAddress(ipaddress.ip_address("127.0.0.1"))]
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - dates.timedelta(days=1))
        .not_valid_after(now + dates.timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName(names), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    files = folder / "mail.crt", folder / "mail.key"
    files[0].write_bytes(made.public_bytes(serialization.Encoding.PEM))
    plain = serialization.NoEncryption()
    files[1].write_bytes(key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, plain))
    return files


@pytest.fixture
def mail_server(tmp_path: Path) -> Iterator[Callable[..., MailServer]]:
    """`mail_server(starttls=True, login=("name", "word"))` starts one; it ends with the test. Mark it `loopback`."""
    running: list[Controller] = []

    def make(starttls: bool = False, login: tuple[str, str] | None = None) -> MailServer:
        server, controller = start(make_certificate(tmp_path) if starttls else None, login)
        running.append(controller)
        return server

    yield make
    for controller in running:
        controller.stop()


def wait_for(true: Callable[[], bool], seconds: float = 60.0) -> None:
    """Wait until something is true; fail when it is not in time."""
    until = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < until, "it did not happen in time"
        time.sleep(0.01)
