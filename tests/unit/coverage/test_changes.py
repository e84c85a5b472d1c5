"""What an edit of a coverage changes, and what becomes of the last answer."""

from dataclasses import replace
from datetime import date

import pytest

from app.coverage.facts import CheckResult, CoverageRecord, NetworkAnswer
from app.coverage.rules import changes_of, without_answer_of_another
from app.values.insurance import Rank
from tests.support import make

ROW = CoverageRecord(
    make.an_id(1), make.an_id(2), Rank.PRIMARY, "aetna", "Aetna", "W-123 456",
    checked_on=date(2026, 3, 1), result=CheckResult.ACTIVE, network=NetworkAnswer.IN, source="271", reference="R1",
)  # fmt: skip


@pytest.mark.parametrize("changes", [{"payer": "cigna"}, {"member_id": "W999"}])
def test_another_payer_or_member_forgets_the_answer(changes):
    new = without_answer_of_another(ROW, replace(ROW, **changes))
    assert (new.checked_on, new.result, new.network, new.source, new.reference) == (None, None, None, None, None)


@pytest.mark.parametrize("changes", [{"member_id": "w123456"}, {"plan": "Gold"}, {"ends": date(2026, 12, 31)}])
def test_the_same_member_keeps_the_answer(changes):
    new = replace(ROW, **changes)
    assert without_answer_of_another(ROW, new) == new


def test_an_event_tells_old_and_new_and_no_member_id():
    changes = changes_of(ROW, replace(ROW, member_id="W9", result=CheckResult.INACTIVE))
    assert changes == {"member_id": [None, None], "result": ["active", "inactive"]}
    assert changes_of(None, ROW)["payer"] == [None, "aetna"]
