"""Who is signed in: Flask-Security over our own tables, sessions kept on the server under ids that nobody can choose.

Flask-Security keeps the person of a browser and the door of signing out. Signing in has pages of our own
(sign_in_pages.py): its second factors keep what is under way in the cookie, count no tries, and take a code of an app
as often as it comes within its minute.
"""

import hashlib
import secrets
from typing import Any
from urllib.parse import urlsplit
from uuid import UUID

from flask import Flask, after_this_request, current_app, g, request
from flask import session as cookie
from flask_login import user_logged_out
from flask_security import RoleMixin, Security, UserMixin
from flask_security.datastore import UserDatastore
from flask_security.utils import login_user, validate_redirect_url
from werkzeug.wrappers import Response

from app.platform.db import db
from app.practice.actions import signing_in as actions
from app.practice.actions.signing_in import Browser
from app.practice.actions.throttling import Origin
from app.practice.facts.staff import Staff, StaffSession
from app.practice.rules.browsers import browser_words
from app.practice.rules.passkeys import Place
from app.practice.rules.sessions import session_ended
from app.practice.rules.throttle import KNOWN_LASTS
from app.practice.store import sessions as store
from app.web.guard import clock_of, keys_of
from app.web.source import source_address
from config import Settings

PLACE = "cleared_passkey_place"
KNOWN = "KNOWN_BROWSER_COOKIE_NAME"
LONGEST_TOKEN = 100


class SignedIn(UserMixin):
    """A person in one browser. Flask-Security knows it by the id of the session on the server."""

    fs_uniquifier: str = ""

    def __init__(self, staff: Staff, session: StaffSession) -> None:
        self.staff, self.session = staff, session
        self.id: Any = staff.id
        self.email, self.active = staff.email, staff.active
        self.fs_uniquifier = session.id.hex
        self.roles: list[Any] = []

    def verify_auth_token(self, data: Any) -> bool:
        """Refuse: we give out no tokens."""
        return False


class People(UserDatastore):
    """Finds whoever is signed in. Flask-Security neither makes nor changes people here."""

    def __init__(self) -> None:
        super().__init__(SignedIn, RoleMixin)

    def find_user(self, case_insensitive: bool = False, **wanted: Any) -> SignedIn | None:
        """Find the person of a session, unless the session has ended."""
        session_id = read_id(wanted.get("fs_uniquifier"))
        found = None if session_id is None else store.signed_in(db.session(), session_id)
        if found is None or session_ended(found[1], clock_of(current_app).now()):
            return None
        return SignedIn(*found)

    def commit(self) -> None:
        """Do nothing: every action of ours is its own transaction."""


def set_up_sign_in(app: Flask, settings: Settings) -> None:
    """Put Flask-Security on the app, with every door but sign-in and sign-out shut."""
    secure = settings.base_url.startswith("https:")
    app.config.update(
        SECRET_KEY=keys_of(app).cookie,
        SESSION_COOKIE_NAME="__Host-cleared" if secure else "cleared",
        SESSION_COOKIE_SECURE=secure,
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Lax",
        SESSION_REFRESH_EACH_REQUEST=False,
        SECURITY_PASSWORD_SALT=keys_of(app).cookie.hex(),
        SECURITY_PASSWORD_HASH="argon2",  # noqa: S106  the name of a method
        SECURITY_LOGIN_URL="/sign-in",
        SECURITY_LOGOUT_URL="/sign-out",
        SECURITY_LOGOUT_METHODS=["POST"],
        SECURITY_POST_LOGIN_VIEW="/",
        SECURITY_POST_LOGOUT_VIEW="/sign-in",
        SECURITY_SEND_REGISTER_EMAIL=False,
        SECURITY_FLASH_MESSAGES=False,
        SECURITY_API_ENABLED_METHODS=["session"],
        SECURITY_FRESHNESS_ALLOW_AUTH_TOKEN=False,
    )
    app.config[KNOWN] = "__Host-cleared-known" if secure else "cleared-known"
    app.extensions[PLACE] = Place(str(urlsplit(settings.base_url).hostname), settings.base_url)
    Security(app, People())
    user_logged_out.connect(_signed_out, app)


def passkey_place() -> Place:
    """Where passkeys hold: the host and the address that people type."""
    place = current_app.extensions[PLACE]
    assert isinstance(place, Place)
    return place


def enter(session_id: UUID) -> None:
    """Let a browser be signed in with a session that has begun; nothing of before stays in its cookie."""
    cookie.clear()
    user = People().find_user(fs_uniquifier=session_id.hex)
    if user is not None:
        login_user(user)


def go_on_as(session_id: UUID) -> None:
    """Let a browser go on under the new id of its session."""
    cookie["_user_id"] = session_id.hex
    g.session_id = session_id


def own_address(text: str) -> str:
    """Give back an address of this program that somebody named to be led to; empty for any other."""
    local = text.startswith("/") and not text.startswith("//") and "\\" not in text
    return text if local and validate_redirect_url(text) else ""


def read_id(text: Any) -> UUID | None:
    """Read an id that the cookie holds; None when it is none."""
    try:
        return UUID(hex=str(text))
    except ValueError:
        return None


def origin_here() -> Origin:
    """Where this attempt to sign in comes from."""
    token = _known_token()
    return Origin(source_address(), _hash_of(token) if token else b"")


def browser_here() -> Browser:
    """Name this browser, and give it the cookie by which it is known from now on."""
    token = _known_token() or secrets.token_urlsafe(32)

    @after_this_request
    def know(response: Response) -> Response:
        response.set_cookie(
            current_app.config[KNOWN],
            token,
            max_age=KNOWN_LASTS,
            secure=bool(current_app.config["SESSION_COOKIE_SECURE"]),
            httponly=True,
            samesite="Lax",
        )
        return response

    return Browser(browser_words(request.user_agent.string), _hash_of(token))


def _known_token() -> str:
    return request.cookies.get(current_app.config[KNOWN], "")[:LONGEST_TOKEN]


def _hash_of(token: str) -> bytes:
    return hashlib.sha256(token.encode()).digest()


def _signed_out(_app: Flask, user: Any = None) -> None:
    if hasattr(g, "session_id"):
        actions.end_session(g.caller, g.session_id)
