"""Rule sets by name: those ever in force or put forward, the ones in force now, or a directory of files."""

from pathlib import Path
from uuid import UUID

from app.platform.caller import Caller
from app.policies.actions.library import current_policies, policies_of_version
from app.policies.facts.grid import PolicySet
from app.policies.facts.proposals import HistoryLine, Reign, RuleSetHistory
from app.policies.files.directory import read_policies
from app.policies.rules.proposals import former_of
from app.policies.store import proposals, rule_sets
from app.practice.store.staff import staff_of

NOW = "now"
SHORTEST = 8


class UnknownVersionError(Exception):
    """A name that is no rule set; the text says what may be written."""


def find_policies(caller: Caller, name: str) -> PolicySet:
    """Find a rule set by `now`, a directory, or the beginning of its version.

    Raises    UnknownVersionError; PolicyFilesError for a directory with faults.
    """
    if name == NOW:
        return current_policies(caller.session, caller.practice_id)
    if Path(name).is_dir():
        return read_policies(Path(name))
    known = rule_sets.versions(caller.session, caller.practice_id)
    found = [version for version in known if version.startswith(name.lower())]
    if len(name) < SHORTEST or not found:
        raise UnknownVersionError(
            f"'{name}' is no rule set: write 'now', a directory, or at least the first {SHORTEST} letters of a version "
            "that 'policies versions' lists."
        )
    if len(found) > 1:
        raise UnknownVersionError(f"'{name}' is the beginning of {len(found)} versions; write more of it.")
    policies = policies_of_version(caller.session, caller.practice_id, found[0])
    assert policies is not None
    return policies


def read_versions(caller: Caller) -> RuleSetHistory:
    """Read every time at which a rule set came into force, and everything that was put forward."""
    session, practice_id = caller.session, caller.practice_id
    reigns = proposals.reigns(session, practice_id)
    standings = proposals.proposals(session, practice_id, reigns[-1].version if reigns else "")
    names: dict[UUID | None, str] = {one.id: one.name for one in staff_of(session, practice_id)}
    return RuleSetHistory(tuple(history_lines(caller, reigns)), standings, former_of(reigns), names)


def history_lines(caller: Caller, reigns: tuple[Reign, ...]) -> list[HistoryLine]:
    """The times in force with how each came, the newest first."""
    acts = proposals.acts_of_reigns(caller.session, caller.practice_id)
    return [HistoryLine(one, *acts.get(one.id, (None, None))) for one in reversed(_told(reigns))]


def _told(reigns: tuple[Reign, ...]) -> list[Reign]:
    """Without the times at which only the files were others, and the rules the same."""
    return [one for place, one in enumerate(reigns) if place == 0 or one.version != reigns[place - 1].version]
