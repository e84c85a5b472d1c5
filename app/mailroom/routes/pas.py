"""The pages of requests to payers' systems, gathered for the factory."""

from app.mailroom.routes import pas_change, pas_sending
from app.mailroom.routes.pas_blueprint import pas_pages as pas_pages

PAGES = (pas_change, pas_sending)
"""The modules whose pages the blueprint holds."""
