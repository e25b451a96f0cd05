"""Tells pool children that their worker stops: memory shared across the fork, nothing else."""

from __future__ import annotations

import mmap
import struct
import time

_MOMENT = struct.Struct("<d")
GRACE_S = 10.0
"""How long a run may go on after its worker was told to stop; then it is given back."""


class StopNotice:
    """Written by a worker's main process, read by its children; made before they are forked."""

    def __init__(self) -> None:
        self._memory = mmap.mmap(-1, _MOMENT.size)

    def post(self) -> None:
        """Say that the worker stops, as of now."""
        if not self.is_posted:
            _MOMENT.pack_into(self._memory, 0, time.monotonic())

    @property
    def is_posted(self) -> bool:
        """Whether the worker stops."""
        return self._posted_at_s > 0

    @property
    def is_over(self) -> bool:
        """Whether the time that a run still had is over."""
        return self.is_posted and time.monotonic() > self._posted_at_s + GRACE_S

    @property
    def _posted_at_s(self) -> float:
        (moment,) = _MOMENT.unpack_from(self._memory)
        return float(moment)
