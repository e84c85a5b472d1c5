"""The doors for the provider of texts: reports of our messages, and texts that people write. Signed, or shut.

An answer never says more than its status: 403 to whoever did not sign, 204 to the rest, whatever it changed.
"""

from urllib.parse import quote

from flask import Blueprint, current_app, request
from sqlalchemy.orm import Session
from werkzeug.exceptions import RequestEntityTooLarge
from werkzeug.wrappers import Response

from app.alerts.actions.hearing import hear_report, hear_text
from app.gateways.facts import Gateways
from app.platform.clock import Clock
from app.platform.db import db

webhook_pages = Blueprint("webhook_pages", __name__, url_prefix="/hooks/sms")

LARGEST_BODY = 16 * 1024
MOST_FIELDS = 100
SIGNATURE = "X-Twilio-Signature"


@webhook_pages.post("/status/<reference>")
def report(reference: str) -> Response:
    """Take in what the provider reports of one of our texts."""
    form = _signed_form()
    if form is None:
        return Response(status=403)
    told = (form.get(name, "") for name in ("MessageSid", "MessageStatus", "ErrorCode", "To"))
    hear_report(_session(), _clock(), reference, *told)
    return Response(status=204)


@webhook_pages.post("/in")
def take_in() -> Response:
    """Take in a text that someone wrote to our number."""
    form = _signed_form()
    if form is None:
        return Response(status=403)
    hear_text(_session(), _clock(), *(form.get(name, "") for name in ("MessageSid", "From", "To", "Body")))
    return Response(status=204)


def _signed_form() -> dict[str, str] | None:
    """The form of this request, when the provider signed it for the address that is ours to the world."""
    gateways: Gateways = current_app.extensions["cleared_gateways"]
    signature = request.headers.get(SIGNATURE, "")
    request.max_content_length = request.max_form_memory_size = LARGEST_BODY
    request.max_form_parts = MOST_FIELDS
    if gateways.sms is None or not signature or request.mimetype != "application/x-www-form-urlencoded":
        return None
    try:
        every = {name: request.form.getlist(name) for name in request.form}
    except RequestEntityTooLarge:
        return None
    query = request.query_string.decode("ascii", "replace")
    address = gateways.base_url + quote(request.path) + (f"?{query}" if query else "")
    if not gateways.sms.signed(address, every, signature):
        return None
    return {name: values[0] for name, values in every.items()}


def _session() -> Session:
    return db.session()


def _clock() -> Clock:
    clock: Clock = current_app.extensions["cleared_clock"]
    return clock
