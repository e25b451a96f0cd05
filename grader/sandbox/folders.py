"""Folders of a jail: locked by their owner, emptied without following what a worker left there."""

from __future__ import annotations

import contextlib
import fcntl
import os
import secrets
import stat
import tempfile
import time
from pathlib import Path

_PREFIX = "grader-jail-"
_FRESH_S = 60.0
"""So young a folder may not be locked yet."""


class JailFolder:
    """A folder that the kernel unlocks when its owner ends, however that happens."""

    def __init__(self) -> None:
        remove_abandoned()
        self.path = Path(tempfile.mkdtemp(prefix=_PREFIX))
        self.path.chmod(0o711)
        self._lock = lock_folder(self.path)

    def remove(self) -> None:
        """Delete the folder and all that is in it."""
        remove_tree(self.path)
        if self._lock >= 0:
            os.close(self._lock)
            self._lock = -1


def lock_folder(path: Path) -> int:
    """Return a descriptor that holds a folder's lock; raise OSError where its owner lives."""
    descriptor = os.open(path, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        os.close(descriptor)
        raise
    return descriptor


class ScratchFolder:
    """The writable folder of one worker that has no file system of its own to write to."""

    def __init__(
        self, path: Path, owner: tuple[int, int] | None, most_bytes: int, most_entries: int
    ) -> None:
        self.path = path
        self.most_bytes = most_bytes
        self.most_entries = most_entries
        path.mkdir(mode=0o700)
        if owner is not None:
            os.chown(path, *owner)
        self._made_ns = path.stat().st_mtime_ns

    def open(self) -> int:
        """Return a descriptor that the worker may stand in."""
        return os.open(self.path, os.O_PATH | os.O_DIRECTORY | os.O_CLOEXEC)

    def is_used(self) -> bool:
        """Tell whether anything was ever made in it."""
        return self.path.stat().st_mtime_ns != self._made_ns

    def explain_excess(self) -> str:
        """Return limit and measured value where it holds more than it may, else ""."""
        if not self.is_used():
            return ""
        n_bytes, n_entries = self._measure()
        if n_entries > self.most_entries:
            return f"the limit is {self.most_entries} temporary files and folders, it made more"
        if n_bytes > self.most_bytes:
            mebibytes = self.most_bytes >> 20, n_bytes / (1 << 20)
            return "the limit is {} MiB of temporary files, it wrote {:.1f} MiB".format(*mebibytes)
        return ""

    def _measure(self) -> tuple[int, int]:
        n_bytes = n_entries = 0
        folders = [self.path]
        while folders and n_entries <= self.most_entries:
            # What is made or deleted while we look counts the next time.
            with contextlib.suppress(OSError), os.scandir(folders.pop()) as entries:
                for entry in entries:
                    n_entries += 1
                    if n_entries > self.most_entries:
                        break
                    n_bytes += entry.stat(follow_symlinks=False).st_blocks * 512
                    if entry.is_dir(follow_symlinks=False):
                        folders.append(Path(entry.path))
        return n_bytes, n_entries

    def remove(self) -> None:
        """Delete the folder and all that is in it; its worker is dead."""
        remove_tree(self.path)


def remove_tree(path: Path) -> None:
    """Delete a folder with all that is in it, however deep it is nested; failures are left.

    What lies in inner folders is moved up until none is left: a worker can nest folders deeper
    than any recursion, and can take away its own right to read them.
    """
    with contextlib.suppress(OSError):
        top = os.open(path, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW)
        try:
            _empty(top)
        finally:
            os.close(top)
        path.rmdir()


def _empty(top: int) -> None:
    is_going_on = True
    while is_going_on:
        is_going_on = False
        for name in os.listdir(top):
            is_going_on |= _take_away(top, name)


def _take_away(top: int, name: str) -> bool:
    """Delete a file, or an inner folder whose entries are moved up; tell whether that went on."""
    with contextlib.suppress(OSError):
        if not stat.S_ISDIR(os.stat(name, dir_fd=top, follow_symlinks=False).st_mode):
            os.unlink(name, dir_fd=top)
            return True
        inner = _open_own(top, name)
        try:
            for entry in os.listdir(inner):  # noqa: PTH208
                with contextlib.suppress(NotADirectoryError, IsADirectoryError):
                    os.close(_open_own(inner, entry))  # one that may not be written cannot move
                os.rename(entry, secrets.token_hex(8), src_dir_fd=inner, dst_dir_fd=top)
        finally:
            os.close(inner)
        os.rmdir(name, dir_fd=top)
        return True
    return False


def _open_own(folder: int, name: str) -> int:
    if stat.S_ISLNK(os.stat(name, dir_fd=folder, follow_symlinks=False).st_mode):
        raise NotADirectoryError(name)
    os.chmod(name, 0o700, dir_fd=folder)
    return os.open(name, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW, dir_fd=folder)


def remove_abandoned() -> None:
    """Delete this user's jail folders whose owner has been killed."""
    newest = time.time() - _FRESH_S
    with contextlib.suppress(OSError), os.scandir(tempfile.gettempdir()) as entries:
        for entry in entries:
            if entry.name.startswith(_PREFIX):
                with contextlib.suppress(OSError):
                    _remove_if_abandoned(entry, newest)


def _remove_if_abandoned(entry: os.DirEntry[str], newest: float) -> None:
    found = entry.stat(follow_symlinks=False)
    if found.st_uid != os.geteuid() or found.st_mtime > newest:
        return
    lock = lock_folder(Path(entry.path))
    try:
        remove_tree(Path(entry.path))
    finally:
        os.close(lock)
