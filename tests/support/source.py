"""The program's own source, for the tests that hold its promises."""

import ast
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent
APP = ROOT / "app"


def modules(*, migrations: bool = False) -> Iterator[Path]:
    """List the modules of the program. Migrations are records of what was done: they are left out."""
    for path in sorted([*APP.rglob("*.py"), ROOT / "config.py"]):
        if migrations or APP / "migrations" / "versions" not in path.parents:
            yield path


def name_of(path: Path) -> str:
    """Name a module as it is imported."""
    return ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__")


def tree_of(path: Path) -> ast.Module:
    """Read the syntax tree of a module."""
    return ast.parse(path.read_text(encoding="utf-8"))


def imports_of(path: Path) -> Iterator[str]:
    """List what a module imports by statement, as full names (`app.practice.models.SiteRow` for a from-import)."""
    for node in ast.walk(tree_of(path)):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def functions_of(path: Path) -> Iterator[ast.FunctionDef | ast.AsyncFunctionDef]:
    """List the functions and methods of a module, those inside others too."""
    for node in ast.walk(tree_of(path)):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            yield node
