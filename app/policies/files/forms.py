"""Faults of payers' own forms that no single key shows."""

from collections.abc import Callable, Iterator

from app.policies.facts.faults import Fault
from app.policies.facts.grid import PayerRules, ServicesFile
from app.policies.files.yaml_text import Path

Line = Callable[[str, Path], int]


def form_faults(payer: str, rules: PayerRules, services: ServicesFile | None, line: Line) -> Iterator[Fault]:
    """Find forms that share an id or a file, and names of services and sources that lead nowhere."""
    name, ids, files = f"{payer}/payer.yaml", set(), set()
    known = services.services if services is not None else {}
    for place, form in enumerate(rules.file.forms):

        def fault(key: str, found: str, remedy: str, at: int = place, form_id: str = form.id) -> Fault:
            return Fault(name, line(name, ("forms", at, key)), key, f"form {form_id}: {found}", remedy)

        if form.id in ids:
            yield fault("id", "stands already", "Give it another id")
        if form.sha256 in files:
            yield fault("sha256", "this file has a form already", "Put the fields of one file into one form")
        for service in form.services:
            if service not in known:
                yield fault("services", f"there is no service '{service}'", "Write a key of _grid/services.yaml")
        if form.source is not None and form.source not in rules.file.sources:
            yield fault("source", f"there is no source '{form.source}'", "Add it under 'sources'")
        ids.add(form.id)
        files.add(form.sha256)
