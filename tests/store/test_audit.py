"""The audit log: gap-free, chained, append-only, without PHI; what it says, and that each change of it is found."""

import hmac
import json
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from app.audit import actions, store
from app.audit.actions import HEADS
from app.audit.facts import Asked, AuditEntry, AuditError, Broken, Fault
from app.audit.rules import mac_of, text_of
from app.audit.store import entries
from app.platform.caller import Caller
from app.platform.db import writing
from tests.support import make
from tests.support.tampering import past_the_triggers


def _write(caller: Caller, number: int, **more) -> None:
    with writing(caller.session):
        actions.record(replace(caller, **more), "test.done", (make.an_id(number), make.an_id(90)), count=number)


def _lines(caller):
    return [entry for entry, _mac in entries(caller.session, caller.practice_id)]


def _tamper(caller, *statements):
    caller.session.rollback()
    with past_the_triggers(caller.session.get_bind()) as connection:
        for statement in statements:
            connection.execute(text(statement))


def test_lines_are_numbered_without_gap_and_the_chain_holds(caller):
    for number in range(1, 4):
        _write(caller, number)
    assert [entry.sequence for entry in _lines(caller)] == [1, 2, 3]
    assert actions.first_broken(caller) is None


def test_a_line_that_is_rolled_back_leaves_no_gap(caller):
    _write(caller, 1)
    with pytest.raises(RuntimeError), writing(caller.session):
        actions.record(caller, "test.done")
        raise RuntimeError
    _write(caller, 2)
    assert [entry.sequence for entry in _lines(caller)] == [1, 2]


def test_a_line_says_who_when_what_on_whom_from_where_why_and_under_which_session(caller):
    who, browser = make.an_id(7), make.an_id(8)
    asked = {"user_id": who, "source": "203.0.113.9", "reason": "Mother called, é sick", "browser": browser}
    _write(caller, 1, **asked, clock=make.clock(make.NOW + timedelta(microseconds=7)))
    (line,) = _lines(caller)
    assert (line.user_id, line.source, line.via, line.action) == (who, "203.0.113.9", "test", "test.done")
    assert line.at == make.NOW + timedelta(microseconds=7)
    assert line.subjects == (make.an_id(1), make.an_id(90))
    assert line.under is not None and line.under != browser
    assert store.reasons_of(caller.session, caller.practice_id, [line.id]) == {line.id: "Mother called, é sick"}
    assert actions.check(caller).broken is None
    kept = caller.session.execute(text("SELECT reason FROM audit_reason")).scalar_one()
    assert b"Mother" not in bytes(kept)


def test_the_database_renders_a_line_as_the_text_that_was_signed(caller):
    _write(caller, 1)
    _write(caller, 2, user_id=make.an_id(7), source="::1", reason="Because", browser=make.an_id(8))
    rendered = [one[1].decode() for one in store.stored(caller.session, caller.practice_id, 0, None)]
    assert rendered == [text_of(caller.practice_id, line) for line in _lines(caller)]


@pytest.mark.parametrize("table", ["audit_entry", "audit_subject"])
@pytest.mark.parametrize("statement", ["UPDATE {0} SET sequence = 9", "DELETE FROM {0}"])
def test_the_database_refuses_to_change_or_remove_a_line(caller, table, statement):
    _write(caller, 1)
    with pytest.raises(DBAPIError, match=r"append-only|permission denied"):
        caller.session.execute(text(statement.format(table)))


@pytest.mark.parametrize(
    ("tamper", "line", "fault"),
    [
        ("UPDATE audit_entry SET action = 'test.forged' WHERE sequence = 2", 2, Fault.LINE),
        ("UPDATE audit_entry SET details = '[]' WHERE sequence = 2", 2, Fault.LINE),
        ("UPDATE audit_entry SET source = '198.51.100.1' WHERE sequence = 2", 2, Fault.LINE),
        ("UPDATE audit_entry SET form = 1 WHERE sequence = 2", 2, Fault.LINE),
        ("UPDATE audit_entry SET key_id = 9 WHERE sequence = 2", 2, Fault.LINE),
        ("UPDATE audit_entry SET via = via || action WHERE sequence = 1", 1, Fault.LINE),
        ("UPDATE audit_entry SET reason_mac = NULL WHERE sequence = 3", 3, Fault.LINE),
        ("DELETE FROM audit_entry WHERE sequence = 2", 2, Fault.MISSING),
        ("UPDATE audit_entry SET sequence = 9 WHERE sequence = 2", 2, Fault.MISSING),
        ("DELETE FROM audit_entry WHERE sequence = 3", 3, Fault.MISSING),
        ("DELETE FROM audit_subject WHERE sequence = 2 AND place = 1", 2, Fault.SUBJECTS),
        ("UPDATE audit_subject SET place = 7 WHERE sequence = 2 AND place = 0", 2, Fault.SUBJECTS),
        ("UPDATE audit_subject SET sequence = 8 WHERE sequence = 3 AND place = 1", 3, Fault.SUBJECTS),
        ("DELETE FROM audit_reason", 3, Fault.REASON),
        ("UPDATE audit_head SET sequence = 2", 3, Fault.HEAD),
        ("DELETE FROM audit_head", 3, Fault.HEAD),
        ("UPDATE audit_head SET sequence = 5", 4, Fault.MISSING),
    ],
)
def test_a_changed_or_missing_line_is_found_at_its_place(caller, tamper, line, fault):
    for number in range(1, 4):
        _write(caller, number, reason="Why" if number == 3 else None)
    _tamper(caller, tamper)
    assert actions.check(caller).broken == Broken(line, fault)


