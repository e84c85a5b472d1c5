"""Fill the sample practice through the same doors that a practice uses: rules, confirmations, the three imports."""

import csv
import tempfile
from collections.abc import Iterable
from datetime import date
from pathlib import Path
from zoneinfo import ZoneInfo

from sqlalchemy import delete

from app.audit.actions import record
from app.imports.actions.running import import_files
from app.imports.facts import Kind, Report
from app.imports.intake.names import COLUMNS
from app.patients import store as patients
from app.platform.caller import Caller
from app.platform.db import writing
from app.platform.ids import new_id
from app.policies.actions.library import refresh_rules
from app.policies.actions.payers import choose_payers
from app.policies.actions.recording import confirm_routine, record_answer
from app.policies.facts.answers import Need
from app.policies.rules.routine import last_day_of_rule
from app.policies.store import answers as policies
from app.practice.actions.practice import record_participation, set_up_practice
from app.practice.facts.practice import Network, Provider, Site
from app.practice.store import practice
from app.schedule.actions import map_type
from app.schedule.facts import BillTo, TypeLine, VisitType
from app.values.spans import DateSpan
from app.web.models import all_tables
from app.web.sample.building import build, mrn_of
from app.web.sample.case_work import do_case_work
from app.web.sample.clinic import (
    CLINICIANS,
    GROUP_NPI,
    MOCKRIDGE,
    NAME,
    NORTHGALE,
    PAYERS,
    PLUMERIA,
    SITES,
    STATE,
    TAMARACK,
    WICKERWOOD,
)
from app.web.sample.clock_work import do_clock_work
from app.web.sample.days import Days
from app.web.sample.desk_work import do_desk_work
from app.web.sample.tables import Row

POLICIES = Path(__file__).resolve().parent / "policies"
LASTS = 7
"""Days after which the sample is filled anew: by then its checks of coverage are stale and its stories lie behind."""
ANSWERED, CODE, REFERENCE = "S-CLEARED-4", "96910", "Call HL-CALL-7204"
"""What the payer said for one patient: recorded last, so that it also says on which day the filling ended."""
KEPT = frozenset(
    {
        "practice",
        "staff",
        "staff_session",
        "site",
        "provider",
        "audit_entry",
        "audit_head",
        "audit_subject",
        "audit_reason",
        "job_run",
        "watchdog_alarm",
        "outbox_attempt",  # append-only, and empty: the sample sends nothing
    }
)


class SampleError(Exception):
    """The sample's own files were not taken whole: the program is at fault."""


def fill(caller: Caller, today: date, again: bool = False) -> bool:
    """Fill the sample practice, counted from a day.

    Takes     the caller, whose practice is the sample; the day; `again`, to forget what is there and fill anew.
    Returns   False when it is filled and not older than seven days: then nothing is changed, and payer rules that are
              others than those in force are put forward. Filled anew, it begins with the rules of the day.
    """
    filled = filled_on(caller)
    if filled is not None and not again and 0 <= (today - filled).days <= LASTS:
        refresh_rules(caller, beside=POLICIES)
        return False
    empty(caller)
    refresh_rules(caller, beside=POLICIES)
    _set_up(caller)
    _confirm(caller, today)
    _bring_in(caller, today)
    people = do_desk_work(caller, Days(today))
    record_answer(caller, mrn_of(ANSWERED), PAYERS[0].key, CODE, Need.NOT_REQUIRED, REFERENCE, None)
    do_case_work(caller, Days(today), people)
    do_clock_work(caller, Days(today), people)
    return True


def filled_on(caller: Caller) -> date | None:
    """Find the day from which the sample is counted; None when it was never filled to its end."""
    session, practice_id = caller.session, caller.practice_id
    patient_id = patients.by_mrn(session, practice_id, mrn_of(ANSWERED))
    if patient_id is None:
        return None
    answers = policies.answers_of(session, practice_id, [patient_id]).get(patient_id, ())
    return max((answer.said_on for answer in answers if answer.said_on), default=None)


def empty(caller: Caller) -> None:
    """Forget everything of the sample practice but its people, sites and audit log. Refuses a real practice."""
    if not practice.practice_of(caller.session, caller.practice_id).sample:
        raise SampleError("only a sample practice is ever emptied")
    with writing(caller.session) as session:
        for table in reversed(all_tables().sorted_tables):
            if table.name not in KEPT and "practice_id" in table.columns:
                session.execute(delete(table).where(table.columns.practice_id == caller.practice_id))
        record(caller, "sample.emptied")


def _set_up(caller: Caller) -> None:
    """The practice's page, its sites and the people who treat."""
    before = practice.practice_of(caller.session, caller.practice_id)
    made = set_up_practice(caller, NAME, ZoneInfo(before.zone), STATE, GROUP_NPI)
    with writing(caller.session) as session:
        known = {site.name for site in practice.sites(session, caller.practice_id)}
        for site in SITES:
            if site.name not in known:
                new = Site(new_id(), site.name, site.code, made.zone, site.state)
                practice.add_site(session, caller.practice_id, new)
        npis = {provider.npi for provider in practice.providers(session, caller.practice_id)}
        for one in CLINICIANS:
            if one.npi not in npis:
                practice.add_provider(session, caller.practice_id, Provider(new_id(), one.npi, one.name, GROUP_NPI))
        record(caller, "sample.set_up", sites=len(SITES), providers=len(CLINICIANS))


def _confirm(caller: Caller, today: date) -> None:
    """Routine services of every payer, two appointment types, and who is in the networks of payers that need one."""
    choose_payers(caller, [payer.key for payer in PAYERS], turned_on=True)
    for payer in PAYERS:
        confirm_routine(caller, payer.key, f"{payer.name} code list of this year", last_day_of_rule(today))
    map_type(caller, VisitType("Cosmetic consult", (TypeLine(bill_to=BillTo.SELF_PAY),)))
    map_type(caller, VisitType("Mohs", (TypeLine("17311"),)))
    since = DateSpan(Days(today).on(-800), None)
    for payer in (TAMARACK, PLUMERIA, NORTHGALE, WICKERWOOD):
        for one in CLINICIANS:
            network = Network.OUT if payer is TAMARACK and one is MOCKRIDGE else Network.IN
            record_participation(caller, payer.key, None, one.npi, network, since)


def _bring_in(caller: Caller, today: date) -> None:
    """Write the tables as files and import them. Raises SampleError when a row was not taken."""
    tables = build(today)
    with tempfile.TemporaryDirectory(prefix="cleared-sample-") as folder:
        paths = [
            write_file(Path(folder) / f"{name}.csv", kind, rows)
            for name, kind, rows in (
                ("schedule", Kind.SCHEDULE, tables.schedule),
                ("schedule_later", Kind.SCHEDULE, tables.moved),
                ("coverage", Kind.COVERAGE, tables.coverage),
                ("authorizations", Kind.AUTHORIZATIONS, tables.authorizations),
            )
        ]
        for report in import_files(caller, paths):
            _refuse_faults(report)


def write_file(path: Path, kind: Kind, rows: Iterable[Row]) -> Path:
    """Write rows as a file of their kind. Returns its path."""
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, [name for name in COLUMNS[kind] if name != "start_date"], restval="")
        writer.writeheader()
        writer.writerows(rows)
    return path


def _refuse_faults(report: Report) -> None:
    if report.error is not None:
        raise SampleError(report.error.sentence)
    if report.refused:
        first = report.refused[0]
        raise SampleError(f"{report.kind} file, row {first.row}, {first.column}: found {first.found}. {first.fix}")
