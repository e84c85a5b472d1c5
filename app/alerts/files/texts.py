"""The texts of `templates/messages/sms`: loaded and checked as a whole, then written with values that are data."""

from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path

from jinja2 import Environment, StrictUndefined, Template, meta, select_autoescape

from app.alerts.facts.outbox import Language
from app.alerts.rules.fields import FIELDS, PATIENT_TEXTS, text_values
from config import ROOT

TEXTS = ROOT / "templates/messages/sms"


class TemplateError(Exception):
    """A message's template cannot be used: it says which, what was found, and what it may use."""


def load_texts(directory: Path = TEXTS) -> Mapping[tuple[str, Language], Template]:
    """Load every text, by key and language.

    Raises    TemplateError for a template of an unknown key, one that asks for a field which it may not be given, and
              one that is missing: each text to patients stands in English and Spanish, each to staff in English.
    """
    environment = plain_environment()
    found: dict[tuple[str, Language], Template] = {}
    for path in sorted(directory.glob("*.txt")):
        key, _, language = path.stem.rpartition(".")
        if key not in FIELDS or language not in tuple(Language):
            raise TemplateError(f"{path.name}: no text has this key and language")
        found[key, Language(language)] = load_template(environment, path, FIELDS[key])
    wanted = {(key, Language.ENGLISH) for key in FIELDS} | {(key, Language.SPANISH) for key in PATIENT_TEXTS}
    if missing := wanted - set(found):
        raise TemplateError(f"texts are missing: {', '.join(sorted(f'{key}.{one.value}' for key, one in missing))}")
    return found


def plain_environment() -> Environment:
    """Templates of plain text, in which a field that was not given is an error."""
    return Environment(undefined=StrictUndefined, autoescape=select_autoescape(["html"], default_for_string=False))


def load_template(environment: Environment, path: Path, allowed: frozenset[str]) -> Template:
    """Load one template. Raises TemplateError where it asks for a field that it may not be given."""
    source = path.read_text(encoding="utf-8").strip()
    asked = meta.find_undeclared_variables(environment.parse(source))
    if strange := asked - allowed:
        raise TemplateError(
            f"{path.name}: field '{min(strange)}' may not stand here; the fields are {', '.join(sorted(allowed))}"
        )
    return environment.from_string(source)


@lru_cache(maxsize=1)
def our_texts() -> Mapping[tuple[str, Language], Template]:
    """The texts that the program ships, loaded once. Raises TemplateError."""
    return load_texts()


def has_text(template: str) -> bool:
    """Say whether a message can go as a text at all: some are for e-mail only."""
    return template in FIELDS


def render_sms(template: str, language: Language, values: Mapping[str, str]) -> str:
    """Write one text.

    Takes     a key such as `staff.expiring`; the language (staff texts are English); values by field, as data: see
              `rules/fields.py`. Values that the text does not take are left out.
    Returns   the text in the alphabet of texts; one segment while the address in it has at most 28 characters before
              its path.
    Raises    FieldError for a value that is missing or cannot be written; KeyError for an unknown key.
    """
    spoken = language if template in PATIENT_TEXTS else Language.ENGLISH
    return our_texts()[template, spoken].render(text_values(template, spoken, values))
