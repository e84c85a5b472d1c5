"""What goes now and as which message: thirty minutes, quiet hours, digests, and values that any template can take."""

from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta

import pytest

from app.alerts.facts.alerts import Alert
from app.alerts.facts.notices import Notice, Occasion
from app.alerts.facts.outbox import Language, Way
from app.alerts.facts.people import Duty, Person
from app.alerts.files.texts import render_sms
from app.alerts.rules.fields import STAFF_TEXTS, TEMPLATES
from app.alerts.rules.mail_fields import mail_lines, mail_values
from app.alerts.rules.merging import Waiting, going, latest, message_key
from app.alerts.rules.messages import Around, alone, expires_at, together
from app.alerts.rules.notices import ways
from app.deadlines.facts import Basis, BasisKind, Clears, Reason, Subject, SubjectKind
from app.practice.facts.staff import Role
from tests.support import make

ZONE = "America/New_York"
NOON = datetime(2026, 3, 2, 17, tzinfo=UTC)  # Monday
NIGHT = datetime(2026, 3, 3, 3, tzinfo=UTC)  # Monday, 10 PM
SITE, PATIENT = make.an_id(1), make.an_id(2)
ANA = Person(make.an_id(11), "", "", frozenset({Role.COORDINATOR}), ZONE, phone="+12125550101")
AROUND = Around(NOON, {SITE: "Main Street"}, {PATIENT: date(2026, 3, 9)})
COUNTS = {
    "visits_after": 2, "units_left": 5, "units_total": 36, "units_booked": 7, "blocked": 2, "waiting": 3, "total": 25,
    "count": 4, "visits_cleared": 6, "rules": 8,
}  # fmt: skip


def alert(reason=Reason.APPROVAL_ENDS, number=21, **more):
    """Make an alert that is due in two weeks."""
    made = Alert(
        make.an_id(number), Subject(SubjectKind.AUTHORIZATION, make.an_id(number).hex), reason, "2026-03-16-14d", ZONE,
        Clears.RENEWED, Basis(BasisKind.PAYER), NOON, NOON, due_on=date(2026, 3, 16), site_id=SITE, counts=COUNTS,
        patient_id=PATIENT,
    )  # fmt: skip
    return replace(made, **more)


def waiting(one=None, number=31, made_at=NOON, urgent=False, turn=0):
    """Make a notice that waits."""
    one = one or alert()
    notice = Notice(
        make.an_id(number),
        f"key {number}",
        one.id,
        ANA.id,
        Way.SMS,
        one.step,
        Occasion.STEP,
        urgent,
        made_at,
        turn=turn,
    )
    return Waiting(notice, one)


@pytest.mark.parametrize(
    ("last", "goes"),
    [(None, True), (timedelta(minutes=30), True), (timedelta(minutes=29, seconds=59), False), (timedelta(), False)],
)
def test_thirty_minutes_lie_between_two_messages(last, goes):
    assert bool(going(ANA, Way.SMS, [waiting()], None if last is None else NOON - last, NOON)) is goes


def test_what_is_not_urgent_waits_for_the_end_of_quiet_hours_and_then_goes_together():
    two = [waiting(number=31), waiting(alert(number=22), number=32)]
    assert going(ANA, Way.SMS, two, None, NIGHT) == ()
    assert going(ANA, Way.SMS, two, None, NIGHT + timedelta(hours=9)) == tuple(two)


def test_at_night_only_what_is_urgent_goes_to_whoever_is_on_call():
    on_call = replace(ANA, on_call=(Duty(NIGHT - timedelta(hours=1), NIGHT + timedelta(hours=9)),))
    calm, urgent = waiting(alert(Reason.TOMORROW)), waiting(alert(Reason.TOMORROW, 22), 32, urgent=True)
    assert going(on_call, Way.SMS, [calm, urgent], None, NIGHT) == (urgent,)
    assert going(ANA, Way.SMS, [calm, urgent], None, NIGHT) == ()


def test_a_digest_gathers_a_days_e_mails_but_not_texts_and_not_what_is_urgent():
    daily = replace(ANA, digest_at=time(16))
    calm, urgent = waiting(), waiting(alert(Reason.APPEAL, 22), 32, urgent=True)
    assert going(daily, Way.EMAIL, [calm, urgent], None, NOON) == (urgent,)
    assert going(daily, Way.SMS, [calm, urgent], None, NOON) == (calm, urgent)
    at_four = NOON + timedelta(hours=4)
    assert going(daily, Way.EMAIL, [calm, urgent], None, at_four) == (calm, urgent)


def test_of_two_notices_about_one_alert_only_the_last_is_told():
    first, second, other = waiting(number=31), waiting(number=32), waiting(alert(number=22), 33)
    assert latest([first, other, second]) == (second, other)


def test_the_same_notices_make_the_same_message_in_any_order_and_a_new_turn_another():
    one, two = waiting(number=31), waiting(number=32)
    key = message_key(ANA, Way.SMS, [one, two])
    assert message_key(ANA, Way.SMS, [two, one]) == key
    others = {
        message_key(ANA, Way.EMAIL, [one, two]),
        message_key(ANA, Way.SMS, [one]),
        message_key(ANA, Way.SMS, [waiting(number=31, turn=1), two]),
        message_key(replace(ANA, id=make.an_id(12)), Way.SMS, [one, two]),
    }
    assert len(others | {key}) == 5


