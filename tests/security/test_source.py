"""What the program's own source never does, whatever its tests happen to try."""

import ast
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

from tests.support import source
from tests.support.source import APP, ROOT, name_of

SCRIPTS = sorted((APP / "static/js").glob("*.js"))
TEMPLATES = sorted((ROOT / "templates").rglob("*.html"))

RUNS_TEXT = {
    "eval",
    "exec",
    "compile",
    "__import__",
    "render_template_string",
    "Markup",
    "mktemp",
    "os.system",
    "os.popen",
}
"""Calls that run, or show unescaped, what a value says."""

OPENS_OBJECTS = {"pickle", "marshal", "shelve", "dill", "jsonpickle", "xml", "lxml", "defusedxml", "xmltodict"}
"""Packages that make objects, or fetch files, as the bytes that they read say."""

NOT_BY_CHANCE = {"random"}
"""What is drawn here could be guessed; `secrets` and `os.urandom` are drawn instead."""

MADE_OF_OUR_OWN = {"app.exports.views.packed: Markup"}
"""Where HTML is not escaped: our own style sheet, put into the page that is handed out."""

SQL_OF_TEXT = {
    "app.alerts.models.outbox": "triggers, constants of the module",
    "app.alerts.store.rapid": "names of columns of our own tables",
    "app.audit.models": "triggers for tables of the module",
    "app.audit.store": "as many marks for values as there are rows",
    "app.backups.actions.loading": "settings of PostgreSQL, constants of the module",
    "app.backups.models": "a constant that an index and its queries share",
    "app.backups.store": "a constant that an index and its queries share",
    "app.clearance.store.question_rows": "names of columns of our own tables",
    "app.clearance.store.verdicts": "names of columns of our own tables",
    "app.patients.store": "a constant, with the mark for values that the driver wants",
    "app.platform.db": "settings of SQLite, constants of the module",
    "app.platform.models": "a constant that an index and its queries share",
    "app.platform.store": "a constant that an index and its queries share",
    "app.platform.wall": "names of our own tables and roles",
    "app.platform.widening": "names of our own tables and the values of closed lists, written in migrations",
    "app.practice.models.accounts": "a constant that an index and its queries share",
    "app.web.doctor.database": "a constant of the module",
}
"""Where SQL is not one plain text in the code, and what it is made of. Values are parameters everywhere."""


@cache
def parsed(migrations: bool = True) -> tuple[tuple[str, ast.Module], ...]:
    """The modules of the program, by name, each read once for all tests here."""
    return tuple((name_of(path), source.tree_of(path)) for path in source.modules(migrations=migrations))


def imports(tree: ast.Module) -> Iterator[str]:
    """List what a module imports, as full names."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def calls(tree: ast.Module) -> Iterator[tuple[str, ast.Call]]:
    """List the calls of a module, each with the name of what is called: `eval`, `os.system`."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Call):
            yield ast.unparse(node.func), node


def test_nothing_runs_or_shows_unescaped_what_a_value_says():
    found = [
        f"{module}: {called}"
        for module, tree in parsed()
        for called, _ in calls(tree)
        if called in RUNS_TEXT or called.split(".")[-1] in {"render_template_string", "Markup", "mktemp"}
    ]
    assert set(found) == MADE_OF_OUR_OWN


def test_no_program_is_started_through_a_shell():
    found = [
        module for module, tree in parsed() for _, call in calls(tree) for word in call.keywords if word.arg == "shell"
    ]
    assert found == []


def test_nothing_is_read_by_a_package_that_makes_objects_of_bytes_or_resolves_xml():
    found = [
        f"{module} imports {name}"
        for module, tree in parsed()
        for name in imports(tree)
        if name.split(".")[0] in OPENS_OBJECTS
    ]
    assert found == []


def test_yaml_of_the_program_is_never_loaded_into_objects():
    loads = [
        f"{module}: {called}"
        for module, tree in parsed(False)
        for called, _ in calls(tree)
        if re.search(r"\byaml\.(load|full_load|unsafe_load)(_all)?$", called)
    ]
    assert loads == []


def test_whatever_must_not_be_guessed_comes_from_the_operating_system():
    found = [
        f"{module} imports {name}"
        for module, tree in parsed()
        for name in imports(tree)
        if name.split(".")[0] in NOT_BY_CHANCE
    ]
    assert found == []


