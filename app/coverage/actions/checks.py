"""Record a check of a coverage: the one way in which an answer of a plan comes on file."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from app.coverage.actions.coverages import held, write_coverage
from app.coverage.facts import Answered, CoverageRecord, EligibilityCheck
from app.coverage.rules import plan_on_file
from app.coverage.store import checks as store
from app.platform.caller import Caller
from app.platform.changes import announced


def record_check(caller: Caller, check: EligibilityCheck, changes: Mapping[str, Any]) -> CoverageRecord:
    """Keep a check, and write on its coverage what it changes there, in one transaction that judges the visits anew.

    Takes     the check (what stood on file before is noted in it here), and the new values of the coverage by the
              field names of CoverageRecord; none where the check changes nothing.
    Returns   the coverage as it is now.
    Raises    CoverageNotFoundError; IntegrityError where the same answer is on file, or another coverage has the
              same rank, payer, member and begin.
    """
    with announced(caller) as session:
        old, _version = held(caller, session, check.patient_id, check.coverage_id)
        store.add_check(session, caller.practice_id, replace(check, on_file=plan_on_file(old)))
        active = check.result is Answered.ACTIVE
        return write_coverage(caller, session, old, replace(old, **changes), check.id, verified=active)
