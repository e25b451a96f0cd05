"""Signed-in browsers: a random token in a cookie, its digest in a row that can be revoked."""

from __future__ import annotations

import datetime
from contextlib import suppress
from urllib.parse import SplitResult, urlsplit

from flask import Response, after_this_request, g, redirect, request, url_for
from flask.typing import ResponseReturnValue

from grader.credentials import digest_token, make_token
from grader.errors import DatabaseUnavailable
from grader.store import Session
from grader.store import sessions as store
from grader.store.tables import WebSession
from grader.web.site import Site, current_site

RENEW_AFTER = datetime.timedelta(minutes=5)
"""A session's end is moved no more often: reading a page seldom costs a write."""
SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})


def cookie_name(here: Site) -> str:
    """Return the name of the cookie; the prefix makes browsers refuse one set by a neighbour."""
    return "__Host-grader" if here.is_https else "grader_session"


def identify(session: Session, now: datetime.datetime) -> WebSession | None:
    """Return the session of the cookie, unless it is over, revoked, or its person is disabled."""
    token = request.cookies.get(cookie_name(current_site()))
    return store.find_session(session, digest_token(token), now) if token else None


def start(session: Session, person_id: int, now: datetime.datetime) -> WebSession:
    """Open a session under a new token, and revoke the one that this browser had."""
    here = current_site()
    if before := identify(session, now):
        store.revoke_session(session, before.person_id, before.id, now)
    token = make_token()
    opened = store.open_session(
        session, person_id, token_digest=digest_token(token), now=now, expires_at=_end(here, now)
    )
    _send_cookie(here, token)
    return opened


def end(session: Session, now: datetime.datetime) -> None:
    """Revoke the session of this browser."""
    here = current_site()
    if g.web_session:
        store.revoke_session(session, g.web_session.person_id, g.web_session.id, now)

    @after_this_request
    def forget(response: Response) -> Response:
        response.delete_cookie(
            cookie_name(here), secure=here.is_https, httponly=True, samesite="Lax"
        )
        return response


def keep_alive(here: Site, web_session: WebSession, now: datetime.datetime) -> None:
    """Move the end of a session that is in use; for a moment without the database, let it be."""
    lifetime = _end(here, now) - now
    if now - web_session.last_seen_at < min(RENEW_AFTER, lifetime / 10):
        return
    with suppress(DatabaseUnavailable):
        with here.database.begin() as session:
            store.touch_session(session, web_session, now, _end(here, now))
        _send_cookie(here, request.cookies[cookie_name(here)])


def challenge() -> ResponseReturnValue:
    """Send somebody to the sign-in page, which leads back to the page they are on."""
    page = request.full_path if request.query_string else request.path
    if request.method not in SAFE_METHODS:
        # The form's address takes no GET, or means something else by it.
        referrer = _split(request.referrer or "")
        is_ours = referrer.netloc == request.host
        page = referrer.path if is_ours and not has_htmx_asked() else "/"
    if has_htmx_asked():
        # A fragment cannot show another page; this header makes htmx load it whole.
        return Response(
            "Your session is over. Sign in again.",
            status=401,
            mimetype="text/plain",
            headers={"HX-Redirect": url_for("auth.sign_in", next=_shown_page())},
        )
    return redirect(url_for("auth.sign_in", next=page), code=303)


def has_htmx_asked() -> bool:
    """Whether the answer goes into a page that is open."""
    return request.headers.get("HX-Request") == "true"


def _shown_page() -> str:
    shown = _split(request.headers.get("HX-Current-URL", ""))
    return shown.path if shown.netloc == request.host else "/"


def _split(address: str) -> SplitResult:
    """Return the parts of an address that somebody sent; none where it is no address."""
    try:
        return urlsplit(address)
    except ValueError:
        return urlsplit("")


def _end(here: Site, now: datetime.datetime) -> datetime.datetime:
    return now + datetime.timedelta(hours=here.settings.session_hours)


def _send_cookie(here: Site, token: str) -> None:
    @after_this_request
    def send(response: Response) -> Response:
        response.set_cookie(
            cookie_name(here),
            token,
            max_age=int(here.settings.session_hours * 3600),
            secure=here.is_https,
            httponly=True,
            samesite="Lax",
        )
        return response
