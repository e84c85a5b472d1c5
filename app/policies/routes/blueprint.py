"""The blueprint of the pages of rules; each page has a module of its own, and `pages.py` gathers them."""

from flask import Blueprint

rules_pages = Blueprint("rules_pages", __name__, url_prefix="/rules")
