"""What the web server (gunicorn) asks of us: `--config python:app.web.server`."""

from typing import Any

from flask import Flask

from app.web.watchdog import begin_watching


def post_worker_init(worker: Any) -> None:
    """Begin to watch in each worker, once it has been forked."""
    program = worker.wsgi
    assert isinstance(program, Flask)
    begin_watching(program)
