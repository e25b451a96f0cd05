"""Whether this process lives, and whether it can work: what a supervisor asks."""

from __future__ import annotations

from collections.abc import Callable

import structlog
from flask import Blueprint, jsonify
from flask.typing import ResponseReturnValue

from grader.errors import OperationError
from grader.store import schema
from grader.web import access
from grader.web.site import Site, current_site

room = Blueprint("health", __name__)
_log = structlog.get_logger(__name__)

RETRY_AFTER_S = 5


@room.get("/healthz")
@access.allow(access.OPEN)
def answer() -> ResponseReturnValue:
    """Say that the process answers; nothing else is looked at."""
    return jsonify(status="ok")


@room.get("/readyz")
@access.allow(access.OPEN)
def report_readiness() -> ResponseReturnValue:
    """Say of each thing that pages need whether it is there; 503 where one is not."""
    here = current_site()
    states = {name: _state_of(probe, here) for name, probe in _PROBES.items()}
    if all(state == "ok" for state in states.values()):
        return jsonify(status="ok", **states)
    return jsonify(status="unavailable", **states), 503, {"Retry-After": str(RETRY_AFTER_S)}


_PROBES: dict[str, Callable[[Site], None]] = {
    "database": lambda here: here.database.ping(),
    "schema": lambda here: schema.assert_current(here.database),
}


def _state_of(probe: Callable[[Site], None], here: Site) -> str:
    try:
        probe(here)
    except OperationError as error:
        # The line names hosts and files, and anybody may ask: the log has it, the answer its kind.
        _log.warning("not_ready", problem=str(error))
        return type(error).__name__
    return "ok"
