"""The Celery app: `celery -A grader.queue worker` finds it here.

What a worker does at its start and its end stands in grader/queue/worker.py.
"""

from __future__ import annotations

import os
import sys
import warnings

from celery import Celery
from celery.exceptions import SecurityWarning

from grader.errors import GraderError
from grader.queue.broker import prepare_queue, worker_options
from grader.settings import Settings, load_settings

# Read by numpy's BLAS, which the worker imports before it forks: threads do not survive that.
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
# Root is no danger here: programs run in jails, under another user, and messages are JSON.
warnings.filterwarnings("ignore", category=SecurityWarning)


def _load() -> tuple[Celery, Settings]:
    try:
        settings = load_settings()
        prepare_queue(settings)
    except GraderError as error:
        sys.stderr.write(f"grader: {error}\n")
        sys.exit(error.exit_code)
    options = worker_options(settings)
    return Celery("grader", include=["grader.queue.tasks"], config_source=options), settings


app, settings = _load()
