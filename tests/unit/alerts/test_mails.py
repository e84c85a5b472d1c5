"""E-mails: the subject is the fact, text and HTML say the same, one link, and only fields that a kind may be given."""

import re
from html import unescape

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.alerts.files.mails import MAILS, load_mails, our_mails, parts_of, render_mail
from app.alerts.files.texts import TemplateError
from app.alerts.rules.fields import TEMPLATES, FieldError
from app.alerts.rules.mail_fields import LONGEST_SUBJECT, MAIL_FIELDS
from tests.unit.alerts.test_texts import WORST

URL = "https://cleared.example.com/a/7KQ2MX09TB"
VALUES = WORST | {"waiting": "2", "items": "A-3F9C21 ends Wed 12/23/2026\nA-77AB01 has 2 of 36 left"}
LINK = re.compile(r"https?://\S+?(?=[\"<\s]|$)")


@pytest.mark.parametrize("kind", sorted(MAIL_FIELDS))
def test_an_email_says_fact_effect_action_and_why_in_text_and_html_alike(kind):
    mail = render_mail(kind, VALUES, URL)
    parts = parts_of(kind, VALUES)
    assert 0 < len(parts["subject"]) <= LONGEST_SUBJECT, parts["subject"]
    assert mail.subject == parts["subject"]
    assert LINK.findall(mail.text) == LINK.findall(mail.html) == [URL]
    from_html = unescape(re.sub(r"<title>.*?</title>|<[^>]+>", " ", mail.html)).split()
    from_text = mail.text.replace(f": {URL}", "").replace("\n- ", "\n").split()
    assert from_html == from_text
    for part in ("fact", "effect", "action", "why"):
        assert parts[part] in mail.text


@pytest.mark.parametrize("kind", sorted(MAIL_FIELDS))
def test_html_fetches_nothing_sets_no_color_and_knows_the_dark(kind):
    html = render_mail(kind, VALUES, URL).html
    assert not re.search(r"<(img|link|script|style|iframe|video)|src=|style=|color:|background|bgcolor", html)
    assert '<meta name="color-scheme" content="light dark">' in html
    assert html.startswith("<!doctype html>")


@pytest.mark.parametrize("kind", sorted(set(MAIL_FIELDS)))
@given(text=st.text(max_size=80), count=st.integers(0, 10**6))
def test_no_value_breaks_the_subject_or_gets_out_of_the_html(kind, text, count):
    hostile = text + "\r\nBcc: x@example.com <b>bold</b>"
    numbers = {name: str(count) for name, usual in VALUES.items() if usual.isdigit()}
    mail = render_mail(kind, VALUES | numbers | {"case": hostile, "site": hostile, "items": hostile}, URL)
    assert "\n" not in mail.subject and "\r" not in mail.subject
    assert len(mail.subject) <= LONGEST_SUBJECT
    assert "<b>" not in mail.html


def test_tomorrow_keeps_what_needs_work_apart_from_what_waits_for_the_payer():
    mail = render_mail("staff.tomorrow", VALUES | {"blocked": "3", "waiting": "2", "total": "12"}, URL)
    assert mail.subject == "Wed 09/23/2026: 5 of 12 not cleared"
    assert "Needs your work: 3. Waiting on payer: 2. The first one is at 11:30 AM." in mail.text


@pytest.mark.parametrize(
    ("kind", "changed", "has"),
    [
        (
            "staff.expiring",
            {"days_left": "1", "visits_after": "1"},
            "in 1 day.\n\n1 booked visit falls after that date",
        ),
        (
            "staff.expiring",
            {"days_left": "0", "visits_after": "0"},
            ", today.\n\nNo booked visit falls after that date.",
        ),
        (
            "staff.denied",
            {"appeal_date": "", "visit_date": ""},
            "is not known: read the denial letter. No visit is booked.",
        ),
        ("staff.coverage", {"count": "1"}, "for 1 patient with a visit by"),
        ("staff.merged", {"count": "1", "items": ""}, "1 thing needs you."),
        ("staff.digest", {"case": "", "due_date": ""}, "120 things need you.\n\nEach stays"),
    ],
)
def test_one_of_a_thing_and_what_is_not_known_have_their_own_words(kind, changed, has):
    assert has in render_mail(kind, VALUES | changed, URL).text


def test_a_long_list_is_cut_and_says_so():
    many = "\n".join(f"A-{place:06} ends Wed 12/23/2026" for place in range(70))
    text = render_mail("staff.digest", VALUES | {"items": many}, URL).text
    assert text.count("\n- A-") == 50
    assert "- and 20 more" in text


def test_a_missing_value_is_named():
    with pytest.raises(FieldError, match=r"^case is missing$"):
        render_mail("staff.expiring", VALUES | {"case": ""}, URL)


def test_every_reason_can_go_by_email():
    assert set(TEMPLATES.values()) <= set(MAIL_FIELDS)
    assert set(our_mails().kinds) == set(MAIL_FIELDS)


def test_no_kind_can_be_given_what_identifies_a_patient():
    known = set().union(*MAIL_FIELDS.values())
    assert not known & {"first_name", "last_name", "name", "mrn", "phone", "payer", "drug", "diagnosis", "birth_date"}


@pytest.mark.parametrize(
    ("source", "fault"),
    [
        ("subject: {{ payer }}\nfact: a\neffect: b\naction: c\nwhy: d", "field 'payer' may not stand here"),
        ("subject: a\nfact: a\neffect: b\naction: c", "'why' is missing"),
        ("subject: a\nsubject: a", "'subject' is no part"),
        ("greeting: a", "'greeting' is no part; write subject, fact, effect, action, why"),
    ],
)
def test_a_kind_with_a_forbidden_field_or_a_missing_part_is_refused(tmp_path, source, fault):
    for path in MAILS.iterdir():
        (tmp_path / path.name).write_text(path.read_text())
    (tmp_path / "staff.expiring.en.txt").write_text(source)
    with pytest.raises(TemplateError) as raised:
        load_mails(tmp_path)
    assert str(raised.value).startswith(f"staff.expiring.en.txt: {fault}")


def test_an_unknown_kind_and_a_missing_one_are_refused(tmp_path):
    for path in MAILS.iterdir():
        (tmp_path / path.name).write_text(path.read_text())
    (tmp_path / "staff.test.en.txt").rename(tmp_path / "staff.gossip.en.txt")
    with pytest.raises(TemplateError, match="no e-mail has this key"):
        load_mails(tmp_path)
    (tmp_path / "staff.gossip.en.txt").unlink()
    with pytest.raises(TemplateError, match=r"e-mails are missing: staff\.test"):
        load_mails(tmp_path)
