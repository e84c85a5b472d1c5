"""Bring in coverages and authorization logs."""

from collections.abc import Sequence
from zoneinfo import ZoneInfo

from app.imports.actions.ledger import load
from app.imports.actions.library import Library
from app.imports.actions.pieces import Run, take
from app.imports.actions.places import Places
from app.imports.facts import AuthorizationRowFacts, CoverageRowFacts, Report
from app.imports.intake.tables import Read
from app.imports.rules import authorizations, coverage
from app.imports.rules.authorizations import Entry, When
from app.imports.rules.coverage import Named
from app.imports.rules.plans import Plan
from app.imports.rules.warnings import code_warnings
from app.platform.ids import new_id
from app.policies.facts.answers import PayerMatch


def bring_in_coverage(run: Run, report: Report, read: Read[CoverageRowFacts], places: Places, library: Library) -> None:
    """Take the rows of a coverage table."""
    caller = run.caller
    report.refused += read.refused
    rows = [Named(row, library.payer(row.payer)) for row in read.rows]
    places.add_payers([named.payer for named in rows], report)
    if not run.dry_run:
        places.write(caller, run.run_id)
    today = caller.clock.today(ZoneInfo(places.practice.zone))

    def decided(piece: Sequence[Named]) -> Plan:
        on_file = load(caller, [one.row.person.mrn for one in piece], pretended=run.overlay())
        return coverage.decide(piece, on_file, new_id, today)

    take(run, report, rows, lambda named: named.row.person.mrn, decided)
    refused = {one.row for one in report.refused}
    _count_payers([named.payer for named in rows if named.row.row not in refused], report)
    report.warnings += [
        f"Row {one.row.row}: a result without the day of the check counts as never checked; fill in checked_on."
        for one in rows
        if one.row.row not in refused and "result" in one.row.values and "checked_on" not in one.row.values
    ]


def bring_in_authorizations(
    run: Run, report: Report, read: Read[AuthorizationRowFacts], places: Places, library: Library
) -> None:
    """Take the rows of an authorization log."""
    caller = run.caller
    report.refused += read.refused
    places.add_sites(dict.fromkeys(row.site for row in read.rows if row.site), report)
    npis = (row.values.get("provider_npi") for row in read.rows)
    places.add_providers(dict.fromkeys(npi for npi in npis if npi is not None), report)
    entries = [
        Entry(row, library.payer(row.payer), places.site(row.site).id if row.site else None) for row in read.rows
    ]
    places.add_payers([entry.payer for entry in entries], report)
    if not run.dry_run:
        places.write(caller, run.run_id)
    today = caller.clock.today(ZoneInfo(places.practice.zone))
    when = When(caller.clock.now(), today, caller.via, caller.user_id)

    def decided(piece: Sequence[Entry]) -> Plan:
        on_file = load(caller, [one.row.person.mrn for one in piece], pretended=run.overlay())
        return authorizations.decide(piece, on_file, new_id, when)

    take(run, report, entries, lambda entry: entry.row.person.mrn, decided)
    refused = {one.row for one in report.refused}
    taken = [entry for entry in entries if entry.row.row not in refused]
    _count_payers([entry.payer for entry in taken], report)
    report.warnings += code_warnings(
        [
            (entry.row.row, code, entry.row.values.get("diagnoses", ()))
            for entry in taken
            for code in _codes(entry) or (None,)
        ],
        library.knows_code,
        library.knows_diagnosis,
    )
    report.warnings += authorizations.number_warnings(taken) + authorizations.open_warnings(taken)


def _codes(entry: Entry) -> tuple[str, ...]:
    items = entry.row.values.get("items", ())
    return tuple(code for item in items if item.last is None for code in item.codes if code != "*")


def _count_payers(payers: Sequence[PayerMatch], report: Report) -> None:
    for payer in payers:
        if not payer.in_library and not payer.self_pay:
            report.unmapped_payers[payer.name] = report.unmapped_payers.get(payer.name, 0) + 1
