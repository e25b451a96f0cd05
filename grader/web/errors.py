"""What a person sees of an error: one clear line, in the form that was asked for.

A program under /api gets JSON, htmx a fragment, a browser a page. A bug is a 500 with the number
of the request; its traceback goes to the log and nowhere else.
"""

from __future__ import annotations

import math
from collections.abc import Mapping

import structlog
from flask import Flask, Response, g, jsonify, render_template, request
from flask_wtf.csrf import CSRFError  # type: ignore[import-untyped]
from werkzeug.exceptions import HTTPException
from werkzeug.routing import RoutingException

from grader import errors
from grader.errors import GraderError, OperationError, TooMany
from grader.web.incoming import CutOff
from grader.web.sessions import has_htmx_asked

STATUS_OF: Mapping[type[GraderError], int] = {
    errors.GraderError: 400,
    errors.SubmissionRejected: 422,
    errors.AssignmentError: 422,
    errors.UnknownAssignment: 404,
    errors.SpecError: 422,
    errors.BrokenSolution: 422,
    errors.UsageError: 400,
    errors.NotFound: 404,
    errors.Refused: 403,
    errors.TooMany: 429,
    errors.Conflict: 409,
    errors.OperationError: 500,
    errors.ConfigurationError: 500,
    errors.DatabaseUnavailable: 503,
    errors.SchemaMismatch: 503,
    errors.BrokerUnavailable: 503,
    errors.SandboxUnavailable: 503,
    errors.EnvironmentMissing: 503,
    errors.SandboxFailure: 503,
}
"""The status of every error of ours; a test holds it complete."""

RETRY_AFTER_S = 10
"""When to try again what only we can mend."""

_SENTENCES: Mapping[int, str] = {
    400: "the request is not one that this page understands; go back, reload and try again",
    404: "there is nothing at this address that you may see",
    405: "this address is not for that; go back and use the links of the page",
    408: "the request took too long to arrive; try again",
    413: "the upload is too large; hand in only the files that the assignment asks for",
    415: "the request is not in a form that this page reads",
}
_PAGE_TOO_OLD = "this page was open too long; go back, reload and send again"
_CUT_OFF = "the upload broke off before its end; nothing was kept, so send it again"
_UNAVAILABLE = (
    "the service cannot do this at the moment; what was handed in is safe; try again in a minute"
)
_BUG = (
    "something went wrong here, and it is not your fault; if it happens again, report this number"
)

_log = structlog.get_logger(__name__)


def add_error_pages(app: Flask) -> None:
    """Answer every error in its form."""
    app.register_error_handler(GraderError, _answer_error)
    app.register_error_handler(HTTPException, _answer_http)
    app.register_error_handler(CSRFError, _answer_csrf)
    app.register_error_handler(CutOff, _answer_cut_off)
    app.register_error_handler(Exception, _answer_bug)


def _answer_error(error: GraderError) -> Response:
    status = next(STATUS_OF[kind] for kind in type(error).__mro__ if kind in STATUS_OF)
    if isinstance(error, OperationError):
        # Its line is for operators: it may name a host, a file, an address.
        _log.error("unavailable", error=type(error).__name__, problem=str(error))
        return _answer(status, _UNAVAILABLE, {"Retry-After": str(RETRY_AFTER_S)})
    headers = {}
    if isinstance(error, TooMany):
        headers["Retry-After"] = str(max(1, math.ceil(error.retry_after_s)))
    return _answer(status, str(error), headers)


def _answer_http(error: HTTPException) -> Response | HTTPException:
    if isinstance(error, RoutingException) or error.response is not None or error.code is None:
        return error  # a redirect, or an answer that a view has made
    headers = {
        name: value
        for name, value in error.get_headers()
        if name not in ("Content-Type", "Content-Length")
    }
    is_told = error.code in (401,) and error.description
    line = str(error.description) if is_told else _SENTENCES.get(error.code, error.name.lower())
    return _answer(error.code, line, headers)


def _answer_csrf(error: CSRFError) -> Response:
    _log.info("csrf_refused", reason=error.description)
    return _answer(400, _PAGE_TOO_OLD)


def _answer_cut_off(error: CutOff) -> Response:
    del error
    return _answer(400, _CUT_OFF)


def _answer_bug(error: Exception) -> Response:
    _log.error("bug", exc_info=error)
    return _answer(500, _BUG, number=g.get("request_id", ""))


def _answer(
    status: int, line: str, headers: Mapping[str, str] | None = None, *, number: str = ""
) -> Response:
    if request.path.startswith("/api/"):
        response = jsonify({"error": line, "request": number} if number else {"error": line})
    elif has_htmx_asked():
        response = Response(render_template("error_fragment.html", line=line, number=number))
    else:
        response = Response(render_template("error.html", status=status, line=line, number=number))
    response.status_code = status
    response.headers.update(headers or {})
    return response
