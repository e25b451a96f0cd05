"""What a worker and a sweeper refuse before they do any harm: one line, exit status 3."""

from __future__ import annotations

import dataclasses
import subprocess
import sys

import pytest
from sqlalchemy import text

from grader.queue.commands import sweeper_command, worker_command
from grader.service.service import environment_of
from grader.settings import Settings
from grader.store import Database, schema


def _refusal(command: list[str], settings: Settings, **environment: str) -> str:
    """Return the one line with which a process refuses to start."""
    ended = subprocess.run(
        command, env=environment_of(settings, "worker") | environment, stdin=subprocess.DEVNULL,
        capture_output=True, text=True, timeout=60, check=False,
    )  # fmt: skip
    assert 3 == ended.returncode, ended.stderr
    [line] = ended.stderr.splitlines()
    assert line.startswith("grader: ")
    return line


@pytest.mark.parametrize("part", ["worker", "sweeper"])
def test_a_database_of_a_newer_program_is_refused(settings: Settings, part: str) -> None:
    database = Database.from_settings(settings)
    schema.upgrade(database)
    with database.begin() as session:
        session.execute(text("UPDATE alembic_version SET version_num = 'ffffffffffff'"))
    database.dispose()
    command = worker_command(settings) if part == "worker" else sweeper_command()
    assert "newer" in _refusal(command, settings)


@pytest.mark.parametrize("part", ["worker", "sweeper"])
def test_a_database_without_tables_is_refused(settings: Settings, part: str) -> None:
    command = worker_command(settings) if part == "worker" else sweeper_command()
    assert "grader db upgrade" in _refusal(command, settings)


def test_a_setting_that_is_wrong_is_told(settings: Settings) -> None:
    assert "GRADER_LEASE_S" in _refusal(worker_command(settings), settings, GRADER_LEASE_S="soon")


def test_a_damaged_queue_is_told(settings: Settings) -> None:
    assert settings.data_dir is not None
    settings.data_dir.mkdir()
    (settings.data_dir / "queue.db").write_bytes(b"no database" * 1000)
    line = _refusal(worker_command(settings), settings)
    assert "queue.db is damaged" in line
    assert "delete it" in line


def test_a_machine_on_which_nothing_confines_is_refused(settings: Settings) -> None:
    database = Database.from_settings(settings)
    schema.upgrade(database)
    database.dispose()
    settings = dataclasses.replace(settings, sandbox_tier="namespaces")
    assert "bubblewrap" in _refusal(worker_command(settings), settings, PATH="/nowhere")


def test_the_command_serves_retries_first_and_one_slot_a_processor(settings: Settings) -> None:
    command = worker_command(settings)
    assert sys.executable == command[0]
    assert ["-m", "celery"] == [one for one in command[1:4] if one != "-P"][:2]
    assert sys.flags.safe_path == ("-P" in command)
    queues = command[command.index("--queues") + 1]
    assert "grade.retry,grade.interactive,grade.regrade" == queues
    assert "1" == command[command.index("--concurrency") + 1]
    assert "--without-mingle" in command
    with_redis = dataclasses.replace(settings, broker_url="redis://127.0.0.1:6379/0", slots=3)
    assert "--without-mingle" not in worker_command(with_redis)
    assert "3" == worker_command(with_redis)[command.index("--concurrency") + 1]
