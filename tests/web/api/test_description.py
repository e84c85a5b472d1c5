"""The description of the API: valid, complete, and shown as a page."""

import json
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from jsonschema_rs import Draft202012Validator, meta

from app.api.access import operation_of
from app.api.facts.tokens import ApiScope
from app.platform.clock import FixedClock
from app.practice.facts.staff import Role
from tests.web.api.support import program


@pytest.fixture
def spec(web_app: Flask, web_clock: FixedClock) -> dict[str, Any]:
    answer = program(web_app, web_clock, {ApiScope.READ_RULES}).get("/openapi.json")
    assert answer.status_code == 200
    found: dict[str, Any] = answer.json
    return found


def refs(node: Any) -> Iterator[str]:
    if isinstance(node, dict):
        if isinstance(node.get("$ref"), str):
            yield node["$ref"]
        for value in node.values():
            yield from refs(value)
    if isinstance(node, list):
        for value in node:
            yield from refs(value)


def test_it_is_openapi_3_1_and_every_reference_leads_somewhere(spec: dict[str, Any]) -> None:
    assert spec["openapi"] == "3.1.0"
    for ref in set(refs(spec)):
        place: Any = spec
        for part in ref.removeprefix("#/").split("/"):
            place = place[part.replace("~1", "/")]
        assert place


def test_every_schema_is_a_schema(spec: dict[str, Any]) -> None:
    for schema in spec["components"]["schemas"].values():
        meta.validate({"$schema": "https://json-schema.org/draft/2020-12/schema", **schema})
        Draft202012Validator({**schema, "components": spec["components"]})
    for item in spec["paths"].values():
        for operation in item.values():
            for parameter in operation["parameters"]:
                Draft202012Validator({**parameter["schema"], "components": spec["components"]})


def test_every_address_of_the_api_is_described_and_nothing_else(web_app: Flask, spec: dict[str, Any]) -> None:
    ours = {
        (method, rule.rule.replace("<uuid:", "{").replace(">", "}"))
        for rule in web_app.url_map.iter_rules()
        if operation_of(web_app.view_functions[rule.endpoint]) is not None
        for method in (rule.methods or set()) - {"HEAD", "OPTIONS"}
    } - {("GET", "/api/v1/openapi.json")}
    described = {(method.upper(), path) for path, item in spec["paths"].items() for method in item}
    assert described == ours


def test_every_operation_says_what_it_needs_and_how_it_refuses(spec: dict[str, Any]) -> None:
    for path, item in spec["paths"].items():
        for method, operation in item.items():
            assert operation["summary"], path
            assert operation["operationId"]
            assert operation["security"]
            needed = {"400", "401", "429", "500", "503"}
            needed |= {"404"} if "{" in path else set()
            needed |= {"422", "413", "415"} if "requestBody" in operation else set()
            headers = {one["name"] for one in operation["parameters"] if one["in"] == "header"}
            needed |= {"409", "422"} if "Idempotency-Key" in headers else set()
            needed |= {"412", "428"} if "If-Match" in headers else set()
            assert needed <= set(operation["responses"]), (method, path)
            if method != "get" and operation["responses"].keys() & {"201", "202"}:
                assert "Idempotency-Key" in headers
            for status, response in operation["responses"].items():
                if status >= "400":
                    assert list(response["content"]) == ["application/problem+json"]


def test_it_holds_nothing_of_a_practice_and_opens_to_signed_in_people(
    sign_in: Callable[..., FlaskClient], spec: dict[str, Any]
) -> None:
    browser = sign_in(Role.SCHEDULER)
    assert browser.get("/api/v1/docs/openapi.json").json == spec
    assert "Example Dermatology" not in json.dumps(spec)


def test_strangers_get_neither_page_nor_description(client: FlaskClient) -> None:
    assert client.get("/api/v1/openapi.json").status_code == 401
    for address in ("/api/v1/docs", "/api/v1/docs/openapi.json"):
        assert client.get(address).status_code == 302


def test_the_page_shows_every_operation(sign_in: Callable[..., FlaskClient], spec: dict[str, Any]) -> None:
    page = sign_in(Role.ADMINISTRATOR).get("/api/v1/docs")
    assert page.status_code == 200
    for path in spec["paths"]:
        assert f"<code>{path}</code>" in page.text
    assert 'id="too-many"' in page.text
    assert "http" not in page.text.replace("HTTP", "").replace("http-equiv", "").split("<main")[1].split("</main>")[0]
