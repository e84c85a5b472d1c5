"""The payers' rules: put them in force, and give the compiled book to whoever asks."""

import hashlib
from pathlib import Path
from uuid import UUID

from sqlalchemy.orm import Session

from app.audit.actions import record
from app.platform.caller import Caller
from app.platform.changes import Changed, announce, announced
from app.policies.facts.book import Book
from app.policies.facts.grid import PolicySet
from app.policies.facts.records import InForce, Loaded
from app.policies.files.directory import files_of, hash_of, policies_of
from app.policies.rules.compiling import compile_book
from app.policies.rules.payers import with_aliases
from app.policies.store import rule_sets as store
from app.policies.store.payers import aliases

SHIPPED = Path(__file__).resolve().parent.parent.parent.parent / "payer_policies"
_books: dict[str, Book] = {}
_MOST_BOOKS = 8
_sets: dict[str, PolicySet] = {}
_MOST_SETS = 16


def refresh_rules(caller: Caller, directory: Path | None = None, beside: Path | None = None) -> Loaded:
    """Put the rules of a directory in force, when its files are others than those in force.

    Takes     the caller; a directory, or None for the rules that the program ships; `beside`, a directory of more
              payers (the sample's fictional ones). Where either was named once, the shipped rules do not take their
              place by themselves.
    Returns   the version in force and the payers whose rules changed.
    Raises    PolicyFilesError with every fault; the last good set stays in force.
    """
    current = store.in_force(caller.session, caller.practice_id)
    shipped = directory is None and beside is None
    if shipped and current is not None and not current.shipped:
        return Loaded(current.version, changed=False)
    files = files_of(directory or SHIPPED) | (files_of(beside) if beside is not None else {})
    stamp = hash_of(files)
    if current is not None and current.files == stamp:
        return Loaded(current.version, changed=False)
    policies = policies_of(files)
    content = content_of(policies)
    version = version_of(content)
    before = _stored(caller.session, caller.practice_id, current.version) if current is not None else None
    touched = changed_payers(before, policies)
    with announced(caller) as session:
        entry = InForce(version, stamp, shipped, caller.clock.now())
        store.put_in_force(session, caller.practice_id, content, entry)
        record(caller, "policies.loaded", version=version[:16], payers=len(touched))
        if touched:
            announce(session, Changed(payers=touched))
    return Loaded(version, bool(touched), touched, int(caller.session.info.get("visits_changed", 0)))


def content_of(policies: PolicySet) -> str:
    """A policy set as the JSON text under whose hash it is kept."""
    return policies.model_dump_json(by_alias=True, exclude_unset=True)


def version_of(content: str) -> str:
    """The hash of a rule set's content."""
    return hashlib.sha256(content.encode()).hexdigest()


def changed_payers(before: PolicySet | None, after: PolicySet) -> frozenset[str]:
    """The payers whose answers may differ between two sets; all of them where a common list differs."""
    if before is None:
        return frozenset(after.payers)
    keys = frozenset((*before.payers, *after.payers))
    common = ("grid", "services", "drugs", "scores", "clocks")
    if any(getattr(before, name) != getattr(after, name) for name in common):
        return keys
    return frozenset(key for key in keys if before.payers.get(key) != after.payers.get(key))


def current_book(session: Session, practice_id: UUID) -> Book:
    """The compiled rules in force at a practice; the shipped ones where none were put in force yet.

    Its names hold the practice's own too, where a person matched a name of files with a payer of the library.
    """
    return with_aliases(_in_force(session, practice_id), aliases(session, practice_id))


def _in_force(session: Session, practice_id: UUID) -> Book:
    current = store.in_force(session, practice_id)
    if current is not None:
        return book_of(session, practice_id, current.version)
    files = files_of(SHIPPED)
    stamp = f"shipped:{hash_of(files)}"
    if stamp not in _books:
        policies = policies_of(files)
        _keep(stamp, compile_book(policies, version_of(content_of(policies))))
    return _books[stamp]


def book_of(session: Session, practice_id: UUID, version: str) -> Book:
    """The compiled rules of a version that was ever in force: for replaying a verdict. Raises KeyError for others."""
    if version not in _books:
        policies = _stored(session, practice_id, version)
        if policies is None:
            raise KeyError(f"no rule set {version} was ever in force here")
        _keep(version, compile_book(policies, version))
    return _books[version]


def current_policies(session: Session, practice_id: UUID) -> PolicySet:
    """The rule set in force at a practice as its files say it; the shipped one where none was put in force yet."""
    current = store.in_force(session, practice_id)
    if current is not None:
        found = policies_of_version(session, practice_id, current.version)
        assert found is not None
        return found
    files = files_of(SHIPPED)
    stamp = f"shipped:{hash_of(files)}"
    if stamp not in _sets:
        _keep_set(stamp, policies_of(files))
    return _sets[stamp]


def policies_of_version(session: Session, practice_id: UUID, version: str) -> PolicySet | None:
    """A rule set that was ever in force at a practice, as its files say it; None for any other."""
    if version not in _sets:
        found = _stored(session, practice_id, version)
        if found is None:
            return None
        _keep_set(version, found)
    return _sets[version]


def _keep_set(key: str, policies: PolicySet) -> None:
    while len(_sets) >= _MOST_SETS:
        _sets.pop(next(iter(_sets)))
    _sets[key] = policies


def _keep(key: str, book: Book) -> None:
    while len(_books) >= _MOST_BOOKS:
        _books.pop(next(iter(_books)))
    _books[key] = book


def _stored(session: Session, practice_id: UUID, version: str) -> PolicySet | None:
    content = store.rule_set(session, practice_id, version)
    return PolicySet.model_validate_json(content) if content is not None else None
