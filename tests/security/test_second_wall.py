"""PostgreSQL: what the program's role may do, and that rows of another practice are not there for it."""

from collections.abc import Iterator
from uuid import UUID

import pytest
from flask import Flask
from sqlalchemy import Engine, text
from sqlalchemy.engine import make_url
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from app import create_app
from app.audit.actions import check, record
from app.platform.caller import Caller
from app.platform.db import db, writing
from app.platform.sessions import engine_of, session_on
from app.platform.store import latest_runs
from app.platform.wall import APP, FOUND, LOGS, READER, SEALED_LOGS, make_roles, of_practice, raise_wall, see_whole
from app.practice.actions.staff import add_staff
from app.practice.facts.staff import Role
from app.practice.store.practice import add_site, all_practices, sites
from app.practice.store.staff import sign_in_state
from app.timetable import JOBS
from app.web.models import all_tables
from app.web.opening import open_installation
from app.web.scheduler import run_job
from config import load
from tests.support import make
from tests.support.databases import copy_of_template
from tests.support.web import Browser, equipped, token_of, write_keys


@pytest.fixture
def engine(tmp_path) -> Iterator[Engine]:
    """An engine of the program on a fresh PostgreSQL database with two practices."""
    with copy_of_template("postgresql", tmp_path, practices=True) as url:
        made = engine_of(make_url(url))
        yield made
        made.dispose()


@pytest.fixture
def session(engine) -> Iterator[Session]:
    """A session that works for no practice yet."""
    with session_on(engine, make.keys()) as made:
        yield made


def as_owner(engine, statement):
    """Run a statement as the owner of the tables, who sees every practice."""
    with engine.begin() as connection:
        see_whole(connection)
        return connection.execute(text(statement))


def caller_of(session, practice_id):
    """Someone of a practice."""
    return Caller(session, practice_id, make.clock(), via="test")


def test_the_program_works_under_its_own_role(session):
    who = session.execute(
        text("SELECT current_user, rolsuper, rolbypassrls FROM pg_roles WHERE rolname = current_user")
    )
    assert tuple(who.one()) == (APP, False, False)


def test_every_table_with_a_practice_has_forced_row_security_and_a_policy_for_its_practice(engine):
    walled = {name for name, table in all_tables().tables.items() if "practice_id" in table.columns} | {"practice"}
    with engine.connect() as connection:
        asked = "SELECT relname FROM pg_class WHERE relrowsecurity AND relforcerowsecurity"
        assert set(connection.scalars(text(asked))) == walled
        rows = connection.execute(text("SELECT tablename, policyname, cmd, qual, with_check FROM pg_policies")).all()
    policies = {(row.tablename, row.policyname): row for row in rows}
    for table in walled:
        mine = policies[table, "own_practice"]
        assert "cleared.practice" in mine.qual and mine.qual == mine.with_check and mine.cmd == "ALL"
    finding = {table for table, name in policies if name == "finding_practice"}
    assert finding == FOUND
    assert all(policies[table, "finding_practice"].cmd == "SELECT" for table in FOUND)
    assert {name for _table, name in policies} == {"own_practice", "finding_practice", "owner_whole"}


def test_the_roles_have_exactly_the_rights_that_they_should(engine):
    with engine.connect() as connection:
        asked = text(
            "SELECT relname, privilege_type FROM pg_class, aclexplode(relacl) a JOIN pg_roles r ON r.oid = a.grantee "
            "WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace AND rolname = :role"
        )
        granted = {role: set(map(tuple, connection.execute(asked, {"role": role}))) for role in (APP, READER)}
    tables = {*all_tables().tables, "alembic_version"}
    data = {"SELECT", "INSERT", "UPDATE", "DELETE"}
    rights = {table: {"SELECT", "INSERT"} if table in LOGS | set(SEALED_LOGS) else data for table in tables}
    rights["alembic_version"] = {"SELECT"}
    assert granted[APP] == {(table, right) for table, held in rights.items() for right in held}
    assert granted[READER] == {(table, "SELECT") for table in tables}


