"""`grader up`: the whole service on this machine, until Ctrl-C."""

from __future__ import annotations

import signal
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from types import FrameType
from typing import TYPE_CHECKING

from grader.cli.render import print_line
from grader.settings import load_settings

if TYPE_CHECKING:
    from grader.service import Service

_START_TIMEOUT_S = 120.0
_STOPPING = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


def run_up(host: str | None, port: int | None) -> int:
    """Start everything, say where it is, and stay until asked to stop."""
    import structlog

    from grader.logs import configure_logs
    from grader.service import Service
    from grader.service.preparation import has_people

    settings = load_settings()
    settings = replace(
        settings,
        bind_host=settings.bind_host if host is None else host,
        port=settings.port if port is None else port,
    )
    configure_logs(settings.log_format, process="supervisor")
    service = Service(settings, say=structlog.get_logger().warning)
    with _stopped_by_signals(service) as stopped, service:
        service.wait_ready(_START_TIMEOUT_S, stopped)
        if not stopped.is_set():
            if not has_people(service.settings):
                print_line("Nobody can sign in yet. Run: grader user add NAME --admin")
            print_line(f"grader is at {service.url}", is_bold=True)
            sys.stdout.flush()  # whoever reads a pipe waits for this line
        service.wait(stopped)
        print_line("Stopping when running submissions are graded. Ctrl-C again stops at once.")
    return 0


@contextmanager
def _stopped_by_signals(service: Service) -> Iterator[threading.Event]:
    """Yield what the first signal sets; the second one cuts the wait for running work short."""
    stopped = threading.Event()

    def stop(number: int, frame: FrameType | None) -> None:
        del number, frame
        if stopped.is_set():
            service.force()
        stopped.set()

    before = {number: signal.signal(number, stop) for number in _STOPPING}
    try:
        yield stopped
    finally:
        for number, action in before.items():
            signal.signal(number, action)
