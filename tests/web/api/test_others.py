"""Patients, coverages, rules, files and alerts through the API."""

from collections.abc import Callable
from datetime import UTC, date, datetime
from typing import Any

import pytest
from flask import Flask

from app.api.actions.once import forget_answers
from app.api.facts.tokens import ApiScope
from app.imports.jobs import work_on_drafts
from app.platform.caller import Caller
from app.platform.clock import FixedClock
from app.platform.db import db
from app.policies.actions.finding import find_requirement
from app.policies.forms.finder import Asked, read_question
from app.policies.views.requirements import finder_object
from tests.support import make
from tests.support.desk import DAY, MAIN, NORTH, PAYER_NAME
from tests.support.swept import Practice, approval_ends
from tests.support.web import equipped
from tests.web.api.support import Program, a_key, program, rows
from tests.web.imports.support import csv_of, visits

LATE = datetime(2026, 12, 1, 15, 0, tzinfo=UTC)
"""A day on which the shipped rules are in force."""


def test_patients_are_listed_page_by_page_and_found_by_words_in_the_body(asks: Program) -> None:
    first = asks.get("/patients", limit=5).json
    rest = asks.get("/patients", limit=100, cursor=first["next"]).json
    everyone = [*first["items"], *rest["items"]]
    assert (len(first["items"]), len(everyone), rest["next"]) == (5, len(DAY), None)
    assert len({one["id"] for one in everyone}) == len(DAY)
    one = everyone[0]
    found = asks.post("/patients/search", {"words": one["mrn"]})
    assert found.json == {"items": [one], "more": False}
    read = asks.get(f"/patients/{one['id']}")
    assert read.json == one
    assert read.headers["ETag"] == '"1"'
    assert asks.post("/patients/search", {"words": "x"}).status_code == 422


def test_a_coverage_is_added_and_a_check_recorded_under_its_version(asks: Program) -> None:
    patient = asks.get("/patients", limit=1).json["items"][0]["id"]
    new = {"rank": "secondary", "payer": PAYER_NAME, "member_id": "z-99 1", "begins": "2026-01-01"}
    made = asks.post(f"/patients/{patient}/coverages", new, a_key())
    assert made.status_code == 201, made.text
    assert (made.json["member_id"], made.json["check"]) == ("Z-99 1", None)
    address = made.headers["Location"].removeprefix("/api/v1")
    read = asks.get(address)
    assert (read.json, read.headers["ETag"]) == (made.json, made.headers["ETag"])
    said = {"checked_on": "2026-03-01", "result": "active", "source": "portal", "reference": "R-1"}
    assert asks.post(f"{address}/checks", said, a_key()).status_code == 428
    checked = asks.post(f"{address}/checks", said, a_key(), If_Match=made.headers["ETag"])
    assert checked.status_code == 200, checked.text
    assert checked.json["check"]["result"] == "active"
    assert asks.post(f"{address}/checks", said, a_key(), If_Match=made.headers["ETag"]).status_code == 412
    older = {**said, "checked_on": "2026-02-27", "result": "inactive"}
    kept = asks.post(f"{address}/checks", older, a_key(), If_Match=checked.headers["ETag"])
    assert (kept.status_code, kept.json["check"]) == (200, checked.json["check"])  # the younger answer stays
    for wrong in ({"checked_on": "2026-03-09"}, {"source": "card"}, {"result": "maybe"}):
        answer = asks.post(f"{address}/checks", {**said, **wrong}, a_key(), If_Match=checked.headers["ETag"])
        assert answer.status_code == 422
    twice = asks.post(f"/patients/{patient}/coverages", new, a_key())
    assert (twice.status_code, twice.json["type"]) == (409, "/api/v1/docs#conflict")
    unknown = asks.post(f"/patients/{patient}/coverages", {**new, "payer": "Nobody Knows"}, a_key())
    assert (unknown.status_code, set(unknown.json["errors"])) == (422, {"payer"})


