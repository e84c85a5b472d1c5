"""What the doctor says of one thing: whether it is well, what was found, and what to do."""

from dataclasses import dataclass
from enum import StrEnum


class Grade(StrEnum):
    """How it stands."""

    GOOD = "good"
    NOTE = "note"  # worth knowing; nothing is in danger by it alone
    UNSAFE = "unsafe"  # missing or dangerous: to be mended before patients' data depend on it


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that was looked at. `remedy` is empty where it is well. No finding holds a secret."""

    about: str
    grade: Grade
    found: str
    remedy: str = ""


def good(about: str, found: str) -> Finding:
    """Say that something is well."""
    return Finding(about, Grade.GOOD, found)


def note(about: str, found: str, remedy: str) -> Finding:
    """Say what is worth knowing."""
    return Finding(about, Grade.NOTE, found, remedy)


def unsafe(about: str, found: str, remedy: str) -> Finding:
    """Say what is missing or dangerous."""
    return Finding(about, Grade.UNSAFE, found, remedy)


def serious(strict: bool, about: str, found: str, remedy: str) -> Finding:
    """Say what is dangerous in production, and worth knowing at a desk."""
    return Finding(about, Grade.UNSAFE if strict else Grade.NOTE, found, remedy)
