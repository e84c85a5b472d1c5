"""The migration that seals: plain words of an earlier version are sealed, found, read, and leave no byte behind."""

import json
from pathlib import Path

import pytest
from sqlalchemy import Engine, bindparam, inspect, text
from sqlalchemy.engine import make_url

from app.authorizations import store as authorizations
from app.coverage.store import coverages
from app.imports.store import runs
from app.patients import store as patients
from app.platform.db import Uuid16
from app.platform.sessions import engine_of, session_on
from app.policies.store import answers, practice
from app.schedule import store as schedule
from app.web import schema
from tests.support import make

BEFORE, SEALING = "0019_scopes", "0020_sealed_notes"
PATIENT, SITE, APPROVAL, COVERAGE, VISIT, LINE = (make.an_id(number) for number in range(1, 7))
SECRET = "ZZQ-77{}"
PLAIN = b"ZZQ-77"
"""Every plain word of this test holds it, so that one search finds what was left behind."""


@pytest.fixture
def old(blank_database_url: str):
    """A database of the version before, with plain words in every column that is sealed now."""
    engine = engine_of(make_url(blank_database_url))
    schema.migrate(engine, "upgrade", BEFORE)
    _fill(engine)
    yield engine
    engine.dispose()


def secret(word: str) -> str:
    """A plain word."""
    return SECRET.format(word)


def _fill(engine: Engine) -> None:
    keyring, practice_id = make.keys().keyring, make.PRACTICE_ID
    member = keyring.member_key(practice_id, "W1234")
    of_member = {"member_whole": member.whole, "member_base": member.base, "member_cut": member.cut}
    sealed = {
        name: bytes(keyring.seal(f"patient.{name}", practice_id, PATIENT, "x"))
        for name in ("mrn", "last_name", "first_name")
    }
    line = [0, "99213", 1, None, None, [], [], "11", None, [], secret("referral"), None, "1", None, None]
    line += ["insurance", None, None, None]
    rows = {
        "practice": {"id": practice_id, "name": "P", "zone": make.ZONE, "sample": False, "set_up": True},
        "site": {"id": SITE, "name": "Main", "zone": make.ZONE, "fresh_days": 7, "unreviewed": False},
        "patient": {
            "id": PATIENT, **sealed, "mrn_index": b"0" * 16, "text_consent": False, "version": 1,
            "language": secret("language"),
        },
        "authorization": {
            "id": APPROVAL, "patient_id": PATIENT, "natural_key": "aetna|number|ZZQ77NUMBER", "payer": "aetna",
            "payer_name": "Aetna", "status": "approved", "raw_status": "approved", "kind": "initial", "items": "",
            "number": secret("number"), "reference": secret("reference"), "no_end": False, "diagnoses": "",
            "provider_binds": False, "places": "", "urgent": False, "owner": secret("owner"),
            "next_action": secret("next"), "submitted_by_channel": secret("channel"),
            "representative": secret("representative"), "call_reference": secret("call"), "version": 1,
        },
        "authorization_event": {
            "id": make.an_id(7), "authorization_id": APPROVAL, "at": "2026-03-01 00:00:00", "via": "test",
            "changes": json.dumps({"number": [None, secret("changed")]}),
        },
        "coverage": {
            "id": COVERAGE, "patient_id": PATIENT, "natural_key": "k", "rank": "primary", "payer": "aetna",
            "payer_name": "Aetna", "member_id": bytes(keyring.seal("coverage.member_id", practice_id, COVERAGE, "W1")),
            **of_member, "benefit": "medical", "other_primary": False, "source": secret("source"),
            "subscriber_relationship": secret("relationship"),
            "reference": secret("checked"), "verified": True, "version": 1,
        },
        "coverage_event": {
            "id": make.an_id(8), "patient_id": PATIENT, "coverage_id": COVERAGE, "at": "2026-03-01 00:00:00",
            "via": "test", "changes": json.dumps({"reference": [None, secret("was")]}),
        },
        "practice_rule": {
            "id": make.an_id(9), "payer": "aetna", "codes": '["99213"]', "need": "required", "begins": "2026-01-01",
            "ends": "2026-12-31", "basis": secret("basis"), "bounds": "{}", "routine": False, "corrects": False,
            "recorded_on": "2026-01-01", "recorded_at": "2026-01-01 00:00:00",
        },
        "practice_rule_end": {
            "id": make.an_id(10), "rule_id": make.an_id(9), "last_day": "2026-06-30", "reason": secret("reason"),
            "recorded_at": "2026-01-01 00:00:00",
        },
        "patient_answer": {
            "id": make.an_id(11), "patient_id": PATIENT, "payer": "aetna", "names": '["99213"]', "need": "required",
            "begins": "2026-01-01", "ends": "2026-12-31", "said_on": "2026-01-01", "reference": secret("answer"),
            "recorded_at": "2026-01-01 00:00:00",
        },
        "header_match": {"id": make.an_id(12), "headers": secret("header"), "columns": json.dumps({"a": "mrn"})},
        "visit": {
            "id": VISIT, "reference": "V1", "patient_id": PATIENT, "site_id": SITE, "starts_at": "2026-03-03 00:00:00",
            "day": "2026-03-03", "status": "booked", "lines": json.dumps([line]), "line_ids": LINE.bytes, "version": 1,
        },
        "service_line": {
            "id": LINE, "visit_id": VISIT, "position": 0, "code": "99213", "units": 1, "source_place": 0,
            "row_facts": json.dumps({"referral": secret("row"), "units": 1}),
        },
    }  # fmt: skip
    with engine.begin() as connection:
        for table, row in rows.items():
            values = row if table == "practice" else {"practice_id": practice_id, **row}
            statement = text(
                f'INSERT INTO "{table}" ({", ".join(values)}) VALUES ({", ".join(f":{name}" for name in values)})'
            )
            ids = [name for name in values if name == "id" or name.endswith("_id")]
            typed = [name for name in ids if name not in ("member_id",)]
            connection.execute(statement.bindparams(*(bindparam(name, type_=Uuid16()) for name in typed)), values)


