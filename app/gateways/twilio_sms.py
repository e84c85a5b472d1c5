"""Texts by Twilio. Sending is not idempotent there: whatever is not clearly refused or taken is said to be unclear."""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from ipaddress import ip_address
from typing import Any
from urllib.parse import urlsplit

from requests.exceptions import ConnectionError as ConnectionFailed
from requests.exceptions import ConnectTimeout, ProxyError, RequestException, SSLError
from twilio.base.exceptions import TwilioException
from twilio.request_validator import RequestValidator
from twilio.rest import Client
from urllib3.exceptions import NameResolutionError, NewConnectionError

from app.gateways.facts import Answer, FoundSms, Outcome
from app.gateways.outbound import Network
from app.gateways.twilio_codes import outcome_of
from app.gateways.twilio_http import READ_SECONDS, QuietHttpClient

PAGE = 200
MOST_FOUND = 1000
TRIAL = "Sent from your Twilio trial account - "
"""What Twilio puts before a text of an account that nobody pays for; our text is what follows."""
READ_ON = timedelta(days=1)
"""How much older a message is before the rest of the list is older too, whatever waited at Twilio meanwhile."""
_BROKEN = (TwilioException, RequestException, OSError, ValueError, TypeError, KeyError, AttributeError)


class TwilioSms:
    """Sends texts from a number, or by a messaging service. Keeps the account's token to itself."""

    def __init__(
        self,
        account: str,
        token: str,
        sender: str | None = None,
        service: str | None = None,
        base: str | None = None,
        read_seconds: float = READ_SECONDS,
        private: tuple[Network, ...] = (),
    ) -> None:
        """Make the gateway. Raises ValueError without a sender, or when `base` is not of this machine."""
        if not (sender or service):
            raise ValueError("texts need a number or a messaging service to be sent from")
        if base is not None and not _is_loopback(base):
            raise ValueError("another address than Twilio's must be of this machine")
        self._sender = {"messaging_service_sid": service} if service else {"from_": sender}
        self._elsewhere = base is None
        self._http = QuietHttpClient(base, read_seconds, private)
        self._messages = Client(account, token, http_client=self._http).messages
        self._validator = RequestValidator(token)

    def __repr__(self) -> str:
        return "TwilioSms(...)"

    def send(self, to: str, text: str, callback: str | None) -> Answer:
        """Hand one text to Twilio. Never raises for what Twilio or the network does.

        An address of this machine is not given to Twilio, which cannot call it and would refuse the text for it.
        """
        unheard = callback is None or (self._elsewhere and _is_loopback(callback))
        reported = {} if unheard else {"status_callback": callback}
        try:
            made = self._messages.create(to=to, body=text, **self._sender, **reported)
        except TwilioException as error:
            return self._refusal(error)
        except _BROKEN as error:
            return Answer(Outcome.LATER if _never_left(error) else Outcome.UNCLEAR, code=_word(error))
        if not isinstance(made.sid, str) or not made.sid:
            return Answer(Outcome.UNCLEAR, code="unreadable")
        return Answer(Outcome.ACCEPTED, made.sid, _code(made.error_code), _whole(made.num_segments))

    def find(self, to: str, since: datetime) -> Sequence[FoundSms] | None:
        """List Twilio's messages to a number since an instant; None when it could not be asked whole.

        It is not asked by date of sending: that would leave out what still waits at Twilio. The list comes newest
        first, so that reading ends a day before the instant, however much is kept there.
        """
        try:
            found = []
            for count, one in enumerate(self._messages.stream(to=to, page_size=PAGE)):
                if not _is_since(one, since - READ_ON):
                    break
                if count >= MOST_FOUND:
                    return None
                found.append(one)
            return [_found(one) for one in found if _is_since(one, since)]
        except _BROKEN:
            return None

    def signed(self, address: str, form: Mapping[str, Sequence[str]], signature: str) -> bool:
        """Say whether Twilio signed a form that came to one of our public addresses."""
        return bool(self._validator.validate(address, _Form(form), signature))

    def _refusal(self, error: TwilioException) -> Answer:
        status, code = getattr(error, "status", None), getattr(error, "code", None)
        if not isinstance(status, int):
            return Answer(Outcome.UNCLEAR, code="unreadable")
        word = _code(code)
        return Answer(outcome_of(status, word), code=word, retry_after=self._http.retry_after)


class _Form:
    """A form as the validator asks for it: every value of a name."""

    def __init__(self, form: Mapping[str, Sequence[str]]) -> None:
        self._form = form

    def __iter__(self) -> Any:
        return iter(self._form)

    def __len__(self) -> int:
        return len(self._form)

    def getlist(self, name: str) -> Sequence[str]:
        """Every value of one name."""
        return self._form[name]


def _never_left(error: BaseException) -> bool:
    """Say whether a request clearly never reached the other side: there was no connection to send it through."""
    if isinstance(error, ConnectTimeout | ProxyError):
        return True
    if not isinstance(error, ConnectionFailed) or isinstance(error, SSLError):
        return False
    cause: Any = error.args[0] if error.args else None
    reason = getattr(cause, "reason", cause)
    return isinstance(reason, NewConnectionError | NameResolutionError)


def _word(error: BaseException) -> str:
    if isinstance(error, ValueError) and not isinstance(error, RequestException):
        return "not-json"
    return "no-connection" if _never_left(error) else "no-answer"


def _found(one: Any) -> FoundSms:
    body = (one.body or "").removeprefix(TRIAL)
    return FoundSms(one.sid, body, str(one.status), _instant(one.date_created), _code(one.error_code))


def _is_since(one: Any, since: datetime) -> bool:
    made = _instant(one.date_created)
    return made is None or made >= since - timedelta(seconds=1)  # Twilio's instants are whole seconds


def _instant(value: Any) -> datetime | None:
    if not isinstance(value, datetime):
        return None
    return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


def _code(value: Any) -> str | None:
    """A code as it may be kept: digits, whatever was answered."""
    return str(value) if value and str(value).isdecimal() and len(str(value)) < 7 else None


def _whole(value: Any) -> int | None:
    return int(value) if isinstance(value, str) and value.isdecimal() and int(value) else None


def _is_loopback(address: str) -> bool:
    host = urlsplit(address).hostname or ""
    try:
        return host == "localhost" or ip_address(host).is_loopback
    except ValueError:
        return False
