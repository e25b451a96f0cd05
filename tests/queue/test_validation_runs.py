"""Validation runs: an uploaded folder is held against its own claims, through the same queue."""

from __future__ import annotations

import io
import zipfile
from typing import Any

from grader.queue.enqueue import send_run
from grader.report import RunStatus
from grader.store import blobs
from tests.queue.scene import SOLUTION, Scene

MARKED = """
def double(x):
    # BEGIN SOLUTION
    return 2 * x
    # END SOLUTION


def shift(x): return x + 1
"""
WRONG = "# fails: shift\ndef double(x): return 2 * x\ndef shift(x): return x\n"
SAID_WRONG = "# fails: double\ndef double(x): return 2 * x\ndef shift(x): return x + 1\n"


def _validate(scene: Scene, solution: str = SOLUTION, **files: str) -> dict[str, Any]:
    run_id = scene.upload_draft(solution=solution, **files)
    assert send_run(scene.settings, run_id)
    run = scene.wait_for(run_id, RunStatus.GRADED, RunStatus.FAILED)
    assert RunStatus.GRADED is run.status, run.failure
    assert run.outcome is not None
    return run.outcome


def test_a_folder_that_keeps_its_word_holds(working_scene: Scene) -> None:
    outcome = _validate(working_scene, submissions__wrong_py=WRONG)
    assert (True, None) == (outcome["holds"], outcome["error"])
    scores = {one["name"]: one["score"] for one in outcome["findings"]}
    assert ("3", "2") == (scores["solution"], scores["wrong"])
    assert all(one["holds"] for one in outcome["findings"])
    with working_scene.database.read() as session:
        handout = blobs.load_blob(session, outcome["handout"])
    with zipfile.ZipFile(io.BytesIO(handout)) as packed:
        assert "doubling/check.py" in packed.namelist()


def test_a_folder_that_does_not_keep_its_word_does_not_hold(working_scene: Scene) -> None:
    outcome = _validate(working_scene, submissions__wrong_py=SAID_WRONG)
    assert (False, None) == (outcome["holds"], outcome["error"])
    [problem] = [line for one in outcome["findings"] for line in one["problems"]]
    assert "handout" not in outcome
    assert problem.startswith("submissions/wrong.py:1: double passes and must fail")


def test_what_its_author_must_mend_is_an_outcome_with_its_place(working_scene: Scene) -> None:
    broken = _validate(
        working_scene, solution="import nothing_like_it\ndef double(x): pass\ndef shift(x): pass\n"
    )
    assert not broken["holds"]
    assert broken["error"].startswith("solution.py:1: ModuleNotFoundError")
    silent = _validate(working_scene, submissions__wrong_py=WRONG.partition("\n")[2])
    assert not silent["holds"]
    assert silent["error"].startswith("submissions/wrong.py:1: does not say which checks it fails")
