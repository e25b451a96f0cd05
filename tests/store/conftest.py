"""A migrated database of a test's own, once of SQLite and once of PostgreSQL."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import event, make_url, text

from grader.store import Database, schema
from grader.store.tables import Base
from tests import servers
from tests.store.classroom import Classroom


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("template") / "grader.db"
    database = Database(f"sqlite:///{path}")
    schema.upgrade(database)
    database.dispose()
    return path


@pytest.fixture(scope="session")
def shared_postgresql(postgresql: str) -> Iterator[str]:
    """Address of one migrated database for all tests: making one costs seconds."""
    with servers.own_database(postgresql) as url:
        database = Database(url)
        schema.upgrade(database)
        with database.engine.begin() as connection:
            name = make_url(url).database
            connection.execute(text(f"ALTER DATABASE {name} SET synchronous_commit = off"))
        database.dispose()
        yield url


@pytest.fixture
def sqlite_database(sqlite_template: Path, tmp_path: Path) -> Iterator[Database]:
    shutil.copy(sqlite_template, tmp_path / "grader.db")
    database = open_quickly(tmp_path / "grader.db")
    yield database
    database.dispose()


def open_quickly(path: Path) -> Database:
    """Open a database that a power cut may damage: no test pulls the plug."""
    database = Database(f"sqlite:///{path}")
    event.listen(database.engine, "connect", _do_not_sync)
    return database


def _do_not_sync(connection: Any, _record: object) -> None:
    connection.execute("PRAGMA synchronous = OFF").close()


@pytest.fixture
def postgresql_database(shared_postgresql: str) -> Iterator[Database]:
    database = Database(shared_postgresql)
    empty(database)
    yield database
    database.dispose()


def empty(database: Database) -> None:
    """Delete all rows but the roles; what forbids it is away for as long as it takes."""
    records = ("ledger", "audit")
    with database.engine.begin() as connection:
        for name in records:
            connection.execute(text(f"ALTER TABLE {name} DISABLE TRIGGER USER"))
        for table in reversed(Base.metadata.sorted_tables):
            if table.name != "roles":
                connection.execute(table.delete())
        for name in records:
            connection.execute(text(f"ALTER TABLE {name} ENABLE TRIGGER USER"))


@pytest.fixture(params=["sqlite", "postgresql"])
def database(request: pytest.FixtureRequest) -> Database:
    found = request.getfixturevalue(f"{request.param}_database")
    assert isinstance(found, Database)
    return found


@pytest.fixture
def make_classroom(database: Database, tmp_path: Path) -> Callable[..., Classroom]:
    def make(**options: int) -> Classroom:
        return Classroom(database, tmp_path, **options)

    return make


@pytest.fixture
def classroom(make_classroom: Callable[..., Classroom]) -> Classroom:
    return make_classroom()
