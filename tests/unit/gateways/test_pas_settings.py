"""What the settings say of payers' systems by FHIR: every fault is named, no secret is."""

import pytest

from app.gateways.pas.settings import PasSettings, read_pas

GOOD = {
    "PAS_URL": "https://fhir.payer.example/pas/",
    "PAS_PAYERS": "exh, other",
    "PAS_SUBMITTER": "9012345",
    "PAS_TOKEN": "very-secret",
}


def read(**changed):
    """The systems and faults of good settings with some changed; None: left out."""
    given = {name: value for name, value in (GOOD | changed).items() if value is not None}
    faults: list[str] = []
    return read_pas(given, faults), faults


def test_without_settings_there_is_no_system_and_no_fault():
    faults: list[str] = []
    assert read_pas({}, faults) == ()
    assert faults == []


def test_good_settings_are_read():
    found, faults = read(PAS_PAYER_ID="EXH01")
    assert faults == []
    assert found == (
        PasSettings(
            "main",
            "https://fhir.payer.example/pas",
            frozenset({"exh", "other"}),
            "9012345",
            "EXH01",
            token="very-secret",
        ),
    )


@pytest.mark.parametrize(
    ("changed", "named"),
    [
        ({"PAS_URL": None}, "PAS_URL is missing"),
        ({"PAS_URL": "http://payer.example"}, "PAS_URL is not an address"),
        ({"PAS_URL": "https://u:p@payer.example"}, "PAS_URL is not an address"),
        ({"PAS_URL": "https://payer.example/?a=1"}, "PAS_URL is not an address"),
        ({"PAS_PAYERS": None}, "PAS_PAYERS is missing"),
        ({"PAS_SUBMITTER": None}, "PAS_SUBMITTER is missing"),
        ({"PAS_SUBMITTER": "a b"}, "PAS_SUBMITTER has other"),
        ({"PAS_TOKEN": None}, "PAS_TOKEN or PAS_TOKEN_URL is missing"),
        ({"PAS_CLIENT_ID": "c"}, "go together"),
        ({"PAS_HOOK_SECRET": "short"}, "PAS_HOOK_SECRET is shorter"),
        ({"PAS_TOKEN_FILE": "/does/not/exist"}, "PAS_TOKEN_FILE names a file that cannot be read"),
    ],
)
def test_every_fault_is_named_without_a_secret(changed, named):
    _, faults = read(**changed)
    assert any(named in one for one in faults)
    assert "very-secret" not in " ".join(faults)


def test_a_secret_may_lie_in_a_file_of_its_owner_alone(tmp_path):
    path = tmp_path / "token"
    path.write_text("from-a-file\n")
    path.chmod(0o600)
    found, faults = read(PAS_TOKEN=None, PAS_TOKEN_FILE=str(path))
    assert (found[0].token, faults) == ("from-a-file", [])
    path.chmod(0o644)
    assert any("others may read" in one for one in read(PAS_TOKEN=None, PAS_TOKEN_FILE=str(path))[1])


def test_several_systems_have_names_and_no_payer_in_common():
    named = {f"PAS_{one}_{name[4:]}": value for one in ("A", "B") for name, value in GOOD.items()}
    faults: list[str] = []
    found = read_pas({"PAS_SYSTEMS": "a,b", **named}, faults)
    assert [one.name for one in found] == ["a", "b"]
    assert faults == [
        "Two systems of PAS_SYSTEMS name the payer exh.",
        "Two systems of PAS_SYSTEMS name the payer other.",
    ]


@pytest.mark.parametrize(("typed", "largest"), [(None, 10), ("25", 25), ("0", 0)])
def test_how_much_of_documents_a_payer_takes_is_said_in_megabytes(typed, largest):
    (found,), faults = read(PAS_LARGEST_MB=typed)
    assert (found.largest, faults) == (largest * 2**20, [])


@pytest.mark.parametrize("typed", ["51", "ten", "-1"])
def test_a_size_that_is_none_is_a_fault_and_sends_no_documents(typed):
    (found,), faults = read(PAS_LARGEST_MB=typed)
    assert found.largest == 0
    assert "PAS_LARGEST_MB is no whole number of megabytes" in faults[0]
