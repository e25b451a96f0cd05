"""A database that is gone, locked, full or wrong says so in one line; nothing is half written."""

from __future__ import annotations

import os
import signal
import sqlite3
import subprocess
import sys
import threading
from pathlib import Path

import pytest
from sqlalchemy import event, func, select, text

from grader.errors import ConfigurationError, DatabaseUnavailable, SchemaMismatch
from grader.settings import Settings
from grader.store import Database, courses, people, schema
from grader.store.tables import Person
from tests.store.classroom import NOW


def count_people(database: Database) -> int:
    with database.read() as session:
        return session.scalars(select(func.count()).select_from(Person)).one()


def one_line(caught: pytest.ExceptionInfo[BaseException]) -> str:
    line = str(caught.value)
    assert "\n" not in line
    return line


def test_a_block_that_ends_is_kept(database):
    with database.begin() as session:
        people.add_person(session, name="Ada", now=NOW)
    assert 1 == count_people(database)


def test_a_block_that_raises_leaves_nothing(database):
    with pytest.raises(ZeroDivisionError), database.begin() as session:
        people.add_person(session, name="Ada", now=NOW)
        _ = 1 / 0
    assert 0 == count_people(database)


def test_rows_can_be_read_after_the_block(database):
    with database.begin() as session:
        person = people.add_person(session, name="Ada", now=NOW)
        people.add_local_identity(session, person.id, username="ada", secret_hash="h", now=NOW)
    with database.read() as session:
        identity = people.find_local_identity(session, "ada")
    assert identity is not None
    assert ("Ada", NOW) == (identity.person.name, identity.created_at)


def test_a_reading_block_cannot_write(database):
    with (
        pytest.raises(DatabaseUnavailable, match=r"cannot be written|takes no writes"),
        database.read() as session,
    ):
        people.add_person(session, name="Ada", now=NOW)
    assert 0 == count_people(database)
    with database.begin() as session:
        people.add_person(session, name="Ada", now=NOW)
    assert 1 == count_people(database)


def test_a_reading_block_sees_one_state(database):
    with database.read() as session:
        before = session.scalars(select(func.count()).select_from(Person)).one()
        with database.begin() as other:
            people.add_person(other, name="Ada", now=NOW)
        assert before == session.scalars(select(func.count()).select_from(Person)).one()
    assert 1 == count_people(database)


