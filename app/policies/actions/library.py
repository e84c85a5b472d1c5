"""The payers' rules: put them in force, and give the compiled book to whoever asks."""

import hashlib
from pathlib import Path
from uuid import UUID

from sqlalchemy.orm import Session

from app.audit.actions import record
from app.platform.caller import Caller
from app.platform.changes import Changed, announce, announced
from app.platform.db import writing
from app.platform.ids import new_id
from app.policies.facts.book import Book
from app.policies.facts.grid import PolicySet
from app.policies.facts.proposals import OPEN, Begun, DoneAct, Offered, Origin, Proposal, ProposalAct, Standing
from app.policies.facts.records import InForce, Loaded
from app.policies.files.directory import files_of, hash_of, policies_of
from app.policies.rules.compiling import compile_book
from app.policies.rules.payers import with_aliases
from app.policies.rules.proposals import known_before, standing_of, superseded_by
from app.policies.store import proposals
from app.policies.store import rule_sets as store
from app.policies.store.payers import aliases

SHIPPED = Path(__file__).resolve().parent.parent.parent.parent / "payer_policies"
_books: dict[str, Book] = {}
_MOST_BOOKS = 8
_sets: dict[str, PolicySet] = {}
_MOST_SETS = 16


def refresh_rules(
    caller: Caller, directory: Path | None = None, beside: Path | None = None, *, again: bool = False
) -> Loaded:
    """Put the rules of a directory in force where none are yet; else put them forward, when they are others.

    Takes     the caller; a directory, or None for the rules that the program ships; `beside`, a directory of more
              payers (the sample's fictional ones); `again`: put them forward although people decided on them before.
              Where either directory was named once, the shipped rules are not put forward by themselves.
    Returns   the version in force, the payers whose rules changed, and what was put forward.
    Raises    PolicyFilesError with every fault; the last good set stays in force.
    """
    session, practice_id = caller.session, caller.practice_id
    current = store.in_force(session, practice_id)
    shipped = directory is None and beside is None
    if shipped and current is not None and not current.shipped:
        return Loaded(current.version, changed=False)
    files = files_of(directory or SHIPPED) | (files_of(beside) if beside is not None else {})
    stamp = hash_of(files)
    if current is not None:
        origin = Origin.DIRECTORY if directory is not None else Origin.SHIPPED if shipped else Origin.SAMPLE
        folder = directory.resolve().name if directory is not None else None
        return put_forward(caller, Offered(files, stamp, origin, folder, again))
    policies = policies_of(files)
    content = content_of(policies)
    version = version_of(content)
    with announced(caller) as session:
        entry = InForce(version, stamp, shipped, caller.clock.now())
        touched = bring_into_force(caller, session, content, entry).payers
    return Loaded(version, bool(touched), touched, int(caller.session.info.get("visits_changed", 0)))


def bring_into_force(caller: Caller, session: Session, content: str, entry: InForce) -> Begun:
    """Put a rule set in force inside a transaction that announces, so that the visits it touches are judged anew."""
    current = store.in_force(session, caller.practice_id)
    before = policies_of_version(session, caller.practice_id, current.version) if current is not None else None
    after = PolicySet.model_validate_json(content)
    touched = changed_payers(before, after)
    # A list that all payers share is also read for payers without rules and for patients without coverage.
    everybody = before is not None and shares_change(before, after)
    began = store.put_in_force(session, caller.practice_id, content, entry)
    record(caller, "policies.loaded", version=entry.version[:16], payers=len(touched))
    if touched:
        announce(session, Changed(payers=touched, practice=everybody))
    return Begun(began, touched, everybody)


def put_forward(caller: Caller, offered: Offered) -> Loaded:
    """Put files forward as a proposal, unless they are in force, wait already, or were decided on (but for `again`).

    An older open proposal from the same place is superseded. Files that say the same as those in force are noted as
    the ones in force, since no answer changes.
    Raises    PolicyFilesError with every fault; nothing is changed then.
    """
    session, practice_id = caller.session, caller.practice_id
    current = _current(session, practice_id)
    known = proposals.proposals_of_files(session, practice_id, offered.stamp, current.version)
    waiting = next((one for one in known if one.state in OPEN), None)
    same = current.files == offered.stamp
    if waiting is not None or (not same and not offered.again and known_before(offered.stamp, known)):
        _supersede(caller, offered, current.version)
        return Loaded(current.version, False, proposal=waiting or known[0])
    if same:
        _supersede(caller, offered, current.version)
        return Loaded(current.version, changed=False)
    content = content_of(policies_of(offered.files))
    version = version_of(content)
    with writing(session):
        proposals.hold_rules_in_force(session, practice_id)
        current = _current(session, practice_id)
        _end_older(caller, offered, current.version)
        if version == current.version:
            entry = InForce(version, offered.stamp, current.shipped, caller.clock.now())
            store.put_in_force(session, practice_id, content, entry)
            record(caller, "policies.files_noted", version=version[:16])
            return Loaded(version, changed=False)
        made = _propose(caller, offered, version, content, current.version)
    return Loaded(current.version, changed=False, proposal=made, put_forward=True)


def _propose(caller: Caller, offered: Offered, version: str, content: str, in_force: str) -> Standing:
    session, practice_id = caller.session, caller.practice_id
    known = proposals.proposals_of_files(session, practice_id, offered.stamp, in_force)
    waiting = next((one for one in known if one.state in OPEN), None)
    if waiting is not None:
        return waiting
    proposal = Proposal(
        new_id(), version, offered.stamp, offered.origin, offered.folder, caller.clock.now(), caller.user_id
    )
    proposals.add_proposal(session, practice_id, proposal, content)
    record(caller, "policies.put_forward", (proposal.id,), version=version[:16], origin=offered.origin)
    return standing_of(proposal, (), in_force)


def _supersede(caller: Caller, offered: Offered, in_force: str) -> None:
    """End the older open proposals from the place that these files came from, if there are any."""
    open_ones = proposals.open_proposals(caller.session, caller.practice_id, in_force)
    if superseded_by(offered.origin, offered.folder, open_ones, offered.stamp):
        with writing(caller.session) as session:
            proposals.hold_rules_in_force(session, caller.practice_id)
            _end_older(caller, offered, in_force)


def _end_older(caller: Caller, offered: Offered, in_force: str) -> None:
    session, practice_id = caller.session, caller.practice_id
    open_ones = proposals.open_proposals(session, practice_id, in_force)
    for one in superseded_by(offered.origin, offered.folder, open_ones, offered.stamp):
        now, about = caller.clock.now(), one.proposal.id
        act = DoneAct(new_id(), ProposalAct.SUPERSEDE, about, in_force, now, caller.user_id)
        proposals.add_act(session, practice_id, act)
        record(caller, "policies.superseded", (about,), version=one.proposal.version[:16])


def _current(session: Session, practice_id: UUID) -> InForce:
    current = store.in_force(session, practice_id)
    assert current is not None
    return current


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
    if shares_change(before, after):
        return keys
    return frozenset(key for key in keys if before.payers.get(key) != after.payers.get(key))


def shares_change(before: PolicySet, after: PolicySet) -> bool:
    """Say whether a list differs that is read for every payer."""
    common = ("grid", "services", "drugs", "scores", "clocks", "families", "gold_card")
    return any(getattr(before, name) != getattr(after, name) for name in common)


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
