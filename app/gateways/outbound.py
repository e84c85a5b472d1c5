"""The one wall to the outside: which hosts may be called, and at which addresses.

Only a host that the settings name is called, at the port that they name. Its name is looked up once for a connection,
every address that comes back is judged, and the connection is made to an address that was judged: who answers a second
look-up otherwise (DNS rebinding) changes nothing. Addresses inside a network (private, loopback, link-local, shared)
are called only where the settings name them: as the host itself, or in OUTBOUND_PRIVATE. The addresses at which cloud
machines tell their secrets are never called. TLS still checks the certificate against the name.

A forward proxy that the surroundings name (HTTPS_PROXY) is called in place of the host; it looks the name up itself.
"""

import socket
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network
from typing import Any

Address = IPv4Address | IPv6Address
Network = IPv4Network | IPv6Network

SECRETS = tuple(
    ip_network(network)
    for network in ("169.254.0.0/16", "fe80::/10", "fd00:ec2::/32", "100.100.100.200/32", "192.0.0.192/32")
)
"""Where clouds answer every program on a machine with that machine's own credentials, and the whole local link."""
CARRIERS = (ip_network("64:ff9b::/96"), ip_network("2002::/16"))
"""Addresses that carry an IPv4 address inside (RFC 6052, RFC 3056); what they lead to is judged."""


class NotNamedError(OSError):
    """A host or an address that the settings do not name. It is an OSError: nothing was sent."""


@dataclass(frozen=True)
class Outbound:
    """Which hosts may be called. `hosts`: name in small letters and port; `private`: networks inside that are named."""

    hosts: frozenset[tuple[str, int]]
    private: tuple[Network, ...] = ()
    look_up: Callable[..., Iterable[Any]] = socket.getaddrinfo

    def addresses(self, host: str, port: int) -> list[str]:
        """Give the addresses at which a host may be called, in the order of the look-up.

        Raises    NotNamedError when the host is not named or an address of it may not be called: one bad address
                  among good ones spoils all. OSError (gaierror) when the name has none.
        """
        name = host.lower().rstrip(".").strip("[]")
        if (name, port) not in self.hosts:
            raise NotNamedError("the settings do not name this host")
        found = [str(entry[4][0]) for entry in self.look_up(name, port, type=socket.SOCK_STREAM)]
        if not all(self._may_be(name, ip_address(one.partition("%")[0])) for one in found):
            raise NotNamedError("the name leads to an address that the settings do not name")
        return found

    def connect(self, host: str, port: int, seconds: float | None, options: Iterable[Any] = ()) -> socket.socket:
        """Connect to a host at an address that was judged. Raises OSError, like `socket.create_connection`."""
        last: OSError = OSError("the name has no address")
        for address in self.addresses(host, port):
            try:
                made = socket.create_connection((address, port), seconds)
            except OSError as error:
                last = error
                continue
            for option in options:
                made.setsockopt(*option)
            return made
        raise last

    def _may_be(self, host: str, address: Address) -> bool:
        real = inner(address)
        if any(real in network for network in SECRETS) or real.is_multicast or real.is_unspecified:
            return False
        if real.is_global and not real.is_reserved:
            return True
        if host == "localhost":
            return real.is_loopback
        return host == str(real) or host == str(address) or any(real in network for network in self.private)


def inner(address: Address) -> Address:
    """Give the IPv4 address that an IPv6 address carries, or the address itself."""
    if not isinstance(address, IPv6Address):
        return address
    if address.ipv4_mapped is not None:
        return address.ipv4_mapped
    if address.sixtofour is not None:
        return address.sixtofour
    return IPv4Address(int(address) & 0xFFFFFFFF) if address in CARRIERS[0] else address
