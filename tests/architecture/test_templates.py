"""Templates: they compile, hold nothing inline and nothing from elsewhere, and use the product's words."""

import re

import pytest
from jinja2 import Environment, StrictUndefined, meta

from app.alerts.files.mails import our_mails
from app.alerts.files.texts import our_texts
from app.alerts.rules.fields import FIELDS
from app.alerts.rules.mail_fields import MAIL_FIELDS
from tests.support.source import ROOT

TEMPLATES = sorted((ROOT / "templates").rglob("*.html"))
NOT_OURS = re.compile(r"(?<!-)\b(please|sorry|oops|invalid|forbidden|click here)\b", re.IGNORECASE)
INLINE = re.compile(r"<style|\sstyle=|\son[a-z]+=|javascript:|<script(?![^>]*\bsrc=)", re.IGNORECASE)
ELSEWHERE = re.compile(r"(?:src|href)=[\"'](?:https?:)?//", re.IGNORECASE)


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: str(path.relative_to(ROOT / "templates")))
def test_a_template_compiles_and_keeps_to_the_rules(path):
    source = path.read_text(encoding="utf-8")
    Environment(undefined=StrictUndefined, autoescape=True).parse(source)
    shown = re.sub(r"\{#.*?#\}|\{%.*?%\}|<[^>]*>", " ", source, flags=re.DOTALL)
    assert not NOT_OURS.findall(shown)
    assert not INLINE.findall(source)
    assert not ELSEWHERE.findall(source)
    assert "|safe" not in source.replace(" ", "")


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: str(path.relative_to(ROOT / "templates")))
def test_every_form_that_posts_carries_the_token(path):
    source = path.read_text(encoding="utf-8")
    forms = re.findall(r"<form\b[^>]*method=.post.*?</form>", source, re.DOTALL | re.IGNORECASE)
    assert [form[:60] for form in forms if not re.search(r"csrf_token|\{\{ hidden\(", form)] == []


MESSAGES = sorted((ROOT / "templates/messages").rglob("*.txt"))
FORBIDDEN = re.compile(r"last_name|birth|mrn|payer|drug|diagnos|member|address|email|code\b|patient\.", re.IGNORECASE)


@pytest.mark.parametrize("path", MESSAGES, ids=lambda path: path.name)
def test_a_message_can_only_be_given_the_fields_of_its_kind(path):
    asked = meta.find_undeclared_variables(Environment(autoescape=True).parse(path.read_text(encoding="utf-8")))
    key = path.name.removesuffix(".txt").removesuffix(".en").removesuffix(".es")
    kinds = FIELDS if path.parent.name == "sms" else MAIL_FIELDS
    allowed = kinds[key] if key != "layout" else {"fact", "effect", "action", "why", "items", "url"}
    assert asked <= allowed
    assert [name for name in allowed if FORBIDDEN.search(name)] == []
    assert "first_name" not in allowed or key.startswith("patient.")


def test_every_message_that_the_program_ships_loads():
    assert set(our_mails().kinds) == set(MAIL_FIELDS)
    assert {key for key, _language in our_texts()} == set(FIELDS)


def test_there_are_templates_to_look_at():
    assert len(MESSAGES) >= 50
    assert len(TEMPLATES) >= 10
