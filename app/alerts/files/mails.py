"""The e-mails of `templates/messages/email`: a kind is five lines of plain words, of which text and HTML are made."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from jinja2 import Environment, StrictUndefined, Template, meta, select_autoescape

from app.alerts.files.texts import TemplateError, plain_environment
from app.alerts.rules.mail_fields import LONGEST_SUBJECT, MAIL_FIELDS, mail_lines, mail_values, one_line
from config import ROOT

MAILS = ROOT / "templates/messages/email"
PARTS = ("subject", "fact", "effect", "action", "why")
"""What every e-mail says, in order: the subject is the fact; then the fact, its effect, one action, why one gets it."""


@dataclass(frozen=True, slots=True)
class MailWords:
    """An e-mail in words: the subject, and the same content as text and as HTML."""

    subject: str
    text: str
    html: str


@dataclass(frozen=True, slots=True)
class MailSet:
    """All kinds with their five parts, and the two layouts that every kind is put in."""

    kinds: Mapping[str, Mapping[str, Template]]
    text: Template
    html: Template


def load_mails(directory: Path = MAILS) -> MailSet:
    """Load every kind of e-mail.

    Raises    TemplateError for an unknown or missing kind, a part that is missing, and a field that may not be there.
    """
    plain = plain_environment()
    kinds: dict[str, Mapping[str, Template]] = {}
    for path in sorted(directory.glob("*.en.txt")):
        key = path.name.removesuffix(".en.txt")
        if key not in MAIL_FIELDS:
            raise TemplateError(f"{path.name}: no e-mail has this key")
        kinds[key] = _parts(plain, path, MAIL_FIELDS[key])
    if missing := set(MAIL_FIELDS) - set(kinds):
        raise TemplateError(f"e-mails are missing: {', '.join(sorted(missing))}")
    layouts = Environment(
        undefined=StrictUndefined,
        autoescape=select_autoescape(["html"], default_for_string=False),
        trim_blocks=True,
        lstrip_blocks=True,
    )
    text, html = ((directory / f"layout.{kind}").read_text(encoding="utf-8") for kind in ("txt", "html"))
    escaped = layouts.overlay(autoescape=True)
    return MailSet(kinds, layouts.from_string(text), escaped.from_string(html))


def _parts(environment: Environment, path: Path, allowed: frozenset[str]) -> Mapping[str, Template]:
    parts: dict[str, Template] = {}
    for line in path.read_text(encoding="utf-8").splitlines():
        name, _, source = line.partition(": ")
        if name not in PARTS or name in parts:
            raise TemplateError(f"{path.name}: '{name}' is no part; write {', '.join(PARTS)}, each on one line")
        if strange := meta.find_undeclared_variables(environment.parse(source)) - allowed:
            fields = ", ".join(sorted(allowed)) or "none"
            raise TemplateError(f"{path.name}: field '{min(strange)}' may not stand here; the fields are {fields}")
        parts[name] = environment.from_string(source)
    if missing := [name for name in PARTS if name not in parts]:
        raise TemplateError(f"{path.name}: '{missing[0]}' is missing")
    return parts


@lru_cache(maxsize=1)
def our_mails() -> MailSet:
    """The e-mails that the program ships, loaded once. Raises TemplateError."""
    return load_mails()


def render_mail(template: str, fields: Mapping[str, str], url: str) -> MailWords:
    """Write one e-mail.

    Takes     a key of MAIL_FIELDS; values as data, see `rules/fields.py` (`items`: lines of a list); the one link.
    Raises    FieldError for a value that is missing or cannot be written; KeyError for an unknown key.
    """
    mails = our_mails()
    said = parts_of(template, fields)
    content = {**said, "items": mail_lines(template, fields), "url": url}
    subject = one_line(said["subject"], LONGEST_SUBJECT)
    return MailWords(subject, mails.text.render(content).strip() + "\n", mails.html.render(content).strip() + "\n")


def parts_of(template: str, fields: Mapping[str, str]) -> dict[str, str]:
    """Write the five parts of one e-mail; the `fact` is also a line of a digest. Raises FieldError and KeyError."""
    values = mail_values(template, fields)
    return {name: part.render(values) for name, part in our_mails().kinds[template].items()}
