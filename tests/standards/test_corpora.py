"""Every sample document of other projects is read, or refused for its true reason; corpora.tsv says which, so that a
change is seen.

The samples lie beside the project, in the folder `shared`; without it these tests say so and are skipped.
"""

from io import BytesIO
from itertools import groupby
from pathlib import Path

import pytest

from app.standards.errors import ReadingError
from app.standards.reading import documents

pytestmark = pytest.mark.shared

SAMPLES = Path(__file__).parents[2].parent / "shared" / "corpora"
EXPECTED = Path(__file__).with_name("corpora.tsv")
WHY = {
    "SOURCES.tsv": "the list of the samples, a table of none of our kinds",
    "edi-835-parser/blue_cross_nc_sample.txt": "no ISA and no GS: nothing names its signs and its sender",
    "imsweb/x12_277_x212.txt": "IEA02 842928883, ISA13 000000001",
    "imsweb/x12_999_accepted.txt": "IEA02 000000001, ISA13 000000286",
    "imsweb/x270.txt": "SE01 says 15 of 14 segments",
    "imsweb/x271.txt": "SE01 says 22 of 18 segments",
    "linuxforhealth/271_005010X279A1__subscriber-health-benefit-check-error.271": "SE02 4323, ST02 4321",
    "oopfactory/HIPAA_271_5010__Example_3_1_2.txt": "SE01 says 22 of 40 segments",
    "oopfactory/INS___277___5010__FromBogeyone.txt": "cut off within its set",
    "oopfactory/INS___277___5010__FromLatitude81uk.txt": "IEA02 000000002, ISA13 43434343",
    "oopfactory/INS___835___4010__FromNth__835_DeIdent_02.dat": "SE02 of its last set is not ST02",
    "pyx12/bad_header_looping.txt": "SE01 says 39 of 72 segments; made to be bad",
}
"""What is wrong with those that are refused, as their raw text shows it."""


def outcome(path: Path) -> str:
    """What comes of a file: the kinds of its documents in order, then why it is refused."""
    kinds: list[str] = []
    refused: list[str] = []
    try:
        kinds.extend(document["kind"] for document in documents(BytesIO(path.read_bytes())))
    except ReadingError as error:
        place = f" {error.place} {error.where}" if error.place else ""
        refused.append(f"refused: {error.fault.value}{place}")
    counted = ((kind, len(list(same))) for kind, same in groupby(kinds))
    return ", ".join([*(kind if number == 1 else f"{kind} x{number}" for kind, number in counted), *refused])


@pytest.fixture(scope="module")
def outcomes() -> dict[str, str]:
    if not SAMPLES.exists():
        pytest.skip("the sample documents are not beside the project; nothing was compared")
    found = sorted(path for path in SAMPLES.rglob("*") if path.is_file())
    return {path.relative_to(SAMPLES).as_posix(): outcome(path) for path in found}


def test_every_sample_comes_out_as_the_table_says(outcomes):
    expected = dict(line.split("\t") for line in EXPECTED.read_text(encoding="utf-8").splitlines())
    assert outcomes == expected


def test_each_refusal_has_a_reason_that_the_raw_text_shows(outcomes):
    assert {name for name, came in outcomes.items() if "refused" in came} == set(WHY)
