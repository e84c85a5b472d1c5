"""What was on file at an instant, made of what is on file now and of what happened since; answers compared."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from app.authorizations.facts import Authorization, AuthorizationEvent, Item, Status
from app.clearance.facts.reasons import Badge, Check, Reason
from app.clearance.facts.verdicts import PatientFile
from app.clinical.facts import ClinicalFact, FactKind, Source, SourceKind
from app.coverage.facts import CheckResult, Coverage, CoverageEvent
from app.patients.facts import PatientForJudging
from app.policies.facts.answers import Confidence, Need, ServiceClass
from app.rule_changes.facts.replay import Answer, Basis, Cause, Replayed
from app.rule_changes.rules.replay import authorization_then, booked_then, coverage_then, differences, facts_then
from app.rule_changes.views.replay import replay_object, replay_sentences
from app.schedule.facts import Visit, VisitStatus
from app.values.insurance import Rank
from app.values.spans import DateSpan
from tests.support import judging, make

NOW = datetime(2026, 3, 2, 15, tzinfo=UTC)
ROW = Authorization(
    UUID(int=1),
    UUID(int=2),
    "acme",
    "Acme",
    Status.APPROVED,
    items=(Item(("96910",)),),
    number="A1",
    ends=date(2026, 5, 1),
)
ANSWER = Answer(
    Badge.BLOCKED, ServiceClass.MEDICAL, Need.REQUIRED, Confidence.SEEN, "acme/a#b",
    (Reason.RULE_REQUIRED, Reason.APPROVAL_NONE), None, None,
)  # fmt: skip


def event(**changes):
    return AuthorizationEvent(UUID(int=9), ROW.id, NOW, "web", None, changes)


def test_an_authorization_is_what_it_was_before_its_later_events():
    changed = event(status=["submitted", "approved"], number=[None, "A1"], ends=[None, "2026-05-01"])
    member = event(member_id=["W2", "W1"])
    then, whole = authorization_then(ROW, [changed, member], judging.member)
    assert whole
    assert then == replace(ROW, status=Status.SUBMITTED, number=None, ends=None, member=judging.member("W2"))


def test_an_authorization_that_came_later_was_not_on_file():
    first = event(payer=[None, "acme"], patient_id=[None, str(ROW.patient_id)], status=[None, "approved"])
    assert authorization_then(ROW, [first], judging.member) == (None, True)


def test_a_value_that_an_event_did_not_keep_is_told_as_lost():
    then, whole = authorization_then(ROW, [event(member_id=[None, None], number=["A0", "A1"])], judging.member)
    assert (then, whole) == (replace(ROW, number="A0"), False)


def coverage_event(**changes):
    return CoverageEvent(UUID(int=8), ROW.patient_id, UUID(int=3), NOW, "web", None, changes)


COVER = Coverage(
    UUID(int=3), ROW.patient_id, Rank.PRIMARY, "acme", "Acme", judging.member(), DateSpan(None, date(2026, 3, 1)),
    checked_on=date(2026, 3, 2), result=CheckResult.INACTIVE,
)  # fmt: skip


def test_a_coverage_is_what_it_was_and_a_sealed_change_is_told_as_lost():
    told = coverage_event(
        ends=[None, "2026-03-01"], checked_on=["2026-02-20", "2026-03-02"], result=["active", "inactive"],
        said_by=[None, "phone"],
    )  # fmt: skip
    then, whole = coverage_then(COVER, [told])
    assert whole
    assert then == replace(COVER, span=DateSpan(None, None), checked_on=date(2026, 2, 20), result=CheckResult.ACTIVE)
    assert coverage_then(COVER, [coverage_event(member_id=[None, None])]) == (COVER, False)
    assert coverage_then(COVER, [coverage_event(payer=[None, "acme"])]) == (None, True)


def fact(number, recorded, ended=None):
    source = Source(SourceKind.CLAIM)
    return ClinicalFact(
        UUID(int=number), ROW.patient_id, FactKind.FINDING, "pain", source, recorded, None, ended_at=ended
    )


def test_clinical_facts_stood_between_their_recording_and_their_end():
    hour = timedelta(hours=1)
    stands, later, ended, ended_before = (
        fact(1, NOW - hour), fact(2, NOW + hour), fact(3, NOW - hour, NOW + hour), fact(4, NOW - 2 * hour, NOW - hour),
    )  # fmt: skip
    without_document = fact(5, NOW - hour)
    ever = [without_document, ended_before, ended, later, stands]
    assert facts_then(ever, [stands, later], NOW) == [stands, replace(ended, ended_at=None)]


def test_the_visit_asked_about_and_those_done_later_were_booked():
    def visit(number, day, status):
        return Visit(UUID(int=number), f"V{number}", ROW.patient_id, make.an_id(1), NOW, day, status, ())

    as_of = date(2026, 3, 2)
    asked = visit(1, date(2026, 3, 9), VisitStatus.CANCELED)
    past = visit(2, date(2026, 2, 9), VisitStatus.DONE)
    later = visit(3, date(2026, 3, 20), VisitStatus.NO_SHOW)
    gone = visit(4, date(2026, 3, 20), VisitStatus.CANCELED)
    file = PatientFile(PatientForJudging(ROW.patient_id, None, False), (asked, past, later, gone), (), ())
    found = booked_then(file, asked.id, as_of).visits
    assert [(one.id.int, one.status) for one in found] == [
        (1, VisitStatus.BOOKED), (2, VisitStatus.DONE), (3, VisitStatus.BOOKED),
    ]  # fmt: skip


def test_answers_differ_by_check_finding_and_field():
    assert differences((ANSWER,), (ANSWER,)) == ()
    (one,) = differences((ANSWER,), (replace(ANSWER, reasons=(Reason.RULE_REQUIRED,), badge=Badge.CLEARED),))
    assert [(check.check, check.kept, check.anew) for check in one.checks] == [
        (Check.APPROVAL, Reason.APPROVAL_NONE, None)
    ]
    assert one.fields == ("badge",)
    (gone,) = differences((ANSWER,), ())
    assert len(gone.checks) == 2


def replayed(anew, causes=()):
    return Replayed(
        "V1", UUID(int=1), UUID(int=2), ZoneInfo("America/New_York"), date(2026, 3, 2), NOW, None, date(2026, 3, 2),
        "ab" * 32, 0, Badge.BLOCKED, (ANSWER,), Basis(date(2026, 3, 2), "ab" * 32, NOW),
        anew[0].badge if anew else None, anew, differences((ANSWER,), anew), causes,
    )  # fmt: skip


def test_an_equal_answer_is_said_to_be_equal_in_every_check():
    found = replayed((ANSWER,))
    assert found.equal
    assert list(replay_sentences(found))[-1].endswith("the same answer, equal in every check.")
    assert replay_object(found)["shown"]["lines"] == replay_object(found)["anew"]["lines"]


def test_another_answer_names_the_check_and_the_cause():
    other = replace(ANSWER, reasons=(Reason.RULE_REQUIRED, Reason.APPROVAL_NOT_SENT), badge=Badge.BLOCKED)
    said = list(replay_sentences(replayed((other,), (Cause.AUTHORIZATION,))))
    assert "Line 1 differs: the check of approval does not hold for another cause." in said
    assert said[-1] == "An authorization was changed since, and what it was before is not kept whole."


def test_a_rule_set_that_is_gone_leaves_the_kept_answer_alone():
    found = replayed((), (Cause.RULES,))
    assert not found.equal
    assert replay_object(found)["anew"] is None
    assert list(replay_sentences(found))[-1].startswith("The rule set that it was judged by is not on file")
