"""Locks that die with their process."""

from app.platform.lock import held


def test_one_holds_a_lock_and_the_next_gets_it_after(engine):
    with held(engine, "web") as mine, held(engine, "web") as other, held(engine, "scheduler") as another_name:
        assert (mine, other, another_name) == (True, False, True)
    with held(engine, "web") as mine:
        assert mine
