"""A backup is one view of the whole database, sealed; any changed byte is found before anything is written."""

import hashlib
import os
import random
import stat
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import text
from sqlalchemy.engine import make_url

from app.audit.actions import record
from app.backups.actions import making
from app.backups.actions.checking import check_backup
from app.backups.actions.making import make_backup
from app.backups.facts.shape import BackupError, DamagedError, Kind
from app.backups.files import frames, sealing
from app.backups.files.places import made_at, name_at
from app.backups.files.tables import tables_of
from app.backups.rules.lines import plain, rows_from
from app.documents import store as document_store
from app.documents.facts import Document, DocumentKind, MediaType
from app.documents.intake import fingerprint
from app.patients import store as patient_store
from app.patients.facts import PatientDetails
from app.platform.db import db
from app.platform.sealed import Keyring
from app.platform.sessions import engine_of
from app.platform.wall import see_whole
from app.practice.store import practice as store
from app.web.models import all_tables
from app.web.restoring import restore
from app.web.schema import bring_up_to_date
from tests.store.test_migrations import fill
from tests.support import make, postgres
from tests.support.databases import administer

AWKWARD = "tab\there, line\nthere, \\N and \\t, \x08\x0b\x0c\r, ü, 漢字, 𝄞, ''\"\"%s :x"
NEW = "new.sqlite"


@pytest.fixture
def filled(engine, caller):
    """A practice with people and a log, one of its texts hard to write down."""
    for number in range(300):
        store.add_site(caller.session, make.PRACTICE_ID, make.site(number, f"Site {number} {number**40}"))
    store.add_site(caller.session, make.PRACTICE_ID, replace(make.site(400, AWKWARD), code=""))
    record(caller, "backups.tried", [make.an_id(1)])
    caller.session.commit()
    return engine


@pytest.fixture
def backup(filled, tmp_path):
    """A backup of it."""
    return make_backup(filled, make.keys().keyring, make.clock(), tmp_path / "backups")


def all_rows(engine):
    """Every row of every table, as the models read it."""
    with engine.connect() as connection:
        see_whole(connection)
        return {table.name: connection.execute(table.select()).all() for table in all_tables().sorted_tables}


def restored(backup, url):
    """Restore a backup, and read everything back."""
    restore(backup.path, make_url(url), make.keys(), make.clock())
    engine = engine_of(make_url(url))
    try:
        return all_rows(engine)
    finally:
        engine.dispose()


CHANGED = {"practice", "staff_session", "outbox_message", "notice", "audit_entry", "audit_head", "audit_subject"}
"""What a restore changes on purpose: it holds the practice, signs everybody out, cancels, and says so in the log."""


def test_every_row_of_every_table_comes_back_as_it_was(blank_database_url, tmp_path):
    engine = engine_of(make_url(blank_database_url))
    try:
        bring_up_to_date(engine)
        fill(engine, all_tables())
        backup = make_backup(engine, make.keys().keyring, make.clock(), tmp_path / "backups")
        before = all_rows(engine)
    finally:
        engine.dispose()
    assert all(before.values())
    after = restored(backup, f"sqlite:///{tmp_path / NEW}")
    assert set(after) == set(before)
    assert {name: rows for name, rows in after.items() if name not in CHANGED} == {
        name: rows for name, rows in before.items() if name not in CHANGED
    }
    assert backup.checked.manifest.rows == sum(map(len, before.values()))


def test_documents_of_many_megabytes_come_back_and_are_read_a_few_pieces_at_a_time(
    caller, engine, tmp_path, monkeypatch
):
    monkeypatch.setattr(frames, "_LARGEST", 20 * 2**20)  # a piece has 2 MiB as it is written
    patient, content = make.an_id(3), os.urandom(12 * 2**20)
    person = PatientDetails(patient, "M3", "Abbott", "Lena", None)
    patient_store.add_patients(caller.session, make.PRACTICE_ID, [person])
    document = Document(
        make.an_id(4), patient, DocumentKind.OTHER, MediaType.PDF, "Scan", len(content), fingerprint(content), 1,
        make.NOW, None,
    )  # fmt: skip
    document_store.add_document(caller.session, make.PRACTICE_ID, document, content)
    caller.session.commit()
    backup = make_backup(engine, make.keys().keyring, make.clock(), tmp_path / "backups")
    rows = restored(backup, f"sqlite:///{tmp_path / NEW}")["document_piece"]
    opened = make.keys().keyring.unseal_bytes
    name = "document_piece.content"
    there = {one.place: opened(name, one.practice_id, one.id, one.content) for one in rows}
    assert b"".join(there[place] for place in sorted(there)) == content
    (table,) = [one for one in tables_of(all_tables()) if one.name == "document_piece"]
    assert table.at_once <= 8


