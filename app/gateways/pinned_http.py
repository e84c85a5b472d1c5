"""What `requests` needs to call through the wall (outbound.py): connections made to addresses that were judged."""

import socket
from functools import partial
from typing import Any
from urllib.parse import urlsplit

from requests import PreparedRequest, Response
from requests.adapters import HTTPAdapter
from requests.exceptions import ConnectionError as ConnectionFailed
from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.connectionpool import HTTPConnectionPool, HTTPSConnectionPool
from urllib3.exceptions import ConnectTimeoutError, NameResolutionError, NewConnectionError
from urllib3.poolmanager import PoolManager, ProxyManager

from app.gateways.outbound import NotNamedError, Outbound


def _connect(connection: Any) -> socket.socket:
    """Make the connection of urllib3 through the wall; its errors stay those of urllib3."""
    seconds = connection.timeout if isinstance(connection.timeout, int | float) else None
    try:
        made: socket.socket = connection.wall.connect(
            connection._dns_host, connection.port, seconds, connection.socket_options or ()
        )
        return made
    except socket.gaierror as error:
        raise NameResolutionError(connection.host, connection, error) from None
    except TimeoutError:
        raise ConnectTimeoutError(connection, "no connection in time") from None
    except OSError as error:
        raise NewConnectionError(connection, type(error).__name__) from None


class WalledHTTPConnection(HTTPConnection):
    """A connection in the clear: to this machine only, as the settings hold."""

    def __init__(self, *given: Any, wall: Outbound, **named: Any) -> None:
        super().__init__(*given, **named)
        self.wall = wall

    def _new_conn(self) -> socket.socket:
        return _connect(self)


class WalledHTTPSConnection(HTTPSConnection):
    """An encrypted connection; the certificate is checked against the name, not the address."""

    def __init__(self, *given: Any, wall: Outbound, **named: Any) -> None:
        super().__init__(*given, **named)
        self.wall = wall

    def _new_conn(self) -> socket.socket:
        return _connect(self)


class WalledHTTPPool(HTTPConnectionPool):
    """Connections in the clear to one host."""

    ConnectionCls = WalledHTTPConnection


class WalledHTTPSPool(HTTPSConnectionPool):
    """Encrypted connections to one host."""

    ConnectionCls = WalledHTTPSConnection


class WalledAdapter(HTTPAdapter):
    """Sends through the wall. A host that is not named is refused before anything else, also behind a proxy."""

    def __init__(self, wall: Outbound, connections: int) -> None:
        self.wall = wall
        super().__init__(pool_maxsize=connections, max_retries=0)

    def init_poolmanager(self, *given: Any, **named: Any) -> None:
        """Make the pools; they connect through the wall."""
        super().init_poolmanager(*given, **named)
        self._through_the_wall(self.poolmanager)

    def proxy_manager_for(self, proxy: str, **named: Any) -> ProxyManager:
        """Make the pools behind a forward proxy, which is itself called through the wall."""
        manager: ProxyManager = super().proxy_manager_for(proxy, **named)
        self._through_the_wall(manager)
        return manager

    def send(self, request: PreparedRequest, *given: Any, **named: Any) -> Response:
        """Send one request to a host that is named. Raises ConnectionError for any other."""
        address = urlsplit(request.url or "")
        port = address.port or (443 if address.scheme == "https" else 80)
        if ((address.hostname or "").lower(), port) not in self.wall.hosts:
            raise ConnectionFailed(NotNamedError("the settings do not name this host"))
        return super().send(request, *given, **named)

    def _through_the_wall(self, manager: PoolManager) -> None:
        pools: dict[str, Any] = {
            "http": partial(WalledHTTPPool, wall=self.wall),
            "https": partial(WalledHTTPSPool, wall=self.wall),
        }
        manager.pool_classes_by_scheme = pools
