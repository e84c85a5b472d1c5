"""The pages of rules, gathered for the factory."""

from app.policies.routes import payers, practice, routine, undoing, verifying, versions
from app.policies.routes.blueprint import rules_pages as rules_pages

PAGES = (payers, routine, practice, versions, undoing, verifying)
"""The modules whose pages the blueprint holds."""
