"""Our failures are no zero: three attempts, then staff see why, and the student pays nothing."""

from __future__ import annotations

import datetime
import os
import signal
import time
from decimal import Decimal

import pytest

from grader.queue.enqueue import send_run
from grader.report import RunStatus
from grader.store import runs
from tests.queue.scene import HALF_RIGHT, SLOW, SOLUTION, Scene, now, wait_until

BROKEN = "def double(x): return 2 * x\ndef shift(x): raise ValueError('no shift')\n"


def test_a_run_that_was_taken_away_is_thrown_away_and_its_program_killed(
    working_scene: Scene,
) -> None:
    scene = working_scene
    scene.publish()
    run_id = scene.hand_in(SLOW.format(seconds=8))
    assert send_run(scene.settings, run_id)
    scene.wait_for(run_id, RunStatus.RUNNING)
    with scene.database.begin() as session:
        later = now() + datetime.timedelta(hours=1)
        assert [run_id] == runs.expire_leases(session, now=later, lease_s=3600)
    # The only slot is free long before the program would have ended.
    started_s = time.monotonic()
    other = scene.hand_in(HALF_RIGHT)
    assert send_run(scene.settings, other)
    assert scene.wait_for(other).score == Decimal(2)
    assert time.monotonic() - started_s < 6
    run = scene.run(run_id)
    assert (RunStatus.QUEUED, []) == (run.status, scene.scores(run_id))


def test_a_broken_solution_fails_the_run_after_three_attempts(working_scene: Scene) -> None:
    scene = working_scene
    scene.publish(solution=BROKEN)
    run_id = scene.hand_in(SOLUTION)
    assert send_run(scene.settings, run_id)
    run = scene.wait_for(run_id, RunStatus.FAILED)
    assert 3 == run.attempt
    assert run.failure is not None
    assert "solution.py:2: checks.shift" in run.failure
    assert not scene.is_attempt(run_id)
    assert [] == scene.scores(run_id)


@pytest.mark.slow
@pytest.mark.parametrize("is_replaced", [False, True])
def test_a_stopped_worker_ends_what_it_does(any_scene: Scene, is_replaced: bool) -> None:
    scene = any_scene
    worker = scene.start_worker()
    if is_replaced:
        # Celery forks the next child from a thread that ends before the child shall.
        [child] = worker.children
        os.kill(child, signal.SIGKILL)
        wait_until(lambda: worker.children not in ([], [child]), "another child")
    run_id = scene.hand_in(SLOW.format(seconds=2))
    assert send_run(scene.settings, run_id)
    scene.wait_for(run_id, RunStatus.RUNNING)
    assert 0 == worker.stop()
    assert RunStatus.GRADED is scene.status(run_id)


@pytest.mark.slow
def test_a_stopped_worker_gives_back_what_would_take_too_long(any_scene: Scene) -> None:
    scene = any_scene
    worker = scene.start_worker()
    run_id = scene.hand_in(SLOW.format(seconds=9) + "    \nshift = double\n")
    assert send_run(scene.settings, run_id)
    scene.wait_for(run_id, RunStatus.RUNNING)
    below = worker.descendants()
    started_s = time.monotonic()
    assert 0 == worker.stop(25)
    assert time.monotonic() - started_s < 20
    run = scene.run(run_id)
    assert (RunStatus.QUEUED, "the worker was stopped") == (run.status, run.failure)
    assert below
    scene.start_worker()
    scene.wait_for(run_id, RunStatus.RUNNING)
    assert 1 == scene.run(run_id).attempt
