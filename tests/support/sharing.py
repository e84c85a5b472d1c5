"""Which tests meet which database, where meeting both would tell nothing more.

A test of a store, a job or a rule of security runs on both kinds, with all its cases. Pages stand on stores that are so
tested: each test of a page runs on SQLite with all its cases (another word typed, another role), and of each module
every second test also on PostgreSQL, with its first case. Browser tests are the slowest and see of the database only
answers: each way of a journey (width, theme, with script and without) runs once, and the two kinds share the ways. So
do the seeds of random edits: each is one long way of many, none of them made for a kind.
"""

from binascii import crc32
from collections import defaultdict
from collections.abc import Iterable
from itertools import groupby

import pytest

SQLITE, POSTGRES = "sqlite", "postgresql"


def share(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Leave out of the tests of pages and journeys what the other kind of database has shown."""
    cases: dict[str, list[str]] = defaultdict(list)
    for item in items:
        function, case, database = _parts(item)
        if database and case not in cases[function]:
            cases[function].append(case)
    both = _every_second(cases)
    left_out = {item for item in items if not _runs(item, cases, both)}
    config.hook.pytest_deselected(items=list(left_out))
    items[:] = [item for item in items if item not in left_out]


def _parts(item: pytest.Item) -> tuple[str, str, str | None]:
    """Split an id into its function, its case and its database; None where it has none."""
    function, _, rest = item.nodeid.partition("[")
    database = next((one for one in (SQLITE, POSTGRES) if one in rest.rstrip("]").split("-")), None)
    return function, rest.replace(database or "", ""), database


def _runs(item: pytest.Item, cases: dict[str, list[str]], both: set[str]) -> bool:
    function, case, database = _parts(item)
    if database is None:
        return True
    if function.startswith("tests/browser/") or _is_of_a_seed(item):
        place = sorted(cases[function]).index(case) + crc32(function.encode())
        return database == (SQLITE, POSTGRES)[place % 2]
    if function.startswith("tests/web/"):
        return database == SQLITE or (cases[function].index(case) == 0 and function in both)
    return True


def _is_of_a_seed(item: pytest.Item) -> bool:
    case = getattr(item, "callspec", None)
    return case is not None and "seed" in case.params


def _every_second(functions: Iterable[str]) -> set[str]:
    """Choose the first, third, fifth and so on of each module, by name."""
    chosen: set[str] = set()
    for _module, those in groupby(sorted(functions), key=lambda function: function.partition("::")[0]):
        chosen.update(list(those)[::2])
    return chosen
