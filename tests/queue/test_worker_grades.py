"""From a queued run to its score, by a real worker process."""

from __future__ import annotations

from decimal import Decimal

from grader.queue.enqueue import send_run
from tests.queue.scene import HALF_RIGHT, SOLUTION, Scene


def test_a_run_that_is_sent_is_graded_into_the_ledger(any_scene: Scene) -> None:
    any_scene.start_worker()
    right, half = any_scene.hand_in(SOLUTION), any_scene.hand_in(HALF_RIGHT)
    assert send_run(any_scene.settings, right)
    assert send_run(any_scene.settings, half)
    assert any_scene.wait_for(right).score == Decimal(3)
    assert any_scene.wait_for(half).score == Decimal(2)
    assert [Decimal(3)] == any_scene.scores(right)
    assert [Decimal(2)] == any_scene.scores(half)
