"""Authorizations through the API: logged once, changed only as they were read, used in whole units."""

from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask

from app.api.facts.tokens import ApiScope
from app.platform.clock import FixedClock
from tests.support import make
from tests.support.desk import MAIN, NORTH, TODAY
from tests.web.api.support import EVERY, Program, a_key, program, rows

DAYS = {"from": TODAY.isoformat(), "to": TODAY.isoformat()}


@pytest.fixture
def patient(asks: Program) -> str:
    """A patient whose visit waits for an approval."""
    found = asks.post("/patients/search", {"words": "Jensen"}).json["items"]
    assert [one["last_name"] for one in found] == ["Jensen"]
    return str(found[0]["id"])


@pytest.fixture
def new(asks: Program, patient: str) -> dict[str, Any]:
    """An approval to log."""
    coverage = asks.get(f"/patients/{patient}/coverages").json["items"][0]["id"]
    return {
        "patient_id": patient,
        "coverage_id": coverage,
        "status": "approved",
        "items": [{"codes": ["96910"], "counting": "units", "count": 12}],
        "number": "PA-77120",
        "begins": "2026-01-01",
        "ends": "2026-12-31",
        "decided_on": "2026-02-27",
        "note": "Confirmed by the portal.",
    }


def made(asks: Program, new: dict[str, Any]) -> tuple[dict[str, Any], str]:
    answer = asks.post("/authorizations", new, a_key())
    assert answer.status_code == 201, answer.text
    return answer.json, answer.headers["ETag"]


def count(app: Flask) -> int:
    return int(rows(app, 'SELECT count(*) AS all_of_them FROM "authorization"')[0].all_of_them)


def test_a_logged_approval_turns_the_visit_and_can_be_read(asks: Program, new: dict[str, Any], patient: str) -> None:
    before = asks.get("/visits", **DAYS, patient=patient).json["items"][0]["verdict"]["badge"]
    answer = asks.post("/authorizations", new, a_key())
    assert answer.status_code == 201, answer.text
    assert answer.headers["Location"] == f"/api/v1/authorizations/{answer.json['id']}"
    assert {name: answer.json[name] for name in ("number", "begins", "ends", "note")} == {
        name: new[name] for name in ("number", "begins", "ends", "note")
    }
    after = asks.get("/visits", **DAYS, patient=patient).json["items"][0]["verdict"]
    assert before == "blocked"
    assert after["badge"] in ("cleared", "at_risk")
    assert after["lines"][0]["authorization"] == "PA-77120"
    again = asks.get(f"/authorizations/{answer.json['id']}")
    assert again.json == answer.json
    assert again.headers["ETag"] == answer.headers["ETag"]
    listed = asks.get("/authorizations", patient=patient, status="approved").json["items"]
    assert [one["id"] for one in listed] == [answer.json["id"]]


def test_the_same_key_does_it_once_and_gives_the_first_answer_again(
    web_app: Flask, asks: Program, new: dict[str, Any]
) -> None:
    before, key = count(web_app), a_key()
    first = asks.post("/authorizations", new, key)
    again = asks.post("/authorizations", new, key)
    assert (first.status_code, again.status_code) == (201, 201)
    assert first.data == again.data
    assert first.headers["ETag"] == again.headers["ETag"]
    assert again.headers["Idempotency-Replayed"] == "true"
    assert "Idempotency-Replayed" not in first.headers
    assert count(web_app) == before + 1


def test_the_same_key_with_another_content_is_refused(web_app: Flask, asks: Program, new: dict[str, Any]) -> None:
    before, key = count(web_app), a_key()
    assert asks.post("/authorizations", new, key).status_code == 201
    other = asks.post("/authorizations", {**new, "number": "PA-77121"}, key)
    assert other.status_code == 422
    assert other.json["type"].endswith("#key-used")
    assert count(web_app) == before + 1


