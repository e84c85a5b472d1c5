"""Which requests to begin for several visits: sorted out without a database."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.authorizations.facts import Authorization, Counting, Item, Status
from app.casework.facts.starting import Bar
from app.casework.rules.starting import draft_of, sort_out, started_id
from app.clearance.facts.reasons import Badge, Reason
from app.clearance.facts.verdicts import LineVerdict
from app.coverage.facts import Coverage, CoverageRecord
from app.policies.facts.answers import ServiceClass
from app.policies.facts.families import Family, FamilyPart
from app.schedule.facts import ServiceLine, Visit, VisitStatus
from app.values.insurance import Rank
from tests.support import make

TODAY = date(2026, 3, 2)
PATIENT, OTHER, KEY = make.an_id(1), make.an_id(2), make.an_id(900)
NEEDED = (Reason.COVERAGE_ACTIVE, Reason.RULE_REQUIRED, Reason.APPROVAL_NONE)
MOHS = Family(
    id="mohs",
    label="Mohs surgery",
    ours=True,
    parts=(
        FamilyPart(label="First stage", codes={"17311": "First", "17313": "First, other places"}, why="Which one"),
        FamilyPart(label="Further", codes={"17312": "Next"}, why="More may be needed"),
        FamilyPart(label="Closing", leads=False, codes={"13121": "Repair"}, why="The wound is closed"),
    ),
)


def line(code="96910", patient=PATIENT, days=0, reasons=NEEDED, number=1, **given):
    """One judged line; `given` changes the verdict or its planned line."""
    day = TODAY + timedelta(days=days)
    planned = {name: given.pop(name) for name in ("units", "provider_npi", "place", "drug", "channel") if name in given}
    service = ServiceLine(make.an_id(5000 + number), 0, code, diagnoses=("L40.0",), **planned)
    visit = Visit(
        make.an_id(1000 + number), f"V{number}", patient, make.an_id(3), datetime(2026, 3, 2, 15, tzinfo=UTC), day,
        given.pop("status", VisitStatus.BOOKED), (service,),
    )  # fmt: skip
    coverage = Coverage(make.an_id(7), patient, Rank.PRIMARY, "acme", "Acme", member=None, span=None)
    verdict = LineVerdict(visit, service, Badge.BLOCKED, ServiceClass.MEDICAL, reasons, coverage=coverage)
    return replace(verdict, **given)


def held(status=Status.DRAFT, code="96910", payer="acme"):
    """One authorization on file."""
    return Authorization(make.an_id(800), PATIENT, payer, "Acme", status, items=(Item((code,)),))


def sorted_out(*lines, on_file=(), families=(MOHS,)):
    """Sort lines out, as of one day everywhere."""
    return sort_out(lines, {PATIENT: on_file}, families, lambda _visit: TODAY)


def test_one_request_for_each_patient_and_family_not_for_each_visit():
    found = sorted_out(
        line("17311", number=1), line("17312", number=2), line("13121", number=3), line("96910", number=4),
        line("96910", days=7, number=5), line("96910", patient=OTHER, number=6),
    )  # fmt: skip
    told = [(one.asked.patient_id, one.asked.family, len(one.lines)) for one in found.begin]
    assert told == [(PATIENT, "mohs", 3), (PATIENT, "96910", 2), (OTHER, "96910", 1)]


def test_a_repair_alone_is_of_no_family():
    (only,) = sorted_out(line("13121")).begin
    assert only.asked.family == "13121"


@pytest.mark.parametrize(
    ("given", "bar"),
    [
        ({"status": VisitStatus.CANCELED}, Bar.NOT_BOOKED),
        ({"days": -1}, Bar.PAST),
        ({"badge": None}, Bar.NOT_ASKED),
        ({"badge": Badge.SELF_PAY}, Bar.NOT_ASKED),
        ({"reasons": (Reason.CLASS_COSMETIC, *NEEDED)}, Bar.COSMETIC),
        ({"coverage": None}, Bar.COVERAGE),
        ({"reasons": (Reason.COVERAGE_ENDED, *NEEDED[1:])}, Bar.COVERAGE),
        ({"reasons": (Reason.RULE_NOT_COVERED,)}, Bar.NOT_COVERED),
        ({"reasons": (Reason.RULE_NOT_REQUIRED,)}, Bar.NOT_NEEDED),
        ({"reasons": (Reason.RULE_REQUIRED, Reason.APPROVAL_OPTIONAL)}, Bar.NOT_NEEDED),
        ({"reasons": (Reason.RULE_UNKNOWN,)}, Bar.UNKNOWN),
        ({"reasons": (Reason.RULE_NO_PROCEDURE,)}, Bar.UNKNOWN),
        ({"reasons": (Reason.RULE_REQUIRED,)}, Bar.UNKNOWN),
        ({"reasons": (Reason.RULE_REQUIRED, Reason.APPROVAL_APPROVED, Reason.DATES_INSIDE)}, Bar.APPROVED),
        ({"reasons": (Reason.RULE_REQUIRED, Reason.APPROVAL_APPROVED, Reason.DATES_AFTER)}, Bar.MISFIT),
        ({"reasons": (Reason.RULE_REQUIRED, Reason.APPROVAL_APPROVED, Reason.DATES_MISSING)}, Bar.MISFIT),
    ],
)
def test_what_cannot_be_begun_says_why(given, bar):
    found = sorted_out(line(**given))
    assert (found.begin, found.held, [one.bar for one in found.barred]) == ((), (), [bar])


@pytest.mark.parametrize(
    "reason",
    [
        Reason.APPROVAL_UNDECIDED, Reason.APPROVAL_MORE_INFO, Reason.APPROVAL_DENIED, Reason.APPROVAL_IN_APPEAL,
        Reason.APPROVAL_DISMISSED, Reason.APPROVAL_NO_NUMBER,
    ],
)  # fmt: skip
def test_what_was_asked_for_is_named_and_not_doubled(reason):
    case = held(Status.SUBMITTED)
    found = sorted_out(line(reasons=(Reason.RULE_REQUIRED, reason), chosen=case))
    assert [one.case for one in found.held] == [case]
    assert not found.begin and not found.barred


def test_a_draft_of_the_same_payer_is_named_also_where_it_names_another_code_of_the_service():
    not_sent = (Reason.RULE_REQUIRED, Reason.APPROVAL_NOT_SENT)
    assert sorted_out(line(), on_file=[held()]).held
    assert sorted_out(line(reasons=not_sent), on_file=[held(code="96912")]).held
    assert sorted_out(line(), on_file=[held(payer="other")]).begin
    assert sorted_out(line(), on_file=[held(Status.WITHDRAWN)]).begin


_REASONS = st.lists(st.sampled_from(list(Reason)), max_size=5).map(tuple)


@given(st.lists(st.tuples(_REASONS, st.sampled_from([*Badge, None]), st.integers(-2, 5)), max_size=8))
def test_every_line_stands_in_one_place_and_only_what_clearance_finds_missing_is_begun(drawn):
    lines = [
        line(reasons=reasons, badge=badge, days=days, number=number)
        for number, (reasons, badge, days) in enumerate(drawn)
    ]
    found = sorted_out(*lines)
    placed = [one for group in (*found.begin, *found.held) for one in group.lines] + [one.line for one in found.barred]
    assert sorted(one.line.id for one in placed) == sorted(one.line.id for one in lines)
    for one in (each for group in found.begin for each in group.lines):
        assert any(reason.check == "approval" and reason.result != "pass" for reason in one.reasons)
        assert one.visit.day >= TODAY and one.badge not in (None, Badge.SELF_PAY)


def test_the_draft_asks_for_the_units_of_all_visits_and_names_only_what_they_agree_in():
    (group,) = sorted_out(
        line(units=2, provider_npi="1003000126", number=1),
        line(units=1, provider_npi="1003000142", days=7, number=2),
    ).begin
    coverage = CoverageRecord(make.an_id(7), PATIENT, Rank.PRIMARY, "acme", "Acme", "W1", plan="Gold")
    draft = draft_of(group, coverage, KEY, TODAY)
    assert draft.items == (Item(("96910",), None, Counting.UNITS, 3),)
    assert (draft.begins, draft.ends) == (TODAY, TODAY + timedelta(days=7))
    assert (draft.provider_npi, draft.site_id, draft.places) == (None, make.an_id(3), ("11",))
    assert (draft.payer, draft.member_id, draft.plan, draft.status) == ("acme", "W1", "Gold", Status.DRAFT)
    assert [(one.code, one.count, one.place) for one in draft.requested] == [("96910", 3, "11")]


def test_a_drug_without_a_code_is_asked_for_by_its_name():
    (group,) = sorted_out(line(None, drug="drug:dupixent")).begin
    draft = draft_of(group, CoverageRecord(make.an_id(7), PATIENT, Rank.PRIMARY, "acme", "Acme", "W1"), KEY, TODAY)
    assert (draft.items, draft.drug) == ((), "drug:dupixent")


def test_the_same_form_gives_the_same_ids_and_another_form_or_group_others():
    first, other = (one.asked for one in sorted_out(line(), line("17311", number=2)).begin)
    assert started_id(KEY, first) == started_id(KEY, first)
    assert len({started_id(KEY, first), started_id(KEY, other), started_id(make.an_id(901), first)}) == 3
    assert started_id(KEY, first).version == 7
