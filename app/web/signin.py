"""Sign-in: Flask-Security over our own tables, sessions kept on the server, lockout counted in the database."""

from typing import Any
from uuid import UUID

from flask import Flask, current_app, g
from flask_login import user_logged_out
from flask_security import LoginForm, RoleMixin, Security, UserMixin
from flask_security.datastore import UserDatastore
from flask_security.utils import validate_redirect_url
from wtforms import StringField
from wtforms.validators import InputRequired

from app.platform.caller import Caller
from app.platform.db import db
from app.practice.actions import signing_in as actions
from app.practice.facts.staff import Staff, StaffSession
from app.practice.rules.sessions import session_ended
from app.practice.store import sessions as store
from app.web.guard import clock_of, keys_of
from app.web.standing import standing_of
from config import Settings

REFUSED = (
    "The e-mail address and the password do not belong together, or sign-in is locked for a while after repeated "
    "failures. Check both; after five failures wait 15 minutes, or ask an administrator for a new password."
)


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
        try:
            session_id = UUID(hex=wanted["fs_uniquifier"])
        except (KeyError, ValueError):
            return None
        found = store.signed_in(db.session(), session_id)
        if found is None or session_ended(found[1], clock_of(current_app).now()):
            return None
        return SignedIn(*found)

    def commit(self) -> None:
        """Do nothing: every action of ours is its own transaction."""


class SignInForm(LoginForm):
    """Address and password. One sentence for every refusal, so that nobody learns who exists."""

    email = StringField(validators=[InputRequired()])
    remember = None

    def __init__(self, *given: Any, **named: Any) -> None:
        super().__init__(*given, **named)
        if not validate_redirect_url(self.next.data):  # a foreign address is dropped: sign-in leads to our pages only
            self.next.data = ""

    def validate(self, **kwargs: Any) -> bool:
        """Check the password, count a failure, and begin the session."""
        if not super(LoginForm, self).validate(**kwargs):
            return False
        self.ifield = self.email
        session, clock = db.session(), clock_of(current_app)
        staff = actions.check_password(session, clock, self.email.data or "", self.password.data or "")
        if staff is None:
            self.form_errors.append(REFUSED)
            return False
        caller = Caller(session, staff.practice_id, clock, staff.id, via="web")
        begun = actions.begin_session(caller, staff.id)
        standing_of(current_app).of(session, staff.practice_id, clock.now())  # known before the first page asks
        self.user = People().find_user(fs_uniquifier=begun.hex)
        return self.user is not None


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
        SECURITY_LOGIN_USER_TEMPLATE="web/sign_in.html",
        SECURITY_SEND_REGISTER_EMAIL=False,
        SECURITY_FLASH_MESSAGES=False,
        SECURITY_API_ENABLED_METHODS=["session"],
        SECURITY_FRESHNESS_ALLOW_AUTH_TOKEN=False,
    )
    Security(app, People(), login_form=SignInForm)
    user_logged_out.connect(_signed_out, app)


def _signed_out(_app: Flask, user: Any = None) -> None:
    if hasattr(g, "session_id"):
        actions.end_session(g.caller, g.session_id)
