"""Keys: outside the database, random, the database's own; exchanged while the program runs, never shown."""

import base64
import json
import pickle
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import insert, select, text
from sqlalchemy.engine import make_url

from app.audit.actions import check, record
from app.authorizations import store as authorizations
from app.casework.actions.finding import find_patients
from app.clearance.actions.book import rejudge_all
from app.clearance.store import questions
from app.patients import store as patients
from app.patients.facts import PatientDetails
from app.platform.caller import Caller
from app.platform.db import Model, writing
from app.platform.ids import new_id
from app.platform.key_checks import finish_index, note_index, note_keys, refuse_foreign_keys
from app.platform.keys import KeyFileError, KeyPlace, LiveKeys, make_keys, read_keys
from app.platform.lock import held
from app.platform.resealing import reseal, sealed_tables, sealed_under
from app.platform.sealed import Sealed, UnsealError
from app.platform.sessions import engine_of, session_on
from app.remittances.actions.taking import take_claim
from app.remittances.models import RemittanceRow
from app.values.records import RecordRef
from app.web.opening import Installation
from app.web.reindexing import rotate_index
from app.web.rekeying import RekeyingError, retire, rotate, rotate_audit, rotate_cookie, states
from config import load
from tests.support import make
from tests.support.book import SmallBook
from tests.support.remittances import PAYMENT, claim, line
from tests.support.web import write_keys


@pytest.fixture
def installation(database_url: str, tmp_path: Path) -> Iterator[Installation]:
    """An installation with a key file of its own and a few patients on file."""
    home = tmp_path / "keys"
    home.mkdir()
    write_keys(home / "keys.json")
    settings = load({"CLEARED_HOME": str(home), "DATABASE_URL": database_url, "PUBLIC_BASE_URL": "http://localhost"})
    engine = engine_of(make_url(database_url))
    made = Installation(settings, make_url(database_url), LiveKeys(KeyPlace(settings.key_file)), engine)
    note_keys(engine, made.keys, make.NOW)
    with made.session() as session:
        SmallBook(Caller(session, make.PRACTICE_ID, make.clock()), 7, 5)
    yield made
    engine.dispose()


@pytest.fixture
def caller(installation: Installation) -> Iterator[Caller]:
    """The command line on that installation."""
    with installation.session() as session:
        yield Caller(session, make.PRACTICE_ID, make.clock())


def file_of(installation: Installation) -> dict[str, Any]:
    """What the key file holds."""
    content: dict[str, Any] = json.loads(installation.settings.key_file.read_text())
    return content


def everything(caller: Caller) -> list[str]:
    """Open what is on file of every patient: details and approvals."""
    session, practice_id = caller.session, caller.practice_id
    session.rollback()
    ids = [row.id for row in session.execute(Model.metadata.tables["patient"].select())]
    found = patients.details(session, practice_id, ids)
    approvals = authorizations.records_of(session, practice_id, ids)
    session.rollback()
    return sorted(map(str, found.values())) + sorted(str(one) for rows in approvals.values() for one in rows)


def rotated(caller: Caller, installation: Installation) -> int:
    """Rotate the sealing key to the end. Returns how many rows were sealed anew."""
    return max(rotate(caller, installation), default=0)


# Where keys come from


@pytest.mark.parametrize("wrap", [str, lambda text: base64.b64encode(text.encode()).decode()])
def test_keys_come_from_the_environment_as_json_or_base64(tmp_path, wrap):
    make_keys(tmp_path / "keys.json")
    written = (tmp_path / "keys.json").read_text()
    settings = load({"CLEARED_HOME": str(tmp_path / "home"), "CLEARED_KEYS": wrap(written)})
    keys = LiveKeys(KeyPlace(settings.key_file, settings.keys)).now()
    assert keys.keyring == read_keys(tmp_path / "keys.json").keyring
    assert written[30:60] not in repr(settings)


@pytest.mark.parametrize("text", ["{", "bm90IGpzb24=", "%%%", '["a"]'])
def test_an_environment_that_holds_no_keys_is_refused_without_quoting_it(tmp_path, text):
    with pytest.raises(KeyFileError, match="CLEARED_KEYS cannot be read") as error:
        read_keys(tmp_path / "keys.json", text)
    assert text not in str(error.value)


