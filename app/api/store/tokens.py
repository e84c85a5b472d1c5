"""Tokens: the only queries over them."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import case, select, update
from sqlalchemy.orm import Session

from app.api.facts.tokens import ApiScope, Token
from app.api.models import ApiTokenRow, ApiTokenSightRow
from app.api.rules.tokens import minute_of
from app.platform.wall import finds_practice

_T = ApiTokenRow
_SCOPES = frozenset(scope.value for scope in ApiScope)


@finds_practice
def token_by_digest(session: Session, digest: bytes) -> Token | None:
    """Find a token by the hash of its secret: it finds the practice itself."""
    row = session.scalars(select(_T).where(_T.digest == digest).execution_options(populate_existing=True)).one_or_none()
    return None if row is None else _tokens(session, row.practice_id, [row])[0]


def tokens_of(session: Session, practice_id: UUID) -> tuple[Token, ...]:
    """List the tokens of a practice by name, those that open nothing any more among them."""
    rows = session.scalars(select(_T).where(_T.practice_id == practice_id).order_by(_T.name)).all()
    return _tokens(session, practice_id, rows)


def name_is_taken(session: Session, practice_id: UUID, name: str) -> bool:
    """Say whether a token of this name is or was on file."""
    return session.scalar(select(_T.id).where(_T.practice_id == practice_id, _T.name == name)) is not None


def add_token(session: Session, practice_id: UUID, token: Token, digest: bytes) -> None:
    """Add a token."""
    session.add(
        ApiTokenRow(
            practice_id=practice_id,
            id=token.id,
            name=token.name,
            digest=digest,
            scopes=sorted(token.scopes),
            all_sites=token.sites is None,
            per_minute=token.per_minute,
            made_at=token.made_at,
            made_by=token.made_by,
            expires_at=token.expires_at,
            last_used_at=None,
            revoked_at=None,
            counted_in=None,
            counted=0,
        )
    )
    session.flush()
    for site_id in sorted(token.sites or ()):
        session.add(ApiTokenSightRow(practice_id=practice_id, token_id=token.id, site_id=site_id))
    session.flush()


def revoke_token(session: Session, practice_id: UUID, token_id: UUID, now: datetime) -> bool:
    """Let a token open nothing from now on. Returns False when it was revoked before, or is not there."""
    mine = (_T.practice_id == practice_id, _T.id == token_id, _T.revoked_at.is_(None))
    return session.scalar(update(_T).where(*mine).values(revoked_at=now).returning(_T.id)) is not None


def count_use(session: Session, practice_id: UUID, token_id: UUID, now: datetime) -> int:
    """Count one request in one statement, so that the count holds over all web workers.

    Returns   how many requests were made in the minute of `now`, this one included.
    """
    minute = minute_of(now)
    counted = case((_T.counted_in == minute, _T.counted + 1), else_=1)
    mine = (_T.practice_id == practice_id, _T.id == token_id)
    statement = update(_T).where(*mine).values(counted=counted, counted_in=minute, last_used_at=now)
    return session.scalar(statement.returning(_T.counted).execution_options(synchronize_session=False)) or 0


def _tokens(session: Session, practice_id: UUID, rows: Sequence[ApiTokenRow]) -> tuple[Token, ...]:
    seen = select(ApiTokenSightRow.token_id, ApiTokenSightRow.site_id).where(
        ApiTokenSightRow.practice_id == practice_id, ApiTokenSightRow.token_id.in_([row.id for row in rows])
    )
    sites: dict[UUID, set[UUID]] = {}
    for token_id, site_id in session.execute(seen):
        sites.setdefault(token_id, set()).add(site_id)
    return tuple(
        Token(
            row.id,
            row.practice_id,
            row.name,
            frozenset(ApiScope(scope) for scope in row.scopes if scope in _SCOPES),
            None if row.all_sites else frozenset(sites.get(row.id, ())),
            row.per_minute,
            row.made_at,
            row.made_by,
            row.expires_at,
            row.last_used_at,
            row.revoked_at,
        )
        for row in rows
    )