def test_a_key_is_asked_for_and_belongs_to_one_token(
    web_app: Flask, web_clock: FixedClock, asks: Program, new: dict[str, Any]
) -> None:
    without = asks.post("/authorizations", new)
    assert (without.status_code, set(without.json["errors"])) == (422, {"Idempotency-Key"})
    key = a_key()
    assert asks.post("/authorizations", new, key).status_code == 201
    other = program(web_app, web_clock).post("/authorizations", new, key)
    assert (other.status_code, other.json["type"]) == (409, "/api/v1/docs#conflict")


def test_an_answer_is_kept_sealed_and_for_a_day_only(
    web_app: Flask, web_clock: FixedClock, asks: Program, new: dict[str, Any]
) -> None:
    key = a_key()
    assert asks.post("/authorizations", new, key).status_code == 201
    (row,) = rows(web_app, "SELECT key_index, request_index, answer FROM api_answer")
    assert len(bytes(row.key_index)) == len(bytes(row.request_index)) == 16
    assert b"PA-77120" not in bytes(row.answer)
    web_clock.instant = web_clock.instant.replace(day=3, hour=16)
    late = asks.post("/authorizations", new, key)
    assert (late.status_code, late.json["type"]) == (409, "/api/v1/docs#conflict")


def test_a_refused_request_leaves_its_key_free(asks: Program, new: dict[str, Any]) -> None:
    key = a_key()
    refused = asks.post("/authorizations", {**new, "ends": None}, key)
    assert (refused.status_code, set(refused.json["errors"])) == (422, {"ends"})
    assert asks.post("/authorizations", new, key).status_code == 201


def test_a_change_asks_for_the_version_that_was_read(asks: Program, new: dict[str, Any]) -> None:
    one, tag = made(asks, new)
    address = f"/authorizations/{one['id']}"
    assert asks.send("PATCH", address, {"urgent": True}, a_key()).status_code == 428
    for stale in ('"999"', '"other"', "*", 'W/"1"'):
        assert asks.send("PATCH", address, {"urgent": True}, a_key(), If_Match=stale).status_code == 412
    changed = asks.send("PATCH", address, {"urgent": True, "number": "PA-9", "note": None}, a_key(), If_Match=tag)
    assert changed.status_code == 200, changed.text
    assert (changed.json["urgent"], changed.json["number"], changed.json["note"]) == (True, "PA-9", None)
    assert changed.json["items"] == one["items"]
    assert changed.headers["ETag"] != tag
    assert asks.send("PATCH", address, {"urgent": False}, a_key(), If_Match=tag).status_code == 412


def test_a_decision_is_recorded_with_its_history(asks: Program, new: dict[str, Any]) -> None:
    asked = {**new, "status": "submitted", "begins": None, "ends": None, "number": None, "decided_on": None}
    one, tag = made(asks, {name: value for name, value in asked.items() if value is not None})
    sent = {"status": "denied", "decided_on": "2026-03-01", "denial_reason": "Step therapy not shown."}
    answer = asks.post(f"/authorizations/{one['id']}/decision", sent, a_key(), If_Match=tag)
    assert answer.status_code == 200, answer.text
    assert (answer.json["status"], answer.json["denial_reason"]) == ("denied", "Step therapy not shown.")
    history = asks.get(f"/authorizations/{one['id']}/events").json["items"]
    assert len(history) == 2
    told = {change["field"]: (change["before"], change["after"]) for change in history[1]["changes"]}
    assert told["status"] == ("submitted", "denied")
    assert told["denial_reason"] == (None, None)
    assert history[1]["via"] == f"api:{asks.token.name}"
    assert history[1]["by"] == str(asks.token.id)
    future = {"status": "approved", "decided_on": "2026-03-09"}
    late = asks.post(f"/authorizations/{one['id']}/decision", future, a_key(), If_Match=answer.headers["ETag"])
    assert (late.status_code, "decided_on" in late.json["errors"]) == (422, True)