@pytest.mark.parametrize(
    "key",
    [
        bytes(range(32)),  # counted up
        bytes(range(0, 96, 3)),
        b"ab" * 16,
        b"correct horse battery staple 123",  # typed
        bytes(32),
    ],
)
def test_keys_of_low_entropy_and_sample_keys_are_refused(tmp_path, key):
    path = tmp_path / "keys.json"
    make_keys(path)
    content = json.loads(path.read_text())
    path.write_text(json.dumps(content | {"sealing": {"1": base64.b64encode(key).decode()}}))
    with pytest.raises(KeyFileError, match="not random"):
        read_keys(path)


def test_one_key_does_not_serve_two_purposes(tmp_path):
    path = tmp_path / "keys.json"
    make_keys(path)
    content = json.loads(path.read_text())
    path.write_text(json.dumps(content | {"cookie": content["index"]}))
    with pytest.raises(KeyFileError, match="one key twice"):
        read_keys(path)


# The keys of a database


def test_keys_of_another_database_are_refused(installation, tmp_path):
    make_keys(tmp_path / "others.json")
    with pytest.raises(KeyFileError, match="not those of this database"):
        refuse_foreign_keys(installation.engine, read_keys(tmp_path / "others.json"))
    refuse_foreign_keys(installation.engine, installation.keys)


def test_a_database_of_before_the_checks_proves_its_keys_by_what_it_holds(installation, tmp_path):
    make_keys(tmp_path / "others.json")
    with installation.engine.begin() as connection:
        connection.execute(text("DELETE FROM key_check"))
    with pytest.raises(KeyFileError, match="do not open"):
        refuse_foreign_keys(installation.engine, read_keys(tmp_path / "others.json"))


def test_a_key_that_is_still_needed_may_not_be_missing(installation, caller):
    rotated(caller, installation)
    content = file_of(installation)
    del content["sealing"]["1"]
    installation.settings.key_file.write_text(json.dumps(content))
    with pytest.raises(KeyFileError, match=r"lack one that this database needs \(sealing-1\)"):
        refuse_foreign_keys(installation.engine, read_keys(installation.settings.key_file))


def test_the_checks_hold_nothing_of_the_keys(installation):
    keys = installation.keys
    with installation.engine.connect() as connection:
        values = [bytes(one) for one in connection.scalars(text("SELECT value FROM key_check"))]
    assert len(values) == 3
    for key in (keys.keyring.sealing[1], keys.keyring.index_key, keys.audit):
        assert not any(value in key or key[:16] == value for value in values)


# Exchange of keys


def test_rotation_seals_everything_anew_and_the_key_of_before_can_be_retired(installation, caller):
    before = everything(caller)
    assert set(sealed_under(caller.session)) == {1}
    assert rotated(caller, installation) > 5
    assert set(sealed_under(caller.session)) == {2}
    assert everything(caller) == before
    caller.clock.instant += timedelta(minutes=11)
    assert retire(caller, installation) == (1,)
    assert list(file_of(installation)["sealing"]) == ["2"]
    with session_on(installation.engine, read_keys(installation.settings.key_file)) as later:
        assert everything(Caller(later, make.PRACTICE_ID, make.clock())) == before
    refuse_foreign_keys(installation.engine, read_keys(installation.settings.key_file))


def test_rotation_goes_on_where_it_was_stopped(installation, caller):
    steps = rotate(caller, installation)
    next(steps)
    steps.close()  # the process is gone; the new key is in the file
    assert set(sealed_under(caller.session)) == {1, 2}
    assert "2" in file_of(installation)["sealing"]
    caller.session.rollback()
    rotated(caller, installation)
    assert (set(sealed_under(caller.session)), file_of(installation)["current"]) == ({2}, 2)


def test_what_others_write_while_keys_are_exchanged_is_kept_and_sealed_in_the_end(installation, caller):
    steps = rotate(caller, installation)
    next(steps)
    person = PatientDetails(new_id(), "NEW-1", "Written", "Meanwhile", None)
    with session_on(installation.engine, make.keys()) as other, writing(other):  # still holds the key of before
        patients.add_patients(other, make.PRACTICE_ID, [person])
    assert [*steps]
    assert set(sealed_under(caller.session)) == {2}
    assert patients.details(caller.session, make.PRACTICE_ID, [person.id])[person.id].last_name == "Written"


