"""A number for every request, and a line of the log: never a query, a token or a body."""

from __future__ import annotations

import secrets
import time

import structlog
from flask import Flask, Response, g, request

_log = structlog.get_logger(__name__)


def add_request_ids(app: Flask) -> None:
    """Number the requests, and log each when it is answered."""
    app.before_request(_begin)
    app.after_request(_log_answer)
    app.teardown_request(_end)


def _begin() -> None:
    g.request_id = secrets.token_hex(8)
    g.started_s = time.monotonic()
    structlog.contextvars.bind_contextvars(request_id=g.request_id)


def _log_answer(response: Response) -> Response:
    response.headers["X-Request-ID"] = g.request_id
    person = g.get("person")
    # An address that no route takes is left out: somebody may have typed a secret into it.
    _log.info(
        "request",
        method=request.method,
        path=request.path if request.url_rule else None,
        status=response.status_code,
        wall_time_ms=round((time.monotonic() - g.started_s) * 1000),
        person_id=person.id if person else None,
    )
    return response


def _end(error: BaseException | None) -> None:
    del error
    structlog.contextvars.unbind_contextvars("request_id")
