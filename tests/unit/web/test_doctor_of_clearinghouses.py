"""What the doctor says of clearinghouses: set up or not, folders missing, folders that others may reach."""

from app.web.doctor.surroundings import of_clearinghouses
from config import read


def _told(tmp_path, **more):
    environment = {
        "CLEARED_HOME": str(tmp_path),
        "CLEARINGHOUSE_OUT": str(tmp_path / "out"),
        "CLEARINGHOUSE_IN": str(tmp_path / "in"),
        "CLEARINGHOUSE_SENDER": "CLINIC1",
        "CLEARINGHOUSE_RECEIVER": "HOUSE9",
    }
    settings, faults = read(environment | more)
    assert faults == []
    return " ".join(one.found for one in of_clearinghouses(settings))


def test_without_settings_it_says_what_to_set(tmp_path):
    settings, _faults = read({"CLEARED_HOME": str(tmp_path)})
    (found,) = of_clearinghouses(settings)
    assert found.found.startswith("Not set up: payers are asked about coverage by portal and telephone only.")


def test_folders_are_looked_at(tmp_path):
    assert "is missing or may not be written to" in _told(tmp_path)
    for name in ("out", "in"):
        (tmp_path / name).mkdir(mode=0o700)
    assert _told(tmp_path) == "main is set up, by folders."
    (tmp_path / "in").chmod(0o755)
    assert "Others on this machine may reach" in _told(tmp_path)
