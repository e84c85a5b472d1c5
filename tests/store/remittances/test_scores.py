"""Counts of rules follow the claims that stand, however they change."""

import random
from datetime import date

import pytest
from sqlalchemy import func, select

from app.clearance.models import PastVerdictRow, VisitVerdictRow
from app.policies.facts.answers import Need
from app.remittances.actions import rebuilding
from app.remittances.actions.taking import take_claim
from app.remittances.facts.scores import Outcome, RuleScore, ScoredLine, ScorePlace
from app.remittances.models import RemittanceOutcomeRow, RuleTallyRow
from app.remittances.store import scores
from app.values.records import RecordRef
from app.web.wiring import wire
from tests.support import make
from tests.support.desk import DAY, Booking, Desk
from tests.support.remittances import PAYMENT, adjustment, claim, line

REF = RecordRef(make.an_id(900), 1)
DENIED = adjustment("CO", "197", "100.00")
LATER = {**PAYMENT, "date": "2026-04-10", "trace": "CHK-900"}


@pytest.fixture
def desk(caller):
    """A practice with visits, of which one on 03/30 was cleared by a rule of the practice."""
    wire()
    made = Desk(caller).furnish()
    made.book(*DAY[:3], Booking(15, "Quist", "Ada", "office", day=date(2026, 3, 30)))
    made.judge()
    caller.clock.instant = caller.clock.instant.replace(month=4, day=12)
    return made


def quist(*lines):
    """A claim of the visit on 03/30."""
    person = {"last_name": "QUIST", "first_name": "ADA", "member_id": "W00000004"}
    dates = {"begins": "2026-03-30", "ends": "2026-03-30"}
    return claim(*lines, claim_id="Q-1", patient=person, service_dates=dates)


def tallies(caller):
    return {
        (row.rule, row.need, row.code): (row.paid, row.authorization_denied, row.coverage_denied, row.other_denied)
        for row in caller.session.scalars(select(RuleTallyRow))
    }


def claim_ids(caller, desk):
    """Two claims on file to hang outcomes on."""
    return [take_claim(caller, PAYMENT, claim(line(), claim_id=name), REF).subject_id for name in ("V20001", "other")]


def test_counts_are_what_the_standing_claims_say_however_they_changed(caller, desk):
    ids = claim_ids(caller, desk)
    draw = random.Random(8)
    caller.session.query(RuleTallyRow).delete()
    caller.session.query(RemittanceOutcomeRow).delete()
    for _ in range(40):
        claim_id = draw.choice(ids)
        if draw.random() < 0.5:
            lines = [
                ScoredLine(
                    place,
                    draw.choice("ab"),
                    Need.NOT_REQUIRED,
                    draw.choice(("11102", "96910")),
                    draw.choice(list(Outcome)),
                )
                for place in range(draw.randrange(4))
            ]
            scores.keep(caller.session, make.PRACTICE_ID, claim_id, lines)
        else:
            scores.count(caller.session, make.PRACTICE_ID, claim_id, stands=draw.random() < 0.7)
        row = RemittanceOutcomeRow
        counted = caller.session.execute(
            select(row.rule, row.code, row.outcome, func.count())
            .where(row.counted)
            .group_by(row.rule, row.code, row.outcome)
        )
        expected = {}
        for rule, code, outcome, number in counted:
            at = list(Outcome).index(outcome)
            counts = list(expected.get((rule, Need.NOT_REQUIRED, code), (0, 0, 0, 0)))
            counts[at] = number
            expected[rule, Need.NOT_REQUIRED, code] = tuple(counts)
        assert {key: counts for key, counts in tallies(caller).items() if any(counts)} == expected


def test_rules_come_by_denials_page_after_page(caller, desk):
    claim_id = claim_ids(caller, desk)[0]
    lines = [
        ScoredLine(place, rule, Need.REQUIRED, code, outcome)
        for place, (rule, code, outcome) in enumerate(
            [
                ("a", "11102", Outcome.PAID), ("b", "11102", Outcome.AUTHORIZATION), ("b", "96910", Outcome.COVERAGE),
                ("c", "11102", Outcome.AUTHORIZATION), ("c", "96910", Outcome.PAID), ("d", "11102", Outcome.OTHER),
            ]
        )
    ]  # fmt: skip
    scores.keep(caller.session, make.PRACTICE_ID, claim_id, lines)
    assert "b" not in {one.rule for one in scores.page(caller.session, make.PRACTICE_ID, 10)}
    scores.count(caller.session, make.PRACTICE_ID, claim_id, stands=True)
    found = [one for one in scores.page(caller.session, make.PRACTICE_ID, 10) if one.rule in "abcd"]
    assert found == [
        RuleScore("b", Need.REQUIRED, 0, 1, 1, 0, ("11102", "96910")),
        RuleScore("c", Need.REQUIRED, 1, 1, 0, 0, ("11102",)),
        RuleScore("a", Need.REQUIRED, 1, 0, 0, 0, ()),
        RuleScore("d", Need.REQUIRED, 0, 0, 0, 1, ()),
    ]
    after = scores.page(caller.session, make.PRACTICE_ID, 2, ScorePlace(1, "c", Need.REQUIRED))
    assert [one.rule for one in after][:1] == ["a"]
    assert scores.of_rule(caller.session, make.PRACTICE_ID, "c", Need.REQUIRED) == found[1]
    assert scores.of_rule(caller.session, make.PRACTICE_ID, "c", Need.NOT_REQUIRED) is None


