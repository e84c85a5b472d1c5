"""Codes as text: procedures, diagnoses, drugs, providers. Reading cleans what people type and never guesses."""

import re

_PROCEDURE = re.compile(r"(?:[0-9]{4}[0-9AFTUM]|[A-V][0-9]{4})")
_DIAGNOSIS = re.compile(r"[A-TV-Z][0-9][0-9AB](?:[0-9A-Z]{1,4})?|U[0-9]{2}[0-9A-Z]{0,4}")
_SEPARATORS = re.compile(r"[\s.\-]")


def read_procedure(text: str) -> str | None:
    """Read a CPT or HCPCS code: five characters, zeros kept.

    Takes     what was typed; spaces and dots are dropped, a spreadsheet's trailing `.0` too.
    Returns   the code in upper case, or None when it does not have the form of one.
    """
    cleaned = re.sub(r"\.0$", "", text.strip())
    cleaned = re.sub(r"[\s.]", "", cleaned).upper()
    return cleaned if _PROCEDURE.fullmatch(cleaned) else None


def read_diagnosis(text: str) -> str | None:
    """Read an ICD-10-CM code with or without its dot. Returns it with the dot (`L40.0`), or None when malformed."""
    cleaned = re.sub(r"[\s.]", "", text).upper()
    if not _DIAGNOSIS.fullmatch(cleaned):
        return None
    return cleaned if len(cleaned) == 3 else f"{cleaned[:3]}.{cleaned[3:]}"


def read_ndc(text: str) -> str | None:
    """Read a National Drug Code. Returns 11 digits (5-4-2), or None.

    Takes     11 digits, or 10 or 11 with dashes (4-4-2, 5-3-2, 5-4-1, 5-4-2; the short part gets its zero).
    """
    stripped = text.strip()
    if re.fullmatch(r"\d{11}", stripped):
        return stripped
    parts = [part.strip() for part in stripped.split("-")]
    if len(parts) != 3 or not all(part.isdigit() for part in parts):
        return None
    lengths = tuple(len(part) for part in parts)
    if lengths not in {(4, 4, 2), (5, 3, 2), (5, 4, 1), (5, 4, 2)}:
        return None
    return parts[0].zfill(5) + parts[1].zfill(4) + parts[2].zfill(2)


def read_npi(text: str) -> str | None:
    """Read a National Provider Identifier: ten digits whose Luhn sum with the prefix 80840 is right; else None."""
    digits = _SEPARATORS.sub("", re.sub(r"\.0$", "", text.strip()))
    if not re.fullmatch(r"[12]\d{9}", digits):
        return None
    total = 24  # the Luhn sum of the prefix 80840
    for place, character in enumerate(reversed(digits)):
        value = int(character)
        if place % 2:
            value = value * 2 - 9 if value > 4 else value * 2
        total += value
    return digits if total % 10 == 0 else None


def read_place(text: str) -> str | None:
    """Read a place of service: two digits (`11`); a spreadsheet's `2` or `11.0` is read too. None when malformed."""
    cleaned = re.sub(r"\.0$", "", text.strip())
    return cleaned.zfill(2) if re.fullmatch(r"\d{1,2}", cleaned) and cleaned not in ("0", "00") else None


def covers_diagnosis(pattern: str, code: str) -> bool:
    """Say whether a diagnosis equals a pattern or lies below it. `C44.*`, `C44` and `C44.` take all below C44."""
    stem = pattern.rstrip("*").replace(".", "")
    return code.replace(".", "").startswith(stem)


def in_range(code: str, first: str, last: str) -> bool:
    """Say whether a procedure code lies in a range of codes of the same letter, both ends included."""
    return len(code) == len(first) == len(last) and _kind(code) == _kind(first) and first <= code <= last


def _kind(code: str) -> tuple[str, str]:
    return (code[0] if code[0].isalpha() else "", code[-1] if code[-1].isalpha() else "")


def is_drug_code(code: str) -> bool:
    """Say whether a HCPCS code names a drug or biologic (J codes, and the Q codes of drugs)."""
    return code[0] == "J" or code[:2] in ("Q0", "Q2", "Q5", "Q9")
