"""Templates: they compile, hold nothing inline and nothing from elsewhere, and use the product's words."""

import re

import pytest
from jinja2 import Environment, StrictUndefined

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


def test_there_are_templates_to_look_at():
    assert len(TEMPLATES) >= 10
