"""The sweeper: puts back into the queue what a killed worker or a lost message left behind.

Any number of them may run at once: each asks the database, which gives an expired run to one.
"""

from __future__ import annotations

import contextlib
import datetime
import signal
import sqlite3
import sys
import threading
import time
from dataclasses import dataclass, field

import structlog

from grader.errors import DatabaseUnavailable, GraderError
from grader.logs import configure_logs
from grader.queue.broker import INTERACTIVE, RETRY, forget_delivered
from grader.queue.enqueue import count_messages, send_run
from grader.settings import Settings, load_settings
from grader.store import Database, runs
from grader.store.schema import assert_current

_log = structlog.get_logger(__name__)
SWEEP_EVERY_S = 1.0
STALE_AFTER_S = 60.0
"""A run that has waited for so long has perhaps lost its message."""
MARK_FILE = "sweeper-mark"
"""In the data folder; touched after each sweep, whatever came of it, so that one who watches the
process can tell a loop that turns from one that hangs."""
_LOOK_FOR_STALE_EVERY_S = 5.0
_CLEAN_EVERY_S = 60.0


def run_sweeper(settings: Settings, stop: threading.Event) -> None:
    """Sweep until `stop` is set. A database or a broker that is gone is waited for."""
    database = Database.from_settings(settings)
    sweeper = Sweeper(settings, database)
    is_gone = False
    try:
        while True:
            try:
                sweeper.sweep()
                is_gone = False
            except DatabaseUnavailable as error:
                if not is_gone:
                    _log.warning("not swept", error=str(error))
                is_gone = True
            except Exception:  # noqa: BLE001 - who else would bring back what is lost
                _log.exception("not swept")
            _leave_mark(settings)
            if stop.wait(SWEEP_EVERY_S):
                return
    finally:
        database.dispose()


def _leave_mark(settings: Settings) -> None:
    if settings.data_dir is not None:
        with contextlib.suppress(OSError):
            settings.data_dir.mkdir(mode=0o700, parents=True, exist_ok=True)
            (settings.data_dir / MARK_FILE).touch(mode=0o600)


@dataclass
class Sweeper:
    """What is swept, and when its rarer tasks are due; those count on a clock nobody sets back."""

    settings: Settings
    database: Database
    stale_after_s: float = STALE_AFTER_S
    _due_s: dict[str, float] = field(default_factory=dict)

    def sweep(self) -> None:
        """Do all that is due."""
        self.requeue_expired()
        if self._is_due("stale", _LOOK_FOR_STALE_EVERY_S):
            self.requeue_stale()
        if self._is_due("clean", _CLEAN_EVERY_S):
            self.clean()

    def requeue_expired(self) -> list[int]:
        """Take runs from workers that are not heard of any more; wake others for them."""
        lease_s = self.settings.lease_s
        with self.database.begin() as session:
            expired = runs.expire_leases(session, now=_now(), lease_s=lease_s)
        for run_id in expired:
            _log.warning("lease expired", run_id=run_id)
            send_run(self.settings, run_id, RETRY)
        return expired

    def requeue_stale(self) -> list[int]:
        """Wake workers again for runs whose message seems to be lost.

        Where as many messages wait as runs, none is lost: the workers are busy, and to send every
        waiting run again would only make the queue longer.
        """
        with self.database.read() as session:
            n_queued = runs.count_queued(session)
        n_messages = count_messages(self.settings) if n_queued else 0
        if n_messages is None or n_messages >= n_queued:
            return []
        with self.database.begin() as session:
            stale = runs.list_stale(session, now=_now(), age_s=self.stale_after_s)
        for run_id in stale:
            _log.warning("sent again", run_id=run_id)
            send_run(self.settings, run_id, INTERACTIVE)
        return stale

    def clean(self) -> None:
        """Delete the messages that the embedded queue keeps after their delivery."""
        try:
            forget_delivered(self.settings)
        except (OSError, sqlite3.Error) as error:
            _log.warning("queue not cleaned", error=str(error))

    def _is_due(self, task: str, every_s: float) -> bool:
        now_s = time.monotonic()
        if now_s < self._due_s.get(task, 0.0):
            return False
        self._due_s[task] = now_s + every_s
        return True


def _now() -> datetime.datetime:
    return datetime.datetime.now(datetime.UTC)


def main() -> int:
    """Run a sweeper until SIGTERM or Ctrl-C; return the exit status."""
    try:
        settings = load_settings()
        configure_logs(settings.log_format, process="sweeper")
        database = Database.from_settings(settings)
        try:
            assert_current(database)
        finally:
            database.dispose()
    except GraderError as error:
        sys.stderr.write(f"grader: {error}\n")
        return error.exit_code
    stop = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stop.set())
    run_sweeper(settings, stop)
    return 0


if __name__ == "__main__":
    sys.exit(main())
