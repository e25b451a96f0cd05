"""The C library, called with its errors told."""

from __future__ import annotations

import ctypes
import os

LIBC = ctypes.CDLL(None, use_errno=True)


class ConfinementFailed(Exception):
    """A wall could not be built, or does not stand."""


def call(result: int, what: str) -> int:
    """Return what a C function returned, or raise with its errno."""
    if result < 0:
        code = ctypes.get_errno()
        raise ConfinementFailed(f"{what}: {os.strerror(code)}")
    return result
