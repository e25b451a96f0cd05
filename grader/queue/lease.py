"""A run's lease: renewed while the run is judged, and the end of the run when it is lost."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from enum import StrEnum
from typing import Self

import structlog

from grader.errors import DatabaseUnavailable

_log = structlog.get_logger(__name__)
_LOOK_EVERY_S = 0.25


class Ending(StrEnum):
    """Why a run was ended before it was judged."""

    LEASE_LOST = "its lease was lost"
    WORKER_STOPS = "the worker was stopped"
    TOO_LONG = "it took longer than all its limits together"


class Lease:
    """Keeps a lease in a thread of its own for as long as the block lasts.

    Parameters
    ----------
    renew
        Extends the lease in the database; False where somebody else has the run.
    lease_s
        For how long. It is renewed every quarter of that.
    longest_s
        After so many seconds the run is taken to hang.
    is_stopping
        Tells whether the worker has no more time.
    abandon
        Ends what the run is doing, from this other thread.
    """

    def __init__(
        self,
        renew: Callable[[], bool],
        lease_s: float,
        *,
        longest_s: float,
        is_stopping: Callable[[], bool],
        abandon: Callable[[], None],
    ) -> None:
        self._renew = renew
        self._lease_s = lease_s
        self._longest_s = longest_s
        self._is_stopping = is_stopping
        self._abandon = abandon
        # Counted on a clock that nobody sets back.
        self._started_s = self._renewed_s = time.monotonic()
        self._is_over = threading.Event()
        self._thread = threading.Thread(target=self._keep, name="lease", daemon=True)
        self.ending: Ending | None = None
        """Why the run was ended; None while it goes on."""

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._is_over.set()
        self._thread.join()

    @property
    def is_held(self) -> bool:
        """Whether the run is still ours, as far as can be known here."""
        is_lost = self.ending is Ending.LEASE_LOST
        return not is_lost and time.monotonic() < self._renewed_s + self._lease_s

    def allow(self, longest_s: float) -> None:
        """Set how long the run may take, once its limits are known."""
        self._longest_s = longest_s

    def pause(self, seconds: float) -> None:
        """Keep the lease and do nothing for a while, unless the run is ended in the meantime."""
        until_s = time.monotonic() + seconds
        while time.monotonic() < until_s and self.ending is None:
            time.sleep(_LOOK_EVERY_S)

    def _keep(self) -> None:
        pause_s = min(_LOOK_EVERY_S, self._lease_s / 8)
        while not self._is_over.wait(pause_s):
            if time.monotonic() >= self._renewed_s + self._lease_s / 4:
                self._renew_once()
            if self.ending is None:
                self.ending = self._find_ending()
                if self.ending is not None:
                    self._abandon()

    def _renew_once(self) -> None:
        started_s = time.monotonic()
        try:
            if self._renew():
                self._renewed_s = started_s
            else:
                self._renewed_s = float("-inf")
        except DatabaseUnavailable as error:
            _log.warning("lease not renewed", error=str(error))

    def _find_ending(self) -> Ending | None:
        if not self.is_held:
            return Ending.LEASE_LOST
        if self._is_stopping():
            return Ending.WORKER_STOPS
        if time.monotonic() > self._started_s + self._longest_s:
            return Ending.TOO_LONG
        return None
