"""Files of /proc, read often: through `open` and text each would cost several times as much."""

from __future__ import annotations

import os

_MOST_BYTES = 8192


def read_file(path: str) -> bytes:
    """Return what a short file holds; b"" where it is gone or may not be read."""
    try:
        descriptor = os.open(path, os.O_RDONLY | os.O_CLOEXEC)
    except OSError:
        return b""
    try:
        return os.read(descriptor, _MOST_BYTES)
    except OSError:
        return b""
    finally:
        os.close(descriptor)


def read_field(path: str, name: bytes) -> bytes:
    """Return the value on the line that begins with the name; b"" where there is none."""
    _, found, rest = read_file(path).partition(b"\n" + name)
    return rest.partition(b"\n")[0].strip() if found else b""
