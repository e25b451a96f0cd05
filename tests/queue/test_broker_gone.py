"""A queue that is gone holds nobody up: what was accepted waits in the database."""

from __future__ import annotations

import dataclasses
import shutil
import sqlite3
import time
from collections.abc import Callable
from contextlib import closing
from decimal import Decimal
from pathlib import Path

from grader.queue.broker import embedded_queue
from grader.queue.enqueue import count_messages, send_run
from grader.queue.sweeper import Sweeper
from grader.report import RunStatus
from grader.settings import Settings
from tests.queue.scene import SOLUTION, Scene, opened, wait_until
from tests.servers import PrivateServer

SOON_S = 4.0


def _is_refused_soon(settings: Settings) -> bool:
    started_s = time.monotonic()
    is_sent = send_run(settings, 1)
    assert time.monotonic() - started_s < SOON_S
    return not is_sent


def test_sending_to_a_server_that_is_gone_is_soon_given_up(settings: Settings) -> None:
    nobody = "redis://127.0.0.1:1/0"
    assert _is_refused_soon(dataclasses.replace(settings, broker_url=nobody))


def test_sending_to_a_server_that_is_silent_is_soon_given_up(settings: Settings) -> None:
    import socket

    with socket.socket() as silent:
        silent.bind(("127.0.0.1", 0))
        silent.listen()
        url = f"redis://127.0.0.1:{silent.getsockname()[1]}/0"
        assert _is_refused_soon(dataclasses.replace(settings, broker_url=url))


def test_sending_to_a_locked_queue_is_soon_given_up(settings: Settings) -> None:
    assert send_run(settings, 1)
    with closing(sqlite3.connect(embedded_queue(settings))) as other:
        other.execute("BEGIN EXCLUSIVE")
        assert _is_refused_soon(settings)
    assert send_run(settings, 1)


def test_a_damaged_queue_is_told_and_can_be_deleted(settings: Settings) -> None:
    path = embedded_queue(settings)
    path.parent.mkdir(parents=True)
    path.write_bytes(b"no database" * 1000)
    assert _is_refused_soon(settings)
    path.unlink()
    assert send_run(settings, 1)


def _delete_queue(settings: Settings) -> None:
    path = embedded_queue(settings)
    for part in path.parent.glob(f"{path.name}*"):
        part.unlink()


def test_whoever_held_a_deleted_queue_uses_the_one_that_took_its_place(settings: Settings) -> None:
    assert send_run(settings, 1)
    assert send_run(settings, 2)
    assert 2 == count_messages(settings)
    _delete_queue(settings)
    assert 0 == count_messages(settings)
    assert send_run(settings, 3)
    with closing(sqlite3.connect(embedded_queue(settings))) as other:
        assert [("wal",)] == other.execute("PRAGMA journal_mode").fetchall()
        assert [(1,)] == other.execute("SELECT count(*) FROM kombu_message").fetchall()


def test_a_worker_finds_the_queue_that_took_the_place_of_its_own(scene: Scene) -> None:
    scene.start_worker()
    run_id = scene.hand_in(SOLUTION)
    assert send_run(scene.settings, run_id)
    scene.wait_for(run_id)
    _delete_queue(scene.settings)
    run_id = scene.hand_in(SOLUTION)
    assert send_run(scene.settings, run_id)
    assert scene.wait_for(run_id).score == Decimal(3)


def test_no_folder_for_the_queue_is_no_queue(settings: Settings, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    assert _is_refused_soon(dataclasses.replace(settings, data_dir=tmp_path / "file" / "data"))
    assert _is_refused_soon(dataclasses.replace(settings, data_dir=None))


def test_a_submission_without_a_queue_is_graded_once_there_is_one(scene: Scene) -> None:
    path = embedded_queue(scene.settings)
    path.mkdir()
    run_id = scene.hand_in(SOLUTION)
    assert not send_run(scene.settings, run_id)
    shutil.rmtree(path)
    scene.start_worker()
    sweeper = Sweeper(scene.settings, scene.database, stale_after_s=0.0)
    assert [run_id] == sweeper.requeue_stale()
    assert scene.wait_for(run_id).score == Decimal(3)


def test_a_worker_outlives_its_redis(
    settings: Settings, private_redis: PrivateServer, tmp_path: Path,
    tier_or_reason: tuple[bool, str], require: Callable[[object, str], None],
) -> None:  # fmt: skip
    require(*tier_or_reason)
    settings = dataclasses.replace(settings, broker_url=private_redis.url)
    with opened(settings, tmp_path / "scene") as scene:
        worker = scene.start_worker()
        first = scene.hand_in(SOLUTION)
        assert send_run(settings, first)
        scene.wait_for(first)
        private_redis.kill()
        second = scene.hand_in(SOLUTION)
        assert _is_refused_soon(settings)
        assert count_messages(settings) is None
        assert RunStatus.QUEUED is scene.status(second)
        private_redis.start()
        sweeper = Sweeper(settings, scene.database, stale_after_s=0.0)
        wait_until(sweeper.requeue_stale, "the sweeper sends it again")
        assert scene.wait_for(second).score == Decimal(3)
        assert worker.popen.poll() is None
