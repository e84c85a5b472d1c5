"""Many programs in one process, quickly: what is the same for each of them is worked out once.

Each test makes a program of its own. Compiling its templates and the builders of its addresses takes half of the time
of a test of a page; both depend on nothing but their text.
"""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from flask import Flask
from jinja2 import BytecodeCache
from jinja2.bccache import Bucket
from werkzeug.routing import Rule


class _Remembered(BytecodeCache):
    """Compiled templates by the key that Jinja makes of their names and sources."""

    def __init__(self) -> None:
        self._code: dict[str, Any] = {}

    def load_bytecode(self, bucket: Bucket) -> None:
        """Give what was compiled from the same source."""
        bucket.code = self._code.get(f"{bucket.key}:{bucket.checksum}")

    def dump_bytecode(self, bucket: Bucket) -> None:
        """Keep what was compiled."""
        self._code[f"{bucket.key}:{bucket.checksum}"] = bucket.code


_TEMPLATES = _Remembered()


def quick_templates(app: Flask) -> None:
    """Let a program take templates that another one in this process has compiled from the same source."""
    app.jinja_env.bytecode_cache = _TEMPLATES


@pytest.fixture(scope="session", autouse=True)
def quick_addresses() -> Iterator[None]:
    """Compile the builder of an address once for all programs: Werkzeug's depends on the rule's text alone."""
    compiled: dict[Any, Callable[..., tuple[str, str]]] = {}
    compile_builder = Rule._compile_builder

    def remembered(rule: Rule, append_unknown: bool = True) -> Callable[..., tuple[str, str]]:
        if rule.defaults:
            return compile_builder(rule, append_unknown)
        key = (rule.rule, tuple(rule._trace), append_unknown)
        if key not in compiled:
            compiled[key] = compile_builder(rule, append_unknown)
        return compiled[key]

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Rule, "_compile_builder", remembered)
        yield
