"""Routine services: asked once, for one payer or several."""

from flask import render_template

from app.policies.routes.blueprint import rules_pages
from app.practice.access import needs
from app.practice.facts import Permission


@rules_pages.get("/routine")
@needs(Permission.EDIT_RULES)
def routine() -> str:
    """Ask whether the usual services need approval."""
    return render_template("policies/payers.html")
