"""Every text: its exact sentence, one segment at worst-case values, and only the fields that it may be given."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.alerts.facts.outbox import Language
from app.alerts.files.texts import TEXTS, TemplateError, load_texts, our_texts, render_sms
from app.alerts.rules.fields import FIELDS, NEEDS, PATIENT_TEXTS, STAFF_TEXTS, TEMPLATES, FieldError, case_word
from app.alerts.rules.gsm7 import is_gsm7, segments, septets
from app.deadlines.facts import Reason, Subject, SubjectKind
from config import LONGEST_BASE_OF_TEXTS

EN, ES = Language.ENGLISH, Language.SPANISH
URL = "https://cleared.clinic-1.com/a/7KQ2MX09TB"

WORST = {
    "app": "Cleared",
    "case": "A-3F9C21",
    "end_date": "2026-12-23",
    "due_date": "2026-12-23",
    "decided_date": "2026-12-23",
    "appeal_date": "2026-12-23",
    "visit_date": "2026-09-23",
    "days_left": "120",
    "visits_after": "120",
    "units_left": "120",
    "units_total": "120",
    "units_booked": "120",
    "blocked": "120",
    "total": "120",
    "count": "120",
    "visits_cleared": "120",
    "need": "requested documents",
    "due_time": "23:30 CT",
    "time_left": "47 hours",
    "visit_time": "11:30",
    "sent_time": "11:30",
    "site": "North Clinic of the Lake",
    "url": URL,
    "first_name": "Christopherson",
    "practice": "Advanced Specialists of Austin",
    "phone": "512-555-0123",
}
"""One of the longest values of each field; September is the longest month in Spanish."""

LONGEST = {
    ("staff.expiring", EN): 132,
    ("staff.deadline", EN): 131,
    ("staff.denied", EN): 134,
    ("staff.units_low", EN): 114,
    ("staff.tomorrow", EN): 139,
    ("staff.coverage", EN): 116,
    ("staff.approved", EN): 112,
    ("staff.escalated", EN): 136,
    ("staff.merged", EN): 106,  # 96 and the ten characters of a count and a link that are longer
    ("patient.optin", EN): 150,
    ("patient.optin", ES): 143,
    ("patient.ready", EN): 134,
    ("patient.ready", ES): 151,
    ("patient.waiting", EN): 154,
    ("patient.waiting", ES): 155,
    ("patient.call_us", EN): 142,
    ("patient.call_us", ES): 152,
    ("patient.new_card", EN): 146,
    ("patient.new_card", ES): 158,
    ("patient.moved", EN): 130,
    ("patient.moved", ES): 133,
    ("patient.help", EN): 75,
    ("patient.help", ES): 93,
    ("patient.stopped", EN): 103,
    ("patient.stopped", ES): 119,
}
"""The most septets of each text of the specification."""


def test_the_25_texts_of_the_specification_are_there():
    assert len(LONGEST) == 25
    assert set(LONGEST) <= set(our_texts())


@pytest.mark.parametrize("key", sorted(LONGEST), ids=lambda key: f"{key[0]}.{key[1].value}")
def test_a_text_has_its_length_at_worst_case_values(key):
    text = render_sms(*key, WORST)
    assert septets(text) == LONGEST[key], text
    assert segments(text) == 1


@pytest.mark.parametrize("template", sorted(STAFF_TEXTS))
def test_every_text_to_staff_is_one_segment_with_the_longest_address_that_the_settings_take(template):
    address = "https://".ljust(LONGEST_BASE_OF_TEXTS, "x") + "/a/7KQ2MX09TB"
    assert segments(render_sms(template, EN, WORST | {"url": address})) == 1


NAMES = st.text(max_size=60).map(lambda text: text + "x")
COUNTS = st.integers(0, 10**7).map(str)
DAYS = st.dates().map(str)
CLOCKS = st.times().map(lambda at: f"{at:%H:%M}")


@st.composite
def any_values(draw):
    """Values as they may come from what is on file, in any writing of the world."""
    kinds = {"date": DAYS, "time": CLOCKS}
    drawn = {}
    for name, usual in WORST.items():
        kind = kinds.get(name.rpartition("_")[2], COUNTS if usual.isdigit() else NAMES)
        drawn[name] = draw(kind)
    return drawn | {"url": URL, "time_left": WORST["time_left"], "app": "Cleared"}


@given(any_values(), st.sampled_from(sorted(our_texts())))
def test_every_text_is_one_segment_whatever_its_values(values, key):
    assert segments(render_sms(*key, values)) == 1


@pytest.mark.parametrize(
    ("template", "changed", "has"),
    [
        ("staff.expiring", {"days_left": "1", "visits_after": "1"}, "(1 day). 1 booked visit falls after"),
        ("staff.expiring", {"days_left": "0", "visits_after": "0"}, "(today). 0 booked visits fall after"),
        ("staff.expiring", {"days_left": "14", "visits_after": "3"}, "(14 days). 3 booked visits fall after"),
        ("staff.units_low", {"units_booked": "1"}, "left, and 1 is booked."),
        (
            "staff.tomorrow",
            {"blocked": "1", "total": "12"},
            "1 of 12 visits on 09/23/26 at North Clinic is not cleared.",
        ),
        ("staff.tomorrow", {"blocked": "1", "total": "1"}, "1 of 1 visit on 09/23/26"),
        ("staff.coverage", {"count": "1"}, "for 1 patient with a visit by"),
        ("staff.approved", {"visits_cleared": "1"}, "1 visit is now cleared."),
        ("staff.merged", {"count": "1"}, "1 thing needs you."),
        ("staff.deadline", {"due_time": "", "time_left": ""}, "by 12/23/26. Open:"),
        ("staff.deadline", {"due_time": "17:00 America/Chicago"}, "by 12/23/26 5:00 PM CT. 47 hours left."),
        ("staff.denied", {"appeal_date": "", "visit_date": ""}, "Appeal date not known. No visit is booked. Open:"),
        ("staff.escalated", {"due_date": "", "due_time": ""}, "It is now yours. https:"),
    ],
)
def test_one_of_a_thing_has_its_own_words_and_so_has_what_is_not_known(template, changed, has):
    assert has in render_sms(template, EN, WORST | changed)


def test_days_are_spoken_to_patients_in_their_language():
    values = WORST | {
        "visit_date": "2026-12-02",
        "visit_time": "09:05",
        "first_name": "José Ángel",
        "practice": "Lakeside",
    }
    assert render_sms("patient.ready", EN, values) == (
        "José Angel, your insurance step is done for your visit Wed Dec 2 9:05 AM. Lakeside 512-555-0123. "
        "Reply STOP to opt out"
    )
    assert "para su cita del 2 de diciembre, 9:05 AM." in render_sms("patient.ready", ES, values)
    assert not set("áíóúÁÍÓÚ") & set(render_sms("patient.ready", ES, values))


def test_an_apostrophe_stays_one():
    text = render_sms("patient.moved", EN, WORST | {"first_name": "D’Arcy", "practice": "Lee & Son's"})
    assert text.startswith("D'Arcy, your visit with Lee & Son's needs")


@pytest.mark.parametrize(
    ("changed", "fault"),
    [
        ({"end_date": "soon"}, "end_date is no day such as 2026-12-01"),
        ({"case": " "}, "case is missing"),
        ({"days_left": "-3"}, "days_left is no count such as 12"),
    ],
)
def test_a_value_that_cannot_be_written_is_named_and_not_shown(changed, fault):
    with pytest.raises(FieldError) as raised:
        render_sms("staff.expiring", EN, WORST | changed)
    assert str(raised.value) == fault


def test_a_time_that_is_none_is_refused():
    with pytest.raises(FieldError, match="visit_time is no time of day"):
        render_sms("patient.ready", EN, WORST | {"visit_time": "25:00"})


def write_all(directory, **changed):
    """Copy the texts to a directory, with some changed."""
    for path in TEXTS.glob("*.txt"):
        (directory / path.name).write_text(changed.get(path.stem, path.read_text()))


@pytest.mark.parametrize("forbidden", ["last_name", "drug", "payer", "first_name"])
def test_a_template_with_a_forbidden_field_is_refused_when_it_is_loaded(tmp_path, forbidden):
    write_all(tmp_path, **{"staff.expiring.en": "{{ app }}: {{ " + forbidden + " }} {{ url }}"})
    with pytest.raises(TemplateError) as raised:
        load_texts(tmp_path)
    assert str(raised.value).startswith(
        f"staff.expiring.en.txt: field '{forbidden}' may not stand here; the fields are"
    )


def test_an_unknown_or_missing_text_is_refused(tmp_path):
    write_all(tmp_path)
    (tmp_path / "patient.moved.es.txt").unlink()
    with pytest.raises(TemplateError, match=r"texts are missing: patient\.moved\.es"):
        load_texts(tmp_path)
    (tmp_path / "patient.denied.en.txt").write_text("no")
    with pytest.raises(TemplateError, match=r"patient\.denied\.en\.txt: no text has this key and language"):
        load_texts(tmp_path)


def test_no_text_can_name_a_patient_to_staff_or_speak_of_a_denial_to_a_patient():
    for fields in STAFF_TEXTS.values():
        assert not fields & {"first_name", "last_name", "name", "phone", "practice"}
    assert not [key for key in PATIENT_TEXTS if "den" in key]
    assert all(is_gsm7(path.read_text().strip()) for path in TEXTS.glob("*.txt"))


def test_every_reason_has_a_message():
    assert set(TEMPLATES) == set(Reason)
    assert all(len(need) <= 19 for need in NEEDS.values())
    deadlines = {reason for reason, key in TEMPLATES.items() if key == "staff.deadline"}
    assert deadlines == set(NEEDS)


@pytest.mark.parametrize("kind", list(SubjectKind))
def test_what_an_alert_is_about_has_a_short_name_of_ours(kind):
    assert 0 < len(case_word(Subject(kind, "0190000000007000800000000000abcd"))) <= 8
    assert set(FIELDS) == set(STAFF_TEXTS) | set(PATIENT_TEXTS)