def test_writers_at_once_all_succeed(database):
    def add(number):
        with database.begin() as session:
            n_people = session.scalars(select(func.count()).select_from(Person)).one()
            people.add_person(session, name=f"Ada {number} {n_people}", now=NOW)

    threads = [threading.Thread(target=add, args=(number,)) for number in range(16)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert 16 == count_people(database)


def test_many_processes_may_open_a_new_file_at_once(sqlite_url):
    code = (
        "import sys\nfrom grader.store import Database, schema\n"
        "database = Database(sys.argv[1]); database.ping(); schema.upgrade(database)"
    )
    processes = [subprocess.Popen([sys.executable, "-c", code, sqlite_url]) for _ in range(4)]
    assert [0] * 4 == [process.wait(120) for process in processes]


def test_a_forked_child_does_not_use_its_parents_connections(database):
    assert 0 == count_people(database)
    child = os.fork()
    if child == 0:  # what pytest knows must not be torn down twice
        status = 1
        try:
            with database.begin() as session:
                people.add_person(session, name="Ada", now=NOW)
            database.dispose()
            status = 0
        finally:
            os._exit(status)
    assert 0 == os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
    assert 1 == count_people(database)


def test_a_process_killed_in_its_transaction_leaves_nothing_and_holds_nothing(database):
    url = database.url.render_as_string(hide_password=False)
    code = (
        "import datetime, sys\nfrom grader.store import Database, people\n"
        "with Database(sys.argv[1]).begin() as session:\n"
        "    now = datetime.datetime.now(datetime.UTC)\n"
        "    people.add_person(session, name='Ada', email='ada@example.org', now=now)\n"
        "    print('added', flush=True)\n"
        "    sys.stdin.read()\n"
    )
    with subprocess.Popen(
        [sys.executable, "-c", code, url], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    ) as process:
        assert process.stdout is not None
        assert b"added\n" == process.stdout.readline()
        process.send_signal(signal.SIGKILL)
    assert 0 == count_people(database)
    with database.begin() as session:
        people.add_person(session, name="Ada", email="ada@example.org", now=NOW)


def test_a_locked_database_is_said_in_one_line(sqlite_database):
    event.listen(
        sqlite_database.engine, "connect",
        lambda connection, _record: connection.execute("PRAGMA busy_timeout = 50").close(),
    )  # fmt: skip
    sqlite_database.dispose()
    holder = sqlite3.connect(str(sqlite_database.url.database))
    try:
        holder.execute("BEGIN IMMEDIATE")
        with pytest.raises(DatabaseUnavailable) as caught, sqlite_database.begin() as session:
            people.add_person(session, name="Ada", now=NOW)
        assert one_line(caught).endswith("another process holds its lock; try again")
        assert 0 == count_people(sqlite_database)  # readers go on
    finally:
        holder.close()


def test_a_full_disk_is_said_in_one_line_and_loses_nothing(sqlite_database):
    event.listen(
        sqlite_database.engine, "connect",
        lambda connection, _record: connection.execute("PRAGMA max_page_count = 1").close(),
    )  # fmt: skip
    sqlite_database.dispose()
    with pytest.raises(DatabaseUnavailable) as caught, sqlite_database.begin() as session:
        for number in range(500):
            people.add_person(session, name=f"Ada {number}", now=NOW)
    assert one_line(caught).endswith("there is no room on its disk; try again")
    assert 0 == count_people(sqlite_database)


@pytest.mark.parametrize(
    ("state", "said"),
    [("53100", "there is no room on its disk"), ("55P03", "another transaction holds a lock")],
)
def test_what_postgresql_refuses_is_said_in_one_line(postgresql_database, state, said):
    raising = f"DO $$ BEGIN RAISE EXCEPTION 'no' USING ERRCODE = '{state}'; END $$"
    with pytest.raises(DatabaseUnavailable) as caught, postgresql_database.begin() as session:
        session.execute(text(raising))
    assert one_line(caught).endswith(f"{said}; try again")


def test_a_database_that_is_gone_is_said_in_one_line():
    database = Database("postgresql://grader:secret@127.0.0.1:1/grades")
    with pytest.raises(DatabaseUnavailable) as caught:
        database.ping()
    line = one_line(caught)
    assert line.startswith("the database grades at 127.0.0.1: ")
    assert "secret" not in line


def test_a_server_that_is_killed_is_said_and_used_again_when_it_is_back(private_postgresql):
    database = Database(private_postgresql.url)
    schema.upgrade(database)
    assert 0 == count_people(database)
    with pytest.raises(DatabaseUnavailable) as caught, database.begin() as session:
        people.add_person(session, name="Ada", now=NOW)
        private_postgresql.kill()
        people.add_person(session, name="Blaise", now=NOW)
    assert "\n" not in str(caught.value)
    with pytest.raises(DatabaseUnavailable):
        database.ping()
    private_postgresql.start()
    assert 0 == count_people(database)
    database.dispose()


def test_a_file_that_is_no_database_is_said(tmp_path):
    (tmp_path / "grader.db").write_bytes(b"This is a letter to somebody." * 100)
    with pytest.raises(DatabaseUnavailable, match="its file is no database"):
        Database(f"sqlite:///{tmp_path / 'grader.db'}").ping()


def test_a_folder_that_is_not_there_is_said(tmp_path):
    with pytest.raises(DatabaseUnavailable, match="its file cannot be opened"):
        Database(f"sqlite:///{tmp_path / 'nowhere' / 'grader.db'}").ping()


def test_an_empty_database_is_said_to_lack_tables(database_url):
    database = Database(database_url)
    with pytest.raises(SchemaMismatch, match="run `grader db upgrade`"), database.read() as session:
        courses.find_course(session, "ml")
    database.dispose()


@pytest.mark.parametrize(
    "url",
    ["mysql://h/d", "grader.db", "sqlite://", "sqlite:///:memory:", "postgresql+pg8000://h/d"],
)
def test_an_address_of_no_use_is_refused_in_one_line(url):
    with pytest.raises(ConfigurationError) as caught:
        Database(url)
    assert "address" in one_line(caught) or "memory" in one_line(caught)


def test_the_data_folder_is_its_owners_alone(tmp_path):
    folder = tmp_path / "made" / "here"
    database = Database.from_settings(Settings(data_dir=folder))
    database.ping()
    assert 0o700 == folder.stat().st_mode & 0o777
    assert {0o600} == {path.stat().st_mode & 0o777 for path in folder.iterdir()}
    with database.engine.connect() as connection:
        asked = ("journal_mode", "synchronous", "foreign_keys")
        answers = [connection.exec_driver_sql(f"PRAGMA {name}").scalar() for name in asked]
    assert ["wal", 2, 1] == answers
    database.dispose()


def test_a_data_folder_that_cannot_be_made_is_said(tmp_path):
    (tmp_path / "file").write_text("")
    with pytest.raises(ConfigurationError, match="set GRADER_DATA_DIR"):
        Database.from_settings(Settings(data_dir=tmp_path / "file" / "folder"))


def test_the_address_in_the_settings_wins(tmp_path):
    path = tmp_path / "other.db"
    database = Database.from_settings(
        Settings(data_dir=tmp_path / "data", database_url=f"sqlite:///{path}")
    )
    assert path == Path(str(database.url.database))
