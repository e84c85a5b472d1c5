"""`scripts/manage doctor` names every missing or unsafe thing with its remedy, and changes nothing."""

import json
from pathlib import Path

import pytest

from app.platform.clock import SystemClock
from app.platform.keys import make_keys
from app.web.doctor import surroundings
from app.web.doctor.commands import examine
from app.web.doctor.findings import Grade
from tests.support import make


@pytest.fixture
def production(tmp_path: Path) -> dict[str, str]:
    """Good settings of a production that has not started yet."""
    make_keys(tmp_path / "keys" / "keys.json")
    (tmp_path / "home").mkdir(mode=0o700)
    return {
        "APP_ENV": "production",
        "CLEARED_HOME": str(tmp_path / "home"),
        "CLEARED_KEY_FILE": str(tmp_path / "keys" / "keys.json"),
        "DATABASE_URL": f"sqlite:///{tmp_path}/practice.sqlite",
        "PUBLIC_BASE_URL": "https://cleared.practice.example",
        "TRUSTED_PROXIES": "127.0.0.1",
    }


@pytest.fixture(autouse=True)
def _an_ordinary_user(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(surroundings, "as_root", lambda: False)


def unsafe_of(environment: dict[str, str]) -> list[str]:
    """What the doctor finds unsafe: what about, and the words."""
    return [f"{one.about}: {one.found}" for one in examine(environment, SystemClock()) if one.grade is Grade.UNSAFE]


def test_a_good_production_has_nothing_unsafe(production):
    assert unsafe_of(production) == []


def test_it_looks_at_everything_and_makes_nothing(production, tmp_path):
    about = {one.about for one in examine(production, SystemClock())}
    assert about >= {"settings", "files", "keys", "database", "e-mail", "texts", "disk", "clock", "packages", "python"}
    assert not (tmp_path / "practice.sqlite").exists()


def test_everything_that_is_not_well_has_a_remedy(production):
    for one in examine({**production, "FLASK_DEBUG": "1", "PUBLIC_BASE_URL": "http://a.example"}, SystemClock()):
        assert one.grade is Grade.GOOD or one.remedy.endswith((".", "/backup", "backup")) or "Run: " in one.remedy


def test_each_unsafe_thing_is_named(production, tmp_path, monkeypatch):
    (tmp_path / "home").chmod(0o755)
    assert any("chmod" in one or "may reach the folder" in one for one in unsafe_of(production))
    (tmp_path / "home").chmod(0o700)
    (tmp_path / "practice.sqlite").touch(mode=0o644)
    assert any("database file" in one for one in unsafe_of(production))
    (tmp_path / "practice.sqlite").unlink()
    monkeypatch.setattr(surroundings, "as_root", lambda: True)
    assert unsafe_of(production) == ["user: This runs as root."]
    monkeypatch.setattr(surroundings, "as_root", lambda: False)
    monkeypatch.setattr(surroundings, "NO_SPACE", 2**80)
    assert [one.split(":")[0] for one in unsafe_of(production)] == ["disk"]


def test_a_package_that_is_not_the_locks_is_named(production, monkeypatch):
    real = surroundings.version
    monkeypatch.setattr(surroundings, "version", lambda name: "0.0.1" if name == "flask" else real(name))
    (found,) = unsafe_of(production)
    assert "flask is 0.0.1, the lock says ==" in found


def test_keys_that_cannot_be_read_are_named_without_a_word_of_them(production, tmp_path):
    (tmp_path / "keys" / "keys.json").write_text('{"sealing": {"1": "c2VjcmV0"}}')
    found = unsafe_of(production)
    assert [one.split(":")[0] for one in found] == ["keys"]
    assert "c2VjcmV0" not in str(found)


def test_faulty_settings_do_not_keep_it_from_looking(production):
    found = unsafe_of({**production, "TRUSTED_PROXIES": "", "DATABASE_URL": "mysql://root:secret@db/x"})
    assert len(found) >= 2
    assert "secret" not in str(found)


def test_the_command_says_what_is_to_mend_and_exits_1(manage, monkeypatch):
    manage("database", "prepare")
    monkeypatch.setenv("APP_ENV", "production")
    ran = manage("doctor")
    assert ran.code == 1
    assert "UNSAFE  settings: TRUSTED_PROXIES is missing" in ran.out
    assert "things to mend." in ran.out
    lines = [json.loads(line) for line in manage("doctor", "--json").out.splitlines()]
    assert {line["grade"] for line in lines} == {"good", "note", "unsafe"}
    assert "backup" in {line["about"] for line in lines if line["grade"] == "unsafe"}


def test_a_desk_is_told_what_production_would_ask(manage):
    manage("database", "prepare")
    ran = manage("doctor")
    assert "note    production: TRUSTED_PROXIES is missing" in ran.out
    assert make.ZONE in ran.out


def test_the_keys_of_a_production_are_made_by_hand_once(manage, monkeypatch, tmp_path):
    monkeypatch.setenv("APP_ENV", "production")
    monkeypatch.setenv("CLEARED_KEY_FILE", str(tmp_path / "apart" / "keys.json"))
    made = manage("keys", "make")
    assert made.code == 0
    assert "Keep a copy" in made.out
    assert (tmp_path / "apart" / "keys.json").stat().st_mode & 0o777 == 0o600
    before = (tmp_path / "apart" / "keys.json").read_bytes()
    assert manage("keys", "make").code == 2
    assert (tmp_path / "apart" / "keys.json").read_bytes() == before
