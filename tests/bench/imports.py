"""A long file through the worker: read, checked, written, and checked again when all of it is on file."""

from typing import Any

from sqlalchemy.engine import make_url

from app.imports.actions import confirming, drafts, working
from app.imports.facts import DraftState
from app.platform.caller import Caller
from app.platform.sessions import engine_of, session_on
from app.practice.store import practice as practice_store
from app.web.schema import bring_up_to_date
from tests.bench.databases import Databases
from tests.bench.measure import alone, machine, measured
from tests.bench.practice import opened
from tests.support import make
from tests.web.imports.support import csv_of, messy


def bench(rows: int, databases: Databases) -> dict[str, Any]:
    """Bring a messy schedule of so many rows into an empty practice."""
    with databases.fresh() as (url, _folder):
        alone(_made, url)
        steps = alone(_steps, url, rows)
    return {"workload": "imports", "database": databases.kind, "rows": rows, **steps, "machine": machine()}


def _made(url: str) -> None:
    engine = engine_of(make_url(url))
    bring_up_to_date(engine)
    with session_on(engine, make.keys()) as session:
        practice_store.save_practice(session, make.PRACTICE_ID, make.practice())
        session.commit()
    engine.dispose()


def _steps(url: str, rows: int) -> dict[str, Any]:
    kept = [{name: text for name, text in row.items() if name != "Room"} for row in messy(rows)]
    content = csv_of(kept)
    with opened(url) as caller:
        with measured() as reading:
            draft_id = drafts.begin(caller, "schedule.csv", content, None)
        with measured() as checking:
            working.work(caller)
        counts = _counts(caller, draft_id)
        with measured() as writing:
            confirming.confirm(caller, draft_id, drafts.found_draft(caller, draft_id).version, frozenset())
            working.work(caller)
        assert drafts.found_draft(caller, draft_id).state is DraftState.DONE
        again = drafts.begin(caller, "schedule.csv", content, None)
        with measured() as checking_again:
            working.work(caller)
        return {
            "file_mib": round(len(content) / 2**20, 1),
            "reading": reading.shown(),
            "check": checking.shown(**counts),
            "confirm": writing.shown(),
            "check_of_the_same_file": checking_again.shown(**_counts(caller, again)),
        }


def _counts(caller: Caller, draft_id: Any) -> dict[str, int]:
    summary = drafts.found_draft(caller, draft_id).summary
    assert summary is not None
    counts: dict[str, int] = summary["counts"]
    return counts
