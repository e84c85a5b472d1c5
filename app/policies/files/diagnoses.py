"""The ICD-10-CM codes that exist (the April 2026 list of the installed package), read without importing the package."""

import bisect
import re
from functools import cache
from html import unescape
from importlib.util import find_spec
from pathlib import Path

from app.policies.facts.searching import Entry, Kind
from app.policies.rules.searching import Lexicon

_LIST = "data/code-list-April-2026.txt"
_TEXTS = "data/icd10c-tabular-April-1-2026.xml"
_CODE = re.compile(r"[A-Z][0-9][0-9AB][0-9A-Z]{0,4}")
_DESCRIBED = re.compile(
    r"<name>([A-Z][0-9][0-9A-Z](?:\.[0-9A-Z]{1,4})?)</name>\s*<desc>([^<]*)</desc>"
    r"(?:\s*<inclusionTerm>(.*?)</inclusionTerm>)?",
    re.DOTALL,
)
_TERM = re.compile(r"<note>([^<]+)</note>")


@cache
def known_diagnoses() -> tuple[str, ...]:
    """All codes without dots, in order. Importing the package itself takes seconds, so its file is read."""
    return tuple(sorted({word for word in _text(_LIST).split() if _CODE.fullmatch(word)}))


@cache
def diagnosis_lexicon() -> Lexicon:
    """The diagnoses that can be chosen, by the public list's descriptions and the terms under them.

    Made once a process, when somebody first searches: it takes most of a second and some 40 MB.
    """
    found = _DESCRIBED.findall(_text(_TEXTS))
    longer = {code.replace(".", "")[:-1] for code, _text_of, _terms in found}
    return Lexicon([_entry(*one) for one in found if one[0].replace(".", "") not in longer])


def _entry(code: str, description: str, terms: str) -> Entry:
    text = unescape(description)
    names = [unescape(term) for term in _TERM.findall(terms)] if terms else []
    return Entry(Kind.DIAGNOSIS, code, text, tuple(dict.fromkeys((text, *names))))


def _text(name: str) -> str:
    spec = find_spec("simple_icd_10_cm")
    if spec is None or not spec.submodule_search_locations:
        raise FileNotFoundError("the list of ICD-10-CM codes is not installed: run scripts/start")
    return (Path(spec.submodule_search_locations[0]) / name).read_text(encoding="utf-8")


def diagnosis_exists(pattern: str) -> bool:
    """Say whether a code exists, or, with a star, whether any code begins so."""
    stem = pattern.rstrip("*").replace(".", "")
    codes = known_diagnoses()
    place = bisect.bisect_left(codes, stem)
    if place == len(codes):
        return False
    return codes[place].startswith(stem) if pattern.endswith("*") else codes[place] == stem
