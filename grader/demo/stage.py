"""Where the demo takes place: a folder, a port and processes of its own."""

from __future__ import annotations

import contextlib
import os
import shutil
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

from grader.errors import OperationError, UsageError
from grader.service import Service, find_port
from grader.settings import Settings
from grader.store import Database

LEASE_S = 6.0
"""Short: somebody who kills the worker soon sees another one take over."""
_HOST = "127.0.0.1"
_MOST_SLOTS = 4
_PORTS_TO_LOSE = 20
_REMOVE_WITHIN_S = 2.0
LOGS = "logs"


@contextlib.contextmanager
def own_folder(say: Callable[[str], None]) -> Iterator[Path]:
    """Yield a folder, gone afterwards; where we failed its logs are kept and named."""
    folder = Path(tempfile.mkdtemp(prefix="grader-demo-"))
    # Jails of another user pass through to their own files; all else in it is closed to them.
    folder.chmod(0o711)
    is_kept = False
    try:
        yield folder
    except OperationError:
        is_kept = any(folder.glob(f"{LOGS}/*"))
        if is_kept:
            say(f"What the processes wrote is kept in {folder / LOGS}")
        raise
    finally:
        if not is_kept:
            _remove(folder)


def _remove(folder: Path) -> None:
    """Remove the folder, though a process that was killed just now may still write into it."""
    deadline_s = time.monotonic() + _REMOVE_WITHIN_S
    while folder.exists() and time.monotonic() < deadline_s:
        shutil.rmtree(folder, ignore_errors=True)


@contextlib.contextmanager
def own_service(
    settings: Settings, folder: Path, port: int, say: Callable[[str], None]
) -> Iterator[Service]:
    """Run web, worker and sweeper on this port or the next free one.

    Of the settings of whoever runs the demo, only the cache and the way to confine programs hold.
    """
    wanted = Settings(
        cache_dir=settings.cache_dir,
        sandbox_tier=settings.sandbox_tier,
        sandbox_uid=settings.sandbox_uid,
        data_dir=folder / "data",
        bind_host=_HOST,
        slots=min(len(os.sched_getaffinity(0)), _MOST_SLOTS),
        lease_s=LEASE_S,
        log_format="text",
    )
    is_over = False
    with contextlib.ExitStack() as stack:
        with _temporary_files_in(folder / "tmp"):
            service = _start(
                wanted, folder / LOGS, port, lambda line: None if is_over else say(line), stack
            )
        try:
            yield service
        finally:
            # Nobody waits for what is cut off, nor wants to read of it: it goes with the folder.
            is_over = True
            service.force()


@contextlib.contextmanager
def own_database(settings: Settings) -> Iterator[Database]:
    """Open the service's database for as long as the block lasts."""
    database = Database.from_settings(settings)
    try:
        yield database
    finally:
        database.dispose()


@contextlib.contextmanager
def _temporary_files_in(folder: Path) -> Iterator[None]:
    """Let processes that start now leave there what they cannot remove when they are killed."""
    folder.mkdir(mode=0o711)
    before = os.environ.get("TMPDIR")
    os.environ["TMPDIR"] = str(folder)
    try:
        yield
    finally:
        if before is None:
            del os.environ["TMPDIR"]
        else:
            os.environ["TMPDIR"] = before


def _start(
    settings: Settings,
    logs: Path,
    wanted: int,
    say: Callable[[str], None],
    stack: contextlib.ExitStack,
) -> Service:
    first = wanted
    for _ in range(_PORTS_TO_LOSE):
        port = find_port(_HOST, first)
        service = Service(replace(settings, port=port), log_dir=logs, say=say)
        try:
            stack.enter_context(service)
        except UsageError:  # somebody took it in between
            first = port + 1
            continue
        if port != wanted:
            say(f"port {wanted} cannot be had; the demo takes the next free one, {port}")
        return service
    raise OperationError("others take every port before the demo", remedy="try --port 9000")