@pytest.mark.parametrize(
    ("sent", "asked"),
    [
        ({"payer": "aetna", "drug": "dupixent"}, Asked(drug="dupixent")),
        (
            {"payer": "medicare_ffs", "code": "J0585", "with": ["64615"], "pos": "22", "state": "TX"},
            Asked(code="J0585", companions=("64615",), place="22", state="TX"),
        ),
        ({"payer": "nobody", "code": "99213", "dx": ["L40.0"]}, Asked(code="99213", diagnoses=("L40.0",))),
    ],
)
def test_the_finder_answers_as_the_command_line_prints(
    web_app: Flask, web_clock: FixedClock, sent: dict[str, Any], asked: Asked
) -> None:
    web_clock.instant = LATE
    answer = program(web_app, web_clock, {ApiScope.READ_RULES}).post("/rules/find", sent)
    assert answer.status_code == 200, answer.text
    with web_app.app_context():
        caller = equipped(Caller(db.session(), make.PRACTICE_ID, web_clock, via="test"))
        question = read_question(asked, "", date(2026, 12, 1))
        assert question is not None
        assert answer.json == finder_object(find_requirement(caller, sent["payer"], question))


def test_what_the_finder_cannot_read_is_named(web_app: Flask, web_clock: FixedClock) -> None:
    asks = program(web_app, web_clock)
    for sent, field in (
        ({"payer": "aetna"}, "body"),
        ({"payer": "aetna", "code": "12"}, "code"),
        ({"payer": "aetna", "code": "99213", "dx": ["L4"]}, "dx"),
        ({"payer": "self pay", "code": "99213"}, "payer"),
        ({"payer": "aetna", "code": "99213", "age": "4"}, "age"),
    ):
        answer = asks.post("/rules/find", sent)
        assert (answer.status_code, set(answer.json["errors"])) == (422, {field}), answer.text


def work(app: Flask, clock: FixedClock) -> None:
    """Let the scheduler's job work on what waits."""
    with app.app_context():
        work_on_drafts(equipped(Caller(db.session(), make.PRACTICE_ID, clock, via="job")))


def hand_in(asks: Program, content: bytes, key: str, kind: str = "text/csv", query: str = "") -> Any:
    headers = asks.headers({"Content-Type": kind, "Idempotency-Key": key})
    return asks.client.post(f"/api/v1/imports{query}", data=content, headers=headers)


def test_a_file_is_handed_in_checked_confirmed_and_written_once(web_app: Flask, web_clock: FixedClock) -> None:
    asks, key, content = program(web_app, web_clock), a_key(), csv_of(visits(3))
    handed = hand_in(asks, content, key)
    assert handed.status_code == 202, handed.text
    assert handed.json["state"] == "to_check"
    assert hand_in(asks, content, key).json == handed.json
    address = f"/imports/{handed.json['id']}"
    work(web_app, web_clock)
    checked = asks.get(address)
    assert (checked.json["state"], checked.json["counts"]) == (
        "checked",
        {"created": 3, "updated": 0, "unchanged": 0, "refused": 0},
    )
    assert asks.get("/patients").json["items"] == []
    early = asks.post(f"{address}/confirmation", {}, a_key(), If_Match=handed.headers["ETag"])
    assert early.status_code == 412
    confirmed = asks.post(f"{address}/confirmation", {}, a_key(), If_Match=checked.headers["ETag"])
    assert (confirmed.status_code, confirmed.json["state"]) == (202, "to_confirm")
    work(web_app, web_clock)
    assert asks.get(address).json["state"] == "done"
    assert len(asks.get("/patients").json["items"]) == 3
    again = asks.post(f"{address}/confirmation", {}, a_key(), If_Match=asks.get(address).headers["ETag"])
    assert (again.status_code, again.json["type"]) == (409, "/api/v1/docs#conflict")


def test_refused_rows_say_where_and_how_to_write_them(web_app: Flask, web_clock: FixedClock) -> None:
    asks = program(web_app, web_clock)
    table = [*visits(2), {**visits(3)[2], "code": "9691"}]
    handed = hand_in(asks, csv_of(table), a_key(), query="?kind=schedule")
    work(web_app, web_clock)
    (refused,) = asks.get(f"/imports/{handed.json['id']}").json["refused"]
    assert (refused["row"], refused["column"], refused["code"]) == (4, "code", "bad_code")
    assert refused["fix"]


def test_what_is_no_table_is_refused_before_anything_is_kept(web_app: Flask, web_clock: FixedClock) -> None:
    asks = program(web_app, web_clock)
    for content in (b"", b"\x00\x01\x02", b"a,b\n"):
        answer = hand_in(asks, content, a_key())
        assert (answer.status_code, set(answer.json["errors"])) == (422, {"file"}), answer.text
    assert hand_in(asks, b"{}", a_key(), "application/json").status_code == 415
    assert rows(web_app, "SELECT id FROM import_draft") == []


