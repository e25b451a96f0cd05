"""`grader demo`: a course of its own, with real work, for a newcomer to watch."""

from __future__ import annotations

import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager

from grader.assignment_packs import course_pack
from grader.settings import load_settings

_STOPPING = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


def run_demo_command(port: int, *, is_exit: bool) -> int:
    """Show the demo until it ends or is stopped; return the exit status."""
    from grader.demo import open_display, run_demo
    from grader.demo.scenario import SLUG
    from grader.logs import configure_logs

    settings = load_settings()
    configure_logs(settings.log_format, process="demo")
    with _stopped_by_signals() as stopped:
        return run_demo(
            settings,
            course_pack() / SLUG,
            open_display(),
            stopped,
            port=port,
            stays=not is_exit,
        )


@contextmanager
def _stopped_by_signals() -> Iterator[threading.Event]:
    """Yield what every signal to end sets: what was made must be removed first."""
    stopped = threading.Event()
    before = {number: signal.signal(number, lambda *_: stopped.set()) for number in _STOPPING}
    try:
        yield stopped
    finally:
        for number, action in before.items():
            signal.signal(number, action)
