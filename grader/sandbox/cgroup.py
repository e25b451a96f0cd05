"""One cgroup around a jail, where this machine lets us make one: memory, processes, processor.

A worker's own limits are what a student meets. This stands behind them, for a jail as a whole: what
no limit of a single process counts, and what a hole in one of them would let through. It is made
once a jail, never once a submission, because entering one can cost milliseconds.
"""

from __future__ import annotations

import contextlib
import errno
import os
import secrets
import time
from pathlib import Path

from grader.sandbox.delegation import CONTROLLERS, Home, enable_controllers, find_homes, write
from grader.sandbox.folders import lock_folder

HEAD_ROOM_BYTES = 200 << 20
"""For the zygote, bubblewrap, and what the kernel holds for the workers: pipes, /tmp, tables."""

_PREFIX = "grader-jail-"
_PROCESSES_BESIDE_WORKERS = 16
_PERIOD_US = 100_000
_ATTEMPTS = 20
_REMOVED_WITHIN_S = 0.5

# A shell enters by itself and then becomes the program: nothing is forked outside before.
_ENTER = (
    'n=$1; shift; while [ "$n" -gt 0 ]; do echo 0 > "$1" || exit 1; shift; n=$((n - 1)); done;'
    ' unset PWD OLDPWD SHLVL; exec "$@"'
)


class JailCgroup:
    """The cgroup of one jail: a folder in each hierarchy that has one of the controllers."""

    def __init__(self, groups: list[_Group]) -> None:
        self._groups = groups

    @classmethod
    def create(cls, n_workers: int, worker_bytes: int) -> JailCgroup | None:
        """Return a cgroup for so many workers at once; None where none may be made here."""
        groups = []
        for home in find_homes():
            with contextlib.suppress(OSError):
                groups.append(_Group(home, n_workers, worker_bytes))
        return cls(groups) if groups else None

    def __str__(self) -> str:
        carried = {
            name: group.home.version for group in self._groups for name in group.home.controllers
        }
        names = (f"{name} (v{carried[name]})" for name in CONTROLLERS if name in carried)
        return ", ".join(names)

    def enter(self, argv: tuple[str, ...]) -> tuple[str, ...]:
        """Return the command that runs a program inside, with all that it will ever start."""
        doors = [str(group.folder / "cgroup.procs") for group in self._groups]
        return ("/bin/sh", "-c", _ENTER, "sh", str(len(doors)), *doors, *argv)

    def allow_memory(self, n_workers: int, worker_bytes: int) -> None:
        """Let the jail hold what such workers may; never less than before, as others may run."""
        for group in self._groups:
            group.allow_memory(n_workers * worker_bytes + HEAD_ROOM_BYTES)

    def oom_kills(self) -> int:
        """Return how many processes the kernel has killed because this jail held too much.

        Those that it killed because the whole machine, or its container, was full are not counted.
        """
        return sum(group.count_oom_kills() for group in self._groups)

    def peak_bytes(self) -> int:
        """Return the most that the jail has held; 0 where the kernel does not say."""
        return max(group.read_peak() for group in self._groups)

    def close(self) -> None:
        """Remove the cgroup, once the jail's last process is gone."""
        until = time.monotonic() + _REMOVED_WITHIN_S
        for group in self._groups:
            group.close(until)


class _Group:
    """What one hierarchy has of a jail's cgroup. Its lock tells others that its owner lives."""

    def __init__(self, home: Home, n_workers: int, worker_bytes: int) -> None:
        self.home = home
        self._memory_bytes = 0
        if home.version == 2:
            enable_controllers(home)
        remove_abandoned(home.folder)
        self.folder, self._lock = _make_locked(home.folder)
        try:
            self._apply("pids", n_workers + _PROCESSES_BESIDE_WORKERS)
            self._apply("cpu", _PERIOD_US)
            self.allow_memory(n_workers * worker_bytes + HEAD_ROOM_BYTES)
        except OSError:
            self.close()
            raise

    def allow_memory(self, memory_bytes: int) -> None:
        if memory_bytes > self._memory_bytes:
            self._apply("memory", memory_bytes)
            self._memory_bytes = memory_bytes

    def _apply(self, controller: str, number: int) -> None:
        if controller not in self.home.controllers:
            return
        for name, value in _LIMITS[controller, self.home.version].items():
            try:
                write(self.folder / name, value.format(n=number))
            except FileNotFoundError:
                if name not in _OPTIONAL:
                    raise

    def count_oom_kills(self) -> int:
        # `oom_kill` counts a member's death whoever's limit it was; the other is of our own limit.
        if self.home.version == 1:
            killed = self._read_number("memory.oom_control", "oom_kill ")
            return min(killed, self._read_number("memory.failcnt"))
        killed = self._read_number("memory.events", "oom_kill ")
        return min(killed, self._read_number("memory.events", "oom "))

    def read_peak(self) -> int:
        return self._read_number(
            "memory.peak" if self.home.version == 2 else "memory.max_usage_in_bytes"
        )

    def _read_number(self, name: str, start: str = "") -> int:
        """Return the number on the first line that begins so; 0 where this kernel lacks it."""
        with contextlib.suppress(OSError):
            for line in (self.folder / name).read_text().splitlines():
                if line.startswith(start):
                    return int(line[len(start) :])
        return 0

    def close(self, until: float = 0.0) -> None:
        while not _is_removed(self.folder) and time.monotonic() < until:
            time.sleep(0.005)  # killed processes take a moment to leave; else the next one removes
        if self._lock >= 0:
            os.close(self._lock)
            self._lock = -1


_LIMITS: dict[tuple[str, int], dict[str, str]] = {
    ("memory", 1): {"memory.swappiness": "0", "memory.limit_in_bytes": "{n}"},
    ("memory", 2): {"memory.swap.max": "0", "memory.max": "{n}"},
    ("pids", 1): {"pids.max": "{n}"},
    ("pids", 2): {"pids.max": "{n}"},
    ("cpu", 1): {"cpu.cfs_period_us": "{n}", "cpu.cfs_quota_us": "{n}"},
    ("cpu", 2): {"cpu.max": "{n} {n}"},
}
_OPTIONAL = ("memory.swappiness", "memory.swap.max")
"""Kernels without swap lack these."""


def _make_locked(parent: Path) -> tuple[Path, int]:
    """Make a cgroup and lock it; another process may take it for abandoned in between."""
    for _ in range(_ATTEMPTS):
        folder = parent / f"{_PREFIX}{secrets.token_hex(8)}"
        folder.mkdir()
        with contextlib.suppress(FileNotFoundError, BlockingIOError):
            lock = lock_folder(folder)
            if folder.exists():
                return folder, lock
            os.close(lock)
    raise BlockingIOError(errno.EAGAIN, "a new cgroup is always taken for abandoned", str(parent))


def remove_abandoned(parent: Path) -> None:
    """Remove the jails' cgroups whose owner has been killed; the kernel keeps those in use."""
    with contextlib.suppress(OSError):
        for folder in parent.glob(f"{_PREFIX}*"):
            with contextlib.suppress(OSError):
                lock = lock_folder(folder)
                try:
                    folder.rmdir()
                finally:
                    os.close(lock)


def _is_removed(folder: Path) -> bool:
    try:
        folder.rmdir()
    except OSError as error:
        return error.errno == errno.ENOENT
    return True
