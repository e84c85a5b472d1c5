"""Sessions end when they must, and no cookie from before, after or beside them opens a page: a small drill."""

import pytest

from tests.drills import session_drill
from tests.drills.session_tricks import TRICKS


@pytest.mark.parametrize("db", ["sqlite", "postgres"])
def test_no_cookie_of_an_ended_session_opens_a_page(db):
    answer = session_drill.drill(1, 1, db)
    assert answer["passed"], answer
    assert answer["tricks"] == len(TRICKS) == 15


@pytest.mark.parametrize(
    ("plant", "trick"),
    [
        ("same-id", "cookie_before_a_proof"),
        ("never-idle", "unused"),
        ("never-old", "too_old"),
        ("sign-out-keeps", "signed_out"),
        ("changes-keep", "changed_person"),
        ("no-set-up", "without_a_factor"),
        ("password-is-enough", "cookie_between_the_steps"),
    ],
)
def test_the_drill_finds_each_planted_hole(plant, trick):
    answer = session_drill.drill(1, 2, "sqlite", plant, only=[trick])
    assert not answer["passed"]
    assert answer["taken"] > 0, answer
    assert answer["control"]
