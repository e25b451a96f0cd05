"""The headers that every answer bears: what a page may load, and who may keep it."""

from __future__ import annotations

import secrets

from flask import Flask, Response, g, request

from grader.web.site import current_site

_YEAR_S = 365 * 24 * 3600


def add_headers(app: Flask) -> None:
    """Put the headers on every answer, and within reach of templates what marks its scripts."""
    app.jinja_env.globals["csp_nonce"] = csp_nonce
    app.before_request(_make_nonce)
    app.after_request(_protect)


def csp_nonce() -> str:
    """Return the word that marks this answer's own scripts, new for each answer."""
    return str(g.csp_nonce)


def _make_nonce() -> None:
    g.csp_nonce = secrets.token_urlsafe(18)


def _policy() -> str:
    return "; ".join(
        (
            "default-src 'none'",
            f"script-src 'self' 'nonce-{g.csp_nonce}'",
            "style-src 'self'",
            "img-src 'self' data:",
            "font-src 'self'",
            "connect-src 'self'",
            "form-action 'self'",
            "frame-ancestors 'none'",
            "base-uri 'none'",
        )
    )


def _protect(response: Response) -> Response:
    headers = response.headers
    headers.setdefault("Content-Security-Policy", _policy())
    headers.setdefault("X-Content-Type-Options", "nosniff")
    # Flask-WTF compares the referrer under https, so pages of ours must send it to us.
    headers.setdefault("Referrer-Policy", "same-origin")
    headers.setdefault(
        "Permissions-Policy", "camera=(), geolocation=(), microphone=(), payment=(), usb=()"
    )
    headers.setdefault("Cross-Origin-Opener-Policy", "same-origin")
    headers.setdefault("Cross-Origin-Resource-Policy", "same-origin")
    if current_site().is_https:
        headers.setdefault("Strict-Transport-Security", f"max-age={_YEAR_S}")
    if request.endpoint != "static":
        headers["Cache-Control"] = "private, no-store"
    return response
