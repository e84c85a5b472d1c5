"""The gateways that the settings name."""

from typing import Protocol

from app.gateways.facts import Gateways
from app.gateways.smtp_mail import SmtpMail, SmtpServer
from app.gateways.twilio_sms import TwilioSms


class _Texts(Protocol):
    @property
    def account(self) -> str: ...
    @property
    def token(self) -> str: ...
    @property
    def sender(self) -> str | None: ...
    @property
    def service(self) -> str | None: ...
    @property
    def api_url(self) -> str | None: ...


class _Mail(Protocol):
    @property
    def host(self) -> str: ...
    @property
    def port(self) -> int: ...
    @property
    def user(self) -> str | None: ...
    @property
    def password(self) -> str | None: ...
    @property
    def sender(self) -> str: ...
    @property
    def tls(self) -> str: ...


class MessageSettings(Protocol):
    """What the settings say of ways out of the building; they were checked where they were read."""

    @property
    def base_url(self) -> str: ...
    @property
    def texts(self) -> _Texts | None: ...
    @property
    def mail(self) -> _Mail | None: ...


def gateways_from(settings: MessageSettings) -> Gateways:
    """Make the ways out of the building that are set up; None where one is not."""
    return Gateways(_sms(settings.texts), _mail(settings.mail), settings.base_url)


def _sms(texts: _Texts | None) -> TwilioSms | None:
    if texts is None:
        return None
    return TwilioSms(texts.account, texts.token, texts.sender, texts.service, texts.api_url)


def _mail(mail: _Mail | None) -> SmtpMail | None:
    if mail is None:
        return None
    return SmtpMail(SmtpServer(mail.host, mail.port, mail.sender, mail.tls, mail.user, mail.password))
