"""`scripts/manage alerts`: the watch made anew and proved, and what was held back let through."""

import json


def test_the_watch_of_a_practice_without_patients_is_whole(manage):
    ran = manage("alerts", "rebuild", "--check")
    assert ran.code == 0
    assert ran.out == "Compared 0 deadlines of 0 patients: 0 differences (0 missing, 0 too many, 0 different).\n"
    assert json.loads(manage("alerts", "rebuild", "--json").out)["differences"] == 0


def test_nothing_is_let_through_where_nothing_is_held_back(manage):
    assert manage("alerts", "let-through").out == "No messages are held back.\n"
