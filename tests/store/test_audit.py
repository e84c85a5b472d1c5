"""The audit log: gap-free, chained, append-only, without PHI."""

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from app.audit import actions
from app.audit.facts import AuditError
from app.audit.store import entries
from app.platform.caller import Caller
from app.platform.db import writing
from tests.support import make


def _write(caller: Caller, number: int) -> None:
    with writing(caller.session):
        actions.record(caller, "test.done", (make.an_id(number),), count=number)


def test_lines_are_numbered_without_gap_and_the_chain_holds(caller):
    for number in range(1, 4):
        _write(caller, number)
    assert [entry.sequence for entry, _ in entries(caller.session, caller.practice_id)] == [1, 2, 3]
    assert actions.first_broken(caller) is None


def test_a_line_that_is_rolled_back_leaves_no_gap(caller):
    _write(caller, 1)
    with pytest.raises(RuntimeError), writing(caller.session):
        actions.record(caller, "test.done")
        raise RuntimeError
    _write(caller, 2)
    assert [entry.sequence for entry, _ in entries(caller.session, caller.practice_id)] == [1, 2]


@pytest.mark.parametrize("statement", ["UPDATE audit_entry SET action = 'x'", "DELETE FROM audit_entry"])
def test_the_database_refuses_to_change_or_remove_a_line(caller, statement):
    _write(caller, 1)
    with pytest.raises(DBAPIError, match="append-only"):
        caller.session.execute(text(statement))


@pytest.mark.parametrize(
    "tamper",
    [
        "UPDATE audit_entry SET action = 'test.forged' WHERE sequence = 2",
        "DELETE FROM audit_entry WHERE sequence = 2",
        "UPDATE audit_entry SET sequence = 9 WHERE sequence = 2",
        "UPDATE audit_entry SET details = '[]' WHERE sequence = 2",
    ],
)
def test_a_changed_or_missing_line_is_found_at_its_place(caller, tamper):
    for number in range(1, 4):
        _write(caller, number)
    _disarm(caller)
    caller.session.execute(text(tamper))
    caller.session.expire_all()
    assert actions.first_broken(caller) == 2


def test_a_cut_tail_is_found(caller):
    for number in range(1, 4):
        _write(caller, number)
    _disarm(caller)
    caller.session.execute(text("DELETE FROM audit_entry WHERE sequence = 3"))
    assert actions.first_broken(caller) == 3


def test_a_detail_that_may_be_what_someone_typed_is_refused_without_repeating_it(caller):
    with pytest.raises(AuditError) as error, writing(caller.session):
        actions.record(caller, "test.done", name="Ada Lovelace")
    assert "Lovelace" not in str(error.value)
    assert actions.first_broken(caller) is None


def test_without_the_audit_key_the_action_fails(caller):
    del caller.session.info["audit_key"]
    with pytest.raises(AuditError):
        _write(caller, 1)


def _disarm(caller: Caller) -> None:
    """Take the triggers away, as someone with the database file in hand could."""
    postgres = caller.session.get_bind().dialect.name == "postgresql"
    names = ["audit_entry_append_only"] if postgres else ["audit_entry_no_update", "audit_entry_no_delete"]
    for name in names:
        caller.session.execute(text(f"DROP TRIGGER {name}" + (" ON audit_entry" if postgres else "")))