def test_another_process_notices_a_new_key_without_a_restart(installation, caller):
    elsewhere = LiveKeys(KeyPlace(installation.settings.key_file))
    old_session = session_on(installation.engine, elsewhere.now())
    child = pickle.loads(pickle.dumps(elsewhere.now().keyring))
    before = everything(caller)
    rotated(caller, installation)
    assert elsewhere.now().keyring.current == 2
    old = Caller(old_session, make.PRACTICE_ID, make.clock())
    assert everything(old) == before  # a session that began before asks the file for the key that came since
    old_session.close()
    person = next(iter(caller.session.execute(Model.metadata.tables["patient"].select())))
    assert child.unseal("patient.mrn", person.practice_id, person.id, person.mrn).startswith("M")


def test_a_broken_key_file_changes_nothing_for_who_runs(installation):
    live, path = installation.live, installation.settings.key_file
    before, content = live.now(), file_of(installation)
    path.write_text("{")
    assert live.now() is before
    other = base64.b64encode(bytes(reversed(make.keys().audit))).decode()
    path.write_text(json.dumps(content | {"sealing": {"1": other}}))
    assert live.now() is before


def test_nothing_is_retired_while_it_is_needed(installation, caller):
    with pytest.raises(RekeyingError, match="no key to retire"):
        retire(caller, installation)
    rotated(caller, installation)
    with pytest.raises(RekeyingError, match="may still hold"):
        retire(caller, installation)
    caller.clock.instant += timedelta(minutes=11)
    piece = {"practice_id": make.PRACTICE_ID, "id": new_id(), "run_id": new_id(), "at": make.NOW, "counts": {}}
    content = installation.keys.keyring.seal("import_piece.content", make.PRACTICE_ID, piece["id"], "x")
    with writing(caller.session) as session:
        session.execute(insert(Model.metadata.tables["import_piece"]), [piece | {"content": content}])
    with pytest.raises(RekeyingError, match="can still be undone"):
        retire(caller, installation)
    assert len(file_of(installation)["sealing"]) == 2


def test_a_value_that_opens_under_no_key_stops_the_exchange_and_is_named_without_its_content(installation, caller):
    caller.session.execute(text("UPDATE patient SET last_name = mrn"))
    caller.session.commit()
    with pytest.raises(UnsealError, match=r"patient\.last_name in the row"):
        rotated(caller, installation)
    assert 1 in sealed_under(caller.session)


def test_keys_of_the_environment_are_exchanged_by_whoever_sets_it(installation, caller):
    content = file_of(installation)
    place = KeyPlace(installation.settings.key_file, json.dumps(content))
    fixed = Installation(installation.settings, installation.url, LiveKeys(place), installation.engine)
    with pytest.raises(RekeyingError, match="CLEARED_KEYS"):
        rotated(caller, fixed)
    content |= {"sealing": content["sealing"] | {"2": base64.b64encode(make.keys().audit[::-1]).decode()}, "current": 2}
    place = KeyPlace(installation.settings.key_file, json.dumps(content))
    rotated(caller, Installation(installation.settings, installation.url, LiveKeys(place), installation.engine))
    assert set(sealed_under(caller.session)) == {2}


def test_the_audit_key_is_exchanged_and_every_line_can_still_be_checked(installation, caller):
    with writing(caller.session):
        record(caller, "test.before")
    assert rotate_audit(caller, installation) == 2
    with writing(caller.session):
        record(caller, "test.after")
    assert check(caller).broken is None
    rotate_cookie(caller, installation)
    assert check(Caller(installation.session(), make.PRACTICE_ID, make.clock())).broken is None


def test_the_state_of_the_keys_is_told_without_any_of_them(installation, caller):
    rotated(caller, installation)
    found = {one.name: one for one in states(caller, installation)}
    assert (found["sealing-1"].in_use, found["sealing-1"].sealed) == (False, 0)
    assert found["sealing-2"].in_use
    assert found["sealing-2"].sealed > 0
    content = file_of(installation)
    written = [*content["sealing"].values(), content["index"], content["audit"], content["cookie"]]
    assert not any(one in str(found) for one in written)


def test_every_exchange_of_keys_is_audited(installation, caller):
    rotated(caller, installation)
    caller.clock.instant += timedelta(minutes=11)
    retire(caller, installation)
    rotate_audit(caller, installation)
    rotate_cookie(caller, installation)
    actions = caller.session.scalars(
        text("SELECT action FROM audit_entry WHERE action LIKE 'keys.%' ORDER BY sequence")
    )
    assert [*actions] == [
        "keys.rotated",
        "keys.resealed",
        "keys.retired",
        "keys.audit_rotated",
        "keys.cookie_rotated",
    ]


