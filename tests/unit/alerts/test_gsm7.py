"""The alphabet of texts: what a text costs, and how any text is written in it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.alerts.rules.gsm7 import BASIC, EXTENDED, fit, is_gsm7, segments, septets, to_gsm7


def test_the_alphabet_has_128_places_less_the_escape_and_ten_extended():
    assert len(BASIC) == 127
    assert len(EXTENDED) == 10
    assert not BASIC & EXTENDED


@pytest.mark.parametrize(
    ("text", "count"),
    [("", 0), ("abc", 3), ("ñÑüÜéÉàèìòù¿¡", 13), ("€", 2), ("[a]", 5), ("a\nb", 3), ("~|^{}\\", 12)],
)
def test_extended_characters_cost_two(text, count):
    assert septets(text) == count


@pytest.mark.parametrize("strange", ["á", "í", "ó", "ú", "ç", "—", "’", "中", "`"])
def test_what_the_alphabet_lacks_is_refused_by_its_place(strange):
    assert not is_gsm7(strange)
    with pytest.raises(ValueError, match=r"^character 4 is not in the alphabet of texts$"):
        septets(f"abc{strange}")


@pytest.mark.parametrize(
    ("text", "count"),
    [
        ("a" * 160, 1),
        ("a" * 161, 2),
        ("a" * 306, 2),
        ("a" * 307, 3),
        ("a" * 158 + "€", 1),
        ("a" * 159 + "€", 2),
        ("a" * 152 + "€" + "a" * 152, 3),  # the pair does not fit behind 152, so the parts hold 152, 153 and 1
    ],
)
def test_segments_at_their_edges(text, count):
    assert segments(text) == count


@pytest.mark.parametrize(
    ("text", "written"),
    [
        ("María José", "Maria José"),
        ("Núñez", "Nuñez"),
        ("Łukasz Đorđe", "Lukasz Dorde"),
        ("“Quoted” – it’s…", '"Quoted" - it\'s...'),
        ("a\u00a0b", "a b"),
        ("e\u0301", "é"),
        ("Þór", "Thor"),
        ("ﬁn", "fin"),
        ("François", "Francois"),
        ("中文", ""),
        ("Zoë 😀", "Zoe "),
    ],
)
def test_any_text_is_written_in_the_alphabet(text, written):
    assert to_gsm7(text) == written


@given(st.text())
def test_what_is_written_is_always_in_the_alphabet_and_stays_as_it_is(text):
    once = to_gsm7(text)
    assert is_gsm7(once)
    assert to_gsm7(once) == once


@given(st.text(), st.integers(0, 30))
def test_a_value_fits_its_room_on_one_line(text, room):
    value = fit(text, room)
    assert septets(value) <= room
    assert "\n" not in value
    assert value == value.strip()


@pytest.mark.parametrize(
    ("text", "room", "value"),
    [
        ("Ewa-Katarzyna Wiktoria", 12, "Ewa"),
        ("Mary Ann Louise", 12, "Mary Ann"),
        ("Christopherson", 12, "Christophers"),
        ("Mary Ann", 8, "Mary Ann"),
        ("Mary-Ann Lee", 8, "Mary-Ann"),
        ("a€€€", 4, "a€"),
    ],
)
def test_a_long_value_is_cut_after_a_word(text, room, value):
    assert fit(text, room) == value