def test_a_backup_goes_from_one_kind_of_database_to_the_other(backup, other_kind, filled):
    before = all_rows(filled)
    after = restored(backup, other_kind)
    assert sorted(after["site"]) == sorted(before["site"]) and len(before["site"]) == 301
    assert AWKWARD in [row.name for row in after["site"]] and "" in [row.code for row in after["site"]]


@pytest.fixture
def other_kind(database_url, tmp_path):
    """A place of the other kind than the database of the test."""
    if database_url.startswith("postgresql"):
        yield f"sqlite:///{tmp_path / 'other.sqlite'}"
        return
    server, name = postgres.start(), f"other_{os.getpid()}_{hashlib.sha256(str(tmp_path).encode()).hexdigest()[:8]}"
    administer(server, f'CREATE DATABASE "{name}"')
    yield server.format(database=name)
    administer(server, f'DROP DATABASE "{name}" WITH (FORCE)')


def test_the_file_is_its_owners_alone_and_holds_nothing_in_the_open(backup):
    assert stat.S_IMODE(backup.path.stat().st_mode) == 0o600
    assert stat.S_IMODE(backup.path.parent.stat().st_mode) == 0o700
    content = backup.path.read_bytes()
    assert b"practice" not in content and b"sealed" not in content and "漢字".encode() not in content
    for key in (*make.keys().keyring.sealing.values(), make.keys().keyring.index_key, make.keys().audit):
        assert key not in content
    assert [path.name for path in backup.path.parent.iterdir()] == [backup.path.name]
    assert "Example" not in backup.path.name and "2026-03-02" in backup.path.name


def test_a_backup_that_cannot_be_written_leaves_nothing_behind(filled, tmp_path, monkeypatch):
    def full(_handle):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(BackupError, match="No space left"):
        make_backup(filled, make.keys().keyring, make.clock(), tmp_path / "backups")
    assert list((tmp_path / "backups").iterdir()) == []


def test_every_changed_byte_is_found_before_anything_is_written(backup, tmp_path):
    content, chance = backup.path.read_bytes(), random.Random(1)
    copy = tmp_path / "copy.backup"
    places = [*range(0, 170, 3), *(chance.randrange(len(content)) for _ in range(60)), len(content) - 1]
    for place in places:
        changed = bytearray(content)
        changed[place] ^= 1 << chance.randrange(8)
        copy.write_bytes(changed)
        with pytest.raises(BackupError):
            restore(copy, make_url(f"sqlite:///{tmp_path / NEW}"), make.keys(), make.clock())
    assert sorted(path.name for path in tmp_path.glob("*new*")) == []


