"""Whatever is killed in the middle of a run: one score, the one that it gets without the kill."""

from __future__ import annotations

import dataclasses
import os
import signal
from collections.abc import Callable
from decimal import Decimal
from functools import partial
from pathlib import Path

import pytest

from grader.errors import GraderError
from grader.queue.enqueue import send_run
from grader.queue.slots import choose_tier
from grader.report import RunStatus
from grader.sandbox.tiers import CONFINING, Tier
from grader.settings import Settings
from tests.queue.scene import SLOW, Scene, Started, opened, wait_until, wait_until_ended

SOURCE = SLOW.format(seconds=1.0)


def _start_run(scene: Scene, worker: Started) -> int:
    run_id = scene.hand_in(SOURCE)
    assert send_run(scene.settings, run_id)
    scene.wait_for(run_id, RunStatus.RUNNING)
    # The student's program runs by now, in a jail below the pool child.
    wait_until(lambda: len(worker.descendants()) >= 4, "the jails are there")
    return run_id


def test_a_killed_pool_child_is_replaced_and_its_run_graded_once(any_scene: Scene) -> None:
    worker = any_scene.start_worker()
    any_scene.start_sweeper()
    run_id = _start_run(any_scene, worker)
    [child] = worker.children
    below = worker.descendants() - {child}
    os.kill(child, signal.SIGKILL)
    wait_until_ended(below)
    run = any_scene.wait_for(run_id)
    assert (Decimal(2), 2) == (run.score, run.attempt)
    assert [Decimal(2)] == any_scene.scores(run_id)
    assert [child] != worker.children


def test_a_killed_worker_leaves_no_process_and_another_one_grades(any_scene: Scene) -> None:
    worker = any_scene.start_worker()
    any_scene.start_sweeper()
    run_id = _start_run(any_scene, worker)
    below = worker.descendants()
    worker.kill()
    wait_until_ended(below)
    any_scene.start_worker()
    run = any_scene.wait_for(run_id)
    assert (Decimal(2), 2) == (run.score, run.attempt)
    assert [Decimal(2)] == any_scene.scores(run_id)


def _is_running(scene: Scene, run_id: int, attempt: int) -> bool:
    run = scene.run(run_id)
    return (run.status, run.attempt) == (RunStatus.RUNNING, attempt)


@pytest.mark.parametrize("tier", CONFINING)
def test_no_jail_outlives_a_killed_worker_in_any_tier(
    tier: Tier, settings: Settings, tmp_path: Path, require: Callable[[object, str], None]
) -> None:
    settings = dataclasses.replace(settings, sandbox_tier=tier.value)
    try:
        choose_tier(settings)
    except GraderError as error:
        require(False, str(error))
    with opened(settings, tmp_path / "scene") as scene:
        worker = scene.start_worker()
        _start_run(scene, worker)
        below = worker.descendants()
        worker.kill()
        wait_until_ended(below)


@pytest.mark.slow
def test_a_run_whose_worker_dies_three_times_has_failed_and_costs_no_attempt(
    scene: Scene,
) -> None:
    worker = scene.start_worker()
    scene.start_sweeper()
    run_id = scene.hand_in(SLOW.format(seconds=8))
    assert send_run(scene.settings, run_id)
    for attempt in (1, 2, 3):
        wait_until(partial(_is_running, scene, run_id, attempt), f"attempt {attempt}")
        for child in worker.children:
            os.kill(child, signal.SIGKILL)
    run = scene.wait_for(run_id, RunStatus.FAILED)
    assert run.failure is not None
    assert "was not heard of any more" in run.failure
    assert not scene.is_attempt(run_id)
    assert [] == scene.scores(run_id)
