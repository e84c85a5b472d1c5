"""The practice's own rules."""

from flask import render_template

from app.policies.routes.blueprint import rules_pages
from app.practice.access import needs
from app.practice.facts import Permission


@rules_pages.get("/practice")
@needs(Permission.SEE_RULES)
def practice() -> str:
    """List the practice's own rules."""
    return render_template("policies/payers.html")


@rules_pages.get("/december")
@needs(Permission.SEE_RULES)
def december() -> str:
    """List what ends with the year."""
    return render_template("policies/payers.html")
