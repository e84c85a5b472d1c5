"""Security headers on every answer, with a nonce for the page's own script; nothing inline, nothing from elsewhere.

Why these values:

- `Referrer-Policy: same-origin`, not `no-referrer`: with that, browsers send `Origin: null` with our own forms, and the
  check of where a form comes from would be lost. Other sites learn nothing either way, and our addresses hold no PHI.
- HSTS for two years with subdomains: it holds for the host that people type and what lies below it, not beside it.
- `Clear-Site-Data` at signing out names no cookies: browsers would clear those of the practice's whole domain. The
  session has ended on the server, so that its cookie opens nothing.
- `X-Frame-Options` says once more, to old programs, what `frame-ancestors` says.
"""

import secrets

from flask import Flask, Response, g, request

from config import Settings

FIXED = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Embedder-Policy": "require-corp",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Origin-Agent-Cluster": "?1",
    "X-Permitted-Cross-Domain-Policies": "none",
    "X-Robots-Tag": "noindex, nofollow",
}
SHUT = (
    "accelerometer",
    "autoplay",
    "browsing-topics",
    "camera",
    "display-capture",
    "encrypted-media",
    "fullscreen",
    "geolocation",
    "gyroscope",
    "magnetometer",
    "microphone",
    "midi",
    "payment",
    "picture-in-picture",
    "screen-wake-lock",
    "serial",
    "usb",
    "xr-spatial-tracking",
)
"""What of a browser no page of ours may use. Passkeys are left to our own pages."""
PERMISSIONS = ", ".join(
    [
        *(f"{feature}=()" for feature in SHUT),
        "publickey-credentials-create=(self)",
        "publickey-credentials-get=(self)",
    ]
)
TWO_YEARS = "max-age=63072000; includeSubDomains"
ASSETS = frozenset({"static", "bootstrap.static"})
SIGNED_OUT = frozenset({"security.logout"})


def set_headers(app: Flask, settings: Settings) -> None:
    """Add the headers to every answer, and `nonce()` to the templates."""

    @app.before_request
    def begin() -> None:
        nonce()

    @app.after_request
    def add(response: Response) -> Response:
        response.headers.update(FIXED)
        response.headers["Permissions-Policy"] = PERMISSIONS
        response.headers["Content-Security-Policy"] = _content_policy(nonce())
        assets = request.endpoint in ASSETS and response.status_code < 400
        response.headers["Cache-Control"] = "private, max-age=3600" if assets else "no-store"
        if settings.secure:
            response.headers["Strict-Transport-Security"] = TWO_YEARS
        if request.endpoint in SIGNED_OUT and response.status_code < 400:
            response.headers["Clear-Site-Data"] = '"cache", "storage"'
        return response

    app.jinja_env.globals["nonce"] = nonce


def nonce() -> str:
    """The nonce of this answer: made once, with 128 random bits."""
    if "nonce" not in g:
        g.nonce = secrets.token_urlsafe(16)
    return str(g.nonce)


def _content_policy(nonce: str) -> str:
    return (
        f"default-src 'none'; script-src 'nonce-{nonce}'; style-src 'self'; img-src 'self' data:; font-src 'self'; "
        "connect-src 'self'; object-src 'none'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'"
    )
