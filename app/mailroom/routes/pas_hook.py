"""The door for payers' systems: what became of a request that was pended (FHIR Subscription, rest-hook).

Whoever calls proves itself by the secret of its system, as `Authorization: Bearer ...`; an answer never says more than
its status: 401 to whoever did not, 415 for what is no JSON, 413 for too much, 429 for too often, 202 to the rest.
"""

from collections import defaultdict, deque
from datetime import datetime, timedelta
from threading import Lock

from flask import Blueprint, current_app, request
from werkzeug.exceptions import RequestEntityTooLarge
from werkzeug.wrappers import Response

from app.gateways.facts import Gateways
from app.mailroom.actions.pas import hear_notification
from app.platform.clock import Clock
from app.platform.db import db

pas_hook_pages = Blueprint("pas_hook_pages", __name__, url_prefix="/hooks/pas")

LARGEST_BODY = 8 * 1024 * 1024
MOST_A_MINUTE = 120
MINUTE = timedelta(minutes=1)
JSON_TYPES = frozenset({"application/json", "application/fhir+json"})
_SCHEME = "Bearer "


class Pace:
    """How often each system told us something within a minute, in this process."""

    def __init__(self, most: int) -> None:
        self.most, self._lock = most, Lock()
        self._told: dict[str, deque[datetime]] = defaultdict(deque)

    def allows(self, system: str, now: datetime) -> bool:
        """Count one more, unless there were too many within the last minute."""
        with self._lock:
            told = self._told[system]
            while told and now - told[0] >= MINUTE:
                told.popleft()
            if len(told) >= self.most:
                return False
            told.append(now)
            return True


PACE = Pace(MOST_A_MINUTE)


@pas_hook_pages.post("/<system>")
def take(system: str) -> Response:
    """Take in what a payer's system tells."""
    gateways: Gateways = current_app.extensions["cleared_gateways"]
    clock: Clock = current_app.extensions["cleared_clock"]
    own = gateways.pas.get(system)
    proof = request.headers.get("Authorization", "")
    if own is None or not proof.startswith(_SCHEME) or not own.told_by(proof.removeprefix(_SCHEME)):
        return Response(status=401)
    if request.mimetype not in JSON_TYPES:
        return Response(status=415)
    if not PACE.allows(system, clock.now()):
        return Response(status=429, headers={"Retry-After": "60"})
    request.max_content_length = LARGEST_BODY
    try:
        content = request.get_data(cache=False)
    except RequestEntityTooLarge:
        return Response(status=413)
    return Response(status=202 if hear_notification(db.session(), clock, system, content) else 404)
