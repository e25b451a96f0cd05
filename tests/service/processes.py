"""Processes as the kernel knows them, and waiting for what is to come."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable
from pathlib import Path


def wait_until(is_so: Callable[[], object], timeout_s: float = 60.0) -> None:
    deadline_s = time.monotonic() + timeout_s
    while not is_so():
        assert time.monotonic() < deadline_s, "it never came to be so"
        time.sleep(0.05)


def is_running(pid: int) -> bool:
    """Tell whether a process runs; one that has ended and waits to be reaped does not."""
    return _read_stat(pid)[0] not in ("", "Z", "X")


def find_descendants(pids: Iterable[int]) -> set[int]:
    """Return the processes, and all that they started and that still have them as ancestors."""
    parents = {int(one.name): _read_stat(int(one.name))[1] for one in Path("/proc").glob("[0-9]*")}
    found = set(pids)
    while more := {pid for pid, parent in parents.items() if parent in found} - found:
        found |= more
    return found


def _read_stat(pid: int) -> tuple[str, int]:
    """Return the state and the parent of a process; empty where there is none."""
    try:
        state, parent = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[:2]
    except OSError:
        return "", 0
    return state, int(parent)
