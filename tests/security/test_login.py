"""Guessing, floods, replayed codes and enumeration at sign-in: a small run of the drill, and its planted holes."""

import pytest

from tests.drills import login_drill


@pytest.mark.parametrize("db", ["sqlite", "postgres"])
@pytest.mark.parametrize("trick", ["flood", "replayed_code"])
def test_what_comes_at_the_same_moment_is_held_back_and_taken_once(db, trick):
    answer = login_drill.drill(1, db, only=[trick])
    assert answer["passed"], answer


@pytest.mark.parametrize("trick", ["flood_of_one_source", "old_codes", "told_by_words", "told_by_work"])
def test_old_codes_open_nothing_and_nobody_learns_who_is_on_file(trick):
    answer = login_drill.drill(1, only=[trick])
    assert answer["passed"], answer


@pytest.mark.parametrize(
    ("trick", "hours"), [("one_account_one_source", 5), ("one_account_many_sources", 5), ("guessed_codes", 1)]
)
def test_few_guesses_count_and_nobody_is_kept_out(trick, hours):
    answer = login_drill.drill(1, hours=hours, only=[trick])
    assert answer["passed"], answer


@pytest.mark.parametrize(
    ("plant", "trick"),
    [
        ("no-lock", "one_account_one_source"),
        ("lock-everybody", "one_account_many_sources"),
        ("no-places", "flood"),
        ("no-share", "flood_of_one_source"),
        ("replay", "replayed_code"),
        ("compare-known-only", "told_by_work"),
    ],
)
def test_the_drill_finds_each_planted_hole(plant, trick):
    answer = login_drill.drill(1, "sqlite", plant, hours=5, only=[trick])
    assert not answer["passed"]
    assert answer["first"][0].startswith(f"{trick}: ")