def test_whoever_sees_some_sites_only_brings_in_nothing(web_app: Flask, web_clock: FixedClock, desk: None) -> None:
    asks = program(web_app, web_clock, sites=[MAIN])
    answer = hand_in(asks, csv_of(visits(1)), a_key())
    assert (answer.status_code, answer.json["type"]) == (403, "/api/v1/docs#missing-scope")


@pytest.fixture
def alerted(web_app: Flask, web_clock: FixedClock) -> Program:
    """A program at a practice with two alerts, one at each site."""
    with web_app.app_context():
        practice = Practice(equipped(Caller(db.session(), make.PRACTICE_ID, web_clock, via="test"))).furnish()
        practice.watch(approval_ends(1, date(2026, 3, 16)), approval_ends(2, date(2026, 3, 16), site=NORTH))
        practice.sweep()
    return program(web_app, web_clock)


def test_alerts_are_listed_and_acknowledged_as_a_named_program(
    web_app: Flask, web_clock: FixedClock, alerted: Program
) -> None:
    listed = alerted.get("/alerts").json["items"]
    assert {one["reason"] for one in listed} == {"approval_ends"}
    assert len(listed) == 2
    one = alerted.get(f"/alerts/{listed[0]['id']}")
    assert (one.json, one.headers["ETag"]) == (listed[0], listed[0]["etag"])
    address = f"/alerts/{listed[0]['id']}/acknowledgement"
    assert alerted.post(address, {}, a_key()).status_code == 428
    done = alerted.post(address, {}, a_key(), If_Match=one.headers["ETag"])
    assert done.status_code == 200, done.text
    assert done.json["acknowledged_by"] == str(alerted.token.id)
    page = alerted.get("/alerts", limit=1).json
    assert [row["id"] for row in alerted.get("/alerts", limit=1, cursor=page["next"]).json["items"]] == [
        row["id"] for row in listed[1:]
    ]
    assert alerted.get("/alerts", state="closed").json["items"] == []


def test_alerts_of_other_sites_are_out_of_sight(web_app: Flask, web_clock: FixedClock, alerted: Program) -> None:
    listed = alerted.get("/alerts").json["items"]
    hidden = next(one for one in listed if one["site_id"] == str(NORTH))
    main_only = program(web_app, web_clock, {ApiScope.READ_ALERTS, ApiScope.WRITE_ALERTS}, sites=[MAIN])
    assert [one["site_id"] for one in main_only.get("/alerts").json["items"]] == [str(MAIN)]
    answer = main_only.get(f"/alerts/{hidden['id']}")
    acked = main_only.post(f"/alerts/{hidden['id']}/acknowledgement", {}, a_key(), If_Match=hidden["etag"])
    assert (answer.status_code, acked.status_code) == (404, 404)
    assert answer.json == acked.json


def test_sites_and_the_token_itself_say_what_is_in_sight(limited: Callable[..., Program], asks: Program) -> None:
    assert len(asks.get("/sites").json["items"]) == 2
    north = limited(sites=[NORTH], scopes={ApiScope.READ_RULES})
    assert [one["id"] for one in north.get("/sites").json["items"]] == [str(NORTH)]
    assert north.get("/token").json["sites"] == [str(NORTH)]
    assert north.get("/token").json["scopes"] == ["read:rules"]


def test_every_reading_is_in_the_log_under_the_name_of_the_token(web_app: Flask, asks: Program) -> None:
    patient = asks.get("/patients", limit=1).json["items"][0]["id"]
    asks.get(f"/patients/{patient}")
    asks.get(f"/patients/{patient}/coverages")
    asks.get("/visits", **{"from": "2026-03-02", "to": "2026-03-02"})
    lines = rows(web_app, "SELECT action, via, user_id FROM audit_entry ORDER BY sequence")
    mine = [line.action for line in lines if line.via == f"api:{asks.token.name}"]
    assert {"api.patients_read", "api.patient_read", "api.coverages_read", "api.visits_read"} <= set(mine)


def test_answers_of_repeated_requests_are_forgotten_after_a_day(
    web_app: Flask, web_clock: FixedClock, alerted: Program
) -> None:
    one = alerted.get("/alerts").json["items"][0]
    alerted.post(f"/alerts/{one['id']}/acknowledgement", {}, a_key(), If_Match=one["etag"])
    with web_app.app_context():
        caller = equipped(Caller(db.session(), make.PRACTICE_ID, web_clock, via="job"))
        assert forget_answers(caller) == 0
        web_clock.instant = web_clock.instant.replace(day=3, minute=1)
        assert (forget_answers(caller), forget_answers(caller)) == (1, 0)