def words_of(engine: Engine) -> list[object]:
    """Read through the program's own stores what the plain columns held."""
    with session_on(engine, make.keys()) as session:
        approval, _version = authorizations.record_of(session, make.PRACTICE_ID, APPROVAL) or (None, 0)
        judged = authorizations.of_patients(session, make.PRACTICE_ID, [PATIENT])[PATIENT][0]
        (coverage,) = coverages.on_file(session, make.PRACTICE_ID, PATIENT)
        (event,) = coverages.latest_events(session, make.PRACTICE_ID, PATIENT, 5)
        record = schedule.records(session, make.PRACTICE_ID, ["V1"])["V1"]
        (rule,) = practice.kept_rules(session, make.PRACTICE_ID)
        facts = record.sources[0].row_facts or {}
        assert authorizations.by_natural_key(session, make.PRACTICE_ID, PATIENT, approval.natural_key) == APPROVAL
        assert runs.header_match(session, make.PRACTICE_ID, secret("header")) == {"a": "mrn"}
        assert (judged.number, judged.reference) == (approval.number, approval.reference)
        return [
            approval.number,
            approval.reference,
            approval.owner,
            approval.next_action,
            approval.submitted_by_channel,
            approval.representative,
            approval.call_reference,
            authorizations.events_of(session, make.PRACTICE_ID, APPROVAL)[0].changes["number"][1],
            coverage.source,
            coverage.reference,
            coverage.subscriber_relationship,
            patients.seen(session, make.PRACTICE_ID, [PATIENT])[PATIENT].language,
            event.changes["reference"][1],
            rule.rule.basis,
            rule.ends[0].reason,
            answers.answers_of(session, make.PRACTICE_ID, [PATIENT])[PATIENT][0].reference,
            record.visit.lines[0].referral,
            facts["referral"],
        ]


WORDS = (
    "number", "reference", "owner", "next", "channel", "representative", "call", "changed", "source", "checked",
    "relationship", "language", "was", "basis", "reason", "answer", "referral", "row",
)  # fmt: skip


def test_what_was_plain_is_sealed_and_read_as_before_and_no_byte_of_it_stays(old):
    assert left_behind(old)
    with pytest.raises(RuntimeError, match="with its keys"):
        schema.bring_up_to_date(old)
    assert schema.revision_of(old) == BEFORE
    schema.bring_up_to_date(old, make.keys().keyring)
    assert words_of(old) == [secret(word) for word in WORDS]
    assert left_behind(old) == []


def test_the_way_down_opens_what_was_sealed(old):
    schema.bring_up_to_date(old, make.keys().keyring)
    schema.migrate(old, "downgrade", BEFORE, make.keys().keyring)
    with old.connect() as connection:
        number, key = connection.execute(text('SELECT number, natural_key FROM "authorization"')).one()
        lines = connection.execute(text("SELECT lines FROM visit")).scalar_one()
    assert number == secret("number")
    assert key == "aetna|number|ZZQ77NUMBER"
    assert secret("referral") in lines


def left_behind(engine: Engine) -> list[str]:
    """Name the files of the database in which a plain word stands, free pages included."""
    if engine.dialect.name == "postgresql":
        return _tables_with(engine)
    engine.dispose()
    path = Path(str(engine.url.database))
    return [one.name for one in path.parent.glob(f"{path.name}*") if PLAIN in one.read_bytes()]


def _tables_with(engine: Engine) -> list[str]:
    """The server's own files, read by the server."""
    found = text("SELECT position(:plain IN pg_read_binary_file(pg_relation_filepath(:name)))")
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.execute(text("CHECKPOINT"))
        return [
            name
            for name in inspect(connection).get_table_names()
            if connection.execute(found, {"plain": PLAIN, "name": f'"{name}"'}).scalar_one()
        ]
