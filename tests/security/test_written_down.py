"""What ARCHITECTURE.md says of security is what the program does: its numbers are those of the code."""

import re
from datetime import timedelta

import pytest

from app.api.rules.tokens import RATES
from app.audit.models import APPEND_ONLY
from app.backups.files import sealing
from app.documents import facts as documents
from app.documents.files import looker
from app.gateways.facts import USUAL
from app.imports.files import child
from app.imports.forms import LARGEST_MIB
from app.platform import password_rules
from app.platform.keys import KEY_BYTES
from app.platform.pieces import PIECE
from app.practice.rules import accounts, factors, sessions, throttle
from app.practice.rules.throttle import Counted
from app.web import gate
from tests.support.source import ROOT

SAID = re.sub(r"\s+", " ", (ROOT / "ARCHITECTURE.md").read_text("utf-8").partition("## 7. Security")[2])
MIB = 1024 * 1024


def minutes(time: timedelta) -> int:
    return int(time / timedelta(minutes=1))


def hours(time: timedelta) -> int:
    return int(time / timedelta(hours=1))


def in_place(*wanted: str) -> None:
    """Hold that the section says each of these."""
    assert [one for one in wanted if one not in SAID] == []


def test_the_ways_to_sign_in_and_how_long_codes_last_are_written_down():
    in_place(
        "authenticator app, a passkey or a recovery code",
        f"an invitation ({hours(accounts.INVITATION_LASTS)} hours",
        f"({minutes(accounts.RESET_LASTS)} minutes by e-mail, {hours(accounts.PRINTED_RESET_LASTS)} hours printed",
        "A token of the API",
        "The command line",
        "no code is sent by text",
    )


def test_what_a_password_must_be_and_the_words_of_the_place_are_written_down():
    in_place(
        f"{password_rules.WITH_FACTOR} characters or more beside a second factor",
        f"{password_rules.ALONE} or more alone, {password_rules.LONGEST:,} at most",
        "None expires",
    )
    named = SAID.partition("words of the place:")[2].partition("None expires")[0]
    assert [word for word in password_rules.OURS if word not in named] == []


def test_how_guessing_is_held_back_without_locking_people_out_is_written_down():
    limits = throttle._LIMITS
    in_place(
        f"locked after {limits[Counted.BROWSER][0]} failures",
        f"Elsewhere {limits[Counted.PAIR][0]} failures lock the person from that network, "
        f"{limits[Counted.PERSON][0]} the person from browsers that are new, {limits[Counted.SOURCE][0]} the network",
        f"At most {throttle.CHECKS} passwords are compared at once",
        f"{throttle.CHECKS_OF_STRANGERS} of them for browsers that are not known, "
        f"{throttle.CHECKS_OF_ONE_SOURCE} from one network",
        f"{factors.MOST_TRIES} codes may be wrong, within {minutes(factors.STEP_LASTS)} minutes",
        f"{accounts.MOST_ASKED_FROM_ONE_SOURCE} times an hour from one network, {accounts.MOST_ASKED} times in all",
        f"sent once in {minutes(accounts.BETWEEN_RESETS)} minutes",
        "nobody can lock a person out",
    )


def test_how_long_sessions_last_and_how_many_there_may_be_is_written_down():
    in_place(
        f"{minutes(sessions.IDLE_LIMIT)} minutes unused or {hours(sessions.ABSOLUTE_LIMIT)} hours",
        f"a proof of at most {minutes(sessions.FRESH_LASTS)} minutes ago",
        "Any number may stand side by side",
        "SP 800-63B-4",
    )


def test_who_may_do_and_read_what_is_written_down():
    in_place("`app/web/doors.yaml` is the whole list", "`app/practice/rules/fields.py`")
    assert (ROOT / "app/web/doors.yaml").is_file()
    assert (ROOT / "app/practice/rules/fields.py").is_file()


def test_what_input_must_be_and_what_must_fit_together_is_written_down():
    in_place(
        "NPIs by their check digit",
        "an end not before its beginning, units used not above approved",
        f"A form has {gate.OF_A_PERSON // MIB} MiB at most, a stranger's {gate.OF_A_STRANGER // 1024} KiB",
        f"an address {gate.LONGEST_ADDRESS:,} characters",
    )


def test_which_files_are_taken_and_how_they_are_made_safe_is_written_down():
    in_place(
        f"CSV or XLSX, of {LARGEST_MIB} MiB at most by the page",
        f"{child.LARGEST_TABLE // MIB} MiB unpacked, {child.LARGEST_RATIO} times the packed size, "
        f"{child.MOST_PARTS:,} parts, {child.MOST_ROWS:,} rows, {child.MOST_COLUMNS} columns",
        "a child process without network",
        "as attachments",
    )


def test_which_documents_are_kept_and_handed_out_is_written_down():
    in_place(
        f"PDF, PNG or JPEG, of {documents.LARGEST // MIB} MiB at most: {looker.MOST_PAGES} pages, "
        f"{looker.MOST_OBJECTS:,} objects, {looker.MOST_DOTS // 1_000_000} million dots",
        f"sealed in pieces of {PIECE // MIB} MiB, with their SHA-256",
        "fetches nothing",
        "No virus scanner",
    )
    assert [one.value.rpartition("/")[2] for one in documents.MediaType] == ["pdf", "png", "jpeg"]


def test_the_limits_of_the_work_are_written_down():
    in_place(
        "no more units are used than it has",
        f"A token makes {RATES[0]}, {RATES[1]} or {RATES[2]:,} requests a minute",
        f"At most {USUAL.per_hour} messages an hour and {USUAL.per_day:,} a day",
        "one text a day and three a week",
    )


def test_keys_and_algorithms_are_written_down():
    in_place(
        "AES-256-GCM-SIV", "HMAC-SHA-256", "HKDF-SHA-256", "Argon2id", "once a year", "readable by its owner alone"
    )
    assert KEY_BYTES * 8 == 256
    assert sealing.MAGIC.startswith(b"CLEARED BACKUP")


def test_data_is_classed_and_the_care_for_each_class_is_written_down():
    in_place("(a) Direct identifiers", "(b) Codes, dates", "(c) Names and work addresses of staff", "(d) Payers' rules")


def test_connections_and_logs_are_written_down():
    in_place("the mail server, Twilio, clearinghouses and payers' systems by FHIR, and nothing else", "no redirects")
    in_place("(1) The program's log", "(2) The audit log")
    assert set(APPEND_ONLY) == {"sqlite", "postgresql"}


@pytest.mark.parametrize("said", ["within 7 days, high within 30", "locked by hash", "scripts/audit"])
def test_when_packages_are_renewed_is_written_down(said):
    in_place(said)


def test_slow_work_and_what_keeps_it_from_stopping_the_rest_is_written_down():
    in_place("is done by jobs, one at a time each under a lock", "child process with limits", "show 50 rows")
