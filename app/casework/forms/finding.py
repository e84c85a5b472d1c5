"""The words of a search."""

from app.patients.rules import plain_name

LONGEST = 100


def search_fault(words: str) -> str | None:
    """Say what is wrong with the words of a search; None when they can be looked up."""
    if not plain_name(words):
        return "Enter a name, record number, member ID, authorization number, case, phone number or birth date"
    if len(plain_name(words)) < 2:
        return "Enter at least three letters of a name, or the whole name where it is shorter"
    return f"Search for at most {LONGEST} characters" if len(words) > LONGEST else None
