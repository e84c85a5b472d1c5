"""Bring in a schedule."""

from collections.abc import Collection, Mapping, Sequence
from datetime import date
from uuid import UUID
from zoneinfo import ZoneInfo

from app.audit.actions import record
from app.imports.actions.holding import hold
from app.imports.actions.ledger import load
from app.imports.actions.library import Library
from app.imports.actions.pieces import Run, take
from app.imports.actions.places import Places
from app.imports.facts import Refused, Report, RowRefusedError, ScheduleRow
from app.imports.intake.schedule import instant
from app.imports.intake.tables import Read
from app.imports.rules.plans import Placed, Plan
from app.imports.rules.schedule import contradictions, decide
from app.imports.rules.undoing import Piece
from app.imports.rules.warnings import code_warnings, held_warnings
from app.imports.store import pieces
from app.platform.db import keyring_of, writing
from app.platform.ids import new_id
from app.schedule import store as schedule
from app.schedule.rules.types import type_key


def bring_in(run: Run, report: Report, read: Read[ScheduleRow], places: Places, library: Library) -> None:
    """Take the rows of a schedule; list the booked visits that the file no longer has."""
    caller = run.caller
    refused = {one.row: one for one in contradictions(read.rows, places.site_key)}
    kept, skipped = _in_zone([row for row in read.rows if row.row not in refused], places)
    report.refused += [*read.refused, *refused.values(), *skipped]
    out = {*refused, *(one.row for one in skipped)}
    incomplete = _first_rows(read, out)
    _name_places(kept, places, library, report)
    if not run.dry_run:
        places.write(caller, run.run_id)
    rows = _placed(run, kept, places, library)
    today = caller.clock.today(ZoneInfo(places.practice.zone))

    def decided(piece: Sequence[Placed]) -> Plan:
        mrns, references = [one.row.person.mrn for one in piece], [one.row.reference for one in piece]
        on_file = load(caller, mrns, references, run.overlay())
        meanings = schedule.visit_types(caller.session, caller.practice_id)
        return decide(piece, on_file, meanings, incomplete, new_id, today)

    take(run, report, rows, lambda placed: placed.row.person.mrn, decided)
    not_taken = {one.row for one in report.refused}
    taken = [placed for placed in rows if placed.row.row not in not_taken]
    _count(taken, schedule.visit_types(caller.session, caller.practice_id).keys(), report)
    report.warnings += held_warnings(_held(run, read, not_taken, {one.row.reference for one in taken}, incomplete))
    report.warnings += code_warnings(
        [(one.row.row, one.row.code, one.row.line.get("diagnoses", ())) for one in taken],
        library.knows_code,
        library.knows_diagnosis,
    )
    _close(run, report, rows, read)


def _first_rows(read: Read[ScheduleRow], refused: Collection[int]) -> dict[str, int]:
    """Name the visits of which rows were refused, each with the first such row."""
    first = dict(read.refused_visits)
    for row in read.rows:
        if row.row in refused:
            first[row.reference] = min(row.row, first.get(row.reference, row.row))
    return first


def _held(
    run: Run,
    read: Read[ScheduleRow],
    not_taken: Collection[int],
    taken: Collection[str],
    incomplete: Mapping[str, int],
) -> dict[str, int]:
    """Name the visits that refused rows hold: with rows that were taken, or on file and named by refused rows alone."""
    first = _first_rows(read, not_taken)
    within = {reference: row for reference, row in incomplete.items() if reference in taken}
    return within | hold(run, {reference: row for reference, row in first.items() if reference not in within})


def _in_zone(rows: Sequence[ScheduleRow], places: Places) -> tuple[list[ScheduleRow], list[Refused]]:
    """Refuse the rows whose time the clocks of their site skip."""
    kept, refused = [], []
    for row in rows:
        try:
            instant(row.starts, places.zone(row.site))
            kept.append(row)
        except RowRefusedError as refusal:
            refused.append(refusal.at(row.row))
    return kept, refused


def _name_places(rows: Sequence[ScheduleRow], places: Places, library: Library, report: Report) -> None:
    places.add_sites(dict.fromkeys(row.site for row in rows), report)
    places.add_providers(dict.fromkeys(row.line["provider_npi"] for row in rows), report)
    places.add_payers(map(library.payer, dict.fromkeys(row.payer for row in rows if row.payer)), report)


def _placed(run: Run, rows: Sequence[ScheduleRow], places: Places, library: Library) -> list[Placed]:
    keyring, practice_id = keyring_of(run.caller.session), run.caller.practice_id
    placed = []
    for row in rows:
        site = places.site(row.site)
        at = instant(row.starts, ZoneInfo(site.zone))
        payer = library.payer(row.payer) if row.payer else None
        member = keyring.member_key(practice_id, row.member_id) if row.member_id else None
        placed.append(Placed(row, site.id, at, row.starts.date(), payer, member))
    return placed


def _count(rows: Sequence[Placed], mapped: Collection[str], report: Report) -> None:
    for placed in rows:
        row, payer = placed.row, placed.payer
        if row.code is None and row.visit_type and type_key(row.visit_type) not in mapped:
            report.unmapped_types[row.visit_type] = report.unmapped_types.get(row.visit_type, 0) + 1
        if payer is not None and not payer.in_library and not payer.self_pay:
            report.unmapped_payers[payer.name] = report.unmapped_payers.get(payer.name, 0) + 1


def _close(run: Run, report: Report, rows: Sequence[Placed], read: Read[ScheduleRow]) -> None:
    """Note the days that the file covers, and list the booked visits of those days that it does not hold."""
    caller = run.caller
    spans: dict[UUID, tuple[date, date]] = {}
    for placed in rows:
        first, last = spans.get(placed.site_id, (placed.day, placed.day))
        spans[placed.site_id] = (min(first, placed.day), max(last, placed.day))
    present = read.refused_visits.keys() | {row.reference for row in read.rows}
    for site_id, (first, last) in spans.items():
        booked = schedule.booked_references(caller.session, caller.practice_id, site_id, first, last)
        report.vanished += [reference for reference in booked if reference not in present]
    if spans and not run.dry_run:
        with writing(caller.session) as session:
            noted = schedule.note_import(session, caller.practice_id, spans, caller.clock.now())
            piece = Piece({"schedule_import": noted})
            pieces.add_piece(session, caller.practice_id, run.run_id, piece, caller.clock.now())
            record(caller, "imports.schedule_noted", sites=len(spans))
