"""Times of day and telephone numbers as people write them."""

from datetime import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.values.phones import phone_words, read_phone
from app.values.times import read_time, time_words


@pytest.mark.parametrize(
    ("text", "at"),
    [
        ("7 PM", time(19)),
        ("7:30pm", time(19, 30)),
        (" 7 a ", time(7)),
        ("12 am", time(0)),
        ("12:05 p.m.", time(12, 5)),
        ("19:00", time(19)),
        ("7:00", time(7)),
        ("7", None),
        ("7 m", None),
        ("13 PM", None),
        ("0 am", None),
        ("24:00", None),
        ("7:60", None),
        ("noon", None),
        ("", None),
    ],
)
def test_a_time_of_day_is_read(text, at):
    assert read_time(text) == at


@given(st.times().map(lambda at: at.replace(second=0, microsecond=0)))
def test_a_time_is_read_as_it_was_written(at):
    assert read_time(time_words(at)) == at


@pytest.mark.parametrize(
    ("text", "phone"),
    [
        ("(212) 555-0123", "+12125550123"),
        ("1.212.555.0123", "+12125550123"),
        ("+1 787 555 0123", "+17875550123"),
        ("212 555 0123 x4", None),
        ("212 555 012", None),
        ("112 555 0123", None),
        ("(800) 253-0000", None),
        ("+1 416 555 0123", None),
        ("+44 20 7946 0958", None),
        ("call me", None),
        ("", None),
    ],
)
def test_a_telephone_number_is_read(text, phone):
    assert read_phone(text) == phone


def test_a_telephone_number_is_written_as_people_do():
    assert phone_words("+12125550123") == "(212) 555-0123"
