"""APP_ENV=production refuses to start on anything unsafe, and names every fault at once."""

from pathlib import Path

import pytest

from app.platform.clock import SystemClock
from app.platform.keys import make_keys
from app.web.opening import OpeningError, open_installation, the_practice
from config import SettingsError, load


@pytest.fixture
def good(tmp_path: Path) -> dict[str, str]:
    """Settings of a practice as they ought to be."""
    make_keys(tmp_path / "keys" / "keys.json")
    return {
        "APP_ENV": "production",
        "CLEARED_HOME": str(tmp_path / "home"),
        "CLEARED_KEY_FILE": str(tmp_path / "keys" / "keys.json"),
        "DATABASE_URL": f"sqlite:///{tmp_path}/practice.sqlite",
        "PUBLIC_BASE_URL": "https://cleared.practice.example",
        "TRUSTED_PROXIES": "127.0.0.1",
    }


def faults_of(environment):
    with pytest.raises(SettingsError) as error:
        load(environment)
    return error.value.faults


def test_good_settings_start(good):
    settings = load(good)
    assert settings.production
    assert settings.secure


def test_all_that_is_missing_is_named_at_once(tmp_path):
    found = faults_of({"APP_ENV": "production", "CLEARED_HOME": str(tmp_path)})
    named = [fault.split(" ")[0] for fault in found]
    assert named == ["PUBLIC_BASE_URL", "PUBLIC_BASE_URL", "TRUSTED_PROXIES", "DATABASE_URL", "The"]
    assert "key file" in found[-1]


@pytest.mark.parametrize(
    ("name", "value", "words"),
    [
        ("PUBLIC_BASE_URL", "http://cleared.practice.example", "https"),
        ("PUBLIC_BASE_URL", "https://203.0.113.9", "certificate"),
        ("PUBLIC_BASE_URL", "https://someone:word@cleared.practice.example", "is not an address"),
        ("PUBLIC_BASE_URL", "https://cleared.practice.example/page", "is not an address"),
        ("PUBLIC_BASE_URL", "https://cleared.practice.example:port", "is not an address"),
        ("TRUSTED_PROXIES", "0.0.0.0/0", "too wide"),
        ("TRUSTED_PROXIES", "::/0", "too wide"),
        ("TRUSTED_PROXIES", "proxy.example", "write addresses"),
        ("DATABASE_URL", "postgresql://app@db.example/cleared", "sslmode=verify-full"),
        ("DATABASE_URL", "postgresql://app@db.example/cleared?sslmode=require", "sslmode=verify-full"),
        ("DATABASE_URL", "postgresql:///cleared?host=db.example", "sslmode=verify-full"),
        ("DATABASE_URL", "sqlite:////var/lib/cleared/sample.sqlite", "sample"),
        ("CLEARED_MODE", "production", "APP_ENV"),
        ("FLASK_DEBUG", "1", "FLASK_DEBUG"),
        ("GUNICORN_CMD_ARGS", "--reload", "GUNICORN_CMD_ARGS"),
        ("SSLKEYLOGFILE", "keys.log", "SSLKEYLOGFILE"),
    ],
)
def test_each_unsafe_setting_is_refused_alone(good, name, value, words):
    found = faults_of({**good, name: value})
    assert len(found) == 1
    assert words in found[0]


def test_a_database_on_this_machine_or_with_a_checked_certificate_is_taken(good):
    for url in ("postgresql:///cleared?host=/run/postgresql", "postgresql://app@127.0.0.1/cleared"):
        assert load({**good, "DATABASE_URL": url}).production
    assert load({**good, "DATABASE_URL": "postgresql://app@db.example/cleared?sslmode=verify-full"}).production


@pytest.mark.parametrize("mode", [0o644, 0o640, 0o604, 0o660])
def test_a_key_file_that_others_may_read_is_refused(good, mode):
    Path(good["CLEARED_KEY_FILE"]).chmod(mode)
    assert "chmod 600" in faults_of(good)[0]


def test_a_key_file_that_others_may_exchange_is_refused(good):
    Path(good["CLEARED_KEY_FILE"]).parent.chmod(0o777)
    assert "exchange" in faults_of(good)[0]


def test_the_sample_practice_is_refused(good):
    installation = open_installation(load({**good, "APP_ENV": "desk"}))
    with installation.session() as session:
        the_practice(session, SystemClock(), installation.settings, sample=True)
    installation.engine.dispose()
    with pytest.raises(OpeningError, match="sample practice"):
        open_installation(load(good))


def test_a_practice_of_ones_own_is_opened(good):
    installation = open_installation(load(good))
    with installation.session() as session:
        practice, made = the_practice(session, SystemClock(), installation.settings)
    assert made
    assert not practice.sample
    open_installation(load(good)).engine.dispose()
    installation.engine.dispose()


def test_keys_are_never_made_by_themselves_in_production(good):
    Path(good["CLEARED_KEY_FILE"]).unlink()
    assert "missing" in faults_of(good)[0]
    assert not Path(good["CLEARED_KEY_FILE"]).exists()


def test_no_fault_quotes_a_password(good):
    url = "postgresql://app:a-long-secret@db.example/cleared"
    assert "a-long-secret" not in str(faults_of({**good, "DATABASE_URL": url}))
