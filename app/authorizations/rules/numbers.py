"""Which texts are a payer's number, and which only stand where one should be."""

import re

from app.values.days import read_day

_DAY = re.compile(r"(?<![\w/-])(?:\d{1,2}/\d{1,2}(?:/\d{2,4})?|\d{1,2}-\d{1,2}-\d{4}|\d{4}-\d{1,2}-\d{1,2})(?![\w/-])")
_HOUR = re.compile(r"(?<!\w)\d{1,2}:\d\d(?::\d\d)?(?:\s?[ap]m)?(?!\w)", re.IGNORECASE)
_YEAR = re.compile(r"(?<![\w-])20\d\d(?![\w-])")
_NOT_ANY = re.compile(r"\s*n\s*/\s*[ar]\b", re.IGNORECASE)
_WORD = re.compile(r"[^\W_]+(?:-[^\W_]+)*")
"""A word with its hyphens: `PEND-2` may be what a payer calls a request, `pend 2` is not."""
_WORDS = frozenset(
    (
        *("pending", "pend", "pnd", "tbd", "tba", "none", "unknown", "verbal", "verbally", "awaiting", "waiting"),
        *("process", "required", "needed", "npr", "nar"),
    )
)
"""Words that tell what became of a request. Where one stands, what stands beside it is no number either."""


def real_number(text: str | None) -> str | None:
    """Keep an authorization number or reference only when it is one, spaces trimmed.

    `TBD`, `pending`, `verbal`, zeros, one repeated sign and words without a digit are none; nor are such words with a
    day or a name beside them (`pending 11/2`, `per Kim 11/20/26`), nor a day alone, nor a year beside words: an
    approval must not clear a visit by a word.
    """
    if text is None:
        return None
    told = text if text.isalnum() else _told(text)  # nearly all are one word
    folded = re.sub(r"[^0-9a-z]", "", told.casefold())
    if len(set(folded)) <= 1 or not any(one.isdigit() for one in folded):
        return None
    return " ".join(text.split())


def _told(text: str) -> str:
    """Leave out of several words the days, and a year beside two words; nothing is left where they tell what became."""
    words = _WORD.findall(text.casefold())
    if _WORDS.intersection(words) or _NOT_ANY.match(text):
        return ""
    undated = _HOUR.sub("", _DAY.sub(_undated, text))
    return _YEAR.sub("", undated) if sum(word.isalpha() for word in words) > 1 else undated


def _undated(found: re.Match[str]) -> str:
    """Leave out what is a day of the calendar; `11/20` is one of some year."""
    text = found[0] if found[0][:4].isdigit() else found[0].replace("-", "/")
    return found[0] if read_day(f"{text}/2024" if text.count("/") == 1 else text) is None else ""
