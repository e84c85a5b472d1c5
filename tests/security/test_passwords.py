"""What a password must be (NIST SP 800-63B-4, 3.1.1.2), wherever it is chosen, and what a second factor changes."""

import re
import string
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.alerts.actions.delivering import deliver
from app.alerts.actions.hands import HANDS
from app.audit import store as audit
from app.platform.password_rules import ALONE, LONGEST, WITH_FACTOR, common_passwords, password_fault
from app.platform.passwords import hash_password, make_code, make_password, make_token, password_matches
from app.practice.actions import practice as actions
from app.practice.facts.staff import Role
from app.practice.store import practice as practices
from tests.support.accounts import CODE, JO, acting_in, choose, send, with_mail
from tests.support.web import EMAIL

COMMON, NAMED, RUN, REPEATED = "one or two words that many people use", "names that anybody", "follows the", "repeats"
WORDS = sorted(word for word in common_passwords() if len(word) >= WITH_FACTOR)


def fault(password, second_factor=True, words=()):
    """Why a password is refused, or an empty text."""
    return password_fault(password, second_factor=second_factor, context_words=words) or ""


@pytest.mark.parametrize(
    ("second_factor", "length", "good"),
    [(True, WITH_FACTOR - 1, False), (True, WITH_FACTOR, True), (False, ALONE - 1, False), (False, ALONE, True)],
)
def test_the_shortest_password_has_15_characters_alone_and_8_beside_a_second_factor(second_factor, length, good):
    password = "kX9#mQ2vTz!4Rw&"[:length]
    assert (fault(password, second_factor) == "") is good
    if not good:
        assert fault(password, second_factor).endswith(f"characters; this one has {length}.")


def test_long_passwords_are_taken_whole_and_a_thousand_is_the_most():
    long = "".join(chr(0x4E00 + number * 7 % 5000) for number in range(LONGEST))
    assert fault(long[:128], second_factor=False) == ""
    assert fault(long, second_factor=False) == ""
    assert "at most 1,000 characters; this one has 1,001" in fault(long + "x", second_factor=False)
    stored = hash_password(long)
    assert password_matches(stored, long)
    assert not password_matches(stored, long[:-1])


@pytest.mark.parametrize(
    "password", ["lamp river otter chalk", "тихая река и выдра", "🦦🪨🌊🧂🪔🚲🎻🧭 and more", "a b c  tab\there"]
)
def test_any_character_counts_and_none_is_asked_for(password):
    assert fault(password, second_factor=False) == ""


def test_a_password_is_the_same_however_its_accents_are_composed():
    composed, apart = (unicodedata.normalize(form, "Ångström résumé naïve") for form in ("NFC", "NFD"))
    assert composed != apart
    assert password_matches(hash_password(apart), composed)
    assert password_matches(hash_password(composed), apart)
    assert not password_matches(hash_password(composed), composed.lower())


def test_the_list_of_common_passwords_has_several_thousand_entries_in_small_letters():
    words = common_passwords()
    assert len(words) >= 3000
    assert all(re.fullmatch(r"[a-z0-9]{3,}", word) for word in words)
    assert {"password", "iloveyou", "welcome", "qwerty", "dragon", "sunshine", "summer", "letmein"} <= words


@given(
    st.sampled_from(WORDS),
    st.text(string.digits + "!?.-_*#", max_size=6),
    st.sampled_from([str.lower, str.upper, str.title, str.swapcase]),
)
def test_a_common_password_is_refused_whatever_stands_around_it_and_however_it_is_written(word, around, case):
    assert fault(case(word) + around) != ""
    assert fault(around + case(word)) != ""


@given(st.sampled_from([word for word in WORDS if word.isalpha()]))
def test_signs_in_place_of_letters_hide_no_common_password(word):
    signs = word.translate(str.maketrans("oeastl", "034$71"))
    assert fault(signs) != ""


