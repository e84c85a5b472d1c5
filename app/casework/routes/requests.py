"""The pages of requests, gathered for the factory."""

from app.casework.routes import request_drafts, request_form
from app.casework.routes import request_sending as sending
from app.casework.routes.request_blueprint import request_pages as request_pages

PAGES = (request_drafts, request_form, sending)
"""The modules whose pages the blueprint holds."""
