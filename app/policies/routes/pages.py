"""The pages of rules, gathered for the factory."""

from app.policies.routes import payers, practice, routine, undoing, versions
from app.policies.routes.blueprint import rules_pages as rules_pages

PAGES = (payers, routine, practice, versions, undoing)
"""The modules whose pages the blueprint holds."""
