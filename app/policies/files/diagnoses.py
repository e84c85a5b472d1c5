"""The ICD-10-CM codes that exist (the April 2026 list of the installed package), read without importing the package."""

import bisect
import re
from functools import cache
from importlib.util import find_spec
from pathlib import Path

_LIST = "data/code-list-April-2026.txt"
_CODE = re.compile(r"[A-Z][0-9][0-9AB][0-9A-Z]{0,4}")


@cache
def known_diagnoses() -> tuple[str, ...]:
    """All codes without dots, in order. Importing the package itself takes seconds, so its file is read."""
    spec = find_spec("simple_icd_10_cm")
    if spec is None or not spec.submodule_search_locations:
        raise FileNotFoundError("the list of ICD-10-CM codes is not installed: run scripts/start")
    text = (Path(spec.submodule_search_locations[0]) / _LIST).read_text(encoding="utf-8")
    return tuple(sorted({word for word in text.split() if _CODE.fullmatch(word)}))


def diagnosis_exists(pattern: str) -> bool:
    """Say whether a code exists, or, with a star, whether any code begins so."""
    stem = pattern.rstrip("*").replace(".", "")
    codes = known_diagnoses()
    place = bisect.bisect_left(codes, stem)
    if place == len(codes):
        return False
    return codes[place].startswith(stem) if pattern.endswith("*") else codes[place] == stem
