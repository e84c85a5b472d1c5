"""Bring in files: read each, recognise it, and take them schedule first, coverage second, authorizations last."""

import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import count
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import Engine

from app.audit.actions import record
from app.imports.actions.library import library_of
from app.imports.actions.others import bring_in_authorizations, bring_in_coverage
from app.imports.actions.pieces import Run
from app.imports.actions.places import Places, places_of
from app.imports.actions.schedules import bring_in
from app.imports.facts import FileRefusedError, Kind, Report, Table
from app.imports.files.reading import digest, read_table
from app.imports.intake.headers import Matched, fold, match
from app.imports.intake.tables import Read, read_authorizations, read_coverage, read_schedule
from app.imports.store import runs
from app.platform.caller import Caller
from app.platform.db import writing
from app.platform.ids import new_id
from app.platform.lock import held

Progress = Callable[[Report, int, int], None]
WAIT = 0.2
LAST = len(Kind)


@dataclass
class _File:
    report: Report
    path: Path
    table: Table | None = None
    matched: Matched | None = None


def import_files(
    caller: Caller,
    paths: Sequence[Path],
    kind: Kind | None = None,
    dry_run: bool = False,
    chosen: Mapping[str, str] | None = None,
    progress: Progress = lambda _report, _done, _rows: None,
    waiting: Callable[[], None] = lambda: None,
) -> Iterator[Report]:
    """Bring in files, and give out what came of each as soon as it is done.

    One import works on a practice at a time; another waits for it. A file that cannot be taken stops no other file.
    `chosen` matches headers by hand (header to canonical column, empty to leave out) and is remembered. `waiting` is
    called once when another import works.
    """
    files = [_opened(caller, path, kind, chosen or {}, dry_run) for path in paths]
    files.sort(key=lambda file: list(Kind).index(file.matched.kind) if file.matched else LAST)
    run = Run(caller, dry_run, progress)
    with _alone(caller, dry_run, waiting):
        places = places_of(caller)
        for file in files:
            if file.matched is not None:
                _bring_in(run, file, places)
            yield file.report


def _opened(caller: Caller, path: Path, kind: Kind | None, chosen: Mapping[str, str], dry_run: bool) -> _File:
    file = _File(Report(str(path), kind, dry_run=dry_run), path)
    try:
        file.table = read_table(path)
        headers = "|".join(sorted({fold(name) for name in file.table.header}))
        remembered = runs.header_match(caller.session, caller.practice_id, headers)
        by_hand = {**remembered, **{fold(header): column for header, column in chosen.items()}}
        file.matched = match(file.table.header, kind, by_hand)
        if chosen and not dry_run:
            with writing(caller.session) as session:
                runs.save_header_match(session, caller.practice_id, headers, by_hand)
                record(caller, "imports.headers_matched", columns=len(by_hand))
    except FileRefusedError as error:
        file.report.error = error
    return file


def _bring_in(run: Run, file: _File, places: Places) -> None:
    caller, report, table, matched = run.caller, file.report, file.table, file.matched
    assert table is not None
    assert matched is not None
    run.run_id = new_id()
    take_table(run, report, table, matched, places)
    if not run.dry_run:
        with writing(caller.session) as session:
            now, stamp = caller.clock.now(), digest(file.path)
            runs.note_run(session, caller.practice_id, report, stamp, now, caller.user_id, run.run_id)
            record(caller, "imports.ended", kind=report.kind, rows=report.rows, refused=len(report.refused))


def take_table(run: Run, report: Report, table: Table, matched: Matched, places: Places) -> Read[Any]:
    """Take the rows of one table, or in a dry run say what would come of them. Returns the rows as they were read."""
    caller = run.caller
    report.kind, report.rows = matched.kind, len(table.rows)
    report.ignored_columns = list(matched.ignored)
    library = library_of(caller.session, caller.practice_id)
    today = caller.clock.today(ZoneInfo(places.practice.zone))
    if matched.kind is Kind.SCHEDULE:
        read: Read[Any] = read_schedule(table, matched, today)
        bring_in(run, report, read, places, library)
    elif matched.kind is Kind.COVERAGE:
        read = read_coverage(table, matched, today)
        bring_in_coverage(run, report, read, places, library)
    else:
        read = read_authorizations(table, matched, today, library.drug_key)
        bring_in_authorizations(run, report, read, places, library)
    report.refused.sort(key=lambda one: one.row)
    return read


@contextmanager
def _alone(caller: Caller, dry_run: bool, waiting: Callable[[], None]) -> Iterator[None]:
    """Wait until no other import works on this practice. A dry run waits for nobody."""
    engine = caller.session.get_bind()
    caller.session.rollback()
    if dry_run:
        yield
        return
    assert isinstance(engine, Engine)
    for turn in count():
        with held(engine, f"import-{caller.practice_id.hex}") as mine:
            if mine:
                yield
                return
        if turn == 0:
            waiting()
        time.sleep(WAIT)
