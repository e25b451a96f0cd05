"""The schema of the database: brought up to date, and compared with this program's."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, inspect, text

from grader.errors import SchemaMismatch
from grader.store.database import Database
from grader.store.failures import describe, translated

FOLDER = Path(__file__).with_name("migrations")
_LOCK = 0x67726164
"""Key of PostgreSQL's advisory lock under which one process at a time migrates."""


def upgrade(database: Database) -> None:
    """Bring the schema up to date; of two that start at once, one waits and finds it done.

    Raises
    ------
    SchemaMismatch
        Where the database is newer than this program.
    """
    with translated(database.url), database.engine.connect() as connection:
        if database.is_sqlite:
            # A migration that copies a table would else delete what refers to it. Foreign keys
            # can be switched outside a transaction alone, hence the driver's own connection.
            driver = connection.connection.driver_connection
            assert driver is not None
            driver.execute("PRAGMA foreign_keys = OFF").close()
            try:
                _upgrade(connection, database)
            finally:
                connection.rollback()
                driver.execute("PRAGMA foreign_keys = ON").close()
        else:
            _upgrade(connection, database)


def _upgrade(connection: Connection, database: Database) -> None:
    with connection.begin():  # BEGIN IMMEDIATE on SQLite: the second process waits here
        if not database.is_sqlite:
            connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": _LOCK})
        _refuse_newer(_current(connection), database)
        config = Config()
        config.set_main_option("script_location", str(FOLDER).replace("%", "%%"))
        config.attributes["connection"] = connection
        command.upgrade(config, "head")
        if database.is_sqlite and connection.exec_driver_sql("PRAGMA foreign_key_check").first():
            raise SchemaMismatch(
                f"{describe(database.url)} has rows that refer to nothing",
                remedy="restore a backup",
            )


def assert_current(database: Database) -> None:
    """Make sure that the schema is this program's.

    Raises
    ------
    SchemaMismatch
        Where it is older or newer; the line says what to do.
    """
    with database.read() as session:
        found = _current(session.connection())
    _refuse_newer(found, database)
    if found != _scripts().get_heads():
        state = "is older than this program" if found else "is empty"
        raise SchemaMismatch(f"{describe(database.url)} {state}", remedy="run `grader db upgrade`")


def is_empty(database: Database) -> bool:
    """Tell whether the database has no tables at all, ours or others'."""
    with database.read() as session:
        return not inspect(session.connection()).get_table_names()


def _current(connection: Connection) -> list[str]:
    return sorted(MigrationContext.configure(connection).get_current_heads())


def _refuse_newer(found: list[str], database: Database) -> None:
    known = {script.revision for script in _scripts().walk_revisions()}
    if not known.issuperset(found):
        raise SchemaMismatch(
            f"{describe(database.url)} is newer than this program",
            remedy="install a newer grader",
        )


@cache
def _scripts() -> ScriptDirectory:
    return ScriptDirectory(str(FOLDER))
