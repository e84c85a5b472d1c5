"""The rule files that the program ships, as bytes by name; and rules put in force as two people do it."""

from dataclasses import replace
from functools import cache
from pathlib import Path
from uuid import UUID

from app.platform.caller import Caller
from app.platform.db import writing
from app.platform.ids import new_id
from app.policies.actions.library import refresh_rules
from app.policies.files.directory import files_of
from app.policies.rules.proposals import stamp_of
from app.policies.store import proposals
from app.practice.facts.staff import Role, Staff
from app.practice.store import staff as staffing
from app.rule_changes.actions.activating import accept, ask_for
from app.rule_changes.facts.acts import Word
from tests.support import make

DIRECTORY = Path(__file__).parents[2] / "payer_policies"


@cache
def rule_files() -> dict[str, bytes]:
    """Every shipped rule file by its name in the directory."""
    return files_of(DIRECTORY)


def put_in_force(caller: Caller, directory: Path, beside: Path | None = None) -> str:
    """Put the rules of a directory in force as two people do: at once where none are, else by asking and accepting.

    Returns   the version in force.
    """
    loaded = refresh_rules(caller, directory, beside)
    if loaded.proposal is None:
        return loaded.version
    standing = loaded.proposal
    for act, person in zip((ask_for, accept), two_people(caller), strict=True):
        reign = proposals.reigns(caller.session, caller.practice_id)[-1]
        now = proposals.proposal(caller.session, caller.practice_id, standing.proposal.id, reign.version)
        act(replace(caller, user_id=person), standing.proposal.id, Word(new_id(), stamp_of(now, reign)))
    return standing.proposal.version


def two_people(caller: Caller) -> tuple[UUID, UUID]:
    """Two coordinators of the practice, made where they are not there yet."""
    ids = make.an_id(90_001), make.an_id(90_002)
    with writing(caller.session) as session:
        known = {one.id for one in staffing.staff_of(session, caller.practice_id)}
        for number, one in enumerate(ids, 1):
            if one not in known:
                name, roles = ("Ada First", "Ben Second")[number - 1], frozenset({Role.COORDINATOR})
                person = Staff(one, caller.practice_id, f"rules{number}@example.test", name, roles)
                staffing.add_staff(session, caller.practice_id, person, "no password")
    return ids
