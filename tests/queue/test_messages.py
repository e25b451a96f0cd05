"""What a message says is not believed, and none of them harms the worker."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from grader.queue.broker import INTERACTIVE, TASK
from grader.queue.enqueue import _publisher, send_run
from grader.report import RunStatus
from tests.queue.scene import HALF_RIGHT, SOLUTION, Scene


def _send(scene: Scene, *args: Any, task: str = TASK) -> None:
    _publisher(scene.settings).send_task(task, args=args, queue=INTERACTIVE)


def test_a_message_for_an_unknown_run_changes_nothing(working_scene: Scene) -> None:
    assert send_run(working_scene.settings, 999_999)
    run_id = working_scene.hand_in(SOLUTION)
    assert send_run(working_scene.settings, run_id)
    assert working_scene.wait_for(run_id).score == Decimal(3)


def test_messages_for_a_graded_run_add_no_score(working_scene: Scene) -> None:
    run_id, last = working_scene.hand_in(HALF_RIGHT), working_scene.hand_in(SOLUTION)
    for _ in range(5):
        assert send_run(working_scene.settings, run_id)
    before = working_scene.wait_for(run_id)
    assert send_run(working_scene.settings, run_id)
    assert send_run(working_scene.settings, last)
    working_scene.wait_for(last)
    after = working_scene.run(run_id)
    assert (before.finished_at, before.attempt) == (after.finished_at, after.attempt) != (None, 0)
    assert [Decimal(2)] == working_scene.scores(run_id)


def test_messages_that_are_none_are_dropped(working_scene: Scene) -> None:
    for args in ([], ["1"], [None], [0], [-1], [10**30], [1, 2], [{"run_id": 1}], [True]):
        _send(working_scene, *args)
    _send(working_scene, 1, task="grader.queue.unknown")
    run_id = working_scene.hand_in(SOLUTION)
    assert send_run(working_scene.settings, run_id)
    working_scene.wait_for(run_id)
    assert RunStatus.GRADED is working_scene.status(run_id)
