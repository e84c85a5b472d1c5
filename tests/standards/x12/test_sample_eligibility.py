"""Samples of 270 and 271 against their raw text, read here by other means than the reader's.

They lie beside the project, in the folder `shared`; without it these tests say so and are skipped.
"""

import re
from decimal import Decimal
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest

from app.standards.reading import documents
from tests.standards.test_corpora import WHY

pytestmark = pytest.mark.shared

SAMPLES = Path(__file__).parents[3].parent / "shared" / "corpora"
ELIGIBILITY = re.compile(rb"ST[*|]27[01][*|]")
FOUND = sorted(
    path
    for path in SAMPLES.rglob("*")
    if path.is_file() and ELIGIBILITY.search(path.read_bytes()) and path.relative_to(SAMPLES).as_posix() not in WHY
)
"""Without those that are refused: test_corpora.py says why each of them is."""

PICKED = FOUND or [SAMPLES / "absent"]
ANSWERED = [path for path in FOUND if re.search(rb"ST[*|]271[*|]", path.read_bytes())] or PICKED


def raw(path: Path) -> list[list[str]]:
    """The segments of a file, cut by its own signs."""
    text = path.read_bytes().decode("utf-8-sig").strip()
    return [one.strip().split(text[3]) for one in text.split(text[105]) if one.strip()]


def read(path: Path) -> list[dict[str, Any]]:
    if not path.exists():
        pytest.skip("the sample documents are not beside the project; nothing was compared")
    return list(documents(BytesIO(path.read_bytes())))


def at(segment: list[str], place: int) -> str:
    return segment[place] if place < len(segment) else ""


def every(path: Path, name: str, place: int) -> list[str]:
    return [at(segment, place) for segment in raw(path) if segment[0] == name]


def people(path: Path) -> list[dict[str, Any]]:
    return [one for document in read(path) for one in document.get("responses", document.get("requests"))]


@pytest.mark.parametrize("path", PICKED, ids=lambda path: path.name)
def test_traces_members_payers_and_providers_are_those_of_the_text(path):
    found = people(path)
    patients = [at(segment, 9) for segment in raw(path) if segment[0] == "NM1" and segment[1] == "IL"]
    assert [one["subscriber"]["member_id"] for one in found][:1] == [patients[0] if patients else None]
    assert {trace for one in found for trace in one["trace"]} <= set(every(path, "TRN", 2))
    assert {one["payer"]["id"] or "" for one in found} <= {
        at(segment, 9) for segment in raw(path) if segment[0] == "NM1" and segment[1] == "PR"
    }
    assert {one["provider"]["npi"] for one in found} - {None} <= {
        at(segment, 9) for segment in raw(path) if segment[:2] == ["NM1", "1P"] and at(segment, 8) == "XX"
    }


@pytest.mark.parametrize("path", ANSWERED, ids=lambda path: path.name)
def test_every_benefit_stands_there_in_order_with_its_codes_and_amounts(path):
    benefits = [benefit for one in people(path) for benefit in one["benefits"]]
    keys = {"info": 1, "coverage_level": 2, "insurance_type": 4, "plan": 5, "period": 6, "quantity": 10}
    for key, place in keys.items():
        assert [benefit[key] or "" for benefit in benefits] == every(path, "EB", place), key
    amounts = [Decimal(text) if text else None for text in every(path, "EB", 7)]
    assert [Decimal(benefit["amount"]) if benefit["amount"] else None for benefit in benefits] == amounts
    types = [re.findall("[A-Z0-9]+", text) for text in every(path, "EB", 3)]
    assert [benefit["service_types"] for benefit in benefits] == types
    codes = [re.split("[^A-Z0-9]", text)[1:2] for text in every(path, "EB", 13)]
    assert [[benefit["procedure"]["code"]] if benefit["procedure"] else [] for benefit in benefits] == codes


@pytest.mark.parametrize("path", ANSWERED, ids=lambda path: path.name)
def test_messages_rejections_and_dates_are_all_there(path):
    found = people(path)
    benefits = [benefit for one in found for benefit in one["benefits"]]
    assert [message for benefit in benefits for message in benefit["messages"]] == every(path, "MSG", 1)
    assert [one["code"] for answer in found for one in answer["rejections"]] == every(path, "AAA", 3)
    dated = sum(len(one["dates"]) for one in (*found, *benefits))
    assert dated == len(every(path, "DTP", 1))
    assert sum(len(benefit["entities"]) for benefit in benefits) == len(every(path, "NM1", 1)) - len(
        read(path)
    ) * 2 - sum(one["subscriber"]["last_name"] is not None for one in found)