CHECK_SUMS = ["app.gateways.clearinghouse.envelope: sha1"]
"""The check sum that CAQH CORE asks for beside a batch: it finds spoiled bytes, and protects nothing (TLS does)."""


def test_hashes_and_ciphers_are_approved_ones():
    weak = re.compile(r"\b(md5|sha1|DES|TripleDES|ARC4|RC4|Blowfish|ECB|CBC|PKCS1v15)\b")
    found = [
        f"{name_of(path)}: {match[0]}" for path in source.modules() for match in weak.finditer(path.read_text("utf-8"))
    ]
    assert found == CHECK_SUMS


def test_sql_is_plain_text_in_the_code_but_where_it_is_said_what_it_is_made_of():
    found = set()
    rooms = r"app\.\w+\.(store|models|actions|jobs)(\.\w+)*|app\.(platform|web)(\.\w+)*"
    for module, tree in parsed(False):
        if not re.fullmatch(rooms, module):
            continue
        for called, call in calls(tree):
            last = called.split(".")[-1]
            made = call.args and not isinstance(call.args[0], ast.Constant)
            built = call.args and isinstance(call.args[0], ast.JoinedStr | ast.BinOp)
            if (last in {"text", "exec_driver_sql", "literal_column"} and made) or (last == "execute" and built):
                found.add(module)
    assert found == set(SQL_OF_TEXT)


@pytest.mark.parametrize("script", SCRIPTS, ids=lambda path: path.name)
def test_a_script_of_ours_runs_no_text_stores_nothing_and_hears_no_other_window(script: Path):
    written = script.read_text("utf-8")
    # `tabs` is the channel between pages of our own origin: no other window reaches it.
    never = (
        r"\beval\(|new Function|setTimeout\(\s*[\"'`]|document\.write|insertAdjacentHTML|outerHTML\s*="
        r"|localStorage|sessionStorage|indexedDB|document\.cookie"
        r"|(?<!tabs\?)\.postMessage|(?<!tabs\?\.)addEventListener\(\s*[\"']message|onmessage|__proto__|\.prototype\b"
        r"|https?://"
    )
    assert re.findall(never, written) == []
    # What is set as HTML is a text of the script itself, without a value in it.
    for match in re.finditer(r"innerHTML\s*=\s*(.)", written):
        assert match[1] in "'\"", script.name


def test_patterns_and_forms_of_sentences_are_never_made_of_what_people_typed():
    """Patterns are constants, or made of constants of their module or of the settings; so are sentences."""
    patterns = {
        f"{module}: {ast.unparse(call.args[0])}"
        for module, tree in parsed(False)
        for called, call in calls(tree)
        if called.startswith("re.") and called != "re.escape" and call.args
        if not isinstance(call.args[0], ast.Constant)
    }
    assert {one.partition(":")[0] for one in patterns} <= {
        "app.alerts.rules.texting",  # words of its own
        "app.api.rules.tokens",  # its own prefix
        "app.gateways.settings",  # the forms of settings
        "app.platform.widening",  # names of our own tables and columns, written in migrations
    }
    formed = [
        f"{module}: {called}"
        for module, tree in parsed(False)
        for called, _ in calls(tree)
        if called.endswith(".format") and re.search(r"\b(typed|request|form\.|values?\[)", called)
    ]
    assert formed == []


def test_what_is_left_open_fails_the_tests():
    """A file, a connection or a socket that nobody closes is a warning, and warnings fail."""
    assert 'filterwarnings = ["error"]' in (ROOT / "pyproject.toml").read_text("utf-8")


def test_pages_load_nothing_from_elsewhere():
    named = re.compile(r"""(?:src|href|action|formaction)=["']\s*(https?:|//|data:|javascript:)""")
    found = [f"{path.name}: {match[0]}" for path in TEMPLATES for match in named.finditer(path.read_text("utf-8"))]
    assert found == []


def test_requests_are_shared_out_by_functions_that_take_only_what_they_name():
    """No row or fact is filled from a whole form: a field that a page does not have changes nothing."""
    found = [
        f"{module}: {ast.unparse(call)[:60]}"
        for module, tree in parsed(False)
        for _, call in calls(tree)
        for word in call.keywords
        if word.arg is None and re.search(r"\brequest\.(form|args|values|json|get_json)", ast.unparse(word.value))
    ]
    assert found == []
