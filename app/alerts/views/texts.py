"""A text as it will read, for pages that show one before or after it goes."""

from collections.abc import Mapping

from app.alerts.facts.outbox import Language
from app.alerts.files import texts
from app.alerts.rules.fields import FIELDS, FieldError


def render_sms(template: str, language: Language, values: Mapping[str, str]) -> str:
    """Write one text as `files/texts.py` does, for a page. Raises FieldError and KeyError."""
    return texts.render_sms(template, language, values)


def preview(template: str, language: Language, values: Mapping[str, str]) -> str | None:
    """Write one text for a page; None where a value is missing."""
    try:
        return texts.render_sms(template, language, values)
    except (FieldError, KeyError):
        return None


def blank_text(template: str, language: Language) -> str:
    """Show the wording of one text with its fields blank. Raises KeyError for an unknown key."""
    return texts.our_texts()[template, language].render(dict.fromkeys(FIELDS[template], "____"))
