"""A database that is gone for a moment costs no run and no score; one that stays away no worker."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Iterator
from decimal import Decimal
from pathlib import Path

import pytest

from grader.queue.enqueue import send_run
from grader.report import RunStatus
from grader.settings import Settings
from tests.queue.scene import SLOW, SOLUTION, Scene, opened, wait_until
from tests.servers import PrivateServer


@pytest.fixture
def scene_on_postgresql(
    settings: Settings,
    private_postgresql: PrivateServer,
    tmp_path: Path,
    tier_or_reason: tuple[bool, str],
    require: Callable[[object, str], None],
) -> Iterator[Scene]:
    require(*tier_or_reason)
    settings = dataclasses.replace(settings, database_url=private_postgresql.url, lease_s=10.0)
    with opened(settings, tmp_path / "scene") as scene:
        yield scene


def test_a_run_is_finished_once_the_database_is_back(
    scene_on_postgresql: Scene, private_postgresql: PrivateServer
) -> None:
    scene = scene_on_postgresql
    worker = scene.start_worker()
    run_id = scene.hand_in(SLOW.format(seconds=1.0))
    assert send_run(scene.settings, run_id)
    scene.wait_for(run_id, RunStatus.RUNNING)
    private_postgresql.kill()
    wait_until(lambda: "lease not renewed" in worker.said(), "the worker misses the database")
    private_postgresql.start()
    run = scene.wait_for(run_id)
    assert (Decimal(2), 1) == (run.score, run.attempt)
    assert [Decimal(2)] == scene.scores(run_id)


def test_a_wake_up_while_the_database_is_gone_is_not_lost(
    scene_on_postgresql: Scene, private_postgresql: PrivateServer
) -> None:
    scene = scene_on_postgresql
    worker = scene.start_worker()
    scene.start_sweeper()
    run_id = scene.hand_in(SOLUTION)
    private_postgresql.kill()
    assert send_run(scene.settings, run_id)
    wait_until(lambda: _has_claimed_in_vain(scene), "a worker has taken the message")
    private_postgresql.start()
    assert scene.wait_for(run_id).score == Decimal(3)
    assert worker.popen.poll() is None


def _has_claimed_in_vain(scene: Scene) -> bool:
    from grader.queue.enqueue import count_messages

    return count_messages(scene.settings) == 0
