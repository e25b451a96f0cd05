"""The command line's way in: files of this machine, opened with care and read with a cap."""

from __future__ import annotations

import os
import stat
from collections.abc import Sequence
from pathlib import Path

from grader.errors import SubmissionRejected
from grader.intake.names import show_name
from grader.intake.submission import IntakeLimits, Upload


def read_paths(paths: Sequence[Path], limits: IntakeLimits | None = None) -> tuple[Upload, ...]:
    """Return the files' bytes; reject what is missing, too large, or not a regular file."""
    limits = limits or IntakeLimits()
    return tuple(Upload(path.name, _read(path, limits)) for path in paths)


def _read(path: Path, limits: IntakeLimits) -> bytes:
    name = show_name(str(path))
    try:
        # Without O_NONBLOCK the open of a pipe that nobody writes to would wait for ever.
        descriptor = os.open(path, os.O_RDONLY | getattr(os, "O_NONBLOCK", 0))
    except FileNotFoundError as error:
        raise SubmissionRejected(
            "there is no such file", name=name, remedy="check the name"
        ) from error
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or str(error)
        raise SubmissionRejected(
            f"it cannot be read ({reason})", name=name, remedy="check the name and its permissions"
        ) from error
    try:
        _check_kind(os.fstat(descriptor), name, limits)
        content = _read_capped(descriptor, limits.packed_bytes + 1)
    except OSError as error:
        raise SubmissionRejected(
            f"it cannot be read ({error.strerror})", name=name, remedy="check the disk"
        ) from error
    finally:
        os.close(descriptor)
    if len(content) > limits.packed_bytes:  # it grew while it was read
        raise _too_large(name, limits)
    return content


def _check_kind(status: os.stat_result, name: str, limits: IntakeLimits) -> None:
    if stat.S_ISDIR(status.st_mode):
        raise SubmissionRejected(
            "this is a folder", name=name, remedy="name its files, or pack it as a .zip"
        )
    if not stat.S_ISREG(status.st_mode):
        raise SubmissionRejected(
            "this is not a regular file", name=name, remedy="name a file with your code"
        )
    if status.st_size > limits.packed_bytes:
        raise _too_large(name, limits)


def _read_capped(descriptor: int, cap: int) -> bytes:
    parts: list[bytes] = []
    while cap > 0 and (part := os.read(descriptor, cap)):
        parts.append(part)
        cap -= len(part)
    return b"".join(parts)


def _too_large(name: str, limits: IntakeLimits) -> SubmissionRejected:
    return SubmissionRejected(
        f"it is larger than {limits.packed_bytes:,} bytes",
        name=name,
        remedy="hand in only the files that the assignment asks for",
    )
