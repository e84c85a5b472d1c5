"""What the web server (gunicorn) asks of us: `--config python:app.web.server`. `--bind` alone stands on its line.

The program is put together once and then forked (`preload_app`); it holds no connection at that moment. Two workers of
four threads: a practice's whole staff, on two cores.
"""

import os
from typing import Any

from flask import Flask
from gunicorn.glogging import Logger
from gunicorn.http.wsgi import Response

from app.platform.logs import PackageFormatter, set_up_logs
from app.web.watchdog import begin_watching

workers, threads, preload_app = 2, 4, True
worker_class = "gthread"
timeout, graceful_timeout, keepalive = 60, 5, 5
loglevel, accesslog, errorlog = "warning", None, "-"

limit_request_line, limit_request_fields, limit_request_field_size = 8190, 60, 8190
header_map = "drop"  # a header with an underscore could pass for another
forwarder_headers = ""  # no proxy may move us to another path,
forwarded_allow_ips = ""  # nor tell us another scheme: PUBLIC_BASE_URL says it, and source.py reads addresses
secure_scheme_headers: dict[str, str] = {}
proxy_protocol = False
control_socket_disable = True  # it would lie in the home folder
umask = 0o007 if os.environ.get("APP_ENV") == "production" else 0o077  # the proxy's group reaches the socket


class QuietLogger(Logger):  # type: ignore[misc]
    """No line for a request, and no word of what a request held."""

    def setup(self, cfg: Any) -> None:
        """Write gunicorn's own lines as those of the program."""
        super().setup(cfg)
        set_up_logs()
        for handler in self.error_log.handlers:
            handler.setFormatter(PackageFormatter())

    def access(self, resp: Any, req: Any, environ: Any, request_time: Any) -> None:
        """Write nothing: an address may hold what a person looked for."""


logger_class = QuietLogger


def post_worker_init(worker: Any) -> None:
    """Begin to watch in each worker, once it has been forked."""
    program = worker.wsgi
    assert isinstance(program, Flask)
    begin_watching(program)


_headers_of_gunicorn = Response.default_headers


def _without_its_name(self: Any) -> list[str]:
    """The headers that gunicorn adds, but for the one that names it."""
    return [line for line in _headers_of_gunicorn(self) if not line.startswith("Server:")]


Response.default_headers = _without_its_name
