"""Where a request came from: the network address of whoever sent it, which nobody can choose for himself.

Without a proxy it is the other end of the connection. Behind one it is what that proxy wrote down, and only where the
connection comes from a proxy that TRUSTED_PROXIES names. Every proxy adds the address that it saw at the right end of
X-Forwarded-For, so that the list is read from there: what a client wrote itself stands further left and is never
reached. `Forwarded` (RFC 7239) is not read: a proxy that writes one of the two hands the other on as it came.
"""

from collections.abc import Iterable
from ipaddress import IPv4Address, IPv6Address, ip_address
from typing import Any

from flask import Flask, current_app, request

from config import UNIX_SOCKET, Network, Settings

Address = IPv4Address | IPv6Address
LONGEST_LIST = 20  # addresses of one request that are looked at


def trust_proxies(app: Flask, settings: Settings) -> None:
    """Take the word of the named proxies on addresses, and nobody's on the scheme: in production it is https."""
    app.extensions["cleared_proxies"] = settings.proxies
    if settings.production:
        app.wsgi_app = PinnedScheme(app.wsgi_app, "https")  # type: ignore[assignment,method-assign]


def source_address() -> str | None:
    """Give the address that this request came from, written the one way that addresses have (`2001:db8::1`).

    None where there is no address: a socket of this machine whose proxy is not named.
    """
    return source_of(
        request.environ.get("REMOTE_ADDR") or "",
        request.headers.get("X-Forwarded-For", ""),
        current_app.extensions["cleared_proxies"],
    )


def source_of(peer: str, forwarded: str, proxies: Iterable[Network]) -> str | None:
    """Give the address nearest to us that is no proxy of ours.

    Takes     the other end of the connection (empty for a socket of this machine); X-Forwarded-For as it came; the
              networks of the proxies that are trusted.
    Returns   the address; that of the proxy itself where it wrote down nothing that can be read.
    """
    trusted = tuple(proxies)
    nearest = read_address(peer)
    if not _is_proxy(nearest, trusted):
        return None if nearest is None else str(nearest)
    for written in reversed(forwarded.split(",")[-LONGEST_LIST:]):
        address = read_address(written)
        if address is None:
            break
        nearest = address
        if not _is_proxy(address, trusted):
            break
    return None if nearest is None else str(nearest)


def read_address(text: str) -> Address | None:
    """Read an address as proxies write it: alone, with a port, or in brackets. None when it is none."""
    text = text.strip().strip('"')
    if text.startswith("["):
        text = text[1:].partition("]")[0]
    elif text.count(":") == 1:
        text = text.partition(":")[0]
    try:
        address = ip_address(text)
    except ValueError:
        return None
    mapped = address.ipv4_mapped if isinstance(address, IPv6Address) else None
    return mapped or address


def _is_proxy(address: Address | None, proxies: tuple[Network, ...]) -> bool:
    """Say whether an address is of a trusted proxy. None, a socket of this machine, is one when named."""
    if address is None:
        return UNIX_SOCKET in proxies
    return any(address in network for network in proxies)


class PinnedScheme:
    """Answers as the address that people type says, http or https, whatever a header says of it."""

    def __init__(self, program: Any, scheme: str) -> None:
        self.program, self.scheme = program, scheme

    def __call__(self, environ: dict[str, Any], start: Any) -> Any:
        """Answer one request."""
        environ["wsgi.url_scheme"] = self.scheme
        return self.program(environ, start)
