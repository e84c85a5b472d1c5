"""A payer that takes prior authorization by FHIR: Claim/$submit and Claim/$inquire, one POST each, never twice."""

import hmac
from threading import Lock
from time import monotonic
from typing import Any

import httpx

from app.gateways.facts import Answer, Outcome
from app.gateways.outbound import Network
from app.gateways.pas.settings import PasSettings
from app.gateways.pinned_httpx import walled_client
from app.standards.fhir.pas_subscription import write_subscription

LARGEST_ANSWER = 16 * 1024 * 1024
SECONDS = 30.0
"""Payers are to answer within 15 seconds; what takes longer is unclear, and asked for."""
CONNECT_SECONDS = 5.0
USUAL_LIFE = 300
MARGIN = 30
"""Whole seconds for which a token lives where its server does not say, and how long before its end it is not used."""
FHIR_JSON = "application/fhir+json"
_LATER = frozenset({408, 425, 429})
_UNKNOWN = frozenset({409, 412})
"""Something of this name is there already: whether it is what we sent is asked, not guessed."""
_UNREADABLE = Answer(Outcome.UNCLEAR, code="unreadable")


class _NoTokenError(Exception):
    """The payer's server gave no token: nothing was sent."""


class PasHttps:
    """Sends by HTTPS. It holds its secrets and writes nothing of an exchange down."""

    def __init__(self, settings: PasSettings, private: tuple[Network, ...] = (), seconds: float = SECONDS) -> None:
        self.settings, self.private, self.seconds = settings, private, seconds
        self._lock = Lock()
        self._token: tuple[str, float] | None = None

    def __repr__(self) -> str:
        return f"PasHttps({self.settings.name})"

    @property
    def submitter(self) -> str:
        """Our id in the exchange."""
        return self.settings.submitter

    @property
    def payer_id(self) -> str | None:
        """The payer's id in the exchange."""
        return self.settings.payer_id

    @property
    def payers(self) -> frozenset[str]:
        """For which payers, by their keys, this system is."""
        return self.settings.payers

    @property
    def largest(self) -> int:
        """How many bytes of documents it takes with one request."""
        return self.settings.largest

    @property
    def notifies(self) -> bool:
        """Whether the payer's system may tell us by itself."""
        return self.settings.hook_secret is not None

    def submit(self, content: bytes) -> Answer:
        """Hand one request over. Never raises for what the payer or the network does."""
        return self._post("Claim/$submit", content)

    def inquire(self, content: bytes) -> Answer:
        """Ask where a request stands."""
        return self._post("Claim/$inquire", content)

    def subscribe(self, base_url: str) -> Answer:
        """Ask the payer's system to tell us of decisions, at our address to the world; refused without a secret."""
        own = self.settings
        if own.hook_secret is None:
            return Answer(Outcome.REFUSED, code="no-secret")
        endpoint = f"{base_url}/hooks/pas/{own.name}"
        answer = self._post("Subscription", write_subscription(endpoint, own.submitter, own.hook_secret))
        return Answer(Outcome.ACCEPTED) if answer == _UNREADABLE else answer  # whatever it says of it, it took it

    def told_by(self, secret: str) -> bool:
        """Say whether this is the secret of the payer's system; compared in constant time."""
        own = self.settings.hook_secret
        return own is not None and hmac.compare_digest(own.encode(), secret.encode())

    def _post(self, operation: str, content: bytes) -> Answer:
        until = monotonic() + self.seconds
        try:
            headers = {"Authorization": f"Bearer {self._bearer()}", "Content-Type": FHIR_JSON, "Accept": FHIR_JSON}
        except _NoTokenError:
            return Answer(Outcome.LATER, code="no-token")
        address = f"{self.settings.url}/{operation}"
        with walled_client(address, self.private, CONNECT_SECONDS, self.seconds) as client:
            try:
                with client.stream("POST", address, content=content, headers=headers) as answer:
                    return self._read(answer, until)
            except (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout):
                return Answer(Outcome.LATER, code="no-connection")
            except httpx.HTTPError:
                return Answer(Outcome.UNCLEAR, code="no-answer")

    def _read(self, answer: httpx.Response, until: float) -> Answer:
        status = answer.status_code
        if not 200 <= status < 300:
            return self._refusal(answer)
        body = bytearray()
        for piece in answer.iter_bytes(65536):
            body += piece
            if len(body) > LARGEST_ANSWER or monotonic() > until:
                return Answer(Outcome.UNCLEAR, code="endless-answer")
        is_json = "json" in answer.headers.get("Content-Type", "").lower() and _is_object(bytes(body))
        return Answer(Outcome.ACCEPTED, content=bytes(body)) if is_json else _UNREADABLE

    def _refusal(self, answer: httpx.Response) -> Answer:
        status = answer.status_code
        code = f"http-{status}"
        if status == 401:
            self._token = None
            return Answer(Outcome.LATER, code=code)
        if status in _LATER:
            return Answer(Outcome.LATER, code=code, retry_after=_seconds(answer))
        if status >= 500 or status in _UNKNOWN or 300 <= status < 400:
            return Answer(Outcome.UNCLEAR, code=code)
        return Answer(Outcome.REFUSED, code=code)

    def _bearer(self) -> str:
        """Give the token: of the settings, or fetched and kept until shortly before its end. Raises _NoTokenError."""
        if self.settings.token is not None:
            return self.settings.token
        with self._lock:
            if self._token is None or monotonic() >= self._token[1]:
                self._token = self._fetch()
            return self._token[0]

    def _fetch(self) -> tuple[str, float]:
        own = self.settings
        form = {"grant_type": "client_credentials", **({"scope": own.scope} if own.scope else {})}
        address = own.token_url or ""
        with walled_client(address, self.private, CONNECT_SECONDS, self.seconds) as client:
            try:
                answer = client.post(address, data=form, auth=(own.client_id or "", own.client_secret or ""))
                found: Any = answer.json() if answer.status_code == 200 else None
            except (httpx.HTTPError, ValueError):
                raise _NoTokenError from None
        if not isinstance(found, dict) or not isinstance(found.get("access_token"), str):
            raise _NoTokenError
        life = found.get("expires_in")
        seconds = life if isinstance(life, int) and 0 < life < 86_400 else USUAL_LIFE
        return found["access_token"], monotonic() + max(0, seconds - MARGIN)


def _is_object(body: bytes) -> bool:
    """Say whether a body may be a JSON object: text in UTF-8 that begins like one."""
    try:
        return body.decode("utf-8-sig").lstrip().startswith("{")
    except UnicodeDecodeError:
        return False


def _seconds(answer: httpx.Response) -> int | None:
    text = answer.headers.get("Retry-After", "")
    return int(text) if text.isdecimal() and len(text) < 7 else None
