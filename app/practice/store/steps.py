"""Sign-ins under way, challenges of passkeys, and known browsers: the only queries over them."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import ColumnElement, delete, select, update
from sqlalchemy.orm import Session

from app.platform.wall import finds_practice
from app.practice.facts.factors import Challenge, KnownBrowser, SignInStep
from app.practice.facts.staff import Staff
from app.practice.models.factors import KnownBrowserRow, PasskeyChallengeRow, SignInStepRow
from app.practice.models.practice import PracticeRow
from app.practice.models.staff import StaffRow
from app.practice.store.staff import _staff


@finds_practice
def first_practice_id(session: Session) -> UUID:
    """Find the oldest practice, in whose log the attempts of strangers stand: it finds the practice itself."""
    return session.scalars(select(PracticeRow.id).order_by(PracticeRow.id).limit(1)).one()


def add_step(session: Session, practice_id: UUID, step: SignInStep) -> None:
    """Note that a person has shown the password, and no second factor yet."""
    session.add(
        SignInStepRow(
            id=step.id,
            practice_id=practice_id,
            staff_id=step.staff_id,
            began_at=step.began_at,
            tries=step.tries,
            next_path=step.next_path,
        )
    )
    session.flush()


@finds_practice
def step_under_way(session: Session, step_id: UUID) -> tuple[Staff, SignInStep] | None:
    """Find a sign-in under way and its person: it finds the practice itself."""
    found = session.execute(
        select(StaffRow, SignInStepRow)
        .join(SignInStepRow, SignInStepRow.staff_id == StaffRow.id)
        .where(SignInStepRow.id == step_id)
    ).one_or_none()
    if found is None:
        return None
    staff, row = found
    step = SignInStep(row.id, row.practice_id, row.staff_id, row.began_at, row.tries, row.next_path)
    return _staff(session, staff), step


def count_try(session: Session, practice_id: UUID, step_id: UUID) -> None:
    """Count a code before it is compared."""
    mine = (SignInStepRow.practice_id == practice_id, SignInStepRow.id == step_id)
    session.execute(update(SignInStepRow).where(*mine).values(tries=SignInStepRow.tries + 1))


def end_step(session: Session, practice_id: UUID, step_id: UUID) -> bool:
    """End a sign-in under way. Returns False when it had ended already."""
    mine = (SignInStepRow.practice_id == practice_id, SignInStepRow.id == step_id)
    return session.execute(delete(SignInStepRow).where(*mine).returning(SignInStepRow.id)).one_or_none() is not None


def end_steps_of(session: Session, practice_id: UUID, staff_id: UUID) -> None:
    """End the sign-ins of a person that are under way."""
    mine = (SignInStepRow.practice_id == practice_id, SignInStepRow.staff_id == staff_id)
    session.execute(delete(SignInStepRow).where(*mine))


def end_steps_before(session: Session, practice_id: UUID, began: datetime) -> None:
    """End the sign-ins that began at this instant or before."""
    session.execute(
        delete(SignInStepRow).where(SignInStepRow.practice_id == practice_id, SignInStepRow.began_at <= began)
    )


def add_challenge(session: Session, challenge: Challenge, over: datetime) -> None:
    """Note what a passkey must sign, and forget those made at an instant or before. It belongs to no practice."""
    session.execute(delete(PasskeyChallengeRow).where(PasskeyChallengeRow.made_at <= over))
    session.add(
        PasskeyChallengeRow(
            id=challenge.id,
            purpose=challenge.purpose,
            nonce=challenge.nonce,
            made_at=challenge.made_at,
            whose=challenge.whose,
        )
    )
    session.flush()


def take_challenge(session: Session, challenge_id: UUID) -> Challenge | None:
    """Read and remove what a passkey must sign: it is good once. It belongs to no practice."""
    one = delete(PasskeyChallengeRow).where(PasskeyChallengeRow.id == challenge_id)
    row = session.execute(
        one.returning(
            PasskeyChallengeRow.purpose,
            PasskeyChallengeRow.nonce,
            PasskeyChallengeRow.made_at,
            PasskeyChallengeRow.whose,
        )
    ).one_or_none()
    return None if row is None else Challenge(challenge_id, *row)


def known_browser(session: Session, practice_id: UUID, staff_id: UUID, token_hash: bytes) -> KnownBrowser | None:
    """Find a browser in which a person has signed in before."""
    row = session.scalar(select(KnownBrowserRow).where(*_browser_of(practice_id, staff_id, token_hash)))
    return None if row is None else KnownBrowser(row.id, row.staff_id, row.token_hash, row.made_at, row.used_at)


def know_browser(session: Session, practice_id: UUID, browser: KnownBrowser) -> None:
    """Note that a person has signed in with a browser, new or known."""
    mine = _browser_of(practice_id, browser.staff_id, browser.token_hash)
    known = update(KnownBrowserRow).where(*mine).values(used_at=browser.used_at)
    if session.execute(known.returning(KnownBrowserRow.id)).one_or_none() is None:
        session.add(
            KnownBrowserRow(
                practice_id=practice_id,
                id=browser.id,
                staff_id=browser.staff_id,
                token_hash=browser.token_hash,
                made_at=browser.made_at,
                used_at=browser.used_at,
            )
        )
        session.flush()


def forget_browsers_of(session: Session, practice_id: UUID, staff_id: UUID) -> None:
    """Know no browser of a person any more."""
    mine = (KnownBrowserRow.practice_id == practice_id, KnownBrowserRow.staff_id == staff_id)
    session.execute(delete(KnownBrowserRow).where(*mine))


def forget_browsers_before(session: Session, practice_id: UUID, used: datetime) -> int:
    """Forget the browsers that were last used at this instant or before. Returns how many."""
    old = (KnownBrowserRow.practice_id == practice_id, KnownBrowserRow.used_at <= used)
    return len(session.execute(delete(KnownBrowserRow).where(*old).returning(KnownBrowserRow.id)).all())


def _browser_of(practice_id: UUID, staff_id: UUID, token_hash: bytes) -> tuple[ColumnElement[bool], ...]:
    return (
        KnownBrowserRow.practice_id == practice_id,
        KnownBrowserRow.staff_id == staff_id,
        KnownBrowserRow.token_hash == token_hash,
    )
