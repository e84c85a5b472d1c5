"""The command line: what it makes, what it says where, and how it refuses."""

import pytest

from app.platform import commandline
from app.web.commandline import COMMANDS, main, take_out
from tests.support import make


def test_the_first_command_makes_the_practice_and_says_so_on_stderr_only(manage):
    first = manage("database", "prepare")
    assert (first.code, first.out) == (0, "The database is ready.\n")
    assert first.err == f"Made the practice in the zone {make.ZONE}.\n"
    assert manage("database", "prepare").err == ""


def test_the_practices_page_can_be_filled_in_and_is_audited(manage):
    done = manage("practice", "setup", "--name", "Lakeside", "--state", "tx", "--npi", make.GROUP_NPI)
    assert (done.code, done.out) == (0, f"Lakeside is set up in the zone {make.ZONE}.\n")
    assert manage("audit", "verify").out.startswith("The audit log is whole: ")


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (("practice", "setup", "--name", "X", "--npi", "12"), "you entered 2 digits"),
        (("practice", "setup"), "--name"),
        (("nothing",), "No such command"),
        (("practice", "setup", "--colour", "red"), "No such option '--colour'. scripts/manage practice setup --help"),
        (
            ("practice", "add-person", "--email", "kim", "--name", "Kim", "--role", "biller"),
            "Enter a work e-mail address",
        ),
        (("practice", "add-person", "--email", "k@x.test", "--name", "Kim", "--role", "king"), "'king' is not one of"),
        (("practice", "new-password", "kim@example.test"), "Nobody who may sign in has the address"),
        (("practice", "reset", "kim@example.test"), "Nobody with the address"),
        (
            ("practice", "invite", "--email", "k@x.test", "--name", "K", "--role", "biller", "--site", "X"),
            "no site 'X'",
        ),
        (("practice", "invite", "--email", "k@x.test", "--name", "K", "--role", "provider"), "which provider"),
    ],
)
def test_what_cannot_be_done_exits_2_with_a_sentence_on_stderr(manage, words, says):
    refused = manage(*words)
    assert (refused.code, refused.out) == (2, "")
    sentence = refused.err.removeprefix(f"Made the practice in the zone {make.ZONE}.\n")
    assert says in sentence
    assert sentence.endswith(".\n")
    assert sentence.count("\n") == 1


PARTICIPATION = ("practice", "participation", "--payer", "Aetna", "--provider", make.NPI, "--network", "out")


def test_participation_is_recorded_once_under_the_payers_id(manage):
    assert manage(*PARTICIPATION, "--from", "2026-01-01").out == "Recorded.\n"
    assert manage(*PARTICIPATION, "--from", "2026-01-01").out == "This is on file already.\n"


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (("--from", "1/1/2026"), "is not a date"),
        (("--from", "2026-02-01", "--until", "2026-01-31"), "lies before"),
        (("--from", "2026-01-01", "--payer", "Nobody's Health"), "No payer"),
        (("--from", "2026-01-01", "--payer", "self pay"), "No payer"),
        (("--from", "2026-01-01", "--provider", "1003000127"), "is not an NPI"),
        (("--from", "2026-01-01", "--plan", "x" * 81), "at most 80"),
    ],
)
def test_participation_that_is_not_right_is_refused(manage, words, says):
    refused = manage(*PARTICIPATION, *words)
    assert (refused.code, refused.out) == (2, "")
    assert says in refused.err


def test_a_person_is_added_once(manage):
    words = ("practice", "add-person", "--email", "kim@example.test", "--name", "Kim", "--role", "biller")
    assert manage(*words).code == 0
    assert "is on file" in manage(*words).err


def test_a_zone_that_is_not_the_practices_is_said_and_not_used(manage):
    manage("database", "prepare")
    assert "America/Denver was not used" in manage("database", "prepare", "--zone=America/Denver").err


@pytest.mark.parametrize("url", ["mysql://x/y", "sqlite://", "nonsense", "sqlite:////no/such/folder/p.sqlite"])
def test_a_database_that_cannot_be_used_is_refused(tmp_path, monkeypatch, capsys, url):
    monkeypatch.setenv("CLEARED_HOME", str(tmp_path))
    assert main(["database", "prepare", "--database", url]) == 2
    assert capsys.readouterr().err.count("\n") == 1


def test_a_database_password_is_never_shown(tmp_path, monkeypatch, capsys):
    monkeypatch.setenv("CLEARED_HOME", str(tmp_path))
    url = f"postgresql://app:hunter2@/cleared?host={tmp_path}"
    assert main(["database", "prepare", "--database", url]) == 2
    shown = capsys.readouterr().err
    assert "does not answer" in shown
    assert "hunter2" not in shown


def test_the_two_options_may_stand_anywhere_and_end_at_the_double_dash():
    left, taken = take_out(["--zone", "UTC", "import", "--database=a", "x.csv", "--", "--zone", "y"])
    assert left == ["import", "x.csv", "--", "--zone", "y"]
    assert taken == {"PRACTICE_ZONE": "UTC", "DATABASE_URL": "a"}


def test_an_option_without_its_value_is_refused():
    with pytest.raises(commandline.RefusedError, match="--database needs a value"):
        take_out(["import", "--database"])


def test_every_command_of_the_list_is_there_and_says_what_it_does(capsys):
    for name in COMMANDS:
        assert main([name, "--help"]) == 0, name
        assert len(capsys.readouterr().out.splitlines()) >= 5
