"""E-mail by SMTP: at least once, under a Message-ID that is fixed for a message. Encrypted unless it stays here."""

import smtplib
import socket
import ssl
from dataclasses import dataclass, field
from email.errors import MessageError
from email.message import EmailMessage
from email.policy import SMTP as SMTP_POLICY
from email.utils import format_datetime, parseaddr
from ipaddress import ip_address

from app.gateways.facts import Answer, Mail, Outcome
from app.gateways.outbound import Network, Outbound
from app.platform.clock import Clock, SystemClock

SECONDS = 15.0
_OURS = Answer(Outcome.LATER, code="smtp-login")


@dataclass(frozen=True)
class SmtpServer:
    """Where e-mail is handed in. `tls`: `starttls`, `tls` (from the first byte) or `none` (this machine only)."""

    host: str
    port: int
    sender: str
    tls: str = "starttls"
    user: str | None = None
    password: str | None = field(default=None, repr=False)
    seconds: float = SECONDS


class SmtpMail:
    """Hands e-mail to one server, with a connection for each."""

    def __init__(
        self,
        server: SmtpServer,
        context: ssl.SSLContext | None = None,
        clock: Clock | None = None,
        private: tuple[Network, ...] = (),
    ) -> None:
        """Make the gateway. `private`: networks inside that the settings name.

        Raises ValueError when it would send in the clear to another machine.
        """
        if server.tls not in ("starttls", "tls", "none"):
            raise ValueError("tls is one of starttls, tls, none")
        if server.tls == "none" and not _is_this_machine(server.host):
            raise ValueError("e-mail to another machine must be encrypted")
        self._server = server
        self._context = context or (None if server.tls == "none" else _strict())
        self._wall = Outbound(frozenset({(server.host.lower(), server.port)}), private)
        self._clock = clock or SystemClock()

    def __repr__(self) -> str:
        return "SmtpMail(...)"

    def send(self, mail: Mail) -> Answer:
        """Hand one e-mail to the server. Never raises for what the server or the network does."""
        try:
            content = self._content(mail)
        except (ValueError, MessageError, UnicodeError):
            return Answer(Outcome.REFUSED, code="content")
        try:
            smtp = self._connect()
        except (OSError, smtplib.SMTPException) as error:
            return _without_connection(error)
        try:
            return self._hand_in(smtp, mail, content)
        finally:
            _hang_up(smtp)

    def _content(self, mail: Mail) -> bytes:
        message = EmailMessage(policy=SMTP_POLICY.clone(cte_type="7bit"))
        message["From"], message["To"], message["Subject"] = self._server.sender, mail.to, mail.subject
        message["Message-ID"] = mail.message_id
        message["Date"] = format_datetime(self._clock.now())
        message["Auto-Submitted"] = "auto-generated"
        message.set_content(mail.text)
        message.add_alternative(mail.html, subtype="html")
        return message.as_bytes()

    def _connect(self) -> smtplib.SMTP:
        server = self._server
        if server.tls == "tls":
            smtp: smtplib.SMTP = _WalledTls(self._wall, server, self._context)
        else:
            smtp = _Walled(self._wall, server)
        try:
            smtp.ehlo_or_helo_if_needed()
            if server.tls == "starttls":
                smtp.starttls(context=self._context)  # raises when the server has none
                smtp.ehlo()
            if server.user is not None:
                smtp.login(server.user, server.password or "")
        except BaseException:
            smtp.close()
            raise
        return smtp

    def _hand_in(self, smtp: smtplib.SMTP, mail: Mail, content: bytes) -> Answer:
        try:
            code, _words = smtp.mail(parseaddr(self._server.sender)[1])
            if code != 250:
                return _OURS if code >= 500 else _later(code)
            code, _words = smtp.rcpt(mail.to)
            if code not in (250, 251):
                return _answer(code)
        except (OSError, smtplib.SMTPException):
            return Answer(Outcome.LATER, code="no-answer")
        try:
            code, _words = smtp.data(content)
        except smtplib.SMTPDataError as error:
            return _answer(error.smtp_code)
        except (OSError, smtplib.SMTPException):
            return Answer(Outcome.UNCLEAR, code="no-answer")
        return Answer(Outcome.ACCEPTED, mail.message_id) if code == 250 else _answer(code)


class _Walled(smtplib.SMTP):
    """A connection to the one server that is named, at an address that was judged."""

    def __init__(self, wall: Outbound, server: SmtpServer) -> None:
        self._wall = wall
        super().__init__(server.host, server.port, timeout=server.seconds)

    def _get_socket(self, host: str, port: int, timeout: float) -> socket.socket:
        return self._wall.connect(host, port, timeout)


class _WalledTls(smtplib.SMTP_SSL):
    """The same, encrypted from the first byte; the certificate is checked against the name."""

    def __init__(self, wall: Outbound, server: SmtpServer, context: ssl.SSLContext | None) -> None:
        self._wall = wall
        super().__init__(server.host, server.port, timeout=server.seconds, context=context)

    def _get_socket(self, host: str, port: int, timeout: float) -> socket.socket:
        return self.context.wrap_socket(self._wall.connect(host, port, timeout), server_hostname=host)


def _strict() -> ssl.SSLContext:
    """Check certificate and name; TLS 1.2 at least."""
    context = ssl.create_default_context()
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    return context


def _answer(code: int) -> Answer:
    """What a refusal means: 5xx is for good (RFC 5321, 4.2.1), 4xx for now; anything else cannot be read."""
    if 500 <= code < 600:
        return Answer(Outcome.REFUSED, code=f"smtp-{code}")
    return _later(code) if 400 <= code < 500 else Answer(Outcome.UNCLEAR, code="unreadable")


def _later(code: int) -> Answer:
    return Answer(Outcome.LATER, code=f"smtp-{code}")


def _without_connection(error: Exception) -> Answer:
    """What kept us from handing anything in: nothing was sent, so that it may be later."""
    if isinstance(error, smtplib.SMTPAuthenticationError):
        return _OURS
    encrypted = isinstance(error, ssl.SSLError | smtplib.SMTPNotSupportedError)
    return Answer(Outcome.LATER, code="smtp-tls" if encrypted else "no-connection")


def _hang_up(smtp: smtplib.SMTP) -> None:
    try:
        smtp.quit()
    except (OSError, smtplib.SMTPException):
        smtp.close()


def _is_this_machine(host: str) -> bool:
    try:
        return host.lower() == "localhost" or ip_address(host).is_loopback
    except ValueError:
        return False
