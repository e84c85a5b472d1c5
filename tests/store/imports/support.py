"""Write tables as files, bring them in, and take the whole end state for comparing."""

import csv
from dataclasses import replace

from sqlalchemy.orm import Session

from app.authorizations import store as authorizations
from app.coverage.store import coverages as coverage
from app.imports.actions.running import import_files
from app.patients import store as patients
from app.platform.wall import of_practice
from app.practice.store import practice
from app.schedule import store as schedule
from tests.support import make

ID = make.an_id(0)
VISIT = {
    "visit_id": "A1",
    "starts_at": "2026-03-09 14:30",
    "site": "Main",
    "provider_npi": make.NPI,
    "patient_mrn": "M1",
    "patient_last": "Smith",
    "patient_first": "Ann",
    "birth_date": "1960-01-02",
    "code": "96910",
}
COVERAGE = {"patient_mrn": "M1", "payer": "Aetna", "member_id": "W123"}
LOG = {"patient_mrn": "M1", "payer": "Aetna", "status": "approved", "codes": "96910:36", "number": "A1"}
PERSON = {"patient_last": "Smith", "patient_first": "Ann", "birth_date": "1960-01-02"}


def table(path, rows, delimiter=","):
    """Write rows (dicts) as CSV; every column that any row has. Returns the path."""
    columns = list(dict.fromkeys(name for row in rows for name in row))
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.DictWriter(file, columns, restval="", delimiter=delimiter)
        writer.writeheader()
        writer.writerows(rows)
    return path


def bring(caller, folder, schedule=None, coverage=None, authorizations=None, **options):
    """Bring in up to three tables in one call. Returns their reports."""
    named = {"s": schedule, "c": coverage, "a": authorizations}
    paths = [table(folder / f"{name}.csv", rows) for name, rows in named.items() if rows is not None]
    return list(import_files(caller, paths, **options))


def counts(report):
    """Created, updated, unchanged and refused rows."""
    return (*report.counts.values(), len(report.refused))


def reasons(report):
    """Row, column and code of what was refused."""
    return [(one.row, one.column, one.code.value) for one in report.refused]


def state(session: Session, positions=True, practice_id=make.PRACTICE_ID):
    """All that imports write, opened, without ids and versions; lines without positions where order is free."""
    session.rollback()
    of_practice(session, practice_id)
    ids = list(patients.for_judging(session, practice_id))
    people = patients.details(session, practice_id, ids)
    sites = {site.id: site.name for site in practice.sites(session, practice_id)}
    named = {one: people[one].mrn for one in ids}
    visits = [visit for found in schedule.of_patients(session, practice_id, ids).values() for visit in found]
    records = schedule.records(session, practice_id, [visit.reference for visit in visits])
    covered = coverage.records_of(session, practice_id, ids)
    logged = authorizations.records_of(session, practice_id, ids)
    return {
        "people": sorted(repr(replace(one, id=ID)) for one in people.values()),
        "visits": sorted(_visit(one, named, sites, positions) for one in records.values()),
        "coverages": sorted(
            repr((named[p], replace(c, id=ID, patient_id=ID))) for p, all_ in covered.items() for c in all_
        ),
        "logged": sorted(
            repr((named[p], sites.get(a.site_id), replace(a, id=ID, patient_id=ID, site_id=None)))
            for p, all_ in logged.items()
            for a in all_
        ),
        "sites": sorted(sites.values()),
        "providers": [one.npi for one in practice.providers(session, practice_id)],
    }


def _visit(record, named, sites, positions):
    visit = record.visit
    lines = [
        repr((_line(line, line.position if positions else 0), _facts(source.row_facts)))
        for line, source in zip(visit.lines, record.sources, strict=True)
    ]
    frame = (visit.reference, named[visit.patient_id], sites[visit.site_id], visit.starts_at, visit.day, visit.status)
    return repr((frame, lines if positions else sorted(lines)))


def _line(line, position):
    """A line without its ids; blind indexes differ between practices, so that only whether there are any counts."""
    return replace(line, id=ID, position=position, named_member=line.named_member is not None)


def _facts(facts):
    return facts and {**facts, "named_member": "named_member" in facts}
