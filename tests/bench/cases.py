"""The list of cases with many on file: milliseconds and queries of every saved view; run-out and a packet beside it."""

import random
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import insert, text
from sqlalchemy.engine import make_url

from app.authorizations import store as authorization_store
from app.authorizations.facts import Authorization, AuthorizationRecord, Counting, Item, Kind, Status
from app.authorizations.models import AuthorizationRow
from app.casework.actions import placing
from app.casework.facts.casebook import View
from app.casework.models.casebook import CaseListingRow
from app.casework.store.marks import MARKS
from app.coverage.facts import CheckResult, CoverageRecord
from app.coverage.store import coverages as coverage_store
from app.deadlines.models import CaseOwnerRow
from app.deadlines.rules.runout import Fit, Planned, run_out, walk
from app.documents.facts import MediaType
from app.documents.files.pressing import PARTS_HERE, Part, Pressed, press
from app.patients import store as patient_store
from app.patients.facts import PatientDetails
from app.platform.caller import Caller
from app.platform.db import SealedText, db, writing
from app.platform.ids import new_id
from app.platform.sessions import engine_of
from app.practice.actions import staff as staffing
from app.practice.facts.staff import Role
from app.practice.store import practice as practice_store
from app.practice.store import staff as staff_store
from app.schedule.facts import ServiceLine, Visit, VisitStatus
from app.values.insurance import Line, Rank
from app.values.spans import Duration
from app.web.schema import bring_up_to_date
from tests.bench.databases import Databases
from tests.bench.measure import machine, seconds_of, short
from tests.bench.pages import signed_in, timed_page, web_on
from tests.bench.people import TODAY
from tests.bench.practice import opened
from tests.support import make
from tests.support.source import ROOT

OF_ONE_PATIENT, BATCH, PROVED = 20, 500, 400
WHOLE = 10_000
"""So many cases are made and placed by the own actions; the rest are copies in the database, without sealed words."""
PAYERS = tuple(f"local:payer-{number}" for number in range(12))
_STATES = (
    (Status.APPROVED, 30), (Status.PARTLY_APPROVED, 5), (Status.SUBMITTED, 25), (Status.MORE_INFO, 6),
    (Status.DENIED, 8), (Status.IN_APPEAL, 4), (Status.DRAFT, 7), (Status.NEEDS_DOCUMENTS, 3), (Status.READY, 2),
    (Status.CLOSED, 6), (Status.WITHDRAWN, 2), (Status.VOIDED, 2),
)  # fmt: skip
_KINDS = ((Kind.INITIAL, 70), (Kind.RENEWAL, 20), (Kind.RETRO, 5), (Kind.EXTENSION, 5))
TIMES = 15


class UnequalError(Exception):
    """The list is not what the facts give."""


