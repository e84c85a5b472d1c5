"""Rule sets in force and replayed; practice rules, answers and payers at rest, on both databases."""

import shutil
from datetime import date

import pytest

from app.audit.actions import first_broken
from app.patients import store as patients
from app.patients.facts import PatientDetails
from app.platform import changes
from app.platform.changes import Changed, listen
from app.policies.actions import library, recording
from app.policies.facts.answers import Need, Question
from app.policies.facts.faults import PolicyFilesError
from app.policies.rules.determine import determine
from app.policies.store import answers, payers, practice
from app.values.insurance import Line
from tests.support import make
from tests.support.rule_files import put_in_force
from tests.unit.policies.test_broken_files import BROKEN, GOOD, place_of

TODAY = date(2026, 3, 2)
ELSEWHERE = Question("aetna", TODAY, "J2357", diagnoses=("L50.1",))


@pytest.fixture
def heard(monkeypatch):
    """What was announced; one visit changes each time."""
    said: list[Changed] = []

    def listener(caller, changed):
        said.append(changed)
        caller.session.info["visits_changed"] += 1

    monkeypatch.setattr(changes, "_listeners", [])
    listen(listener)
    return said


@pytest.fixture
def directory(tmp_path):
    """A copy of two shipped payers that a test may change."""
    for name in ("_grid", "aetna", "medicare_ffs"):
        shutil.copytree(library.SHIPPED / name, tmp_path / "rules" / name)
    return tmp_path / "rules"


@pytest.fixture
def patient(caller):
    """A patient on file. Gives the id."""
    person = PatientDetails(make.an_id(7), "M-7", "Doe", "Jo", date(1980, 1, 1))
    patients.add_patients(caller.session, caller.practice_id, [person])
    caller.session.commit()
    return person.id


def change(directory, old, new, file="aetna/biologics.yaml"):
    text = (directory / file).read_text()
    assert old in text
    (directory / file).write_text(text.replace(old, new, 1))


def test_rules_are_put_in_force_once_and_announced(caller, heard, directory):
    first = library.refresh_rules(caller, directory)
    again = library.refresh_rules(caller, directory)
    assert (first.changed, first.payers, first.visits_changed) == (True, {"aetna", "medicare_ffs"}, 1)
    assert (again.version, again.changed) == (first.version, False)
    assert heard == [Changed(payers=frozenset({"aetna", "medicare_ffs"}))]
    assert first_broken(caller) is None


def test_only_the_payers_whose_rules_changed_are_announced(caller, heard, directory):
    library.refresh_rules(caller, directory)
    change(directory, "approval: required", "approval: notification")
    put_in_force(caller, directory)
    assert heard[1:] == [Changed(payers=frozenset({"aetna"}))]
    change(directory, "schema: rules/1", "# a comment\nschema: rules/1")
    said_again = library.refresh_rules(caller, directory)
    assert (said_again.changed, said_again.proposal) == (False, None)
    assert len(heard) == 2


def test_a_past_version_is_replayed(caller, heard, directory):
    old = library.refresh_rules(caller, directory).version
    change(directory, "approval: required", "approval: notification")
    put_in_force(caller, directory)
    now = library.current_book(caller.session, caller.practice_id)
    past = library.book_of(caller.session, caller.practice_id, old)
    assert determine(now, (), (), ELSEWHERE).need is Need.NOTIFICATION
    assert determine(past, (), (), ELSEWHERE).need is Need.REQUIRED
    with pytest.raises(KeyError):
        library.book_of(caller.session, caller.practice_id, "never")


def test_a_faulty_directory_leaves_the_last_good_set_in_force(caller, heard, directory):
    good = library.refresh_rules(caller, directory).version
    change(directory, "approval: required", "approval: maybe")
    with pytest.raises(PolicyFilesError):
        library.refresh_rules(caller, directory)
    assert library.current_book(caller.session, caller.practice_id).version == good


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)  # the files are refused before any database
def test_no_broken_file_of_the_corpus_changes_the_set_in_force(caller, heard, tmp_path):
    folder = write_all(tmp_path / "good", GOOD)
    good = library.refresh_rules(caller, folder).version
    for path in BROKEN:
        broken = write_all(tmp_path / path.stem, GOOD | {place_of(path): path.read_bytes()})
        with pytest.raises(PolicyFilesError):
            library.refresh_rules(caller, broken)
    assert library.current_book(caller.session, caller.practice_id).version == good
    assert len(heard) == 1


def write_all(folder, files):
    for name, content in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(content)
    return folder


def test_what_is_stored_compiles_to_the_same_answers_as_the_files(caller, heard):
    before = library.current_book(caller.session, caller.practice_id)
    library.refresh_rules(caller)
    after = library.current_book(caller.session, caller.practice_id)
    assert before.version == after.version
    assert before.rules.keys() == after.rules.keys()
    for ref, rule in before.rules.items():
        stored = after.rules[ref]
        assert stored.plain == rule.plain
        assert (stored.bound, stored.reads) == (rule.bound, rule.reads)
        assert (stored.begins, stored.ends) == (rule.begins, rule.ends)


def test_shipped_rules_do_not_replace_a_directory_that_was_named(caller, heard, directory):
    named = library.refresh_rules(caller, directory).version
    assert library.refresh_rules(caller).version == named


