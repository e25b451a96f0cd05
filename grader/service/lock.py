"""One service to a data folder: a lock that ends with its process, however that ends."""

from __future__ import annotations

import contextlib
import fcntl
import json
import os
from collections.abc import Callable, Iterator
from pathlib import Path

from grader.errors import Conflict

LOCK_FILE = "service.lock"


@contextlib.contextmanager
def hold(data_dir: Path) -> Iterator[Callable[[str], None]]:
    """Keep the data folder while the block runs; yield what notes the address that it listens on.

    The kernel's lock decides, not the file: what a killed process leaves behind holds nobody up.

    Raises
    ------
    Conflict
        Where another process has the folder.
    """
    path = data_dir / LOCK_FILE
    descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise Conflict(
                f"{data_dir} is in use by a service that runs already{_describe(descriptor)}",
                remedy="stop it first, or set GRADER_DATA_DIR to another folder",
            ) from error
        os.ftruncate(descriptor, 0)
        yield lambda url: _note(descriptor, url)
        os.ftruncate(descriptor, 0)
    finally:
        os.close(descriptor)


def _note(descriptor: int, url: str) -> None:
    os.pwrite(descriptor, json.dumps({"pid": os.getpid(), "url": url}).encode(), 0)


def _describe(descriptor: int) -> str:
    with contextlib.suppress(ValueError, KeyError, TypeError):
        told = json.loads(os.pread(descriptor, 4096, 0))
        return f" (process {told['pid']:d}, {told['url']})"
    return ""
