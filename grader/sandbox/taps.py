"""Our ends of the pipes out of a box: read at once while that is worth it, else in intervals."""

from __future__ import annotations

import math
import os
import select
import time

READ_BYTES = 1 << 16
"""All that a pipe holds; a worker may not make its pipes larger."""
_SMALL_BYTES = 4096
"""A page: the kernel hands over what an honest worker sends in whole ones, all but the last."""
_FREE_SMALL_READS = 16
_MOST_SMALL_READS = 200
_INTERVAL_S = 0.05
_RESTS_OF_ONE_LENGTH = 10
"""Then they grow: a processor that has slept needs up to a millisecond to answer a call."""


class Tap:
    """One pipe. Reads that bring little are counted; after many it is left alone in between.

    What a student's program sends in the meantime waits in the pipe, and where that is full the
    program waits too, on its own clock.
    """

    def __init__(self, descriptor: int, poll: select.poll) -> None:
        self.descriptor = descriptor
        self.n_small = 0
        self._poll = poll
        self._rests_until = 0.0
        self._n_rests = 0
        self._is_closed = False
        poll.register(descriptor, select.POLLIN)

    @property
    def is_abused(self) -> bool:
        """Whether so many small reads were needed that no honest worker can have sent this."""
        return self.n_small > _MOST_SMALL_READS

    def read(self) -> bytes | None:
        """Return what is there; b"" at the end of the pipe, None where nothing is there yet."""
        try:
            chunk = os.read(self.descriptor, READ_BYTES)
        except BlockingIOError:
            return None
        if not chunk and not self._is_closed:
            self._is_closed = True
            if not self._rests_until:
                self._poll.unregister(self.descriptor)  # it would be ready for ever
            self._rests_until = 0.0
        return chunk

    def note_read(self, n_bytes: int, *, is_useful: bool = False) -> None:
        """Count a read that brought little, unless it completed what we wait for."""
        if n_bytes < _SMALL_BYTES and not is_useful:
            self.n_small += 1
        if self.n_small > _FREE_SMALL_READS and n_bytes < READ_BYTES and not self._rests_until:
            self._poll.unregister(self.descriptor)
            intervals = 1 + self._n_rests // _RESTS_OF_ONE_LENGTH
            self._rests_until = time.perf_counter() + intervals * _INTERVAL_S
            self._n_rests += 1

    def time_to_rest(self, now: float) -> float:
        """Return for how long nothing is read; watch the pipe again where that is over."""
        if not self._rests_until:
            return math.inf
        if now >= self._rests_until:
            self._rests_until = 0.0
            self._poll.register(self.descriptor, select.POLLIN)
            return math.inf
        return self._rests_until - now
