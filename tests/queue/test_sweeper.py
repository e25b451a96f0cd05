"""The sweeper brings back what was lost, and nothing else; two of them bring it back once."""

from __future__ import annotations

import datetime
import sqlite3
import threading
from contextlib import closing
from typing import Any

import pytest

from grader.errors import DatabaseUnavailable
from grader.queue import sweeper as sweeper_module
from grader.queue.broker import RETRY, embedded_queue, forget_delivered
from grader.queue.enqueue import count_messages, send_run
from grader.queue.sweeper import Sweeper, run_sweeper
from grader.report import RunStatus
from grader.store import runs
from tests.queue.scene import SOLUTION, Scene, now, wait_until


def _claim(scene: Scene, run_id: int, *, ago_s: float = 0.0) -> None:
    """Let a worker take a run and never be heard of again."""
    with scene.database.begin() as session:
        assert runs.claim(
            session, run_id, token=f"t{run_id}", worker="lost", tier="landlock",
            now=now() - datetime.timedelta(seconds=ago_s), lease_s=scene.settings.lease_s,
            seed=lambda _: 1,
        )  # fmt: skip


@pytest.fixture
def sent(monkeypatch: pytest.MonkeyPatch) -> list[tuple[int, str]]:
    """What sweepers of this process have sent."""
    sent: list[tuple[int, str]] = []

    def send(settings: object, run_id: int, queue: str) -> bool:
        del settings
        sent.append((run_id, queue))
        return True

    monkeypatch.setattr(sweeper_module, "send_run", send)
    return sent


def test_only_leases_that_have_run_out_go_to_the_retry_queue(
    scene: Scene, sent: list[tuple[int, str]]
) -> None:
    lost, kept, waiting = (scene.hand_in(SOLUTION) for _ in range(3))
    _claim(scene, lost, ago_s=scene.settings.lease_s + 1)
    _claim(scene, kept)
    assert [lost] == Sweeper(scene.settings, scene.database).requeue_expired()
    assert [(lost, RETRY)] == sent
    assert [RunStatus.QUEUED, RunStatus.RUNNING, RunStatus.QUEUED] == [
        scene.status(run_id) for run_id in (lost, kept, waiting)
    ]


def test_a_lease_from_before_the_clock_stepped_back_is_taken_too(scene: Scene) -> None:
    run_id = scene.hand_in(SOLUTION)
    _claim(scene, run_id, ago_s=-3600)
    assert [run_id] == Sweeper(scene.settings, scene.database).requeue_expired()


def test_two_sweepers_at_once_bring_each_run_back_once(
    scene: Scene, sent: list[tuple[int, str]]
) -> None:
    lost = [scene.hand_in(SOLUTION) for _ in range(20)]
    for run_id in lost:
        _claim(scene, run_id, ago_s=60)
    stop = threading.Event()
    threads = [threading.Thread(target=run_sweeper, args=(scene.settings, stop)) for _ in range(2)]
    for thread in threads:
        thread.start()
    try:
        wait_until(lambda: len(sent) >= len(lost), "all are sent")
    finally:
        stop.set()
        for thread in threads:
            thread.join()
    assert [(run_id, RETRY) for run_id in lost] == sorted(sent)


def test_runs_that_wait_behind_their_messages_are_not_sent_again(any_scene: Scene) -> None:
    waiting = [any_scene.hand_in(SOLUTION) for _ in range(3)]
    for run_id in waiting:
        assert send_run(any_scene.settings, run_id)
    assert 3 == count_messages(any_scene.settings)
    sweeper = Sweeper(any_scene.settings, any_scene.database, stale_after_s=0.0)
    assert [] == sweeper.requeue_stale()
    lost = any_scene.hand_in(SOLUTION)
    assert lost in sweeper.requeue_stale()
    assert (count_messages(any_scene.settings) or 0) >= 4


def test_a_young_run_without_a_message_is_left_alone(scene: Scene) -> None:
    scene.hand_in(SOLUTION)
    assert [] == Sweeper(scene.settings, scene.database).requeue_stale()


def test_delivered_messages_are_deleted_and_waiting_ones_kept(scene: Scene) -> None:
    scene.start_worker()
    for run_id in range(1000, 1005):
        assert send_run(scene.settings, run_id)
    wait_until(lambda: count_messages(scene.settings) == 0, "all are delivered")
    with closing(sqlite3.connect(embedded_queue(scene.settings))) as queue:
        assert (5,) == queue.execute("SELECT count(*) FROM kombu_message").fetchone()
    scene.close()
    assert send_run(scene.settings, 2000)
    assert 5 == forget_delivered(scene.settings)
    assert 1 == count_messages(scene.settings)


def test_a_sweeper_outlives_a_database_that_is_gone_and_a_bug(
    scene: Scene, sent: list[tuple[int, str]], monkeypatch: pytest.MonkeyPatch
) -> None:
    run_id = scene.hand_in(SOLUTION)
    _claim(scene, run_id, ago_s=60)
    monkeypatch.setattr(sweeper_module, "SWEEP_EVERY_S", 0.05)
    errors = [DatabaseUnavailable("gone"), DatabaseUnavailable("gone"), RuntimeError("a bug")]
    expire = runs.expire_leases

    def expire_at_last(*arguments: Any, **options: Any) -> list[int]:
        if errors:
            raise errors.pop(0)
        return expire(*arguments, **options)

    monkeypatch.setattr(runs, "expire_leases", expire_at_last)
    stop = threading.Event()
    thread = threading.Thread(target=run_sweeper, args=(scene.settings, stop))
    thread.start()
    try:
        wait_until(lambda: sent == [(run_id, RETRY)], "the run is sent")
    finally:
        stop.set()
        thread.join()
    assert [] == errors


def test_a_sweeper_process_ends_at_sigterm(scene: Scene) -> None:
    process = scene.start_sweeper()
    run_id = scene.hand_in(SOLUTION)
    _claim(scene, run_id, ago_s=60)
    scene.wait_for(run_id, RunStatus.QUEUED)
    assert 0 == process.stop()
