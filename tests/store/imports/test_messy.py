"""A practice's first files as they really look: what can be read is taken, what cannot is explained row by row."""

import json
from collections.abc import Callable
from datetime import date

from tests.support import messy
from tests.support.commands import Ran

TODAY = date(2026, 3, 2)


def test_a_messy_schedule_and_an_old_log_are_taken_but_for_their_broken_rows(
    manage: Callable[..., Ran], tmp_path
) -> None:
    made = {"schedule": messy.schedule(TODAY), "authorizations": messy.old_log(TODAY)}
    paths = []
    for name, file in made.items():
        paths.append(tmp_path / f"{name}.csv")
        paths[-1].write_bytes(file.content)
    first = [json.loads(line) for line in manage("import", *map(str, paths), "--json").out.splitlines()]
    for report in first:
        file = made[report["kind"]]
        assert tuple(one["row"] for one in report["refused"]) == file.broken
        assert all(one["fix"] for one in report["refused"])
        assert report["created"] == file.rows - len(file.broken)
    again = [json.loads(line) for line in manage("import", *map(str, paths), "--json").out.splitlines()]
    for report in again:
        assert (report["created"], report["updated"]) == (0, 0)
        assert report["unchanged"] == made[report["kind"]].rows - len(made[report["kind"]].broken)
