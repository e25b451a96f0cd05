"""The command lines of the queue's processes, for whoever supervises them."""

from __future__ import annotations

import os
import sys

from grader.queue.broker import QUEUES, is_embedded
from grader.settings import Settings


def worker_command(settings: Settings) -> list[str]:
    """Return the command of a worker; it reads its settings from the environment."""
    command = [*_python("celery"), "--quiet", "--app", "grader.queue", "worker"]
    command += ["--queues", ",".join(QUEUES), "--concurrency", str(count_slots(settings))]
    if is_embedded(settings):
        # Its transport has no fan-out, so workers cannot hear of each other.
        command += ["--without-gossip", "--without-mingle", "--without-heartbeat"]
    return command


def sweeper_command() -> list[str]:
    """Return the command of a sweeper."""
    return _python("grader.queue.sweeper")


def count_slots(settings: Settings) -> int:
    """Return how many submissions a worker grades at once: one a processor that is ours."""
    return settings.slots or len(os.sched_getaffinity(0))


def _python(module: str) -> list[str]:
    safe_path = ["-P"] if sys.flags.safe_path else []
    return [sys.executable, *safe_path, "-m", module]
