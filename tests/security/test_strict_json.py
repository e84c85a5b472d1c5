"""JSON that could be read in two ways, or not to its end, is refused as no JSON."""

import pytest
from flask import Flask, request

from app.web.strict_json import StrictJson


@pytest.mark.parametrize(
    "text",
    [
        '{"a": 1, "a": 2}',
        '{"a": NaN}',
        "[Infinity]",
        "[-Infinity]",
        "[" * 200_000,
        '{"a":' * 200_000,
        "[1,]",
        "{'a': 1}",
    ],
)
def test_what_is_no_strict_json_is_refused(text):
    with pytest.raises(ValueError, match=r".*"):
        StrictJson(Flask("x")).loads(text)


def test_json_is_read():
    assert StrictJson(Flask("x")).loads('{"a": [1, 2.5, null, "b"], "c": {"a": true}}') == {
        "a": [1, 2.5, None, "b"],
        "c": {"a": True},
    }


def test_the_program_reads_json_so(web_app):
    assert isinstance(web_app.json, StrictJson)

    with web_app.test_request_context("/", method="POST", data="[" * 100_000, content_type="application/json"):
        assert request.get_json(silent=True) is None
