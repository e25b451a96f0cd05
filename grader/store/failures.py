"""What a database says when it fails, as one line for its operator."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import URL
from sqlalchemy.exc import DBAPIError, IntegrityError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from sqlalchemy.orm import Session

from grader.errors import Conflict, DatabaseUnavailable, SchemaMismatch

_SQLITE_CAUSES = {
    "locked": "another process holds its lock",
    "busy": "another process holds its lock",
    "full": "there is no room on its disk",
    "disk i/o error": "its disk fails or is full",
    "unable to open": "its file cannot be opened",
    "readonly": "its file cannot be written",
    "not a database": "its file is no database",
    "malformed": "its file is damaged: restore a backup",
}
_POSTGRESQL_CAUSES = {
    "53100": "there is no room on its disk",
    "53300": "it takes no more connections",
    "55P03": "another transaction holds a lock",
    "40P01": "two transactions waited for each other",
    "40001": "another transaction was first",
    "25006": "it takes no writes",
    "57P01": "it is shutting down",
    "57P03": "it is starting up",
    "3D000": "there is no database of this name",
    "28P01": "it refuses the password",
    "28000": "it refuses the user",
}
_NO_COLUMN = ("no such table", "no such column", "has no column named")
_NO_TABLE = ("42P01", "42703")


@contextmanager
def translated(url: URL) -> Iterator[None]:
    """Turn a failure of the database into an error of ours.

    Raises
    ------
    DatabaseUnavailable
        Where it is gone, locked for too long, full, or damaged.
    SchemaMismatch
        Where a table or column is missing.
    """
    try:
        yield
    except PoolTimeout as error:
        raise DatabaseUnavailable(
            f"{describe(url)}: all connections are in use", remedy="try again"
        ) from error
    except DBAPIError as error:
        raise (_translate(error, url) or error) from error


def _translate(error: DBAPIError, url: URL) -> Exception | None:
    is_sqlite = url.get_backend_name() == "sqlite"
    # SQLite rolls back by itself when its disk is full, and whoever then asks for the savepoint
    # hears that there is none: what came first says why.
    for one in reversed([error, *_find_earlier(error)]):
        message = " ".join(str(one.orig).split())
        state = getattr(one.orig, "sqlstate", None)
        if (is_sqlite and any(words in message for words in _NO_COLUMN)) or state in _NO_TABLE:
            return SchemaMismatch(
                f"{describe(url)} lacks a table or column", remedy="run `grader db upgrade`"
            )
        cause = _POSTGRESQL_CAUSES.get(state or "", "")
        if is_sqlite and not isinstance(one, IntegrityError):
            lowered = message.lower()
            cause = next((why for word, why in _SQLITE_CAUSES.items() if word in lowered), "")
        if isinstance(one, OperationalError) or one.connection_invalidated:
            cause = cause or message
        if cause:
            return DatabaseUnavailable(f"{describe(url)}: {cause}", remedy="try again")
    return None


def _find_earlier(error: BaseException) -> Iterator[DBAPIError]:
    """Yield the errors of the database during whose handling this one came, the last first."""
    before = error.__context__
    while before is not None:
        if isinstance(before, DBAPIError):
            yield before
        before = before.__context__


def describe(url: URL) -> str:
    """Return which database it is, without its password."""
    if url.get_backend_name() == "sqlite":
        return f"the database {url.database}"
    return f"the database {url.database or ''} at {url.host or 'localhost'}"


@contextmanager
def conflicting(session: Session, problem: str, *, remedy: str = "") -> Iterator[None]:
    """Flush what the block adds; where a constraint says no, raise `Conflict(problem)`.

    A savepoint keeps the transaction usable: the caller may go on.
    """
    try:
        with session.begin_nested():
            yield
            session.flush()
    except IntegrityError as error:
        raise Conflict(problem, remedy=remedy) from error
