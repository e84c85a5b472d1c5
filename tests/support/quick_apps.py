"""Many programs in one process, quickly: what is the same for each of them is worked out once.

Each test makes a program of its own on a database of its own. Compiling its templates, the builders of its addresses
and its statements, and reading the shipped rules, takes half of the time of a test; all depend on nothing but their
text.
"""

from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from jinja2 import BytecodeCache
from jinja2.bccache import Bucket
from pydantic import BaseModel
from sqlalchemy import Engine
from sqlalchemy.dialects.postgresql.psycopg import PGDialect_psycopg
from sqlalchemy.dialects.sqlite.pysqlite import SQLiteDialect_pysqlite
from sqlalchemy.engine.interfaces import Dialect
from sqlalchemy.util import LRUCache
from werkzeug.routing import Rule

from app.policies.actions import library
from app.policies.files import directory
from app.policies.files.yaml_text import Reading


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


@pytest.fixture(scope="session", autouse=True)
def quick_statements() -> Iterator[None]:
    """Compile a statement once for all databases of a kind: SQLAlchemy keeps what it compiled for each engine alone.

    Its text depends on the statement and on the kind of database, of which a run has one version.
    """
    compiled: LRUCache[Any, Any] = LRUCache(20_000)

    def same_kind(dialect: Dialect, other: object) -> bool:
        return type(dialect) is type(other)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Engine, "_compiled_cache", property(lambda _: compiled, lambda _, own: None), raising=False)
        for kind in (SQLiteDialect_pysqlite, PGDialect_psycopg):
            patch.setattr(kind, "__eq__", same_kind)
            patch.setattr(kind, "__hash__", lambda dialect: hash(type(dialect)))
        yield


@pytest.fixture(scope="session", autouse=True)
def quick_rules() -> Iterator[None]:
    """Read a rule file of one name and content once, and the folder of the shipped ones once: no test changes it."""
    files_of, hash_of, home = directory.files_of, directory.hash_of, library.SHIPPED
    shipped = cache(lambda: files_of(home))
    stamp = cache(lambda: hash_of(shipped()))

    def files(folder: Path) -> dict[str, bytes]:
        return dict(shipped()) if folder == home else files_of(folder)

    def hashed(given: dict[str, bytes]) -> str:
        return stamp() if given == shipped() else hash_of(given)

    read = cache(directory.read_yaml)
    models: dict[int, tuple[Reading, BaseModel | None]] = {}
    make_model = directory.typed

    def typed(reading: Reading) -> BaseModel | None:
        if id(reading) not in models:
            models[id(reading)] = reading, make_model(reading)  # which notes its faults in the reading: once
        return models[id(reading)][1]

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(library, "files_of", files)
        patch.setattr(library, "hash_of", hashed)
        patch.setattr(directory, "read_yaml", read)
        patch.setattr(directory, "typed", typed)
        yield
