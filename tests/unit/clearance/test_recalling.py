"""A verdict called back for a list shows what judging shows: badge, short words, payer and units."""

from dataclasses import replace

from hypothesis import given, settings

from app.clearance.rules.packing import pack
from app.clearance.rules.recalling import NEEDS_JUDGING, recall
from app.clearance.views.sentences import visit_words
from tests.support.any_file import CASES
from tests.support.judging import TODAY, a_file, a_visit, an_approval, verdict_of


def _by_visit(lines):
    found = {}
    for line in lines:
        found.setdefault(line.visit.id, []).append(line)
    return found.values()


def _shown(lines, sites, as_of):
    badge, _sentence, short = visit_words(lines, sites, as_of)
    facts = [(one.badge, one.coverage and one.coverage.payer_name, one.units_left_after) for one in lines]
    return badge, short, facts, [one.chosen and one.chosen.id for one in lines]


@settings(max_examples=300, deadline=None)
@given(CASES)
def test_what_is_called_back_shows_what_was_judged(case):
    sites = case.world().sites
    for lines in _by_visit(case.judged().lines):
        called = recall(lines[0].visit, pack(lines), case.file.coverages, case.file.authorizations, case.as_of)
        told_by_judging = any(one.reason is not None and one.reason.check in NEEDS_JUDGING for one in lines)
        assert (called is None) is told_by_judging
        if called is not None:
            assert _shown(called, sites, case.as_of) == _shown(lines, sites, case.as_of)


def test_an_approval_that_is_gone_or_a_line_that_was_added_is_judged_again():
    file = a_file()
    lines = verdict_of(file).lines
    visit, content = lines[0].visit, pack(lines)
    assert recall(visit, content, file.coverages, file.authorizations, TODAY) is not None
    assert recall(visit, content, file.coverages, (an_approval(7),), TODAY) is None
    more = a_visit(*visit.lines, replace(visit.lines[0], position=1))
    assert recall(more, content, file.coverages, file.authorizations, TODAY) is None
