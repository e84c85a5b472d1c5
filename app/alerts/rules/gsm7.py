"""The alphabet of one text: GSM 03.38, in which 160 septets are one segment, and how any text is written in it."""

import re
import unicodedata

BASIC = frozenset(
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?"
    "¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà"
)
"""One septet each (3GPP TS 23.038, section 6.2.1)."""

EXTENDED = frozenset("^{}\\[~]|€\f")
"""Two septets each: the escape and the character (section 6.2.1.1)."""

ONE_SEGMENT = 160
PART_OF_SEVERAL = 153

_WRITTEN = {
    "‘": "'", "’": "'", "‚": "'", "‛": "'", "′": "'", "`": "'", "´": "'", "ʼ": "'",
    "“": '"', "”": '"', "„": '"', "″": '"', "«": '"', "»": '"', "‹": "'", "›": "'",
    "‐": "-", "‑": "-", "‒": "-", "–": "-", "—": "-", "―": "-", "−": "-", "•": "-", "·": "-",
    "…": "...", "™": "TM", "©": "(c)", "®": "(R)", "№": "No", "ª": "a", "º": "o", "°": "o",
    "ł": "l", "Ł": "L", "đ": "d", "Đ": "D", "ð": "d", "Ð": "D", "þ": "th", "Þ": "Th", "œ": "oe", "Œ": "OE",
    "ı": "i", "ŋ": "n", "Ŋ": "N", "ħ": "h", "Ħ": "H", "ə": "e", "ŧ": "t", "Ŧ": "T", "ĸ": "k", "ſ": "s", "ẞ": "SS",
    "ç": "c", "¢": "c", "×": "x", "÷": "/", "¦": "|", "\t": " ",
}  # fmt: skip

_GREEK_CAPITALS = frozenset("ΔΦΓΛΩΠΨΣΘΞ")


def is_gsm7(text: str) -> bool:
    """Say whether a text can be sent in this alphabet as it is."""
    return all(one in BASIC or one in EXTENDED for one in text)


def septets(text: str) -> int:
    """Count the septets of a text. Raises ValueError for a character outside the alphabet (its place, not the text)."""
    count = 0
    for place, one in enumerate(text):
        if one not in BASIC and one not in EXTENDED:
            raise ValueError(f"character {place + 1} is not in the alphabet of texts")
        count += 1 if one in BASIC else 2
    return count


def segments(text: str) -> int:
    """Count the segments that a text is sent in: one up to 160 septets, then parts of 153; no pair is cut in two.

    Raises    ValueError for a character outside the alphabet.
    """
    if septets(text) <= ONE_SEGMENT:
        return 1
    parts, room = 1, PART_OF_SEVERAL
    for one in text:
        size = 1 if one in BASIC else 2
        if size > room:
            parts, room = parts + 1, PART_OF_SEVERAL
        room -= size
    return parts


def to_gsm7(text: str) -> str:
    """Write any text in the alphabet: María as Maria, curly quotes straight, a long dash as a hyphen.

    What it has (ñ, ü, é) stays; a letter with another mark loses the mark; what cannot be written is left out.
    """
    return "".join(_written(one) for one in unicodedata.normalize("NFC", text))


def _written(one: str) -> str:
    if one in BASIC or one in EXTENDED:
        return one
    if one in _WRITTEN:
        return _WRITTEN[one]
    if one.isspace():
        return " "
    plain = "".join(part for part in unicodedata.normalize("NFKD", one) if not unicodedata.combining(part))
    return "".join(part if part in BASIC else _WRITTEN.get(part, "") for part in plain if part not in _GREEK_CAPITALS)


def fit(text: str, room: int) -> str:
    """Write a value in the alphabet on one line, in at most so many septets: cut after a word where one fits whole."""
    line = re.sub(r"\s+", " ", to_gsm7(text)).strip()
    if septets(line) <= room:
        return line
    cut = ""
    for one in line:
        if septets(cut + one) > room:
            break
        cut += one
    whole = re.match(r"(.*)[ -]", cut)
    if line[len(cut)] in " -" or whole is None:
        return cut.strip(" -")
    return whole.group(1).strip(" -")