def test_units_add_up_and_never_beyond_what_was_approved(asks: Program, new: dict[str, Any]) -> None:
    one, _tag = made(asks, new)
    uses = f"/authorizations/{one['id']}/uses"
    assert asks.post(uses, {"code": "96910", "units": 5}, a_key()).json["items"][0]["used"] == 5
    key = a_key()
    assert asks.post(uses, {"code": "96910", "units": 6}, key).json["items"][0]["used"] == 11
    assert asks.post(uses, {"code": "96910", "units": 6}, key).json["items"][0]["used"] == 11
    for body, status in (
        ({"code": "96910", "units": 2}, 409),
        ({"code": "96912", "units": 1}, 409),
        ({"code": "96910", "units": 0}, 422),
        ({"code": "96910", "units": 1.5}, 422),
        ({"code": "96910", "units": "1"}, 422),
    ):
        assert asks.post(uses, body, a_key()).status_code == status
    assert asks.get(f"/authorizations/{one['id']}").json["items"][0]["used"] == 11


def test_used_units_count_in_the_verdict(asks: Program, new: dict[str, Any], patient: str) -> None:
    one, _tag = made(asks, new)
    left = [11]
    for units in (4, 7):
        assert asks.post(f"/authorizations/{one['id']}/uses", {"code": "96910", "units": units}, a_key()).json
        line = asks.get("/visits", **DAYS, patient=patient).json["items"][0]["verdict"]["lines"][0]
        left.append(line["units_left_after"])
    assert left == [11, 7, 0]
    assert asks.post(f"/authorizations/{one['id']}/uses", {"code": "96910", "units": 1}, a_key()).status_code == 200
    verdict = asks.get("/visits", **DAYS, patient=patient).json["items"][0]["verdict"]
    assert (verdict["badge"], verdict["lines"][0]["reason"]) == ("blocked", "units")


STRANGE = (
    ("items", [{"codes": ["9691"], "counting": "units", "count": 1}]),
    ("items", [{"codes": ["96910"], "counting": "units"}]),
    ("items", [{"codes": ["96910"], "counting": "units", "count": -1}]),
    ("items", []),
    ("begins", "01/01/2026"),
    ("begins", 1767225600),
    ("ends", "2025-12-31"),
    ("number", "TBD"),
    ("diagnoses", ["L4"]),
    ("provider_npi", "1003000127"),
    ("status", "granted"),
    ("color", "red"),
    ("patient_id", "12"),
    ("note", "a\u0000b"),
    ("number", "x" * 101),
    ("site_id", str(make.an_id(999))),
)
"""Values that cannot be taken."""


def test_values_are_read_strictly_and_nothing_is_done(web_app: Flask, asks: Program, new: dict[str, Any]) -> None:
    before = count(web_app)
    for field, value in STRANGE:
        answer = asks.post("/authorizations", {**new, field: value}, a_key())
        assert answer.status_code == 422, (field, value, answer.text)
        assert any(name == "body" or name.startswith(field) or name == "ends" for name in answer.json["errors"])
    assert count(web_app) == before


def test_content_must_say_that_it_is_json(asks: Program) -> None:
    for content, mimetype, status in (
        (b"a=b", "application/x-www-form-urlencoded", 415),
        (b"{", "application/json", 400),
        (b"[" * 100_000, "application/json", 400),
        (b"[]", "application/json", 422),
    ):
        answer = asks.client.post(
            "/api/v1/authorizations",
            data=content,
            headers=asks.headers({"Content-Type": mimetype, "Idempotency-Key": a_key()}),
        )
        assert answer.status_code == status, answer.text
        assert answer.content_type == "application/problem+json"


def test_member_ids_are_for_tokens_that_read_coverages(
    limited: Callable[..., Program], asks: Program, new: dict[str, Any]
) -> None:
    one, _tag = made(asks, new)
    assert one["member_id"].startswith("W")
    without = limited(scopes=EVERY - {ApiScope.READ_COVERAGE})
    assert "member_id" not in without.get(f"/authorizations/{one['id']}").json


