"""The gateways that the settings name."""

from typing import Protocol

from app.gateways.clearinghouse.settings import ClearinghouseSettings
from app.gateways.clearinghouse.setup import clearinghouses_from
from app.gateways.facts import Gateways
from app.gateways.outbound import Network
from app.gateways.pas.settings import PasSettings
from app.gateways.pas.setup import pas_from
from app.gateways.settings import MailSettings, TextSettings
from app.gateways.smtp_mail import SmtpMail, SmtpServer
from app.gateways.twilio_sms import TwilioSms


class MessageSettings(Protocol):
    """What the settings say of ways out of the building; they were checked where they were read."""

    @property
    def base_url(self) -> str: ...
    @property
    def texts(self) -> TextSettings | None: ...
    @property
    def mail(self) -> MailSettings | None: ...
    @property
    def clearinghouses(self) -> tuple[ClearinghouseSettings, ...]: ...
    @property
    def pas(self) -> tuple[PasSettings, ...]: ...
    @property
    def outbound_private(self) -> tuple[Network, ...]: ...


def gateways_from(settings: MessageSettings) -> Gateways:
    """Make the ways out of the building that are set up; None where one is not."""
    private = settings.outbound_private
    return Gateways(
        _sms(settings.texts, private),
        _mail(settings.mail, private),
        settings.base_url,
        clearinghouses=clearinghouses_from(settings.clearinghouses, private),
        pas=pas_from(settings.pas, private),
    )


def _sms(texts: TextSettings | None, private: tuple[Network, ...]) -> TwilioSms | None:
    if texts is None:
        return None
    return TwilioSms(texts.account, texts.token, texts.sender, texts.service, texts.api_url, private=private)


def _mail(mail: MailSettings | None, private: tuple[Network, ...]) -> SmtpMail | None:
    if mail is None:
        return None
    server = SmtpServer(mail.host, mail.port, mail.sender, mail.tls, mail.user, mail.password)
    return SmtpMail(server, private=private)