def test_routine_services_are_one_practice_rule(caller, heard):
    done = recording.confirm_routine(
        caller, "Aetna", "list of 2026-02-01", date(2027, 3, 2), ["11102"], Line.COMMERCIAL, "Gold"
    )
    (rule,) = practice.practice_rules(caller.session, caller.practice_id)
    assert (rule.ref, rule.payer, rule.need, rule.routine) == (done.ref, "aetna", Need.NOT_REQUIRED, True)
    assert (rule.lines, rule.plans) == ({Line.COMMERCIAL}, {"Gold"})
    assert (rule.span.begins, rule.span.ends, rule.recorded_on) == (TODAY, date(2027, 3, 2), TODAY)
    assert "11102" not in rule.codes
    assert "11104" in rule.codes
    assert done.visits_changed == 1
    assert heard == [Changed(payers=frozenset({"aetna"}))]
    assert practice.practice_rules(caller.session, make.OTHER_PRACTICE_ID) == ()


@pytest.mark.parametrize(
    ("payer", "basis", "until", "exceptions", "says"),
    [
        ("Nobody Health", "list", date(2026, 12, 31), [], "No payer 'Nobody Health' is on file"),
        ("self pay", "list", date(2026, 12, 31), [], "no insurance"),
        ("aetna", " ", date(2026, 12, 31), [], "on what it rests"),
        ("aetna", "list", date(2027, 3, 3), [], "at most 12 months: the latest end is 2027-03-02"),
        ("aetna", "list", date(2026, 3, 1), [], "lies before today"),
        ("aetna", "list", date(2026, 12, 31), ["J2357"], "J2357 is not among the routine services"),
    ],
)
def test_what_is_refused_as_routine(caller, heard, payer, basis, until, exceptions, says):
    with pytest.raises(recording.RefusedRuleError, match=says):
        recording.confirm_routine(caller, payer, basis, until, exceptions)
    assert practice.practice_rules(caller.session, caller.practice_id) == ()
    assert heard == []


def test_a_practice_rule_ends_for_one_code_and_later_for_all(caller, heard):
    recording.confirm_routine(caller, "aetna", "list", date(2026, 12, 31))
    (rule,) = practice.practice_rules(caller.session, caller.practice_id)
    recording.end_practice_rule(caller, rule, date(2026, 3, 1), "denied", code="11102")
    recording.end_practice_rule(caller, rule, date(2026, 4, 1), "denied", code="11104")
    parts = practice.practice_rules(caller.session, caller.practice_id)
    assert [(sorted(part.codes) == ["11104"], part.span.ends) for part in parts] == [
        (True, date(2026, 4, 1)),
        (False, date(2026, 12, 31)),
    ]
    assert all("11102" not in part.codes for part in parts)
    recording.end_practice_rule(caller, rule, date(2026, 3, 31), "withdrawn")
    (rest,) = practice.practice_rules(caller.session, caller.practice_id)
    assert rest.span.ends == date(2026, 3, 31)


def test_an_answer_is_kept_for_its_patient(caller, heard, patient):
    done = recording.record_answer(caller, "m-7", "aetna", "J2357", Need.NOT_REQUIRED, "call 7781", None)
    (answer,) = answers.answers_of(caller.session, caller.practice_id, [patient])[patient]
    assert (answer.ref, answer.names, answer.need) == (done.ref, {"J2357"}, Need.NOT_REQUIRED)
    assert (answer.span.begins, answer.span.ends, answer.said_on) == (TODAY, date(2026, 5, 31), TODAY)
    assert heard == [Changed(patients=frozenset({patient}))]
    streamed = list(answers.answers_in_patient_order(caller.session, caller.practice_id))
    assert streamed == [(patient, (answer,))]
    assert list(answers.answers_in_patient_order(caller.session, caller.practice_id, after=patient)) == []
    assert answers.answers_of(caller.session, make.OTHER_PRACTICE_ID, [patient]) == {}


@pytest.mark.parametrize(
    ("mrn", "payer", "reference", "until", "says"),
    [
        ("M-8", "aetna", "call 1", None, "No patient with this record number"),
        ("M-7", "Nobody", "call 1", None, "No payer 'Nobody'"),
        ("M-7", "aetna", " ", None, "payer's reference"),
        ("M-7", "aetna", "call 1", date(2027, 1, 1), "never lasts past 31 December"),
    ],
)
def test_what_is_refused_as_an_answer(caller, heard, patient, mrn, payer, reference, until, says):
    with pytest.raises(recording.RefusedRuleError, match=says):
        recording.record_answer(caller, mrn, payer, "J2357", Need.REQUIRED, reference, until)
    assert answers.answers_of(caller.session, caller.practice_id, [patient]) == {}


def test_a_payer_that_a_file_named_is_added_once(caller):
    assert payers.add_payer(caller.session, caller.practice_id, "local:acme", "Acme") is not None
    assert payers.add_payer(caller.session, caller.practice_id, "local:acme", "Acme") is None
    assert payers.payers(caller.session, caller.practice_id) == {"local:acme": "Acme"}
    assert payers.payers(caller.session, make.OTHER_PRACTICE_ID) == {}