def test_a_cut_a_lengthened_and_an_empty_file_are_found(backup, tmp_path):
    content = backup.path.read_bytes()
    copy = tmp_path / "copy.backup"
    for wrong in (content[:-1], content[: len(content) // 2], content[:200], content + b"\0", content * 2, b""):
        copy.write_bytes(wrong)
        with pytest.raises(BackupError):
            check_backup(copy, make.keys().keyring)


def sealed_in_chunks(tmp_path, monkeypatch):
    """A sealed file of five chunks of 64 bytes, as its two lines and its chunks."""
    monkeypatch.setattr(sealing, "CHUNK", 64)
    path = tmp_path / "sealed"
    with path.open("wb") as file:
        writer = sealing.SealedWriter(file, make.keys().keyring)
        writer.write(bytes(range(64)) * 5)
        writer.close()
    content = path.read_bytes()
    end = content.index(b"\n", len(sealing.MAGIC)) + 1
    body = content[end:]
    return path, content[:end], [body[start : start + 80] for start in range(0, len(body), 80)]


def opens(path):
    """Open all chunks of a sealed file."""
    with path.open("rb") as file:
        return b"".join(sealing.opened_chunks(file, make.keys().keyring))


def test_chunks_that_are_cut_moved_doubled_or_left_out_do_not_open(tmp_path, monkeypatch):
    path, lines, chunks = sealed_in_chunks(tmp_path, monkeypatch)
    assert len(chunks) == 5 and opens(path) == bytes(range(64)) * 5
    first, second, third, fourth, last = chunks
    for wrong in (
        [first, second, third, fourth],
        [first],
        [second, first, third, fourth, last],
        [first, second, second, third, fourth, last],
        [first, third, fourth, last],
        [first, second, third, fourth, last, last],
        [last],
    ):
        path.write_bytes(lines + b"".join(wrong))
        with pytest.raises(DamagedError):
            opens(path)


def test_another_key_is_told_from_a_damaged_file(backup):
    keys = make.keys().keyring
    other = Keyring({1: bytes(reversed(keys.sealing[1]))}, 1, keys.index_key)
    with pytest.raises(BackupError, match="does not open with the keys"):
        check_backup(backup.path, other)
    with pytest.raises(BackupError, match="does not open with the keys"):
        check_backup(backup.path, Keyring({2: keys.sealing[1]}, 2, keys.index_key))


def test_after_a_change_of_keys_an_older_backup_opens_as_long_as_its_key_is_kept(backup):
    keys = make.keys().keyring
    rotated = Keyring({**keys.sealing, 2: bytes(reversed(keys.sealing[1]))}, 2, keys.index_key)
    assert check_backup(backup.path, rotated) == backup.checked


def test_a_restore_goes_into_an_empty_place_only(backup, filled, tmp_path):
    with pytest.raises(BackupError, match="not empty; nothing was written"):
        restore(backup.path, filled.url, make.keys(), make.clock())
    theirs = tmp_path / "theirs.sqlite"
    theirs.write_bytes(b"this is a letter, and no database at all")
    with pytest.raises(BackupError, match="not empty; nothing was written"):
        restore(backup.path, make_url(f"sqlite:///{theirs}"), make.keys(), make.clock())
    assert theirs.read_bytes() == b"this is a letter, and no database at all"


def test_a_backup_of_a_newer_version_is_refused_by_name(backup, monkeypatch, tmp_path):
    monkeypatch.setattr("app.web.restoring.revisions", lambda: frozenset({"0001_first_tables"}))
    with pytest.raises(BackupError, match="newer version"):
        restore(backup.path, make_url(f"sqlite:///{tmp_path / NEW}"), make.keys(), make.clock())
    assert not (tmp_path / NEW).exists()


def test_what_is_committed_after_the_start_is_not_in_it(filled, tmp_path, monkeypatch):
    """Another connection writes while the first table is read; neither waits for the other."""
    wrote = []

    def first_then(connection, table):
        if not wrote:
            with filled.begin() as other:
                see_whole(other)
                wrote.append(other.execute(text("UPDATE practice SET name = 'Renamed meanwhile'")).rowcount)
        yield from real(connection, table)

    real = making.pieces_of
    monkeypatch.setattr(making, "pieces_of", first_then)
    backup = make_backup(filled, make.keys().keyring, make.clock(), tmp_path / "backups")
    assert wrote == [2]
    after = restored(backup, f"sqlite:///{tmp_path / NEW}")
    assert {row.name for row in after["practice"]} == {"Example Dermatology", "Other"}


def test_lines_are_read_strictly():
    assert plain("a\\tb\\\\N") == "a\tb\\N"
    for wrong in ("\\q", "\\x41"):
        with pytest.raises(KeyError):
            plain(wrong)
    assert list(rows_from(["\\N\t1"], [Kind.TEXT, Kind.INTEGER])) == [(None, 1)]
    with pytest.raises(ValueError, match="cells"):
        list(rows_from(["1\t1"], [Kind.INTEGER]))


def test_every_column_of_the_program_is_of_a_kind_that_backups_know():
    assert {table.name for table in tables_of(db.metadata)} == set(all_tables().tables)


def test_names_of_files_tell_when_and_nothing_else():
    name = name_at(make.NOW)
    assert made_at(name) == make.NOW and made_at("practice.sqlite") is None
    assert name_at(make.NOW) != name
    assert made_at(Path(f"/elsewhere/{name}").name) == make.NOW
    assert timedelta() == make.NOW - made_at(name)
