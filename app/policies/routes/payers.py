"""What is known about each payer, and how fresh it is."""

from flask import render_template

from app.policies.routes.blueprint import rules_pages
from app.practice.access import needs
from app.practice.facts import Permission


@rules_pages.get("")
@needs(Permission.SEE_RULES)
def payers() -> str:
    """List the payers."""
    return render_template("policies/payers.html")


@rules_pages.get("/<key>")
@needs(Permission.SEE_RULES)
def payer(key: str) -> str:
    """Show one payer."""
    return render_template("policies/payers.html")