def test_without_a_practice_there_are_no_rows_and_nothing_is_written(engine, session):
    assert session.execute(text("SELECT count(*) FROM practice")).scalar_one() == 0
    with pytest.raises(DBAPIError, match="row-level security"):
        add_site(session, make.PRACTICE_ID, make.site())
        session.flush()
    session.rollback()
    assert as_owner(engine, "SELECT count(*) FROM practice").scalar_one() == 2


def test_a_practice_neither_reads_nor_writes_another_whatever_the_query_says(engine, session):
    for number, practice_id in enumerate((make.PRACTICE_ID, make.OTHER_PRACTICE_ID), 1):
        of_practice(session, practice_id)
        add_site(session, practice_id, make.site(number, f"Site {number}"))
        session.commit()
    of_practice(session, make.PRACTICE_ID)
    assert [site.name for site in sites(session, make.PRACTICE_ID)] == ["Site 1"]
    assert sites(session, make.OTHER_PRACTICE_ID) == ()
    for change in ("UPDATE site SET name = 'Taken'", "DELETE FROM site"):
        assert session.execute(text(f"{change} WHERE name = 'Site 2'")).rowcount == 0
    with pytest.raises(DBAPIError, match="row-level security"):
        session.execute(text("UPDATE site SET practice_id = :other"), {"other": make.OTHER_PRACTICE_ID})
    session.rollback()
    with pytest.raises(DBAPIError, match="row-level security"):
        add_site(session, make.OTHER_PRACTICE_ID, make.site(3, "Planted"))
        session.flush()
    session.rollback()
    assert as_owner(engine, "SELECT count(*) FROM site").scalar_one() == 2


def test_the_next_transaction_of_a_connection_knows_nothing_of_the_last_ones_practice(engine, session):
    of_practice(session, make.PRACTICE_ID)
    assert session.execute(text("SELECT count(*) FROM practice")).scalar_one() == 1
    session.close()
    with session_on(engine, make.keys()) as other:
        assert other.execute(text("SELECT count(*) FROM practice")).scalar_one() == 0


def test_a_caller_for_another_practice_turns_the_session_at_once(session):
    mine = caller_of(session, make.PRACTICE_ID)
    assert session.execute(text("SELECT name FROM practice")).scalar_one() == "Example Dermatology"
    caller_of(session, make.OTHER_PRACTICE_ID)
    assert session.execute(text("SELECT name FROM practice")).scalar_one() == "Other"
    assert mine.session.execute(text("SELECT name FROM practice")).scalar_one() == "Example Dermatology"


def test_whoever_finds_the_practice_reads_only_where_it_is_found_and_only_in_that_query(session):
    caller = caller_of(session, make.OTHER_PRACTICE_ID)
    add_staff(caller, "lee@example.test", "Lee Example", frozenset({Role.SCHEDULER}))
    session.info.pop("practice")
    session.rollback()
    found = sign_in_state(session, "lee@example.test")
    assert found is not None and found.staff.practice_id == make.OTHER_PRACTICE_ID
    assert len(all_practices(session)) == 2
    assert session.execute(text("SELECT count(*) FROM staff")).scalar_one() == 0
    assert session.execute(text("SELECT count(*) FROM audit_entry")).scalar_one() == 0


@pytest.mark.parametrize("table", sorted(LOGS | set(SEALED_LOGS)))
def test_logs_can_be_added_to_and_not_be_changed_or_removed(session, table):
    of_practice(session, make.PRACTICE_ID)
    for statement in (f"DELETE FROM {table}", f"UPDATE {table} SET practice_id = practice_id", f"TRUNCATE {table}"):
        with pytest.raises(DBAPIError, match="permission denied"):
            session.execute(text(statement))
        session.rollback()


def test_the_audit_log_is_written_and_checked_behind_the_wall(session):
    caller = caller_of(session, make.PRACTICE_ID)
    with writing(session):
        record(caller, "test.done", [make.an_id(1)])
    assert check(caller, processes=2).lines == 1


