"""Settings: none is needed, each is checked, all faults are named at once."""

from pathlib import Path

import pytest

from config import SettingsError, load


def test_without_any_setting_everything_has_its_place(tmp_path):
    settings = load({"CLEARED_HOME": str(tmp_path)})
    assert settings.database_url == f"sqlite:///{tmp_path / 'practice.sqlite'}"
    assert settings.on_sample().database_url == f"sqlite:///{tmp_path / 'sample.sqlite'}"
    assert settings.key_file == tmp_path / "keys.json"
    assert not settings.production


def test_a_named_database_is_never_exchanged_for_the_samples():
    settings = load({"DATABASE_URL": "postgresql://db/cleared"})
    assert settings.on_sample().database_url == "postgresql://db/cleared"


def test_runtime_files_stay_out_of_the_repository_by_default():
    assert load({}).home == Path(__file__).resolve().parents[3] / ".local"


def test_all_faults_are_named_at_once():
    with pytest.raises(SettingsError) as error:
        load({"APP_ENV": "prod", "PRACTICE_ZONE": "Chicago", "PUBLIC_BASE_URL": "cleared.example.com"})
    assert [fault.split(" ")[0] for fault in error.value.faults] == ["APP_ENV", "PRACTICE_ZONE", "PUBLIC_BASE_URL"]
