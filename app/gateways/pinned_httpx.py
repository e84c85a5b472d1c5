"""What `httpx` needs to call through the wall (outbound.py): connections made to addresses that were judged."""

import ssl
from collections.abc import Iterable
from typing import Any
from urllib.parse import urlsplit

import httpcore
import httpx

from app.gateways.outbound import Network, Outbound


class _WalledBackend(httpcore.SyncBackend):
    """Connects to a named host at one of the addresses that the wall lets through; TLS checks the name itself."""

    def __init__(self, wall: Outbound) -> None:
        super().__init__()
        self.wall = wall

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[Any] | None = None,
    ) -> httpcore.NetworkStream:
        """Connect. Raises ConnectError for a host or an address that the settings do not name: nothing was sent."""
        try:
            addresses = self.wall.addresses(host, port)
        except OSError as error:
            raise httpcore.ConnectError(type(error).__name__) from None
        last: Exception = httpcore.ConnectError("the name has no address")
        for address in addresses:
            try:
                return super().connect_tcp(address, port, timeout, local_address, socket_options)
            except (httpcore.ConnectError, httpcore.ConnectTimeout) as error:
                last = error
        raise last


class _WalledTransport(httpx.HTTPTransport):
    def __init__(self, wall: Outbound, verify: ssl.SSLContext) -> None:
        super().__init__(verify=verify, trust_env=False)
        self._pool = httpcore.ConnectionPool(ssl_context=verify, network_backend=_WalledBackend(wall))


def walled_client(
    url: str, private: tuple[Network, ...] = (), connect: float = 10.0, read: float = 60.0, verify: Any = None
) -> httpx.Client:
    """Make a client that can call the host of one address and nothing else.

    Takes     the address; networks inside in which its host may lie; seconds for the connection and for each read;
              `verify`: an SSLContext of tests (default: the certificates that httpx trusts).
    Returns   a client that follows no redirect and reads no proxy from the surroundings.
    """
    parts = urlsplit(url)
    port = parts.port or (443 if parts.scheme == "https" else 80)
    wall = Outbound(frozenset({((parts.hostname or "").lower(), port)}), private)
    context = verify if isinstance(verify, ssl.SSLContext) else httpx.create_ssl_context(trust_env=False)
    return httpx.Client(
        transport=_WalledTransport(wall, context),
        timeout=httpx.Timeout(read, connect=connect),
        follow_redirects=False,
        trust_env=False,
    )
