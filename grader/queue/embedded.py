"""The embedded queue: kombu's SQLAlchemy transport on a SQLite file, made fit for many readers."""

from __future__ import annotations

import contextlib
import sqlite3
import threading
import warnings
from pathlib import Path
from queue import Empty
from typing import Any, ClassVar

from kombu.transport import sqlalchemy as base
from kombu.utils.scheduling import FairCycle

from grader.queue.broker import POLL_EVERY_S, QUEUES, make_file

_inherited: list[object] = []


class _InOrder(FairCycle):
    """Looks into the first queue first, every time: a retry does not wait behind the others."""

    def get(self, callback: Any, **options: Any) -> Any:
        """Return what the first queue with a message gives."""
        self.pos = 0
        return super().get(callback, **options)


class Channel(base.Channel):
    """A channel that takes no lock to see that there is nothing, and serves queues in order."""

    _files: ClassVar[dict[str, tuple[int, int] | None]] = {}
    """Which file each engine has opened."""
    _session: Any

    def _configure_entity_tablenames(self, options: dict[str, Any]) -> None:
        # kombu's tables use a loader that SQLAlchemy 2.1 warns of, once, when it reads them.
        with base._MUTEX, warnings.catch_warnings():
            warnings.simplefilter("ignore")
            super()._configure_entity_tablenames(options)
            base.ModelBase.registry.configure()

    def _reset_cycle(self) -> None:
        self._active_queues.sort(key=lambda name: (*QUEUES, name).index(name))
        self._cycle = _InOrder(self._get_and_deliver, self._active_queues, Empty)

    def _poll(self, cycle: Any, callback: Any, timeout: float | None = None) -> Any:
        # kombu's own way to look into a queue begins with BEGIN IMMEDIATE, ten times a second for
        # every queue and every worker: those who publish would wait for them.
        if not self._has_messages():
            raise Empty
        return super()._poll(cycle, callback, timeout=timeout)

    def _has_messages(self) -> bool:
        self._follow_file()
        try:
            found = self.session.connection().exec_driver_sql(
                f"SELECT 1 FROM {self.message_tablename} WHERE visible LIMIT 1"
            )
            return found.first() is not None
        finally:
            self.session.rollback()

    def _get_or_create(self, queue: str) -> Any:
        # Every way of kombu's to use a queue begins here.
        self._follow_file()
        return super()._get_or_create(queue)

    def _open(self) -> Any:
        with base._MUTEX:
            if self._name not in self._engines:
                # Where that fails the engine soon says so in its own way.
                with contextlib.suppress(OSError, sqlite3.Error):
                    make_file(self._path)
                self._files[self._name] = _identify(self._path)
            try:
                return super()._open()
            except base.OperationalError:
                # Another process made the tables in the same moment, and now they are there.
                return super()._open()

    @property
    def _name(self) -> str:
        return str(self.connection.client.hostname)

    @property
    def _path(self) -> Path:
        path = self.connection.client.transport_options["creator"].args[0]
        assert isinstance(path, Path)
        return path

    def _follow_file(self) -> None:
        """Leave a file that was deleted: whoever starts after that uses another one."""
        opened = self._engines.get(self._name)
        if opened is not None and self._files.get(self._name) != _identify(self._path):
            with base._MUTEX:
                # Another thread may have been faster: its engine stays.
                if self._engines.get(self._name) is opened:
                    del self._engines[self._name]
                    opened[0].dispose()
            opened = self._engines.get(self._name)
        engine = opened[0] if opened else None
        if self._session is not None and self._session.bind is not engine:
            self._session.close()
            self._session = None


class Transport(base.Transport):
    """The transport of the scheme `embedded+sqlite`.

    It takes part in the worker's event loop, as Redis does. Without one all pool children would
    wait at one pipe behind one lock, and a child that is killed there keeps it for ever.
    """

    Channel = Channel
    implements = base.Transport.implements.extend(asynchronous=True)
    polling_interval = POLL_EVERY_S

    def register_with_event_loop(self, connection: Any, loop: Any) -> None:
        """Look into the queues at every turn of the interval."""
        del connection
        loop.call_repeatedly(POLL_EVERY_S, self._take_all)

    def _take_all(self) -> None:
        """Take as many messages as there are slots for."""
        with contextlib.suppress(Empty):
            while True:
                self.cycle.get(self._deliver)


def _identify(path: Path) -> tuple[int, int] | None:
    try:
        status = path.stat()
    except OSError:
        return None
    return status.st_dev, status.st_ino


def forget_inherited_connections() -> None:
    """Leave a parent's connections alone: SQLite's must not be used, nor closed, after a fork.

    Its lock neither: a thread that is not here may have held it.
    """
    base._MUTEX = threading.RLock()
    _inherited.append(dict(Channel._engines))
    Channel._engines.clear()
