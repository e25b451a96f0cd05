"""Personal tokens: how programs call the API. A cookie means nothing there."""

from __future__ import annotations

import datetime
from contextlib import suppress

from flask import request
from flask.typing import ResponseReturnValue
from werkzeug.datastructures import WWWAuthenticate
from werkzeug.exceptions import Unauthorized

from grader.credentials import digest_token
from grader.errors import DatabaseUnavailable
from grader.store import Session, people
from grader.store.tables import Identity
from grader.web.site import Site

NOTED_AFTER = datetime.timedelta(hours=1)
"""The account page says of a token when it was last used, to about this."""


def identify(session: Session, now: datetime.datetime) -> Identity | None:
    """Return the token that the request bears, unless it is over or revoked."""
    authorization = request.authorization
    if authorization is None or authorization.type != "bearer" or not authorization.token:
        return None
    return people.find_token(session, digest_token(authorization.token), now)


def note_use(here: Site, token: Identity, now: datetime.datetime) -> None:
    """Write down that a token is in use; not for every request, and not at any price."""
    if token.last_used_at is not None and now - token.last_used_at < NOTED_AFTER:
        return
    with suppress(DatabaseUnavailable), here.database.begin() as session:
        people.record_success(session, token, now)


def challenge() -> ResponseReturnValue:
    """Ask for a token."""
    raise Unauthorized(
        "give a personal token (page Account) as `Authorization: Bearer TOKEN`",
        www_authenticate=WWWAuthenticate("bearer", {"realm": "grader"}),
    )
