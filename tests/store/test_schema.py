"""The migrated schema is that of the models, on both databases; records only grow."""

from __future__ import annotations

import subprocess
import sys

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from sqlalchemy import select, text
from sqlalchemy.exc import DatabaseError, IntegrityError

from grader.errors import SchemaMismatch
from grader.permissions import SHIPPED_ROLES
from grader.store import Database, audit, ledger, schema
from grader.store.tables import Base, Role
from tests.store.classroom import NOW


@pytest.fixture
def empty_database(database_url):
    database = Database(database_url)
    yield database
    database.dispose()


def migrate(url: str) -> subprocess.Popen[bytes]:
    code = (
        "import sys; from grader.store import Database, schema\n"
        "schema.upgrade(Database(sys.argv[1]))"
    )
    return subprocess.Popen([sys.executable, "-W", "error", "-c", code, url])


def test_the_migrated_schema_is_that_of_the_models(database):
    with database.engine.connect() as connection:
        context = MigrationContext.configure(
            connection, opts={"compare_type": True, "compare_server_default": True}
        )
        assert [] == compare_metadata(context, Base.metadata)


def test_a_column_that_is_missing_is_seen(database):
    """The comparison above would find what a migration forgot."""
    with database.engine.connect() as connection, connection.begin():
        connection.execute(text("ALTER TABLE teams RENAME COLUMN name TO title"))
        context = MigrationContext.configure(connection)
        changes = compare_metadata(context, Base.metadata)
        assert {"add_column", "remove_column"} == {change[0] for change in changes}
        connection.rollback()


def test_the_shipped_roles_are_there(database):
    with database.read() as session:
        roles = {role.name: tuple(role.permissions) for role in session.scalars(select(Role))}
    assert {name: tuple(granted) for name, granted in SHIPPED_ROLES.items()} == roles


def test_an_upgrade_can_be_repeated(empty_database):
    with pytest.raises(SchemaMismatch, match=r"is empty; run `grader db upgrade`$"):
        schema.assert_current(empty_database)
    schema.upgrade(empty_database)
    schema.upgrade(empty_database)
    schema.assert_current(empty_database)


def test_of_two_upgrades_at_once_one_waits_and_finds_it_done(empty_database, database_url):
    processes = [migrate(database_url) for _ in range(3)]
    assert [0, 0, 0] == [process.wait(120) for process in processes]
    schema.assert_current(empty_database)


def test_a_program_that_is_older_than_the_schema_says_so_in_one_line(empty_database):
    schema.upgrade(empty_database)
    with empty_database.begin() as session:
        session.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    for ask in (schema.assert_current, schema.upgrade):
        with pytest.raises(SchemaMismatch) as caught:
            ask(empty_database)
        line = str(caught.value)
        assert line.endswith("is newer than this program; install a newer grader")
        assert "\n" not in line


def test_a_program_that_is_newer_than_the_schema_says_so_in_one_line(empty_database):
    schema.upgrade(empty_database)
    with empty_database.begin() as session:
        session.execute(text("UPDATE alembic_version SET version_num = '0001'"))
    with pytest.raises(SchemaMismatch) as caught:
        schema.assert_current(empty_database)
    line = str(caught.value)
    assert line.endswith("is older than this program; run `grader db upgrade`")


def test_a_failed_migration_changes_nothing(empty_database):
    with empty_database.engine.begin() as connection:
        # In the way of the second migration, after the first has made its tables.
        connection.execute(text("CREATE TABLE runs (id INTEGER)"))
    with pytest.raises(Exception, match="runs"):
        schema.upgrade(empty_database)
    with empty_database.engine.begin() as connection:
        assert not connection.dialect.has_table(connection, "people")
        connection.execute(text("DROP TABLE runs"))
    schema.upgrade(empty_database)
    schema.assert_current(empty_database)


@pytest.fixture
def recorded(classroom):
    """A database with a line in the ledger and in the audit trail."""
    submission = classroom.graded(earned=3)
    with classroom.database.begin() as session:
        audit.record(
            session, person_id=None, action="tried", subject="site", subject_id=None, now=NOW
        )
    return classroom, submission


@pytest.mark.parametrize("table", ["ledger", "audit"])
@pytest.mark.parametrize("statement", ["UPDATE {} SET id = id + 1000", "DELETE FROM {}"])
def test_records_are_neither_changed_nor_deleted(recorded, table, statement):
    classroom, submission = recorded
    with (
        pytest.raises(DatabaseError, match=f"{table} is append-only"),
        classroom.database.begin() as session,
    ):
        session.execute(text(statement.format(table)))
    with classroom.database.read() as session:
        assert 1 == len(ledger.history(session, submission.id))
        assert 1 == len(audit.list_audit(session, "site", None))


@pytest.mark.parametrize("table", ["ledger", "audit"])
def test_records_are_not_truncated(postgresql_database, table):
    with (
        pytest.raises(IntegrityError, match=f"{table} is append-only"),
        postgresql_database.begin() as session,
    ):
        session.execute(text(f"TRUNCATE {table} CASCADE"))


def test_what_a_migration_made_it_can_take_away(empty_database):
    schema.upgrade(empty_database)
    with empty_database.engine.begin() as connection:
        config = Config()
        config.set_main_option("script_location", str(schema.FOLDER))
        config.attributes["connection"] = connection
        command.downgrade(config, "base")
        names = connection.dialect.get_table_names(connection)
        assert ["alembic_version"] == names
    schema.upgrade(empty_database)
    schema.assert_current(empty_database)
