"""Drill `api`: whatever a program sends, the API answers as its description says, and never breaks."""

import time
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import schemathesis
from flask import Flask
from hypothesis import HealthCheck, Phase, Verbosity, given, seed, settings
from hypothesis import strategies as st
from schemathesis import Case, GenerationMode
from schemathesis.checks import CHECKS, load_all_checks
from schemathesis.core.failures import Failure, FailureGroup
from schemathesis.schemas import APIOperation

from app.api.facts.tokens import ApiScope

SPEC = "/api/v1/openapi.json"
ROLES: Mapping[str, frozenset[ApiScope]] = {
    "everything": frozenset(ApiScope),
    "scheduler": frozenset({ApiScope.READ_VISITS, ApiScope.READ_PATIENTS, ApiScope.READ_RULES}),
    "biller": frozenset(
        {ApiScope.READ_VISITS, ApiScope.READ_PATIENTS, ApiScope.READ_COVERAGE, ApiScope.READ_AUTHORIZATIONS}
    ),
    "coordinator": frozenset(ApiScope) - {ApiScope.IMPORT},
    "watcher": frozenset({ApiScope.READ_ALERTS, ApiScope.WRITE_ALERTS}),
    "loader": frozenset({ApiScope.IMPORT}),
}
"""Sets of scopes as the roles of a practice would have them."""
LEFT_OUT = {
    # A request may fit its schema and still not what is on file, or not hang together (an approval without an end).
    "positive_data_acceptance",
    # Nothing is deleted through this API, and what is made is in the answer that made it.
    "use_after_free",
    "ensure_resource_availability",
}
MODES = (GenerationMode.POSITIVE, GenerationMode.NEGATIVE)


@dataclass
class Tally:
    """What came of the requests: answers by status, and what broke the description, once each."""

    calls: int = 0
    statuses: Counter[int] = field(default_factory=Counter)
    faults: dict[str, str] = field(default_factory=dict)


def try_role(app: Flask, secret: str, ids: Mapping[str, list[str]], examples: int, dice: int) -> Tally:
    """Ask every operation with a token.

    Takes     the program; a token's secret; real ids by the name of the address's part; requests that fit and that do
              not fit their schema, of each operation; the seed.
    """
    headers = {"Authorization": f"Bearer {secret}"}
    schema = schemathesis.openapi.from_wsgi(SPEC, app, headers=headers)
    tally = Tally()
    load_all_checks()
    checks = [check for check in CHECKS.get_all() if check.__name__ not in LEFT_OUT]
    for found in schema.get_all_operations():
        operation = found.ok()
        for mode in MODES:
            if mode is GenerationMode.NEGATIVE and not _can_be_wrong(operation):
                continue
            _try(operation, mode, headers, ids, tally, checks, examples, dice)
    return tally


def _can_be_wrong(operation: APIOperation) -> bool:
    return bool(
        list(operation.query) or list(operation.body) or list(operation.headers) or list(operation.path_parameters)
    )


def _try(
    operation: APIOperation,
    mode: GenerationMode,
    headers: Mapping[str, str],
    ids: Mapping[str, list[str]],
    tally: Tally,
    checks: list[Any],
    examples: int,
    dice: int,
) -> None:
    @seed(dice)
    @settings(
        max_examples=examples,
        deadline=None,
        database=None,
        phases=[Phase.generate],
        verbosity=Verbosity.quiet,
        suppress_health_check=list(HealthCheck),
    )
    @given(operation.as_strategy(generation_mode=mode), st.integers(0, 3), st.booleans())
    def ask(case: Case, which: int, real: bool) -> None:
        if real and mode is GenerationMode.POSITIVE:
            _with_real_ids(case, ids, which)
        tally.calls += 1
        response = case.call(headers=dict(headers))
        tally.statuses[response.status_code] += 1
        try:
            case.validate_response(response, checks=checks, headers=dict(headers))
        except (Failure, FailureGroup) as failed:
            for one in getattr(failed, "exceptions", [failed]):
                key = f"{case.method} {operation.path}: {one.title}"
                tally.faults.setdefault(key, f"{response.status_code}: {one.message}"[:600])

    ask()


def _with_real_ids(case: Case, ids: Mapping[str, list[str]], which: int) -> None:
    """Put ids that are on file into the address, and the version that they have."""
    for name in case.path_parameters or {}:
        if ids.get(name):
            case.path_parameters[name] = ids[name][which % len(ids[name])]
    if case.headers and "If-Match" in case.headers:
        case.headers["If-Match"] = '"1"'
    if isinstance(case.body, dict) and "patient_id" in case.body and ids.get("patient_id"):
        case.body["patient_id"] = ids["patient_id"][which % len(ids["patient_id"])]


def answer_of(tallies: Mapping[str, Tally], began: float) -> dict[str, Any]:
    """The answer of the drill."""
    faults = {f"{role}: {key}": words for role, tally in tallies.items() for key, words in tally.faults.items()}
    errors = sum(count for tally in tallies.values() for status, count in tally.statuses.items() if status >= 500)
    return {
        "drill": "api",
        "passed": not faults and not errors,
        "calls": {role: tally.calls for role, tally in tallies.items()},
        "statuses": {
            role: {str(status): count for status, count in sorted(tally.statuses.items())}
            for role, tally in tallies.items()
        },
        "server_errors": errors,
        "violations": len(faults),
        "faults": faults,
        "seconds": round(time.monotonic() - began, 1),
    }
