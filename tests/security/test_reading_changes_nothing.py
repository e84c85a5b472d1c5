"""Reading an address changes nothing: GET and HEAD leave every table as it was, but for the traces of reading."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from app.practice.facts.staff import Role
from tests.support.whole import Whole, whole_program


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Whole]:
    """The program on a filled practice."""
    with whole_program(Path(tmp_path_factory.mktemp("whole"))) as made:
        yield made


def test_no_page_changes_state(whole):
    browser = whole.enter(*Role)
    before, statuses = whole.digest(), {}
    for door, address in whole.doors("GET"):
        for method in ("GET", "HEAD"):
            answer = browser.open(address, method=method)
            answer.close()
            assert answer.status_code < 500, (str(door), method)
            statuses[str(door)] = answer.status_code
    assert sum(status == 200 for status in statuses.values()) > len(statuses) / 2, statuses
    after = whole.digest()
    assert {name for name in after if after[name] != before[name]} == set()


def test_what_reading_may_leave_is_seen_and_a_change_is_seen(whole):
    """The digest sees one changed row, so that the test above can fail."""
    browser = whole.enter(*Role, email="other@example.test")
    before = whole.digest()
    page = browser.get("/settings").text
    token = page.partition('name="csrf_token" value="')[2].partition('"')[0]
    browser.post("/settings", data={"csrf_token": token, "theme": "dark", "density": "compact", "single_keys": "on"})
    assert {name for name, digest in whole.digest().items() if digest != before[name]} == {"staff_look"}
