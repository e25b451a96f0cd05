"""The one task: a run's id in, the end of the run in the database out."""

from __future__ import annotations

import structlog

from grader.queue.broker import TASK
from grader.queue.celery import app
from grader.queue.runner import work_on
from grader.queue.worker import current_workplace

_log = structlog.get_logger(__name__)
_LARGEST_ID = 2**63 - 1


@app.task(name=TASK)
def grade(run_id: object) -> None:
    """Judge a run, if it still waits; a message is believed no more than that it woke us."""
    if not isinstance(run_id, int) or not 0 < run_id <= _LARGEST_ID:
        _log.warning("no run id", message=repr(run_id)[:100])
        return
    work_on(run_id, current_workplace())