def test_a_claim_is_counted_once_and_a_later_answer_takes_its_place(caller, desk):
    sent = quist(line("99213", "2026-03-30"))
    take_claim(caller, PAYMENT, sent, REF)
    ((rule, need, code),) = tallies(caller)
    assert (rule.startswith("practice#"), need, code) == (True, Need.NOT_REQUIRED, "99213")
    assert list(tallies(caller).values()) == [(1, 0, 0, 0)]
    take_claim(caller, PAYMENT, sent, REF)
    assert list(tallies(caller).values()) == [(1, 0, 0, 0)]
    take_claim(caller, LATER, quist(line("99213", "2026-03-30", DENIED)), REF)
    assert tallies(caller)[rule, need, code] == (0, 1, 0, 0)


@pytest.mark.parametrize("stands", [True, False])
def test_counting_twice_counts_once(caller, desk, stands):
    claim_id = claim_ids(caller, desk)[0]
    scores.keep(caller.session, make.PRACTICE_ID, claim_id, [ScoredLine(0, "z", Need.REQUIRED, "11102", Outcome.PAID)])
    for _ in range(2):
        scores.count(caller.session, make.PRACTICE_ID, claim_id, stands=stands)
    found = scores.of_rule(caller.session, make.PRACTICE_ID, "z", Need.REQUIRED)
    assert (found.paid if found else 0) == int(stands)


def kept(caller):
    """All that the scorecard rests on: outcomes with whether they count, and tallies that are not empty."""
    caller.session.rollback()
    row = RemittanceOutcomeRow
    outcomes = caller.session.execute(
        select(row.claim_id, row.position, row.rule, row.need, row.code, row.outcome, row.counted).order_by(
            row.claim_id, row.position
        )
    ).all()
    return [tuple(one) for one in outcomes], {key: counts for key, counts in tallies(caller).items() if any(counts)}


def forget(caller):
    """Leave the claims as they were before the scorecard was kept."""
    caller.session.query(RuleTallyRow).delete()
    caller.session.query(RemittanceOutcomeRow).delete()
    caller.session.commit()


def random_claims(draw):
    """Claims of one visit: paid, denied, taken back, answered again, under a few control numbers, in any order."""
    denials = [(), (DENIED,), (adjustment("CO", "50", "100.00"),), (adjustment("PR", "1", "100.00"),)]
    for number in range(16):
        payment = {**PAYMENT, "trace": f"CHK-{number}", "date": f"2026-04-{draw.randrange(1, 12):02}"}
        lines = [line("99213", "2026-03-30", *draw.choice(denials)) for _ in range(draw.randrange(1, 3))]
        sent = quist(*lines) | {"claim_id": draw.choice(("Q-1", "Q-2", f"Q-{number}"))}
        status = draw.choice(("1", "1", "4", "2", "22"))
        if status == "22":
            sent |= {"charge": f"-{sent['charge']}", "paid": f"-{sent['paid']}", "denial_categories": []}
        yield payment, sent | {"status": status}


@pytest.mark.parametrize("seed", [3, 11])
def test_counting_anew_equals_counting_as_claims_came_also_after_it_broke_off(caller, desk, monkeypatch, seed):
    for payment, sent in random_claims(random.Random(seed)):
        take_claim(caller, payment, sent, REF)
    as_they_came = kept(caller)
    assert as_they_came[1]
    assert rebuilding.rebuild(caller).changed == 0
    assert kept(caller) == as_they_came
    forget(caller)
    monkeypatch.setattr(rebuilding, "PIECE", 3)
    real, calls = rebuilding._count, []

    def breaks_off(caller, claim_id):
        calls.append(claim_id)
        if len(calls) == 11:
            raise RuntimeError
        return real(caller, claim_id)

    monkeypatch.setattr(rebuilding, "_count", breaks_off)
    with pytest.raises(RuntimeError):
        rebuilding.rebuild(caller)
    assert kept(caller) != as_they_came
    monkeypatch.setattr(rebuilding, "_count", real)
    assert rebuilding.rebuild(caller).kept == 0
    assert kept(caller) == as_they_came
    assert rebuilding.rebuild(caller).changed == 0


def test_what_cannot_be_looked_up_any_more_stays_as_it_was_counted(caller, desk):
    take_claim(caller, PAYMENT, quist(line("99213", "2026-03-30", DENIED)), REF)
    as_it_came = kept(caller)
    caller.session.query(PastVerdictRow).delete()
    caller.session.query(VisitVerdictRow).delete()
    caller.session.commit()
    done = rebuilding.rebuild(caller)
    assert (done.changed, done.kept) == (0, 1)
    assert kept(caller) == as_it_came
