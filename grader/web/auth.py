"""Signing in and out, and the account page: password, sessions, personal tokens."""

from __future__ import annotations

import time
from urllib.parse import urlsplit

import structlog
from flask import Blueprint, flash, g, redirect, render_template, request, url_for
from flask import session as form_session
from flask.typing import ResponseReturnValue

from grader.credentials import digest_token, make_token
from grader.errors import NotFound, Refused
from grader.store import people
from grader.store import sessions as session_rows
from grader.text import printable
from grader.web import access, passwords, sessions
from grader.web.site import current_site

room = Blueprint("auth", __name__)

REFUSAL_TIME_S = 0.25
"""A refusal takes at least so long: its time does not tell whether the name is known."""
MAX_LABEL_CHARACTERS = 100
MAX_TOKENS = 20
WRONG = (
    "The name or the password is wrong, or there were too many wrong passwords. "
    "Check both; after several tries, wait a quarter of an hour."
)

_log = structlog.get_logger(__name__)


@room.get("/sign-in")
@access.allow(access.PUBLIC)
def sign_in() -> ResponseReturnValue:
    """Show the form."""
    page = safe_next(request.args.get("next"))
    if g.person:
        return redirect(page, code=303)
    return render_template("auth/sign_in.html", next=page)


@room.post("/sign-in")
@access.allow(access.PUBLIC)
def check_sign_in() -> ResponseReturnValue:
    """Open a session for the right password; a wrong one and an unknown name look the same."""
    started_s = time.monotonic()
    here = current_site()
    page = safe_next(request.form.get("next"))
    username = request.form.get("username", "").strip()
    identity = passwords.verify(here, username, request.form.get("password", ""), g.now)
    if identity is None:
        time.sleep(max(0.0, started_s + REFUSAL_TIME_S - time.monotonic()))
        form = render_template("auth/sign_in.html", next=page, username=username, error=WRONG)
        return form, 403
    with here.database.begin() as session:
        sessions.start(session, identity.person_id, g.now)
    # What a page of before the sign-in could send is worth nothing after it.
    form_session.clear()
    _log.info("signed_in", person_id=identity.person_id)
    return redirect(page, code=303)


@room.post("/sign-out")
@access.allow(access.SIGNED_IN)
def sign_out() -> ResponseReturnValue:
    """Close this browser's session."""
    with current_site().database.begin() as session:
        sessions.end(session, g.now)
    form_session.clear()
    return redirect(url_for("auth.sign_in"), code=303)


@room.get("/account")
@access.allow(access.SIGNED_IN)
def show_account() -> ResponseReturnValue:
    """Show what somebody signs in with, and from where."""
    return _account_page()


@room.post("/account/password")
@access.allow(access.SIGNED_IN)
def change_password() -> ResponseReturnValue:
    """Take a new password, and sign out every other browser."""
    here = current_site()
    new = request.form.get("new", "")
    if new != request.form.get("again", ""):
        return _account_page(password_error="The new password was not written twice alike."), 422
    if not passwords.change(here, g.person.id, request.form.get("old", ""), new, g.now):
        return _account_page(password_error=WRONG), 403
    with here.database.begin() as session:
        session_rows.revoke_all(session, g.person.id, g.now, but=g.web_session.id)
        has_tokens = bool(people.list_tokens(session, g.person.id))
    told = "Your password is changed. All other browsers are signed out."
    if has_tokens:  # whoever knew the old password may have made one
        told += " Your personal tokens stay valid: revoke those that you do not know."
    flash(told, "success")
    return redirect(url_for("auth.show_account"), code=303)


@room.post("/account/sessions/<int:session_id>/revoke")
@access.allow(access.SIGNED_IN)
def revoke_session(session_id: int) -> ResponseReturnValue:
    """Sign out one of one's own browsers."""
    with current_site().database.begin() as session:
        own = session_rows.list_sessions(session, g.person.id, g.now)
        if session_id not in {one.id for one in own}:
            raise NotFound(access.NOTHING_HERE)
        session_rows.revoke_session(session, g.person.id, session_id, g.now)
    return redirect(url_for("auth.show_account"), code=303)


@room.post("/account/sessions/revoke")
@access.allow(access.SIGNED_IN)
def sign_out_everywhere() -> ResponseReturnValue:
    """Close all of one's sessions, this one too."""
    with current_site().database.begin() as session:
        session_rows.revoke_all(session, g.person.id, g.now)
        sessions.end(session, g.now)
    form_session.clear()
    return redirect(url_for("auth.sign_in"), code=303)


@room.post("/account/tokens")
@access.allow(access.SIGNED_IN)
def make_personal_token() -> ResponseReturnValue:
    """Make a token and show it, this once: only its digest is kept."""
    label = printable(request.form.get("label", ""), MAX_LABEL_CHARACTERS).strip() or "token"
    token = make_token()
    with current_site().database.begin() as session:
        if len(people.list_tokens(session, g.person.id)) >= MAX_TOKENS:
            raise Refused(f"you have {MAX_TOKENS} tokens", remedy="revoke one that you do not use")
        people.add_token(session, g.person.id, digest=digest_token(token), label=label, now=g.now)
    return _account_page(token=token)


@room.post("/account/tokens/<int:token_id>/revoke")
@access.allow(access.SIGNED_IN)
def revoke_token(token_id: int) -> ResponseReturnValue:
    """Make one of one's own tokens worthless."""
    with current_site().database.begin() as session:
        if token_id not in {one.id for one in people.list_tokens(session, g.person.id)}:
            raise NotFound(access.NOTHING_HERE)
        people.revoke_token(session, g.person.id, token_id, g.now)
    return redirect(url_for("auth.show_account"), code=303)


def _account_page(**shown: str) -> str:
    with current_site().database.read() as session:
        own = passwords.find_own(session, g.person.id)
        return render_template(
            "auth/account.html",
            username=own.subject if own else None,
            browsers=session_rows.list_sessions(session, g.person.id, g.now),
            tokens=people.list_tokens(session, g.person.id),
            **shown,
        )


def safe_next(page: str | None) -> str:
    """Return a page of this site to go to, whatever the address asks for."""
    home = "/"
    if not page or not page.startswith("/") or page.startswith("//") or "\\" in page:
        return home
    if any(ord(character) < 0x21 or ord(character) == 0x7F for character in page):
        return home  # browsers drop tabs and new lines: "/\t/elsewhere" is another site
    try:
        parts = urlsplit(page)
    except ValueError:
        return home
    return home if parts.scheme or parts.netloc else page
