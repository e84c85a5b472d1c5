"""The blueprint of requests to payers' systems: its pages stand in several modules."""

from flask import Blueprint

pas_pages = Blueprint("pas_pages", __name__, url_prefix="/cases/<uuid:case_id>/pas")
STALE = "Somebody changed this case while you were looking at it. Nothing was sent. Look at it and send it again."
