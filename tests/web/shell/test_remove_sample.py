"""Leaving the sample without a trace; a real practice is never touched."""

import shutil
from pathlib import Path

import pytest
from sqlalchemy import inspect
from sqlalchemy.engine import make_url

from app.backups.actions.keeping import back_up
from app.platform.lock import held
from app.platform.sessions import engine_of
from app.web.commandline import main
from app.web.opening import caller_on, open_installation
from app.web.starting import prepare
from config import load
from tests.support import make

TYPED = ("sample", "remove", "--typed", "remove sample")


NAMED = ("DATABASE_URL", "CLEARED_KEY_FILE", "PUBLIC_BASE_URL", "APP_ENV", "PRACTICE_ZONE")


@pytest.fixture(scope="module")
def prepared(tmp_path_factory):
    """A home in which a real practice lies beside the sample, both set up as the start does it; and a copy to keep."""
    made = tmp_path_factory.mktemp("prepared") / "home"
    made.mkdir()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("app.web.sample.building.PEOPLE", 40)
        _live_in(made, patch)
        settings = load()
        for one, empty in ((settings, True), (settings.on_sample(), False)):
            installation = open_installation(one)
            prepare(installation, empty)
            installation.engine.dispose()
    shutil.copytree(made, made.with_name("kept"))
    return made


@pytest.fixture
def home(prepared, monkeypatch):
    """The prepared home as it was: preparing takes seconds, and some of its files know its path."""
    shutil.rmtree(prepared)
    shutil.copytree(prepared.with_name("kept"), prepared)
    _live_in(prepared, monkeypatch)
    return prepared


def _live_in(home, patch):
    patch.setenv("CLEARED_HOME", str(home))
    for name in NAMED:
        patch.delenv(name, raising=False)


def files(home: Path) -> dict[str, bytes]:
    """Every file of the home, with what it holds."""
    return {path.name: path.read_bytes() for path in sorted(home.iterdir()) if path.is_file()}


def test_nothing_of_the_sample_is_left_and_the_practice_stays_as_it_was(home, capsys):
    before = files(home)
    assert [name for name in before if name.startswith("sample")]
    assert main(list(TYPED)) == 0
    assert capsys.readouterr().out == "The sample practice is removed.\n"
    after = files(home)
    assert [name for name in after if "sample" in name] == []
    assert after == {name: content for name, content in before.items() if "sample" not in name}
    assert "practice.sqlite" in after
    assert main(list(TYPED)) == 0
    assert capsys.readouterr().out == "There is no sample practice to remove.\n"
    assert files(home) == after


@pytest.mark.parametrize("typed", ["", "remove"])
def test_without_the_typed_words_nothing_is_removed(home, capsys, typed):
    before = files(home)
    assert main(["sample", "remove", "--typed", typed]) == 2
    assert "was not typed" in capsys.readouterr().err
    assert files(home) == before


def test_a_real_practice_is_never_removed(home, capsys):
    before = files(home)
    database = f"sqlite:///{home / 'practice.sqlite'}"
    assert main(["--database", database.replace("practice.", "./practice."), *TYPED]) == 2
    assert "holds a real practice; nothing was removed" in capsys.readouterr().err
    assert files(home).keys() >= before.keys()


def test_while_the_program_runs_on_it_the_sample_stays(home, capsys):
    engine = engine_of(make_url(f"sqlite:///{home / 'sample.sqlite'}"))
    with held(engine, "web") as mine:
        assert mine
        assert main(list(TYPED)) == 2
    engine.dispose()
    assert "Cleared runs on the sample. Stop it with Ctrl-C" in capsys.readouterr().err
    assert (home / "sample.sqlite").exists()


def test_on_a_named_database_the_tables_go(manage, new_database_url, monkeypatch):
    monkeypatch.setattr("app.web.sample.building.PEOPLE", 40)
    assert manage("sample", "fill").code == 0
    assert manage(*TYPED).out == "The sample practice is removed.\n"
    if new_database_url.startswith("sqlite"):
        assert not Path(new_database_url.removeprefix("sqlite:///")).exists()
    else:
        engine = engine_of(make_url(new_database_url))
        assert inspect(engine).get_table_names() == []
        engine.dispose()


def test_a_named_database_of_a_real_practice_keeps_everything(manage, new_database_url):
    assert manage("practice", "setup", "--name", "Lakeside", "--npi", make.GROUP_NPI).code == 0
    refused = manage(*TYPED)
    assert refused.code == 2
    assert "holds a real practice; nothing was removed." in refused.err
    assert manage("audit", "verify").out.startswith("The audit log is whole: ")


def test_backups_of_the_sample_go_with_it_and_those_of_the_practice_stay(home, capsys):
    for one in (load(), load().on_sample()):
        installation = open_installation(one)
        caller, _practice, _made = caller_on(installation)
        back_up(caller)
        caller.session.close()
        installation.engine.dispose()
    assert [len(list((home / name).iterdir())) for name in ("backups", "backups-of-sample")] == [1, 1]
    assert main(list(TYPED)) == 0
    assert len(list((home / "backups").iterdir())) == 1 and not (home / "backups-of-sample").exists()