def test_every_sealed_value_is_bound_so_that_it_can_be_sealed_anew():
    for one in sealed_tables():
        assert one.owner in one.table.c
        assert "practice_id" in one.table.c


def test_a_sealed_value_does_not_open_in_another_row_or_column():
    keyring = make.keys().keyring
    sealed = keyring.seal("patient.last_name", make.PRACTICE_ID, make.an_id(1), "Abbott")
    for column, practice_id, row_id in (
        ("patient.first_name", make.PRACTICE_ID, make.an_id(1)),
        ("patient.last_name", make.OTHER_PRACTICE_ID, make.an_id(1)),
        ("patient.last_name", make.PRACTICE_ID, make.an_id(2)),
    ):
        with pytest.raises(UnsealError):
            keyring.unseal(column, practice_id, row_id, sealed)
    with pytest.raises(UnsealError):
        keyring.unseal("patient.last_name", make.PRACTICE_ID, make.an_id(1), Sealed(b"\x09" + sealed[1:]))


def test_commands_of_the_keys_tell_and_do_without_showing_one(manage, tmp_path):
    assert manage("database", "prepare").code == 0
    told = manage("keys", "status")
    assert (told.code, "sealing-1" in told.out, "in use" in told.out) == (0, True, True)
    done = manage("keys", "rotate")
    assert (done.code, "nothing is left under another key than 2" in done.out) == (0, True)
    refused = manage("keys", "retire")
    assert (refused.code, "ten minutes" in refused.err) == (2, True)
    said = "".join((told.out, told.err, done.out, done.err, refused.err))
    written = json.loads((tmp_path / "home" / "keys.json").read_text())
    assert not any(one in said for one in written["sealing"].values())


def test_reseal_of_nothing_does_nothing(caller):
    assert [*reseal(caller.session)] == []


# The key of the blind indexes


def looked_up(caller: Caller) -> list[Any]:
    """What search and judging find by blind indexes: patients by record number, and how many verdicts would change."""
    session, practice_id = caller.session, caller.practice_id
    session.rollback()
    found = patients.by_mrns(session, practice_id, ["M0", "M1", "M4", "M99"])
    numbers = [key for key in range(3) if find_patients(caller, f"M{key}").patients]
    session.rollback()
    return [dict(found), numbers, rejudge_all(caller).changed]


def test_the_index_key_is_exchanged_while_nothing_runs_and_everything_is_found_as_before(installation, caller):
    rejudge_all(caller)
    before = looked_up(caller)
    asked = questions.counts(caller.session, caller.practice_id)
    caller.session.rollback()
    old = installation.keys
    assert before[2] == 0
    assert rotate_index(caller, installation) > 10
    assert "next_index" not in file_of(installation)
    assert installation.keys.keyring.index_key != old.keyring.index_key
    assert looked_up(caller) == before
    assert questions.counts(caller.session, caller.practice_id) == asked
    with pytest.raises(KeyFileError, match="index is another"):
        refuse_foreign_keys(installation.engine, old)


def test_a_claim_of_a_remittance_is_known_again_under_a_new_index_key(installation, caller):
    def taken() -> tuple[UUID | None, int]:
        filed = take_claim(caller, PAYMENT, claim(line()), RecordRef(make.an_id(900), 1))
        rows = caller.session.scalars(select(RemittanceRow)).all()
        caller.session.rollback()
        return filed.subject_id, len(rows)

    before = taken()
    rotate_index(caller, installation)
    assert taken() == before
    assert before[1] == 1


def test_the_index_key_is_not_exchanged_under_a_running_program(installation, caller):
    with held(installation.engine, "scheduler"), pytest.raises(RekeyingError, match="Stop the web server"):
        rotate_index(caller, installation)


def test_an_exchange_of_the_index_key_that_was_killed_before_the_file_was_written_is_finished(installation, caller):
    coming = base64.b64encode(make.keys().audit[::-1]).decode()
    content = file_of(installation) | {"next_index": coming}
    installation.settings.key_file.write_text(json.dumps(content))
    with writing(caller.session) as session:
        note_index(session.connection(), base64.b64decode(coming), make.NOW)
    finish_index(installation.engine, LiveKeys(KeyPlace(installation.settings.key_file)))
    assert (file_of(installation)["index"], "next_index" in file_of(installation)) == (coming, False)
    refuse_foreign_keys(installation.engine, read_keys(installation.settings.key_file))
