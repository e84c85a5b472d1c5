"""A request that says all by its address."""

from app.api.rules.written import Sent


class Nothing(Sent):
    """An empty object."""
