"""The API's visits: the verdict of the contract, paged by place, in sight only."""

from collections.abc import Callable
from typing import Any

from flask import Flask

from app.clearance.actions.answering import Asking, clear_visits
from app.clearance.views.shapes import visit_shape
from app.platform.caller import Caller
from app.platform.clock import FixedClock
from app.platform.db import db
from tests.support import make
from tests.support.desk import DAY, MAIN, NORTH, TODAY
from tests.support.queries import counted
from tests.support.web import equipped
from tests.web.api.support import Program

DAYS = {"from": TODAY.isoformat(), "to": TODAY.isoformat()}


def test_a_verdict_is_that_which_the_command_line_prints(web_app: Flask, web_clock: FixedClock, asks: Program) -> None:
    answer = asks.get("/visits", **DAYS)
    assert answer.status_code == 200, answer.text
    with web_app.app_context():
        caller = equipped(Caller(db.session(), make.PRACTICE_ID, web_clock, via="test"))
        printed = [visit_shape(one) for one in clear_visits(caller, Asking(TODAY, TODAY))]
    found = [one["verdict"] for one in answer.json["items"]]
    found.sort(key=lambda one: (one["starts_at"], one["visit_id"]))
    assert len(found) == len(DAY)
    assert found == printed


def test_one_visit_and_its_verdict_say_the_same(asks: Program) -> None:
    first = asks.get("/visits", **DAYS).json["items"][0]
    one = asks.get(f"/visits/{first['id']}")
    assert one.json == first
    assert one.headers["ETag"]
    assert asks.get(f"/visits/{first['id']}/verdict").json == first["verdict"]
    later = asks.get(f"/visits/{first['id']}/verdict", as_of="2026-02-01").json
    assert later["basis"]["as_of"] == "2026-02-01"


def test_pages_follow_each_other_without_gap_or_repetition(asks: Program) -> None:
    whole = [one["id"] for one in asks.get("/visits", **DAYS).json["items"]]
    found: list[str] = []
    query: dict[str, Any] = {**DAYS, "limit": 4}
    while True:
        page = asks.get("/visits", **query).json
        found += [one["id"] for one in page["items"]]
        assert len(page["items"]) <= 4
        if page["next"] is None:
            break
        query["cursor"] = page["next"]
    assert found == whole


def test_a_cursor_of_another_list_is_refused(asks: Program) -> None:
    for cursor in ("e30", "WyJ4Il0", "bm9uc2Vuc2U", "A"):
        answer = asks.get("/visits", **DAYS, cursor=cursor)
        assert answer.status_code == 422
        assert set(answer.json["errors"]) == {"cursor"}
    page = asks.get("/visits", **DAYS, limit=1).json
    moved = asks.get("/visits", **{**DAYS, "badge": "cleared"}, limit=1, cursor=page["next"])
    assert moved.status_code == 422


def test_filters_keep_to_site_badge_and_patient(asks: Program) -> None:
    every = asks.get("/visits", **DAYS).json["items"]
    north = asks.get("/visits", **DAYS, site=NORTH).json["items"]
    assert north == [one for one in every if one["site_id"] == str(NORTH)]
    cleared = asks.get("/visits", **DAYS, badge="cleared").json["items"]
    assert cleared == [one for one in every if one["verdict"]["badge"] == "cleared"]
    mine = asks.get("/visits", **DAYS, patient=every[0]["patient_id"]).json["items"]
    assert [one["id"] for one in mine] == [every[0]["id"]]


def test_what_is_out_of_sight_does_not_exist(limited: Callable[..., Program], asks: Program) -> None:
    every = asks.get("/visits", **DAYS).json["items"]
    hidden = next(one for one in every if one["site_id"] == str(NORTH))
    main_only = limited(sites=[MAIN])
    seen = main_only.get("/visits", **DAYS).json["items"]
    assert [one["id"] for one in seen] == [one["id"] for one in every if one["site_id"] == str(MAIN)]
    missing = main_only.get(f"/visits/{make.an_id(9)}")
    for answer in (
        main_only.get(f"/visits/{hidden['id']}"),
        main_only.get(f"/visits/{hidden['id']}/verdict"),
        main_only.get("/visits", **DAYS, site=NORTH),
        main_only.get(f"/patients/{hidden['patient_id']}"),
        main_only.get(f"/patients/{hidden['patient_id']}/coverages"),
    ):
        assert answer.status_code == 404
        assert answer.json == missing.json


def test_another_practice_sees_nothing_of_it(limited: Callable[..., Program], asks: Program) -> None:
    every = asks.get("/visits", **DAYS).json["items"]
    other = limited(practice_id=make.OTHER_PRACTICE_ID)
    assert other.get("/visits", **DAYS).json["items"] == []
    assert other.get("/patients").json["items"] == []
    assert other.get(f"/visits/{every[0]['id']}").status_code == 404
    assert other.get(f"/patients/{every[0]['patient_id']}").status_code == 404


def test_the_number_of_queries_does_not_grow_with_the_visits(web_app: Flask, asks: Program) -> None:
    asks.get("/visits", **DAYS)
    with web_app.app_context():
        engine = db.engine
    with counted(engine) as one:
        asks.get("/visits", **DAYS, limit=1)
    with counted(engine) as many:
        asks.get("/visits", **DAYS, limit=13)
    assert len(many) == len(one)