def test_whoever_sees_one_site_writes_for_its_patients_only(
    limited: Callable[..., Program], asks: Program, new: dict[str, Any]
) -> None:
    one, tag = made(asks, new)
    main_only, north_only = limited(sites=[MAIN]), limited(sites=[NORTH])
    address = f"/authorizations/{one['id']}"
    missing = main_only.get(f"/authorizations/{make.an_id(5)}").json
    for answer in (
        main_only.get(address),
        main_only.get(f"{address}/events"),
        main_only.send("PATCH", address, {"urgent": True}, a_key(), If_Match=tag),
        main_only.post(f"{address}/uses", {"code": "96910", "units": 1}, a_key()),
        main_only.post("/authorizations", {**new, "number": "PA-2"}, a_key()),
    ):
        assert (answer.status_code, answer.json) == (404, missing)
    assert main_only.get("/authorizations", patient=new["patient_id"]).status_code == 404
    assert one["id"] not in [row["id"] for row in main_only.get("/authorizations").json["items"]]
    assert north_only.get(address).status_code == 200


def test_a_case_goes_only_where_it_may_and_keeps_what_was_asked(asks: Program, new: dict[str, Any]) -> None:
    draft = {**new, "status": "draft", "number": None, "decided_on": None}
    one, tag = made(asks, draft)
    address = f"/authorizations/{one['id']}"
    assert (one["requested"], one["verbal"], one["parent_id"]) == ([], False, None)
    decided = {"status": "approved", "decided_on": "2026-02-27", "number": "PA-1"}
    early = asks.send("POST", f"{address}/decision", decided, a_key(), If_Match=tag)
    assert (early.status_code, early.json["type"]) == (409, "/api/v1/docs#conflict")
    assert "Record first that it was sent." in early.json["detail"]
    sent = asks.send("PATCH", address, {"status": "submitted", "requested_on": "2026-02-20"}, a_key(), If_Match=tag)
    assert sent.status_code == 200, sent.text
    assert [(line["code"], line["count"]) for line in sent.json["requested"]] == [("96910", 12)]
    before = {**decided, "decided_on": "2026-02-19"}
    answer = asks.send("POST", f"{address}/decision", before, a_key(), If_Match=sent.headers["ETag"])
    assert (answer.status_code, set(answer.json["errors"])) == (422, {"decided_on"})
    said = {"status": "approved", "decided_on": "2026-02-27", "verbal": True}
    yes = asks.send("POST", f"{address}/decision", said, a_key(), If_Match=sent.headers["ETag"])
    assert yes.status_code == 200, yes.text
    assert (yes.json["verbal"], yes.json["number"]) == (True, None)
    numbered = asks.send("PATCH", address, {"number": "PA-88"}, a_key(), If_Match=yes.headers["ETag"])
    assert (numbered.json["verbal"], numbered.json["number"]) == (False, "PA-88")


def test_a_link_follows_a_case_of_the_same_patient(asks: Program, new: dict[str, Any]) -> None:
    parent, _tag = made(asks, new)
    link = {**new, "number": None, "status": "draft", "decided_on": None, "kind": "renewal", "parent_id": parent["id"]}
    assert made(asks, link)[0]["parent_id"] == parent["id"]
    strange = asks.post("/authorizations", {**link, "parent_id": str(make.an_id(77_777))}, a_key())
    assert (strange.status_code, set(strange.json["errors"])) == (422, {"parent_id"})


def test_a_request_for_a_cosmetic_service_is_not_logged_and_a_draft_of_one_is_not_sent(
    web_app: Flask, asks: Program, new: dict[str, Any]
) -> None:
    before = count(web_app)
    cosmetic = {**new, "status": "submitted", "items": [{"codes": ["17380"]}], "diagnoses": ["L68.0"]}
    for name in ("number", "decided_on", "begins", "ends"):
        cosmetic.pop(name)
    refused = asks.post("/authorizations", cosmetic, a_key())
    assert refused.status_code == 422
    assert "17380 with L68.0 is cosmetic by the service grid" in refused.json["errors"]["items"]
    assert count(web_app) == before
    medical, tag = made(asks, {**cosmetic, "status": "draft", "diagnoses": ["L05.91"]})
    address, asked = f"/authorizations/{medical['id']}", {"diagnoses": ["L68.0"], "status": "submitted"}
    changed = asks.send("PATCH", address, asked, a_key(), If_Match=tag)
    assert changed.status_code == 422
    assert asks.get(address).json["status"] == "draft"