@pytest.mark.parametrize("reason", Reason)
@pytest.mark.parametrize(
    "when", [{}, {"due_on": None}, {"due_on": None, "due_at": NOON + timedelta(hours=20)}, {"due_on": date(2026, 2, 1)}]
)
@pytest.mark.parametrize("occasion", [Occasion.STEP, Occasion.ESCALATED])
def test_every_reason_fills_its_template_by_every_way(reason, when, occasion):
    one = alert(reason, **when)
    template, values = alone(one, occasion, Way.EMAIL, AROUND)
    assert template == ("staff.escalated" if occasion is Occasion.ESCALATED else TEMPLATES[reason])
    mail_values(template, values)
    template, values = alone(one, occasion, Way.SMS, AROUND)
    if template in STAFF_TEXTS:
        text = render_sms(
            template, Language.ENGLISH, {**values, "app": "Cleared", "url": "https://c.example/a/7KQ2MX09TB"}
        )
        assert len(text) <= 160


def test_a_text_counts_what_waits_for_the_payer_as_not_cleared_and_an_e_mail_keeps_it_apart():
    text = alone(alert(Reason.TOMORROW), Occasion.STEP, Way.SMS, AROUND)[1]
    mail = alone(alert(Reason.TOMORROW), Occasion.STEP, Way.EMAIL, AROUND)[1]
    assert (text["blocked"], text["total"], text["site"]) == ("5", "25", "Main Street")
    assert (mail["blocked"], mail["waiting"]) == ("2", "3")


def test_a_denial_names_the_next_booked_visit_of_its_patient():
    one = alert(Reason.DENIED, step="2026-03-02T14:30:00Z-denied")
    values = alone(one, Occasion.STEP, Way.EMAIL, AROUND)[1]
    assert (values["decided_date"], values["visit_date"]) == ("2026-03-02", "2026-03-09")
    assert alone(replace(one, patient_id=None), Occasion.STEP, Way.EMAIL, AROUND)[1]["visit_date"] == ""


@pytest.mark.parametrize(
    ("when", "left"),
    [
        ({"due_on": None, "due_at": NOON + timedelta(hours=47, minutes=30)}, "47 hours"),
        ({"due_on": None, "due_at": NOON + timedelta(minutes=5)}, "1 hour"),
        ({"due_on": date(2026, 3, 4)}, "2 days"),
        ({"due_on": date(2026, 3, 3)}, "36 hours"),  # the whole day, until midnight at its site
        ({"due_on": date(2026, 3, 1)}, ""),
        ({"due_on": None}, ""),
    ],
)
def test_how_long_there_is_left_is_told_in_hours_below_48(when, left):
    assert alone(alert(Reason.APPEAL, **when), Occasion.STEP, Way.EMAIL, AROUND)[1]["time_left"] == left


def test_several_are_one_message_with_the_most_urgent_first():
    late, soon = alert(number=21), alert(Reason.APPEAL, 22, due_on=date(2026, 3, 4))
    template, values = together([late, soon], Way.EMAIL, daily=False)
    assert (template, values["count"], values["due_date"]) == ("staff.merged", "2", "2026-03-04")
    assert (
        mail_values(template, values)["case"]
        == values["case"]
        == alone(soon, Occasion.STEP, Way.SMS, AROUND)[1]["case"]
    )
    assert mail_lines(template, values)[0].partition(":")[0] == values["case"]
    assert together([late, soon], Way.EMAIL, daily=True)[0] == "staff.digest"
    text = render_sms(
        "staff.merged", Language.ENGLISH, {**together([late, soon], Way.SMS, daily=False)[1], "app": "C", "url": "u"}
    )
    assert "2 things need you" in text


@pytest.mark.parametrize(
    ("when", "expires"),
    [
        ({}, timedelta(hours=24)),
        ({"due_on": None}, timedelta(hours=24)),
        ({"due_on": None, "due_at": NOON + timedelta(hours=5)}, timedelta(hours=5)),
        ({"due_on": None, "due_at": NOON + timedelta(minutes=5)}, timedelta(hours=1)),
        ({"due_on": date(2026, 2, 1)}, timedelta(hours=24)),  # it is over already, and says so
    ],
)
def test_an_old_message_is_never_sent(when, expires):
    assert expires_at([alert(**when)], NOON) == NOON + expires


def test_no_value_holds_anything_of_a_patient():
    for reason in Reason:
        template, values = alone(alert(reason), Occasion.STEP, Way.EMAIL, AROUND)
        assert PATIENT.hex not in repr(values) and str(PATIENT) not in repr(values), template


def test_ways_follow_the_person_and_what_is_theirs_by_name_comes_at_least_by_e_mail():
    assert ways(ANA, Reason.APPEAL, Occasion.STEP) == (Way.EMAIL, Way.SMS)
    assert ways(replace(ANA, ways={Reason.APPEAL: frozenset()}), Reason.APPEAL, Occasion.STEP) == ()
    assert ways(replace(ANA, ways={Reason.APPEAL: frozenset()}), Reason.APPEAL, Occasion.HANDED) == (Way.EMAIL,)
    texts = {Reason.RULES_UNVERIFIED: frozenset({Way.SMS})}
    assert ways(replace(ANA, ways=texts), Reason.RULES_UNVERIFIED, Occasion.STEP) == (Way.EMAIL,)
