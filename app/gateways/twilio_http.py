"""The HTTP client under Twilio's: time-outs always, no log of what is sent, safe for several sends at a time.

The package's own client keeps the last answer on itself and returns it from there, so that of two threads one may get
the other's answer. Ours keeps nothing.
"""

import threading
from collections.abc import Iterable
from time import monotonic
from typing import Any
from urllib.parse import urlsplit

from requests import PreparedRequest, ReadTimeout, Request, Session
from requests import Response as Received
from requests.utils import get_environ_proxies
from twilio.http import HttpClient
from twilio.http.response import Response

from app.gateways.outbound import Network, Outbound
from app.gateways.pinned_http import WalledAdapter

CONNECT_SECONDS = 5.0
READ_SECONDS = 15.0
TWILIO = "https://api.twilio.com"
CONNECTIONS = 16
LARGEST_ANSWER = 4 * 1024 * 1024
PIECE = 16 * 1024


class QuietHttpClient(HttpClient):  # type: ignore[misc]
    """Sends each request once, through the wall. `base`: another address in place of Twilio's, for this machine."""

    def __init__(
        self, base: str | None = None, read_seconds: float = READ_SECONDS, private: tuple[Network, ...] = ()
    ) -> None:
        """Open a session whose connections are kept. `private`: networks inside that the settings name."""
        super().__init__(None, False, read_seconds)
        self.base = (base or TWILIO).rstrip("/")
        self.timeouts = (CONNECT_SECONDS, read_seconds)
        self.session = Session()
        self.session.proxies.update(get_environ_proxies(self.base))
        wall = Outbound(_hosts([self.base, *self.session.proxies.values()]), private)
        for scheme in ("https://", "http://"):
            self.session.mount(scheme, WalledAdapter(wall, CONNECTIONS))
        self.verify = self.session.merge_environment_settings(self.base, {}, None, None, None)["verify"]
        self.session.trust_env = False  # the surroundings were read once, here
        self.local = threading.local()

    @property
    def retry_after(self) -> int | None:
        """After how many seconds the last answer in this thread asked to try again."""
        return getattr(self.local, "retry_after", None)

    def request(
        self,
        method: str,
        url: str,
        params: dict[str, object] | None = None,
        data: dict[str, object] | None = None,
        headers: dict[str, str] | None = None,
        auth: tuple[str, str] | None = None,
        timeout: float | None = None,
        allow_redirects: bool = False,
    ) -> Response:
        """Send one request, once. Raises what `requests` raises; follows no redirect."""
        self.local.retry_after = None
        if url.startswith(TWILIO):
            url = self.base + url.removeprefix(TWILIO)
        asked: Any = params
        request = Request(method.upper(), url, params=asked, data=data, headers=headers, auth=auth)
        prepared: PreparedRequest = self.session.prepare_request(request)
        answer = self.session.send(
            prepared, timeout=self.timeouts, allow_redirects=False, verify=self.verify, stream=True
        )
        text = _text(answer, 2 * self.timeouts[1])
        self.local.retry_after = _seconds(answer.headers.get("Retry-After"))
        return Response(int(answer.status_code), text, answer.headers)

    def log_request(self, kwargs: dict[str, Any]) -> None:
        """Write nothing down: a request holds a number and a text."""

    def log_response(self, status_code: int, response: Any) -> None:
        """Write nothing down."""


def _text(answer: Received, seconds: float) -> str:
    """Read an answer within a time and a size. Raises ReadTimeout when it drips on, or never ends."""
    until, content = monotonic() + seconds, b""
    with answer:
        for piece in answer.iter_content(PIECE):
            content += piece
            if len(content) > LARGEST_ANSWER or monotonic() > until:
                raise ReadTimeout("the answer does not end")
    return content.decode(answer.encoding or "utf-8", "replace")


def _hosts(addresses: Iterable[str]) -> frozenset[tuple[str, int]]:
    """The hosts and ports of addresses."""
    parts = [urlsplit(address if "://" in address else f"http://{address}") for address in addresses]
    return frozenset(
        ((one.hostname or "").lower(), one.port or (443 if one.scheme == "https" else 80)) for one in parts
    )


def _seconds(text: str | None) -> int | None:
    return int(text) if text is not None and text.isdecimal() and len(text) < 7 else None
