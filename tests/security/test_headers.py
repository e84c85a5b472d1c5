"""Every answer tells browsers what they may do with it: a small run of the drill, and its planted holes."""

import pytest

from tests.drills import heading

pytestmark = pytest.mark.browser


def test_every_kind_of_answer_has_all_headers_and_pages_keep_their_policy():
    answer = heading.run(every=3, pages=12)
    assert answer["passed"], answer
    assert set(answer["statuses"]) >= {"2xx", "3xx", "4xx", "5xx"}
    assert answer["pages"] >= 12


@pytest.mark.parametrize("plant", heading.PLANTS)
def test_the_drill_finds_each_planted_hole(plant):
    answer = heading.run(plant, every=60, pages=2 if plant == "inline-script" else 0)
    assert not answer["passed"]
    assert (answer["violations"] if plant == "inline-script" else answer["faults"]) > 0
