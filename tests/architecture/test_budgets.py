"""Budgets over the syntax tree: modules of 300 lines, functions of 40, nesting of 3; all documented."""

import ast

import pytest

from tests.support.source import functions_of, modules, name_of, tree_of

MODULE_LINES = 300
FUNCTION_LINES = 40
NESTING = 3
NESTS = (ast.If, ast.For, ast.AsyncFor, ast.While, ast.With, ast.AsyncWith, ast.Try, ast.Match)


def depth_of(node: ast.AST, depth: int = 0) -> int:
    """Measure how deep statements nest in a function; `elif` does not nest."""
    deepest = depth
    for child in ast.iter_child_nodes(node):
        if isinstance(child, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            continue
        chained = isinstance(node, ast.If) and isinstance(child, ast.If) and node.orelse == [child]
        nests = isinstance(child, NESTS) and not chained
        deepest = max(deepest, depth_of(child, depth + nests))
    return deepest


def test_no_module_is_longer_than_its_budget():
    long = {name_of(path): count for path in modules() if (count := len(path.read_text().splitlines())) > MODULE_LINES}
    assert long == {}


def test_no_function_is_longer_than_its_budget():
    long = {
        f"{name_of(path)}.{function.name}": lines
        for path in modules()
        for function in functions_of(path)
        if (lines := (function.end_lineno or 0) - function.lineno + 1) > FUNCTION_LINES
    }
    assert long == {}


def test_no_function_nests_deeper_than_its_budget():
    deep = {
        f"{name_of(path)}.{function.name}": depth
        for path in modules()
        for function in functions_of(path)
        if (depth := depth_of(function)) > NESTING
    }
    assert deep == {}


@pytest.mark.parametrize(
    ("source", "depth"),
    [
        ("def f():\n if a:\n  for b in c:\n   pass", 2),
        ("def f():\n if a:\n  pass\n elif b:\n  pass\n elif c:\n  pass", 1),
        ("def f():\n with a:\n  if b:\n   try:\n    while c:\n     pass\n   finally:\n    pass", 4),
    ],
)
def test_nesting_is_counted_as_a_reader_counts_it(source, depth):
    assert depth_of(ast.parse(source).body[0]) == depth


def test_every_module_and_public_function_says_what_it_is_for():
    silent = [name_of(path) for path in modules() if path.read_text().strip() and not ast.get_docstring(tree_of(path))]
    for path in modules():
        tops = [node for node in tree_of(path).body if isinstance(node, ast.FunctionDef | ast.ClassDef)]
        silent += [f"{name_of(path)}.{top.name}" for top in tops if top.name[0] != "_" and not ast.get_docstring(top)]
    assert silent == []


def test_init_files_are_empty_but_the_first():
    full = [name_of(path) for path in modules() if path.name == "__init__.py" and path.read_text().strip()]
    assert full == ["app"]