@pytest.mark.parametrize(
    "statement",
    [
        "CREATE TABLE mine (id int)",
        "DROP TABLE patient",
        "ALTER TABLE patient DISABLE ROW LEVEL SECURITY",
        "ALTER TABLE audit_entry DISABLE TRIGGER ALL",
        "DROP POLICY own_practice ON patient",
        "DROP TRIGGER audit_entry_append_only ON audit_entry",
        "CREATE FUNCTION f() RETURNS int LANGUAGE sql AS 'SELECT 1'",
    ],
)
def test_the_program_changes_no_table_and_no_policy(session, statement):
    of_practice(session, make.PRACTICE_ID)
    with pytest.raises(DBAPIError, match=r"permission denied|must be owner"):
        session.execute(text(statement))


def test_a_claim_to_see_everything_moves_nobody_but_the_owner(session):
    session.execute(text("SELECT set_config('cleared.whole', 'yes', true)"))
    assert session.execute(text("SELECT count(*) FROM practice")).scalar_one() == 0


def test_roles_are_made_again_without_harm_and_a_later_table_gets_its_wall_and_rights(engine):
    with engine.begin() as connection:
        see_whole(connection)
        connection.execute(text("CREATE TABLE later (practice_id uuid, id uuid, PRIMARY KEY (practice_id, id))"))
        raise_wall(connection)
        make_roles(connection)
        make_roles(connection)
    with session_on(engine, make.keys()) as session:
        of_practice(session, make.PRACTICE_ID)
        mine = {"practice": make.PRACTICE_ID, "id": UUID(int=1)}
        session.execute(text("INSERT INTO later VALUES (:practice, :id)"), mine)
        assert session.execute(text("SELECT count(*) FROM later")).scalar_one() == 1
        of_practice(session, make.OTHER_PRACTICE_ID)
        assert session.execute(text("SELECT count(*) FROM later")).scalar_one() == 0


@pytest.fixture
def bare_app(tmp_path) -> Iterator[Flask]:
    """The web program on PostgreSQL, where nobody but the program says for which practice a transaction is."""
    with copy_of_template("postgresql", tmp_path, practices=True) as url:
        write_keys(tmp_path / "keys.json")
        settings = {"CLEARED_HOME": str(tmp_path), "DATABASE_URL": url, "PUBLIC_BASE_URL": "http://localhost"}
        app = create_app(load(settings), make.clock())
        app.test_client_class = Browser
        yield app
        with app.app_context():
            db.session.remove()
            db.engine.dispose()


def test_pages_are_opened_behind_the_wall_from_sign_in_to_sign_out(bare_app):
    with bare_app.app_context():
        caller = equipped(caller_of(db.session(), make.PRACTICE_ID))
        password = add_staff(caller, "kim@example.test", "Kim Example", frozenset({Role.MANAGER, Role.ADMINISTRATOR}))
    browser = bare_app.test_client()
    form = {"email": "kim@example.test", "password": "wrong", "csrf_token": token_of(browser)}
    assert browser.post("/sign-in", data=form).status_code in (200, 422, 429)
    form["csrf_token"] = token_of(browser)
    assert browser.post("/sign-in", data={**form, "password": password}).status_code == 302
    for address in ("/", "/today", "/schedule", "/patients", "/alerts", "/settings", "/admin", "/admin/audit"):
        assert browser.get(address, follow_redirects=True).status_code == 200, address
    assert browser.post("/sign-out", data={"csrf_token": token_of(browser, "/settings")}).status_code in (302, 303)


def test_every_job_runs_behind_the_wall(tmp_path):
    with copy_of_template("postgresql", tmp_path, practices=True) as url:
        write_keys(tmp_path / "keys.json")
        given = {"CLEARED_HOME": str(tmp_path), "DATABASE_URL": url, "PUBLIC_BASE_URL": "http://localhost"}
        installation = open_installation(load(given))
        for job in JOBS:
            ran = run_job(installation, make.clock(), job)
            assert ran is not None and not ran.failed, job.name
        with installation.session() as session:
            for practice_id in (make.PRACTICE_ID, make.OTHER_PRACTICE_ID):
                of_practice(session, practice_id)
                assert latest_runs(session, practice_id, ["sweep"])["sweep"].incident is None
        installation.engine.dispose()
