"""The one place from which the sample practice is filled."""

from importlib import import_module
from importlib.util import find_spec

from app.platform.caller import Caller
from app.practice import store
from app.web.opening import OpeningError

SAMPLE = "app.web.sample"
"""The module that holds `fill(caller) -> bool`: False when the practice was filled already."""


def fill_sample(caller: Caller) -> bool:
    """Fill the sample practice of a database. Raises OpeningError for a real practice: they never share a database."""
    if not store.practice_of(caller.session, caller.practice_id).sample:
        raise OpeningError("This database holds a real practice; the sample is never mixed into one.")
    if find_spec(SAMPLE) is None:
        raise OpeningError("This version of Cleared brings no sample data; the practice stays empty.")
    return bool(import_module(SAMPLE).fill(caller))