def bench(size: int, seed: int, databases: Databases) -> dict[str, Any]:
    """Put cases on file, place them, and open every saved view as a person who is signed in."""
    with databases.fresh() as (url, folder):
        engine = engine_of(make_url(url))
        bring_up_to_date(engine)
        engine.dispose()
        with opened(url) as caller, writing(caller.session) as session:
            practice_store.save_practice(session, make.PRACTICE_ID, make.practice())
            practice_store.add_site(session, make.PRACTICE_ID, make.site())
        app = web_on(url, folder)
        client = signed_in(app)
        with opened(url) as caller:
            chance = random.Random(seed)
            filled = seconds_of(lambda: _fill(caller, min(size, WHOLE), chance))
            settled = seconds_of(lambda: placing.keep_cases(caller))
            proof = placing.prove(caller, PROVED)
            bulk = seconds_of(lambda: _fill_in_bulk(caller, size // WHOLE - 1) if size > WHOLE else None)
            _analyze(caller)
        if proof.differences or proof.marked:
            raise UnequalError(f"{proof.differences} rows of {proof.rows} differ")
        views = _views(app, client)
        with app.app_context():
            db.session.remove()
            db.engine.dispose()
    return {
        "workload": "cases",
        "database": databases.kind,
        "size": size,
        "seed": seed,
        "made_seconds": round(filled, 1),
        "placed_seconds": round(settled, 1),
        "in_bulk_seconds": round(bulk, 1),
        "rows_compared": proof.rows,
        "views": views,
        "slowest_view_milliseconds": max(one["median_milliseconds"] for one in views.values()),
        "run_out_of_36_visits": short([_run_out] * 200).milliseconds(),
        "packet": _packet(folder),
        "machine": machine(),
    }


def _views(app: Flask, client: FlaskClient) -> dict[str, dict[str, Any]]:
    """Every view on its first page; the largest one also in its middle and with each filter."""
    middle = f"{TODAY + timedelta(days=5):%Y%m%d}-{'8' * 32}"
    addresses = {one.value: f"/cases?view={one.value}" for one in View} | {
        "open_in_its_middle": f"/cases?after={middle}",
        "open_back_from_its_middle": f"/cases?before={middle}",
        "open_of_a_payer": f"/cases?payer={PAYERS[3]}",
        "open_of_a_status": "/cases?status=draft",
        "mine_of_a_payer": f"/cases?view=mine&payer={PAYERS[3]}",
        "unassigned_of_a_status": "/cases?view=unassigned&status=denied",
        "today": "/today",
    }
    return {name: timed_page(app, client, address, TIMES) for name, address in addresses.items()}


def _fill(caller: Caller, size: int, chance: random.Random) -> None:
    owners: list[UUID | None] = [None, None, *_people(caller)]
    patients = max(1, size // OF_ONE_PATIENT)
    for start in range(0, patients, BATCH):
        some = [_person(number) for number in range(start, min(patients, start + BATCH))]
        with writing(caller.session) as session:
            patient_store.add_patients(session, caller.practice_id, some)
            coverage_store.add_coverages(session, caller.practice_id, [_coverage(one) for one in some])
            cases = [_case(chance, one, place) for one in some for place in range(OF_ONE_PATIENT)]
            authorization_store.add_authorizations(session, caller.practice_id, cases, [])
            at = caller.clock.now()
            owned = [
                {
                    "practice_id": caller.practice_id,
                    "id": one.id,
                    "owner_id": owner,
                    "by_id": None,
                    "at": at,
                    "version": 1,
                }
                for one in cases
                if (owner := chance.choice(owners)) is not None
            ]
            if owned:
                session.connection().execute(insert(CaseOwnerRow), owned)
            MARKS.mark(session, caller.practice_id, [one.id for one in some])


_COPY = {
    "sqlite": "copied({id}, n)",
    "postgresql": "(substr(replace({id}::text, '-', ''), 1, 26) || lpad(to_hex(n), 6, '0'))::uuid",
}
"""The id of a copy: the last six digits are the number of the copy."""
_LATER = {"sqlite": "date(due_on, (n % 61 - 30) || ' days')", "postgresql": "due_on + (n % 61 - 30)"}
_NUMBERS = "WITH RECURSIVE copy(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM copy WHERE n < :copies)"


def _fill_in_bulk(caller: Caller, copies: int) -> None:
    """Copy every case so often inside the database, sealed words left out, with its rows of the list on other days."""
    kind = caller.session.get_bind().dialect.name
    given = {column.name: column.name for column in AuthorizationRow.__table__.columns}
    given |= {name: "NULL" for name in given if isinstance(AuthorizationRow.__table__.columns[name].type, SealedText)}
    given |= {"id": _COPY[kind].format(id="id"), "natural_key": "natural_key || '-' || n"}
    listed = {column.name: column.name for column in CaseListingRow.__table__.columns}
    day = f"CASE WHEN due_on > '9000-01-01' OR queue = 'ending' THEN due_on ELSE {_LATER[kind]} END"
    listed |= {"case_id": _COPY[kind].format(id="case_id"), "due_on": day}
    with writing(caller.session) as session:
        if kind == "sqlite":
            driver: Any = session.connection().connection.dbapi_connection
            driver.create_function("copied", 2, lambda one, n: one[:13] + n.to_bytes(3, "big"), deterministic=True)
        for table, columns in (("authorization", given), ("case_listing", listed)):
            into = f'INSERT INTO "{table}" ({", ".join(columns)})'
            source = f'{_NUMBERS} SELECT {", ".join(columns.values())} FROM "{table}", copy'
            statement = f"{into} {source}"
            session.execute(text(statement), {"copies": copies})


def _people(caller: Caller) -> list[UUID]:
    for number in range(3):
        staffing.add_staff(caller, f"person{number}@example.test", f"Person {number}", frozenset({Role.COORDINATOR}))
    return _people_on_file(caller)


def _people_on_file(caller: Caller) -> list[UUID]:
    known = staff_store.staff_of(caller.session, caller.practice_id)
    return sorted((one.id for one in known), key=lambda one: one.int)


def _person(number: int) -> PatientDetails:
    last = ("Rivera", "Okafor", "Lindqvist", "Tanaka", "Moreau", "Haddad", "Kowalski", "Nguyen")[number % 8]
    return PatientDetails(new_id(), f"M{number:08d}", last, "Robin", date(1950 + number % 60, 1 + number % 12, 5))


def _coverage(person: PatientDetails) -> CoverageRecord:
    payer = PAYERS[person.id.int % len(PAYERS)]
    return CoverageRecord(
        new_id(), person.id, Rank.PRIMARY, payer, payer, f"W{person.mrn}", begins=date(2025, 1, 1), plan="Gold",
        line=Line.COMMERCIAL, checked_on=TODAY, result=CheckResult.ACTIVE,
    )  # fmt: skip


def _case(chance: random.Random, person: PatientDetails, place: int) -> AuthorizationRecord:
    status = chance.choices([one for one, _ in _STATES], [weight for _, weight in _STATES])[0]
    kind = chance.choices([one for one, _ in _KINDS], [weight for _, weight in _KINDS])[0]
    payer, due = PAYERS[person.id.int % len(PAYERS)], TODAY + timedelta(days=int(chance.gauss(10, 20)))
    begins = TODAY - timedelta(days=chance.randrange(300))
    steered = chance.random() < 0.9
    used = 33 if chance.random() < 0.05 else 4
    return AuthorizationRecord(
        new_id(), person.id, f"{person.mrn}-{place}", payer, payer, status, status.value, kind,
        items=(Item(("96910", "96912"), None, Counting.UNITS, 36, used),), member_id=f"W{person.mrn}",
        plan="Gold" if chance.random() < 0.97 else "Silver", begins=begins,
        ends=begins + timedelta(days=chance.randrange(60, 500)), requested_on=begins - timedelta(days=9),
        decided_on=begins if status in (Status.DENIED, Status.IN_APPEAL) else None, used_on=TODAY,
        next_action="Call the payer for the status" if steered else None, next_action_on=due if steered else None,
    )  # fmt: skip


def _analyze(caller: Caller) -> None:
    """PostgreSQL's own autovacuum does this within minutes of an import; the program does it on neither database."""
    if caller.session.get_bind().dialect.name == "postgresql":
        caller.session.execute(text("ANALYZE"))
        caller.session.commit()


def _run_out() -> None:
    """Walk 36 visits through an approval of 30 units."""
    approval = Authorization(
        make.an_id(1), make.an_id(2), "payer", "Payer", Status.APPROVED, begins=date(2026, 1, 1),
        ends=date(2026, 12, 31), items=(Item(("96910",), None, Counting.UNITS, 30),),
    )  # fmt: skip
    fits = (Fit(approval, (0,)),)
    run_out(approval, walk([Planned(_visit(number), _line(number), fits) for number in range(36)]), _LEAD, TODAY)


_LEAD = Duration(21, "calendar_day")


def _line(number: int) -> ServiceLine:
    return ServiceLine(make.an_id(5000 + number), 0, "96910", 1)


def _visit(number: int) -> Visit:
    on = TODAY + timedelta(days=number * 7 // 3)
    starts = datetime.combine(on, time(15), UTC)
    visit_id = make.an_id(1000 + number)
    lines = (_line(number),)
    return Visit(visit_id, f"V{number:04}", make.an_id(2), make.an_id(3), starts, on, VisitStatus.BOOKED, lines)


def _packet(_folder: Path) -> dict[str, Any]:
    """A packet of ten pages: six of our own and a document of four that is appended."""
    style = (ROOT / "templates/casework/packet/packet.css").read_text()
    document = press(_pages(4, "Chart note"), [], style)
    part = Part("Chart note", MediaType.PDF, document.content)
    made: list[Pressed] = []
    seconds = min(seconds_of(lambda: made.append(press(_pages(6, "Request"), [part], style))) for _ in range(3))
    return {"seconds": round(seconds, 2), "pages": made[-1].pages, "bytes": len(made[-1].content)}


def _pages(count: int, title: str) -> str:
    row = "<tr><th scope='row'>Field</th><td>What is on file of it, in a line.</td></tr>"
    page = f"<section class='begins'><h2>{title}</h2><table><tbody>{row * 25}</tbody></table></section>"
    head = f"<!doctype html><html lang='en'><head><title>{title}</title></head>"
    return f"{head}<body>{page * count}{PARTS_HERE}</body></html>"
