"""Samples of 275, 276, 277, 278 and 999 against their raw text, read here by other means than the readers'.

They lie beside the project, in the folder `shared`; without it these tests say so and are skipped.
"""

import re
from pathlib import Path
from typing import Any

import pytest

from app.standards.errors import Fault, ReadingError
from app.standards.reading import documents

pytestmark = pytest.mark.shared

SAMPLES = Path(__file__).parents[3].parent / "shared" / "corpora"
OURS = re.compile(rb"ST[*|](?:275|276|277|278|999)[*|]")
BROKEN = {
    "FromBogeyone": Fault.TRUNCATED,
    "FromLatitude81uk": Fault.BAD_ENVELOPE,
    "x12_277_x212": Fault.BAD_ENVELOPE,
    "x12_999_accepted": Fault.BAD_ENVELOPE,
}
"""Cut off before its end; IEA02 that is not ISA13 (three)."""
FOUND = sorted(path for path in SAMPLES.rglob("*") if path.is_file() and OURS.search(path.read_bytes()))
WHOLE = [path for path in FOUND if not any(name in path.name for name in BROKEN)]
PICKED = WHOLE or [SAMPLES / "absent"]


def raw(path: Path) -> list[list[str]]:
    """The segments of a file, cut by its own signs."""
    text = path.read_bytes().decode("utf-8-sig").strip()
    return [one.strip().split(text[3]) for one in text.split(text[105]) if one.strip()]


def read(path: Path) -> list[dict[str, Any]]:
    if not path.exists():
        pytest.skip("the sample documents are not beside the project; nothing was compared")
    with path.open("rb") as stream:
        return list(documents(stream))


def all_of(segments: list[list[str]], *start: str) -> list[list[str]]:
    return [one for one in segments if one[: len(start)] == list(start)]


def at(segment: list[str], place: int) -> str | None:
    return (segment[place] or None) if place < len(segment) else None


@pytest.mark.parametrize("path", PICKED, ids=lambda path: path.name)
def test_every_sample_is_read_set_by_set(path: Path):
    found = read(path)
    assert [one["transaction"] for one in found] == [one[2] for one in all_of(raw(path), "ST")]
    assert [one["kind"].removesuffix("ca") for one in found] == [f"x12.{one[1]}" for one in all_of(raw(path), "ST")]


@pytest.mark.parametrize("path", PICKED, ids=lambda path: path.name)
def test_reviews_say_what_their_segments_say(path: Path):
    segments = raw(path) if path.exists() else []
    for document in [one for one in read(path) if one["kind"] == "x12.278" and one["reviews"]]:
        (review,) = document["reviews"]
        (bht,) = all_of(segments, "BHT")
        (um,), (person,), (payer,) = (
            all_of(segments, "UM"),
            all_of(segments, "NM1", "IL"),
            all_of(segments, "NM1", "X3"),
        )
        hcr = next(iter(all_of(segments, "HCR")), [])
        assert document["direction"] == {"13": "request", "11": "response"}[bht[2]]
        assert (review["reference"], review["payer"]) == (bht[3], payer[3])
        assert review["trace"] == [one[2] for one in all_of(segments, "TRN")]
        assert (review["request_category"], review["certification_type"], review["service_type"]) == tuple(um[1:4])
        assert review["place"] == um[4].split(":")[0]
        assert [one["quantity"] for one in review["delivery"]] == [one[2] for one in all_of(segments, "HSD")]
        assert (review["patient"]["last_name"], review["patient"]["member_id"]) == (person[3], person[9])
        assert (review["action"], review["number"]) == (at(hcr, 1), at(hcr, 2))
        assert review["reasons"] == [one for one in [at(hcr, 3)] if one]
        assert review["decision"] == {"A1": "approved", "A4": "pended"}.get(at(hcr, 1) or "")
        assert review["diagnoses"] == [one[1].split(":")[1] for one in all_of(segments, "HI")]
        assert list(review["event_dates"]) == [one[1] for one in all_of(segments, "DTP")]
        assert (review["rejections"], review["services"], review["messages"]) == ([], [], [])


@pytest.mark.parametrize("path", PICKED, ids=lambda path: path.name)
def test_claims_have_their_traces_and_statuses(path: Path):
    segments = raw(path) if path.exists() else []
    for document in read(path):
        if document["kind"] not in ("x12.276", "x12.277", "x12.277ca"):
            continue
        content = document["content"]
        lines = [line for claim in content["claims"] for line in claim["services"]]
        traces = [trace for one in content["claims"] for trace in one["trace"]]
        statuses = [one for held in (*content["levels"], *content["claims"], *lines) for one in held["statuses"]]
        component = path.read_bytes().decode("utf-8-sig").strip()[104]
        assert len(statuses) == sum(
            len(list(filter(None, [one[1], at(one, 10), at(one, 11)]))) for one in all_of(segments, "STC")
        )
        assert {one["category"] for one in statuses} == {one[1].split(component)[0] for one in all_of(segments, "STC")}
        assert set(traces) <= {one[2] for one in all_of(segments, "TRN")}
        assert len(lines) == len(all_of(segments, "SVC"))
        assert [one["payer_control_number"] for one in content["claims"] if one["payer_control_number"]] == [
            one[2] for one in all_of(segments, "REF", "1K")
        ]


@pytest.mark.parametrize("path", PICKED, ids=lambda path: path.name)
def test_acknowledgements_count_as_their_segments_do(path: Path):
    segments = raw(path) if path.exists() else []
    found = [one["content"] for one in read(path) if one["kind"] == "x12.999"]
    told = [[one["group_status"], *map(str, one["counts"].values())] for one in found]
    assert told == [one[1:5] for one in all_of(segments, "AK9")]
    sets = [held for one in found for held in one["sets"]]
    assert [one["status"] for one in sets] == [one[1] for one in all_of(segments, "IK5")]
    errors = [error for one in sets for error in one["errors"]]
    assert [(one["segment"], one["position"], one["code"]) for one in errors] == [
        (one[1], one[2], one[4]) for one in all_of(segments, "IK3")
    ]


@pytest.mark.parametrize("name", sorted(BROKEN))
def test_what_is_really_broken_is_refused_with_the_true_reason(name: str):
    paths = [path for path in FOUND if name in path.name]
    if not SAMPLES.exists():
        pytest.skip("the sample documents are not beside the project; nothing was compared")
    (path,) = paths
    with pytest.raises(ReadingError) as refused:
        read(path)
    assert (refused.value.fault, refused.value.place) == (BROKEN[name], "segment")
