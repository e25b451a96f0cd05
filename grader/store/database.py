"""The database: one address, transactions that write, transactions that only read.

SQLite and PostgreSQL mean the same here: a writing transaction on SQLite takes the lock at its
beginning (BEGIN IMMEDIATE), so that what it read is still true when it writes; on PostgreSQL the
modules lock the rows that they decide by.
"""

from __future__ import annotations

import contextlib
import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from sqlalchemy import URL, Connection, Engine, create_engine, event, make_url, text
from sqlalchemy.exc import ArgumentError, SQLAlchemyError
from sqlalchemy.orm import Session

from grader.errors import ConfigurationError
from grader.settings import Settings
from grader.store.failures import translated

BUSY_TIMEOUT_S = 30
"""So long a transaction waits for another one's lock."""
FILE_NAME = "grader.db"
_ADDRESS = "give an address such as postgresql://user@host/name"


class Database:
    """A database by its SQLAlchemy address; it connects when it is first needed."""

    def __init__(self, url: str) -> None:
        self.url = _read_url(url)
        self._engine = _make_engine(self.url)
        self._process = os.getpid()

    @classmethod
    def from_settings(cls, settings: Settings) -> Database:
        """Return the database that the settings name: SQLite in the data folder by default."""
        if settings.database_url:
            return cls(settings.database_url)
        if settings.data_dir is None:
            raise ConfigurationError(
                "there is no folder for the database", remedy="set GRADER_DATA_DIR"
            )
        folder = settings.data_dir.absolute()
        try:
            folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        except OSError as error:
            raise ConfigurationError(
                f"{folder}: {error.strerror}", remedy="set GRADER_DATA_DIR"
            ) from error
        return cls(URL.create("sqlite", database=str(folder / FILE_NAME)).render_as_string())

    @property
    def is_sqlite(self) -> bool:
        """Whether this is SQLite."""
        return self.url.get_backend_name() == "sqlite"

    @property
    def engine(self) -> Engine:
        """SQLAlchemy's engine, with connections of this process alone."""
        if self._process != os.getpid():
            # A child that was forked must neither use nor close its parent's connections.
            self._engine.dispose(close=False)
            self._process = os.getpid()
        return self._engine

    @contextmanager
    def begin(self) -> Iterator[Session]:
        """Make one writing transaction: committed at the end, rolled back by any error."""
        with translated(self.url), self._session(is_writing=True) as session:
            yield session
            session.commit()

    @contextmanager
    def read(self) -> Iterator[Session]:
        """Make a transaction that sees one state of the database and cannot write."""
        with translated(self.url), self._session(is_writing=False) as session:
            yield session

    @contextmanager
    def _session(self, *, is_writing: bool) -> Iterator[Session]:
        options: dict[str, Any] = {"grader_is_writing": is_writing}
        if not is_writing and not self.is_sqlite:
            options |= {"postgresql_readonly": True, "isolation_level": "REPEATABLE READ"}
        bound = self.engine.execution_options(**options)
        # What was loaded can be read after the block: a page is rendered from it.
        with Session(bound, expire_on_commit=False, autoflush=is_writing) as session:
            yield session

    def ping(self) -> None:
        """Ask the database for an answer.

        Raises
        ------
        DatabaseUnavailable
            Where it gives none.
        """
        with self.read() as session:
            session.execute(text("SELECT 1"))

    def dispose(self) -> None:
        """Close all connections."""
        self.engine.dispose()


def _read_url(url: str) -> URL:
    try:
        parsed = make_url(url)
    except ArgumentError as error:
        raise ConfigurationError("the database's address is no address", remedy=_ADDRESS) from error
    if parsed.drivername not in ("sqlite", "sqlite+pysqlite", "postgresql", "postgresql+psycopg"):
        raise ConfigurationError(
            f"the database's address begins with {parsed.drivername!r}", remedy=_ADDRESS
        )
    if parsed.get_backend_name() == "sqlite" and parsed.database in (None, "", ":memory:"):
        raise ConfigurationError(
            "a database in memory is gone with its process", remedy="name a file"
        )
    return parsed


def _make_engine(url: URL) -> Engine:
    try:
        if url.get_backend_name() == "sqlite":
            engine = create_engine(url, connect_args={"timeout": BUSY_TIMEOUT_S}, max_overflow=-1)
            event.listen(engine, "do_connect", _make_file)
            event.listen(engine, "connect", _prepare_sqlite)
            event.listen(engine, "begin", _begin_on_sqlite)
            return engine
        engine = create_engine(
            url,
            connect_args={"connect_timeout": 10},
            max_overflow=20,
            pool_timeout=BUSY_TIMEOUT_S,
            pool_pre_ping=True,
        )
        event.listen(engine, "connect", _prepare_postgresql)
    except (SQLAlchemyError, ImportError) as error:
        raise ConfigurationError("the database's address is of no use", remedy=_ADDRESS) from error
    return engine


def _make_file(dialect: object, record: object, args: list[Any], options: object) -> None:
    """Make the file its owner's alone: it holds work, scores, and hashes of passwords.

    What SQLite puts beside it gets the same mode. A file that is there is not even opened: to
    close it would give up the locks that this process holds on it.
    """
    del dialect, record, options
    path = Path(args[0])
    # Where it cannot be made SQLite says so itself; where another was faster, that one is taken.
    with contextlib.suppress(OSError):
        if not path.exists() and not args[0].startswith("file:"):
            descriptor, name = tempfile.mkstemp(dir=path.parent, prefix=".database-")
            os.close(descriptor)
            try:
                path.hardlink_to(name)
            finally:
                Path(name).unlink()


def _prepare_sqlite(connection: Any, record: object) -> None:
    del record
    # Python's own idea of when a transaction begins is switched off: `_begin_on_sqlite` says it.
    connection.isolation_level = None
    for pragma in ("journal_mode = WAL", "synchronous = FULL", "foreign_keys = ON"):
        connection.execute(f"PRAGMA {pragma}").close()


def _begin_on_sqlite(connection: Connection) -> None:
    is_writing = connection.get_execution_options().get("grader_is_writing", True)
    connection.exec_driver_sql(f"PRAGMA query_only = {'OFF' if is_writing else 'ON'}")
    connection.exec_driver_sql("BEGIN IMMEDIATE" if is_writing else "BEGIN")


def _prepare_postgresql(connection: Any, record: object) -> None:
    del record
    with connection.cursor() as cursor:
        cursor.execute(f"SET lock_timeout = '{BUSY_TIMEOUT_S}s'")
        cursor.execute("SET timezone = 'UTC'")
    connection.commit()