def test_a_log_that_was_cut_together_with_its_head_is_found_by_the_heads_outside(caller):
    for number in range(1, 4):
        _write(caller, number)
    assert actions.write_head(caller)
    assert not actions.write_head(caller)
    before = store.mac_at(caller.session, caller.practice_id, 2)
    kept = f"X'{before.hex()}'" if caller.session.get_bind().dialect.name == "sqlite" else f"'\\x{before.hex()}'"
    _tamper(
        caller,
        "DELETE FROM audit_subject WHERE sequence = 3",
        "DELETE FROM audit_entry WHERE sequence = 3",
        f"UPDATE audit_head SET sequence = 2, mac = {kept}",
    )
    assert actions.check(caller).broken == Broken(3, Fault.OUTSIDE)
    _write(caller, 9)  # a forger who goes on writing
    assert actions.check(caller).broken == Broken(1, Fault.OUTSIDE)


def test_a_changed_file_of_heads_is_found(caller):
    _write(caller, 1)
    assert actions.write_head(caller)
    _write(caller, 2)
    assert actions.write_head(caller)
    assert actions.check(caller).heads == 2
    path = caller.session.info[HEADS] / "heads"
    assert path.stat().st_mode & 0o077 == 0
    lines = path.read_text().splitlines()
    path.write_text(lines[1] + "\n")  # the first was taken out
    assert actions.check(caller).broken == Broken(1, Fault.HEADS_FILE)


def test_pieces_that_are_checked_by_several_processes_find_the_same(caller):
    for number in range(1, 8):
        _write(caller, number)
    assert actions.check(caller, processes=3).broken is None
    _tamper(caller, "UPDATE audit_entry SET action = 'x.y' WHERE sequence IN (3, 6)")
    assert actions.check(caller, processes=3).broken == Broken(3, Fault.LINE)


def test_lines_of_the_first_form_go_on_verifying_beside_those_of_today(caller):
    _old_lines(caller, 2)
    _write(caller, 3)
    assert actions.check(caller).broken is None
    assert actions.check(caller).lines == 3
    _tamper(caller, "UPDATE audit_entry SET source = '203.0.113.9' WHERE sequence = 1")
    assert actions.check(caller).broken == Broken(1, Fault.LINE)


def test_an_older_audit_key_goes_on_verifying_what_it_signed(caller):
    info, first = caller.session.info, caller.session.info["audit_key"]
    _write(caller, 1)
    info.update(audit_key=b"2" * 32, audit_key_id=2, audit_keys={1: first, 2: b"2" * 32})
    _write(caller, 2)
    assert actions.check(caller).broken is None
    info["audit_keys"] = {2: b"2" * 32}
    assert actions.check(caller).broken == Broken(1, Fault.LINE)


def test_lines_are_found_by_person_subject_action_and_time_a_page_at_a_time(caller):
    for number in range(1, 8):
        who = make.an_id(50 + number % 2)
        _write(caller, number, user_id=who, clock=make.clock(make.NOW + timedelta(hours=number)))

    def found(asked, limit=50):
        return [one.sequence for one in store.find(caller.session, caller.practice_id, asked, limit)]

    assert found(Asked()) == [7, 6, 5, 4, 3, 2, 1]
    assert found(Asked(user_id=make.an_id(50))) == [6, 4, 2]
    assert found(Asked(subjects=frozenset({make.an_id(3), make.an_id(4)}))) == [4, 3]
    assert found(Asked(subjects=frozenset())) == []
    assert found(Asked(action="test.other")) == []
    begins, ends = make.NOW + timedelta(hours=2), make.NOW + timedelta(hours=4)
    assert found(Asked(action="test.done", begins=begins, ends=ends)) == [3, 2]
    assert found(Asked(), 3) == [7, 6, 5]
    assert found(Asked(before=(make.NOW + timedelta(hours=5), 5)), 3) == [4, 3, 2]
    assert store.find(caller.session, make.OTHER_PRACTICE_ID, Asked(), 50) == []


def test_a_detail_that_may_be_what_someone_typed_is_refused_without_repeating_it(caller):
    with pytest.raises(AuditError) as error, writing(caller.session):
        actions.record(caller, "test.done", name="Ada Lovelace")
    assert "Lovelace" not in str(error.value)
    assert actions.first_broken(caller) is None


def test_an_address_that_is_none_is_refused_without_repeating_it(caller):
    with pytest.raises(AuditError) as error:
        _write(caller, 1, source="Ada Lovelace\x1f")
    assert "Lovelace" not in str(error.value)


def test_without_the_audit_key_the_action_fails(caller):
    del caller.session.info["audit_key"]
    with pytest.raises(AuditError):
        _write(caller, 1)


def _old_lines(caller, count):
    """Write lines as the first versions of the program did: their MAC is over JSON, with a zone behind the instant."""
    key, before = caller.session.info["audit_key"], bytes(32)
    with writing(caller.session) as session:
        store.head(session, caller.practice_id)
        for number in range(1, count + 1):
            line = AuditEntry(
                make.an_id(number), number, make.NOW, None, "test", "test.old", (make.an_id(90),), {"count": 3}, form=1
            )
            told = [
                caller.practice_id.hex,
                line.id.hex,
                number,
                make.NOW.isoformat(),
                None,
                "test",
                "test.old",
                [make.an_id(90).hex],
                {"count": 3},
            ]
            message = json.dumps(told, sort_keys=True, separators=(",", ":")).encode()
            mac = hmac.new(key, before + message, "sha256").digest()
            assert mac == mac_of(key, caller.practice_id, before, line)
            store.append(session, caller.practice_id, line, mac)
            before = mac
