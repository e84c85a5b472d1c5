"""Security headers on every answer, with a nonce for the page's own script; nothing inline, nothing from elsewhere."""

import secrets

from flask import Flask, Response, g, request

from config import Settings

FIXED = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
}


def set_headers(app: Flask, settings: Settings) -> None:
    """Add the headers to every answer, and `nonce()` to the templates."""
    secure = settings.base_url.startswith("https:")

    @app.before_request
    def begin() -> None:
        g.nonce = secrets.token_urlsafe(16)

    @app.after_request
    def add(response: Response) -> Response:
        response.headers.update(FIXED)
        response.headers["Content-Security-Policy"] = _content_policy(g.get("nonce", ""))
        assets = request.endpoint in ("static", "bootstrap.static") and response.status_code < 400
        response.headers["Cache-Control"] = "private, max-age=3600" if assets else "no-store"
        if secure:
            response.headers["Strict-Transport-Security"] = "max-age=31536000"
        return response

    app.jinja_env.globals["nonce"] = lambda: g.nonce


def _content_policy(nonce: str) -> str:
    return (
        f"default-src 'none'; script-src 'nonce-{nonce}'; style-src 'self'; img-src 'self' data:; font-src 'self'; "
        "connect-src 'self'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'"
    )
