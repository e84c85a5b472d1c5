"""Rule sets on the command line: loading puts forward, versions lists, diff says in words what differs."""

import json
import shutil

import pytest

from app.policies.actions.library import SHIPPED


@pytest.fixture
def directory(tmp_path):
    """A copy of two shipped payers that a test may change."""
    for name in ("_grid", "aetna", "medicare_ffs"):
        shutil.copytree(SHIPPED / name, tmp_path / "new rules" / name)
    return tmp_path / "new rules"


def edit(directory, old="approval: required", new="approval: notification"):
    file = directory / "aetna/biologics.yaml"
    assert old in file.read_text()
    file.write_text(file.read_text().replace(old, new, 1))


def test_load_puts_other_rules_forward_and_says_how_they_are_accepted(manage, directory):
    first = manage("policies", "load", str(directory))
    assert first.code == 0
    assert "are put forward; rules" in first.out and "stay in force." in first.out
    assert "another such person accepts them there" in first.out
    again = manage("policies", "load", str(directory))
    assert "were put forward before. Waits for a person to look at it." in again.out
    edit(directory, new="approval: maybe")
    faulty = manage("policies", "load", str(directory))
    assert (faulty.code, "The rules in force stay." in faulty.err) == (2, True)
    listed = manage("policies", "versions").out
    assert "The first rules at this practice." in listed
    assert "by the command line. Waits for a person to look at it." in listed


def test_diff_names_sets_by_version_directory_and_now(manage, directory):
    manage("policies", "load", str(directory))
    edit(directory)
    said = json.loads(manage("policies", "versions", "--json").out)
    assert [one["how"] for one in said["in_force"]] == ["first"]
    assert [(one["origin"], one["state"]) for one in said["put_forward"]] == [("directory", "waiting")]
    now, wanted = said["in_force"][0]["version"], said["put_forward"][0]["version"]
    told = manage("policies", "diff", wanted[:8], str(directory)).out
    assert "Aetna (CVS Health): 1 rule changed." in told
    assert "was required, is notice to the payer." in told
    other = json.loads(manage("policies", "diff", now, wanted, "--json").out)
    assert {one["change"] for one in other["payers"]} == {"removed"}
    assert other["lists"] == []
    assert manage("policies", "diff", "now", now).out == "Both rule sets say the same.\n"
    short = manage("policies", "diff", "now", wanted[:7])
    assert (short.code, "is no rule set: write 'now', a directory, or" in short.err) == (2, True)
    edit(directory, "approval: notification", "approval: maybe")
    assert "have faults; nothing is compared" in manage("policies", "diff", "now", str(directory)).err
