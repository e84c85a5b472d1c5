"""Which way of opening a page meets which database.

Browser tests are slow and see nothing of the database but its answers, which the tests of stores and pages hold on both
kinds. So every way of a journey (width, theme, with script and without) runs once, and the two databases share them.
"""

from binascii import crc32
from collections import defaultdict

import pytest

DATABASES = ("sqlite", "postgresql")


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Leave out of each way of a journey one of its two databases, in turn; an only way is given one by its name."""
    ways: dict[str, set[str]] = defaultdict(set)
    for item in items:
        if (parts := _parts(item)) is not None:
            ways[parts[0]].add(parts[1])
    left_out = [item for item in items if (parts := _parts(item)) and parts[2] != _database(*parts[:2], ways[parts[0]])]
    config.hook.pytest_deselected(items=left_out)
    gone = set(left_out)
    items[:] = [item for item in items if item not in gone]


def _parts(item: pytest.Item) -> tuple[str, str, str] | None:
    """Split a browser test's id into its function, its way and its database; None where it has no database."""
    if "/browser/" not in item.path.as_posix():
        return None
    function, _, rest = item.nodeid.partition("[")
    database = next((one for one in DATABASES if one in rest.rstrip("]").split("-")), None)
    return None if database is None else (function, rest.replace(database, ""), database)


def _database(function: str, way: str, ways: set[str]) -> str:
    return DATABASES[(sorted(ways).index(way) + crc32(function.encode())) % 2]
