"""Every alert can be said: by text in one segment where its reason goes by text, and by e-mail, alone and together."""

from datetime import UTC, date, datetime

import pytest

from app.alerts.facts.alerts import Alert
from app.alerts.facts.notices import Occasion
from app.alerts.facts.outbox import Language, Way
from app.alerts.files.mails import render_mail
from app.alerts.files.texts import has_text, render_sms
from app.alerts.rules.fields import FieldError
from app.alerts.rules.gsm7 import segments
from app.alerts.rules.messages import Around, alone, together
from app.deadlines.facts import Basis, BasisKind, Clears, Reason, Subject, SubjectKind
from tests.support import make

NOW = datetime(2026, 3, 2, 15, tzinfo=UTC)
SITE, PATIENT = make.an_id(1), make.an_id(2)
AROUND = Around(NOW, {SITE: "Clínica Norte de la Ciudad"}, {PATIENT: date(2026, 3, 20)})
COUNTS = ("visits_after", "units_left", "units_total", "units_booked", "blocked", "waiting", "total", "count", "rules")
KINDS = {
    Reason.TOMORROW: SubjectKind.SITE_DAY,
    Reason.COVERAGE_CHANGED: SubjectKind.PRACTICE,
    Reason.IMPORT_FAILED: SubjectKind.IMPORT,
    Reason.JOB_LATE: SubjectKind.JOB,
    Reason.REPLY: SubjectKind.MESSAGE,
}


def an_alert(reason, due="day", count=3, zone="America/Indiana/Knox", **more):
    """An alert as a sweep opens it; due on a day, at an instant, or never."""
    dues = {
        "day": {"due_on": date(2026, 3, 16)},
        "instant": {"due_at": datetime(2026, 3, 4, 2, tzinfo=UTC)},
        "never": {},
    }
    made = {
        "id": make.an_id(5),
        "subject": Subject(KINDS.get(reason, SubjectKind.AUTHORIZATION), make.an_id(6).hex),
        "reason": reason,
        "step": "2026-03-16-14d",
        "zone": zone,
        "clears": Clears.SEEN,
        "basis": Basis(BasisKind.PAYER),
        "opened_at": NOW,
        "told_at": NOW,
        "site_id": SITE,
        "patient_id": PATIENT,
        "counts": dict.fromkeys(COUNTS, count),
    }
    return Alert(**(made | dues[due] | more))


@pytest.mark.parametrize("due", ["day", "instant", "never"])
@pytest.mark.parametrize("occasion", list(Occasion))
@pytest.mark.parametrize("reason", list(Reason))
def test_an_alert_alone_can_be_said(reason, occasion, due):
    for count in (0, 1, 3, 5000):
        alert = an_alert(reason, due, count)
        template, values = alone(alert, occasion, Way.EMAIL, AROUND)
        mail = render_mail(template, values, "https://cleared.example.com/a/7KQ2MX09TB")
        assert len(mail.subject) <= 60
        template, values = alone(alert, occasion, Way.SMS, AROUND)
        if has_text(template):
            url = "https://cleared.example.com/a/7KQ2MX09TB"
            text = render_sms(template, Language.ENGLISH, {**values, "app": "Cleared", "url": url})
            assert segments(text) == 1
            assert "  " not in text and " ." not in text and "None" not in text


@pytest.mark.parametrize(
    ("reason", "has"),
    [
        (Reason.APPROVAL_ENDS, "ends on a day that is not known. 3 booked visits"),
        (Reason.TOMORROW, "of the next day at"),
        (Reason.APPEAL, "needs the appeal; by when is not known"),
    ],
)
def test_a_day_that_is_not_known_is_said_and_never_taken_for_today(reason, has):
    template, values = alone(an_alert(reason, "never"), Occasion.STEP, Way.SMS, AROUND)
    url = "https://cleared.example.com/a/7KQ2MX09TB"
    text = render_sms(template, Language.ENGLISH, {**values, "app": "Cleared", "url": url})
    assert has in text
    assert has in render_mail(template, values, url).text.replace("\n\n", " ")
    assert "today" not in text


def test_a_text_to_a_patient_needs_all_that_it_says():
    values = {"first_name": "Lena", "practice": "Lakeside", "phone": "212-555-0199", "visit_date": ""}
    with pytest.raises(FieldError, match="visit_date is missing"):
        render_sms("patient.call_us", Language.ENGLISH, values)


@pytest.mark.parametrize("daily", [True, False])
def test_several_alerts_can_be_said_together(daily):
    alerts = [an_alert(reason) for reason in Reason]
    template, values = together(alerts, Way.EMAIL, daily)
    mail = render_mail(template, values, "https://cleared.example.com/alerts")
    assert mail.text.count("\n- ") == len(alerts)
    if not daily:
        template, values = together(alerts, Way.SMS, daily)
        assert "items" not in values
        values = {**values, "app": "Cleared", "url": "https://cleared.example.com/alerts"}
        text = render_sms(template, Language.ENGLISH, values)
        assert text.startswith(f"Cleared: {len(alerts)} things need you. First: ")


def test_a_deadline_names_its_zone_whatever_the_zone():
    for zone, letters in (
        ("America/Indiana/Knox", "CT"),
        ("America/Indiana/Indianapolis", "ET"),
        ("America/Phoenix", "MT"),
        ("Pacific/Honolulu", "HI"),
        ("America/Anchorage", "AK"),
        ("America/Puerto_Rico", "AT"),
    ):
        _template, values = alone(an_alert(Reason.APPEAL, "instant", zone=zone), Occasion.STEP, Way.SMS, AROUND)
        values = {**values, "app": "Cleared", "url": "https://cleared.example.com/a/7KQ2MX09TB"}
        text = render_sms("staff.deadline", Language.ENGLISH, values)
        assert f"M {letters}. 35 hours left." in text
