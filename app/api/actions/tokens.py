"""Make, list and revoke tokens, and let one in."""

import secrets
from collections.abc import Collection
from datetime import datetime
from uuid import UUID

from sqlalchemy.orm import Session

from app.api.facts.tokens import ApiScope, Rate, Token
from app.api.rules.tokens import SECRET_BYTES, digest_of, is_secret, opens, rate_of, secret_of
from app.api.store import tokens as store
from app.audit.actions import record
from app.platform.caller import Caller
from app.platform.db import writing
from app.platform.ids import new_id
from app.platform.wall import of_practice


class NameTakenError(Exception):
    """A token of this name is or was on file; the audit log calls it by the name, so that it is not given twice."""


class TokenNotFoundError(Exception):
    """The practice has no such token that opens anything."""


def make_token(
    caller: Caller,
    name: str,
    scopes: Collection[ApiScope],
    sites: Collection[UUID] | None,
    expires_at: datetime,
    per_minute: int,
    token_id: UUID | None = None,
) -> tuple[Token, str]:
    """Make a token.

    Takes     values as forms/tokens.py checked them; sites None: all; the id that a form carries.
    Returns   the token and its secret, which is stored nowhere and can be shown this once only.
    Raises    NameTakenError.
    """
    secret = secret_of(secrets.token_bytes(SECRET_BYTES))
    seen = None if sites is None else frozenset(sites)
    token = Token(
        token_id or new_id(),
        caller.practice_id,
        name,
        frozenset(scopes),
        seen,
        per_minute,
        caller.clock.now(),
        caller.user_id,
        expires_at,
    )
    with writing(caller.session) as session:
        if store.name_is_taken(session, caller.practice_id, name):
            raise NameTakenError
        store.add_token(session, caller.practice_id, token, digest_of(secret))
        record(caller, "api.token_made", (token.id, *sorted(seen or ())), scopes=len(token.scopes))
    return token, secret


def tokens_of(caller: Caller) -> tuple[Token, ...]:
    """List the tokens of the practice by name."""
    return store.tokens_of(caller.session, caller.practice_id)


def revoke_token(caller: Caller, token_id: UUID) -> Token:
    """Let a token open nothing from now on. Raises TokenNotFoundError; revoked before, it does nothing more."""
    with writing(caller.session) as session:
        found = next((one for one in store.tokens_of(session, caller.practice_id) if one.id == token_id), None)
        if found is None:
            raise TokenNotFoundError
        if store.revoke_token(session, caller.practice_id, token_id, caller.clock.now()):
            record(caller, "api.token_revoked", (token_id,))
    return found


def use_token(session: Session, secret: str, now: datetime) -> tuple[Token, Rate] | None:
    """Let a request in by its secret, and count it.

    Returns   the token and how it stands in this minute; None when nothing is opened: unknown, revoked or expired.
    """
    found = store.token_by_digest(session, digest_of(secret)) if is_secret(secret) else None
    if found is None or not opens(found, now):
        return None
    of_practice(session, found.practice_id)
    with writing(session):
        counted = store.count_use(session, found.practice_id, found.id, now)
    return found, rate_of(found, counted, now)
