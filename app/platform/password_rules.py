"""What a new password must be: long enough, and not what whoever guesses tries first (NIST SP 800-63B-4, 3.1.1.2).

Any character counts; none must be in it, and none grows too old. The list of common ones is our own
(common_passwords.txt); that such a list is asked, and that the reason is said, is the standard's idea.
"""

import re
import unicodedata
from collections.abc import Iterable, Iterator
from datetime import date
from functools import cache
from pathlib import Path

ALONE, WITH_FACTOR, LONGEST = 15, 8, 1_000
"""Fewest characters where the password is all that is asked, and beside a second factor; most characters."""

FEWEST_DIFFERENT = 4
OUTSIDE = 4
"""Fewest characters that must stand outside of runs, or letters outside of names that anybody would try."""

MOST_AROUND = 12
"""Most digits and signs at one end that are taken away one by one."""

COMMON = Path(__file__).with_name("common_passwords.txt")
OURS = (
    "cleared",
    "clinic",
    "dermatology",
    "derm",
    "doctor",
    "health",
    "medical",
    "office",
    "patient",
    "practice",
    "skin",
)
"""Words of the program and its trade, tried first by whoever knows where the password is asked."""

_LINES = (
    *("abcdefghijklmnopqrstuvwxyz", "01234567890", "`1234567890-=", "qwertyuiop[]\\", "asdfghjkl;'", "zxcvbnm,./"),
    *("qwertzuiop", "azertyuiop", "!@#$%^&*()_+"),
    *("1qaz", "2wsx", "3edc", "4rfv", "5tgb", "6yhn", "7ujm", "8ik,", "9ol.", "0p;/"),
)
"""Rows and columns of keyboards, the alphabet, the digits: what fingers run along, either way."""

_SIGNS = [str.maketrans("0134578@$!+9", letters) for letters in ("oieastbasitg", "oleastbaslt" + "g")]
"""Digits and signs that stand for letters, in both readings of 1 and !."""


def password_fault(password: str, *, second_factor: bool, context_words: Iterable[str] = ()) -> str | None:
    """Say in a sentence why a new password is refused, and what to do; None: it is good.

    Takes     the password as typed; whether the practice asks for a second factor; names and addresses that anybody
              would try for this person: the practice's, the person's own.
    """
    text = unicodedata.normalize("NFC", password)
    shortest = WITH_FACTOR if second_factor else ALONE
    if len(text) < shortest:
        return f"Enter a password of at least {shortest} characters; this one has {len(text)}."
    if len(text) > LONGEST:
        return f"Enter a password of at most {LONGEST:,} characters; this one has {len(text):,}."
    plain = _plain(text)
    if _repeats(plain):
        return (
            "Choose another password: this one repeats a few characters. Three or four unlike words are easy to keep."
        )
    if _runs(plain):
        return (
            "Choose another password: this one follows the keyboard, the alphabet or the digits. "
            "Three or four unlike words are easy to keep."
        )
    if _is_named(plain, (*OURS, *context_words)):
        return (
            "Choose another password: this one is made of names that anybody would try here, such as yours, the "
            "practice's or the program's."
        )
    if _is_common(plain):
        return (
            "Choose another password: this one is a date, or one or two words that many people use, with or without "
            "digits and signs around them. Three or four unlike words are easy to keep."
        )
    return None


@cache
def common_passwords() -> frozenset[str]:
    """The passwords, and words of passwords, that many people use, in small letters. Lines with # say what follows."""
    lines = COMMON.read_text(encoding="ascii").splitlines()
    return frozenset(word for line in lines if not line.startswith("#") for word in line.split())


def _plain(text: str) -> str:
    """A password without capitals and accents."""
    apart = unicodedata.normalize("NFKD", text.casefold())
    return "".join(character for character in apart if not unicodedata.combining(character))


def _repeats(text: str) -> bool:
    """Say whether a password is a short group of characters over and over, or has three different ones at most."""
    over_and_over = any((text[:length] * len(text)).startswith(text) for length in range(1, min(5, len(text) // 2) + 1))
    return over_and_over or len(set(text)) < FEWEST_DIFFERENT


def _runs(text: str) -> bool:
    """Say whether nearly all of a password runs along the keyboard, the alphabet or the digits, or stays on one key."""
    outside = at = 0
    while at < len(text):
        length = _run_at(text, at)
        outside += 1 if length < 3 else 0
        at += length if length >= 3 else 1
    return outside < OUTSIDE


def _run_at(text: str, at: int) -> int:
    """How many characters from a place run on."""
    end = at + 1
    while end < len(text) and any(text[at : end + 1] in line for line in _ways()):
        end += 1
    same = len(text[at:]) - len(text[at:].lstrip(text[at]))
    return max(end - at, same)


@cache
def _ways() -> tuple[str, ...]:
    return tuple(way for line in _LINES for way in (line, line[::-1]))


def _is_named(text: str, context_words: Iterable[str]) -> bool:
    """Say whether nothing much is left of a password when the names in it are taken away."""
    names = {part for word in context_words for part in re.findall(r"[^\W\d_]{3,}", _plain(word))}
    return any(_without(letters, names) for letters in _readings(text))


def _without(letters: str, names: Iterable[str]) -> bool:
    left = letters
    for name in sorted(names, key=len, reverse=True):
        left = left.replace(name, "")
    return left != letters and len(left) < OUTSIDE


def _readings(text: str) -> set[str]:
    """The letters of a password, as they stand and with signs read as letters."""
    return {re.sub(r"[\W\d_]", "", reading) for reading in (text, *(text.translate(signs) for signs in _SIGNS))}


def _is_common(text: str) -> bool:
    """Say whether a password is a date, or one or two common words with signs around them or in place of letters."""
    found = {re.sub(r"[\W_]", "", one) for one in _undressed(text)}
    bare = re.sub(r"^[\W\d_]+|[\W\d_]+$", "", text)
    read = {text, *(one.translate(signs) for one in (text, bare) for signs in _SIGNS)}
    return _is_date(text) or any(map(_one_or_two, found | {re.sub(r"[\W\d_]", "", one) for one in read}))


def _undressed(text: str) -> Iterator[str]:
    """A password without some or all of the digits and signs at its ends; a common one may itself end in digits."""
    body = re.sub(r"[\W\d_]+$", "", text)
    for end in range(len(body), min(len(text), len(body) + MOST_AROUND) + 1):
        yield text[:end]
    head = len(text) - len(re.sub(r"^[\W\d_]+", "", text))
    for start in range(max(0, head - MOST_AROUND), head + 1):
        yield text[start:]
        yield text[start : len(body)]


def _one_or_two(word: str) -> bool:
    known = common_passwords()
    return word in known or any(word[:cut] in known and word[cut:] in known for cut in range(3, len(word) - 2))


def _is_date(text: str) -> bool:
    digits = re.sub(r"[\W_]", "", text)
    if len(digits) != 8 or not digits.isdecimal():
        return False
    orders = ((0, 4, 6), (4, 0, 2), (4, 2, 0))
    return any(_day(digits, *order) for order in orders)


def _day(digits: str, year: int, month: int, day: int) -> bool:
    try:
        date(int(digits[year : year + 4]), int(digits[month : month + 2]), int(digits[day : day + 2]))
    except ValueError:
        return False
    return 1900 <= int(digits[year : year + 4]) < 2100
