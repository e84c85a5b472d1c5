"""The doors that open without a policy of their own. Nothing else does."""

PUBLIC_DOORS = frozenset(
    {
        "static",  # our CSS and JavaScript
        "bootstrap.static",  # Bootstrap from the installed package
        "security.login",
        "health",
        "webhook_pages.report",  # the provider of texts; each form is signed
        "webhook_pages.take_in",
    }
)
"""Endpoints that a stranger may open."""

UNTOKENED_DOORS = frozenset({"webhook_pages.report", "webhook_pages.take_in"})
"""Endpoints whose forms come from no page of ours, without a token: their own signature is checked."""

SIGNED_IN_DOORS = frozenset({"security.logout"})
"""Endpoints of packages, open to everybody who has signed in."""

SHUT_DOORS = frozenset({"security.static", "security.verify"})
"""Endpoints of packages that we do not use: to everybody there is nothing at their address."""