@given(st.sampled_from(WORDS), st.sampled_from(WORDS))
def test_two_common_passwords_together_are_no_better(first, second):
    assert fault(f"{first} {second}!") != ""


@pytest.mark.parametrize(
    ("password", "why"),
    [
        ("P@ssw0rd2026!!", COMMON),
        ("Summer2026!", COMMON),
        ("iloveyou12345", COMMON),
        ("04/12/1985", COMMON),
        ("19850412", COMMON),
        ("KimExample2026", NAMED),
        ("kim@example.test", NAMED),
        ("lakeside-Derm-1", NAMED),
        ("ClearedCleared1", NAMED),
        ("12345678", RUN),
        ("qwertyuiop[]", RUN),
        ("1qaz2wsx3edc", RUN),
        ("abcdefghijk987654", RUN),
        ("aaaa5555bbbb", REPEATED),
        ("abcabcabcabc", REPEATED),
        ("zzzzzzzzzzzzzzzz", REPEATED),
    ],
)
def test_the_reason_of_a_refusal_is_said(password, why):
    words = ("Lakeside Dermatology", "Kim Example", "kim@example.test")
    assert why in fault(password, words=words)
    assert fault(password, words=words).startswith("Choose another password: ")


@given(st.text(min_size=ALONE, max_size=200))
def test_a_verdict_is_made_of_any_text_and_never_repeats_it(password):
    said = fault(password, second_factor=False, words=("Kim Example",))
    assert said == "" or (password not in said and said.endswith("."))


def test_what_the_program_makes_itself_is_random_and_passes_the_rules():
    for made, second_factor in ((make_password, False), (make_code, False), (make_token, False)):
        several = {made() for _ in range(200)}
        assert len(several) == 200
        assert {fault(one, second_factor) for one in several} == {""}
    assert all(len(make_code().replace("-", "")) * 4.95 >= 112 for _ in range(5))
    assert len(make_token()) * 4 == 256


def test_passwords_may_be_pasted_and_kept_by_the_browser(client):
    page = client.get("/choose-password").text
    fields = re.findall(r"<input[^>]*type=\"password\"[^>]*>", page)
    assert len(fields) == 2
    assert all('autocomplete="new-password"' in field and "maxlength" not in field for field in fields)
    assert "onpaste" not in page


@pytest.fixture
def acting(web_app, web_clock):
    """`acting(work)` does something as the practice, outside the browser."""
    return lambda work: acting_in(web_app, web_clock, work)


def test_the_practice_switches_second_factors_on_and_off_and_passwords_follow(sign_in, web_app, acting):
    mail, admin = with_mail(web_app), sign_in(Role.ADMINISTRATOR)
    code = CODE.search(send(admin, "/admin/users/new", JO).text)[1]
    assert "at least 15 characters" in choose(web_app.test_client(), code, "kX9#mQ2v").text
    assert send(admin, "/admin/sign-in", {"second_factor": "yes"}).status_code == 303
    assert acting(lambda caller: practices.practice_of(caller.session, caller.practice_id)).second_factor
    assert choose(web_app.test_client(), code, "kX9#mQ2v").status_code == 303
    acting(lambda caller: actions.ask_for_second_factor(caller, False))
    acting(lambda caller: deliver(caller, HANDS))
    assert [(one.to, one.subject) for one in mail.sent] == [(EMAIL, "Second factors are no longer asked for")]
    lines = acting(lambda caller: [entry for entry, _mac in audit.entries(caller.session, caller.practice_id)])
    assert [one.details["required"] for one in lines if one.action == "practice.second_factor"] == [1, 0]


def test_only_an_administrator_changes_what_is_asked_at_sign_in(sign_in):
    browser = sign_in(Role.MANAGER)
    assert browser.get("/admin/sign-in").status_code == 403
    assert send(browser, "/admin/sign-in", {"second_factor": "no"}, "/settings").status_code == 403
