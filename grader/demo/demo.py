"""The demo as a whole: its folder, its processes, and what is shown in them."""

from __future__ import annotations

import threading
import time
from enum import IntEnum
from pathlib import Path

from grader.demo.display import Display
from grader.demo.stage import own_database, own_folder, own_service
from grader.settings import Settings

TIMEOUT_S = 120.0
"""Within which every score must be there."""


class Ending(IntEnum):
    """How a demo ended: the command's exit status."""

    AS_EXPECTED = 0
    NOT_AS_EXPECTED = 1
    INTERRUPTED = 130


class Interrupted(Exception):
    """Whoever watches has seen enough."""


def run_demo(
    settings: Settings,
    folder: Path,
    display: Display,
    stopped: threading.Event,
    *,
    port: int = 8000,
    stays: bool = True,
    timeout_s: float = TIMEOUT_S,
) -> Ending:
    """Make a course in a folder of its own, hand in real work, and compare the scores.

    Parameters
    ----------
    settings
        Where expected values are cached and how programs are confined; nothing else of it holds.
    folder
        Of the assignment.
    display
        Is shown all that happens.
    stopped
        Ends the demo when it is set.
    port
        Where to listen; where that cannot be had, the next one that is free.
    stays
        Whether the service goes on after the last score, until `stopped`.

    Raises
    ------
    OperationError
        Where something of ours failed, or took too long; the logs are kept then.
    """
    deadline_s = time.monotonic() + timeout_s
    display.say("A course is made, in a folder that goes when the demo ends.")
    try:
        with (
            own_folder(display.say) as own,
            own_service(settings, own, port, display.say) as service,
            own_database(service.settings) as database,
        ):
            if stopped.is_set():
                return Ending.INTERRUPTED
            # What it needs is loaded while the processes start.
            from grader.demo.performance import Performance

            performance = Performance(service, database, folder, display, stopped, deadline_s)
            ending = performance.run(stays=stays)
    except Interrupted:
        return Ending.INTERRUPTED
    finally:
        display.rest()
    if stays:
        display.say("All processes have ended and the folder is removed.")
    return ending
