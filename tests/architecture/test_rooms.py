"""What a room keeps to itself, and what loads without the rest."""

import ast
import json
import re
import subprocess
import sys

from tests.support.source import ROOT, functions_of, imports_of, modules, name_of, tree_of

FINDS_THE_PRACTICE_ITSELF = {
    "app.alerts.store.outbox.by_reference",  # a provider's callback
    "app.api.store.tokens.token_by_digest",  # the token of another program
    "app.practice.store.practice.all_practices",  # the jobs' list and the command line
    "app.practice.store.staff.sign_in_state",  # sign-in
    "app.practice.store.accounts.code_behind",  # the code of an invitation, or of a reset
    "app.practice.store.sessions.signed_in",  # the session of a browser
    "app.practice.store.steps.step_under_way",  # a sign-in between the password and the second factor
    "app.practice.store.steps.first_practice_id",  # in whose log a stranger's attempt stands
    "app.practice.store.factors.passkey",  # sign-in by a passkey alone
    "app.practice.store.steps.add_challenge",  # from here on: of no practice, since nobody is known yet
    "app.practice.store.steps.take_challenge",
    "app.practice.store.throttle.index_of",
    "app.practice.store.throttle.counts_of",
    "app.practice.store.throttle.save_counts",
    "app.practice.store.throttle.forget_counts_before",
    "app.practice.store.throttle.places_taken",
    "app.practice.store.throttle.take_place",
    "app.practice.store.throttle.free_place_of",
}
"""The store functions that do not take the practice first, because they find it. Nothing else may."""

ASKS_NOTHING = {
    "app.alerts.store.alerts.alert_of",
    "app.alerts.store.outbox.message_of",
    "app.patients.store.mrn_index",
    "app.casework.store.entries.reference_index",
    "app.patients.store.unsealed_birth",
    "app.eligibility.store.visits.booked",
    "app.eligibility.store.visits.of_the_day",
}
"""Functions of stores that query nothing: they seal or open one value of a row that was read already, or write a
condition of another query."""


def _stores():
    return [path for path in modules() if re.fullmatch(r"app\.\w+\.store(\.\w+)*", name_of(path))]


def test_only_a_rooms_own_store_imports_its_models():
    guests = []
    for path in modules():
        name = name_of(path)
        for imported in imports_of(path):
            match = re.match(r"app\.(\w+)\.models\b", imported)
            if match and not re.match(rf"app\.{match[1]}\.(store|models)\b", name) and match[1] != "web":
                guests.append(f"{name} imports {imported}")
    assert guests == []


def test_every_store_function_takes_the_session_and_the_practice_first():
    assert len(_stores()) >= 3
    wrong, found = [], set()
    for path in _stores():
        for function in tree_of(path).body:
            if not isinstance(function, ast.FunctionDef) or function.name.startswith("_"):
                continue
            name = f"{name_of(path)}.{function.name}"
            if name in ASKS_NOTHING:
                assert "session" not in ast.unparse(function)
                continue
            first = [argument.arg for argument in function.args.args[:2]]
            if name in FINDS_THE_PRACTICE_ITSELF:
                found.add(name)
                assert first[0] == "session"
            elif first != ["session", "practice_id"]:
                wrong.append(name)
    assert wrong == []
    assert found == FINDS_THE_PRACTICE_ITSELF


def test_only_what_finds_the_practice_passes_by_the_second_wall():
    marked = {
        f"{name_of(path)}.{function.name}"
        for path in modules()
        for function in functions_of(path)
        if any("finds_practice" in ast.unparse(mark) for mark in function.decorator_list)
    }
    assert marked
    assert marked <= FINDS_THE_PRACTICE_ITSELF


def test_facts_rules_and_intake_load_in_a_fresh_process_without_flask_or_a_database():
    pure = [
        name_of(path)
        for path in modules()
        if re.fullmatch(r"app\.(values\..+|\w+\.(facts|rules|intake)(\.\w+)*)", name_of(path))
    ]
    assert len(pure) >= 15
    script = (
        "import importlib, sys\n"
        f"for name in {pure!r}: importlib.import_module(name)\n"
        "print([name for name in ('flask', 'sqlalchemy', 'click', 'app.platform') if name in sys.modules])"
    )
    ran = subprocess.run(
        [sys.executable, "-P", "-c", script], capture_output=True, text=True, check=False, env={"PYTHONPATH": str(ROOT)}
    )
    assert ran.stdout.strip() == "[]", ran.stdout + ran.stderr


def test_importing_the_package_loads_nothing_of_ours_and_no_package():
    script = (
        "import sys; before = set(sys.modules); import app, json; print(json.dumps(sorted(set(sys.modules) - before)))"
    )
    ran = subprocess.run(
        [sys.executable, "-P", "-c", script], capture_output=True, text=True, check=True, env={"PYTHONPATH": str(ROOT)}
    )
    loaded = {name.split(".")[0] for name in json.loads(ran.stdout)} - {"app"}
    assert loaded <= sys.stdlib_module_names
    assert not [name for name in json.loads(ran.stdout) if name.startswith("app.")]
