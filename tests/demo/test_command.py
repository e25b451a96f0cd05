"""`grader demo` as people run it: every process, the port, the scores, and nothing left behind."""

from __future__ import annotations

import os
import re
import shutil
import signal
from pathlib import Path

import pytest

from tests.demo.conftest import ROOT, Demo, Demos

ALL = "8 of 8 scores are as expected."


def count_scores(demo: Demo) -> int:
    """Return how many lines tell a score that is the expected one."""
    return len(re.findall(r"graded +\d+ of 24 +as expected$", demo.said(), re.MULTILINE))


@pytest.mark.slow
def test_two_demos_at_once_score_as_expected_on_a_busy_port_without_bubblewrap_or_home(
    demos: Demos, busy_port: int, path_without_bubblewrap: str
):
    nothing = dict.fromkeys(("HOME", "XDG_CACHE_HOME", "GRADER_CACHE_DIR"))
    poor = {"PATH": path_without_bubblewrap, **nothing}
    first = demos.start("--exit", "--port", busy_port)
    second = demos.start("--exit", "--port", busy_port, environment=poor)
    for demo in (first, second):
        assert 0 == demo.wait(), demo.said()
        assert 8 == count_scores(demo)
        assert ALL in demo.said()
        assert f"port {busy_port} cannot be had" in demo.said()
        assert not re.search(r"[\x00-\x09\x0b-\x1f\x7f-\x9f]", demo.said())
        demo.assert_all_gone()
    addresses = [re.findall(r"http://[^ ]+:(\d+)", demo.said())[0] for demo in (first, second)]
    assert busy_port + 1 == min(map(int, addresses))
    assert 2 == len(set(addresses))


def test_a_worker_killed_in_mid_run_changes_no_score_and_ctrl_c_leaves_nothing(demos: Demos):
    demo = demos.start("--port", 0)
    demo.wait_for("never_ends.py           running")
    os.kill(demo.find_process("celery"), signal.SIGKILL)
    demo.wait_for("Ctrl-C stops everything")
    assert "worker killed by SIGKILL" in demo.said()
    assert 8 == count_scores(demo)
    assert ALL in demo.said()
    for name in ("ada", "grace", "david", "password"):
        assert name in demo.said()
    assert demo.processes()
    demo.popen.send_signal(signal.SIGINT)
    assert 0 == demo.wait()
    demo.assert_all_gone()


def test_ctrl_c_while_it_starts_leaves_nothing(demos: Demos):
    demo = demos.start("--port", 0)
    demo.wait_for("A course is made")
    demo.popen.send_signal(signal.SIGINT)
    assert 130 == demo.wait()
    assert "grader: interrupted" in demo.said()
    demo.assert_all_gone()


@pytest.mark.slow
def test_a_clone_whose_solution_is_broken_in_one_check_fails_and_names_the_submissions(
    demos: Demos, tmp_path: Path
):
    clone = tmp_path / "clone"
    for name in ("grader", "reference", "assignments"):
        unwanted = shutil.ignore_patterns("__pycache__")
        shutil.copytree(ROOT / name, clone / name, ignore=unwanted)
    solution = clone / "assignments" / "mlp-backprop" / "solution.py"
    text = solution.read_text()
    broken = text.replace("W - learning_rate * grad", "W + learning_rate * grad")
    assert text != broken
    solution.write_text(broken)
    demo = demos.start("--exit", "--port", 0, root=clone)
    assert 1 == demo.wait(), demo.said()
    assert "emmy's loops.py got 22 and should get 24: train-step: " in demo.said()
    assert "leonhard's float32.py got 22 and should get 24: train-step: " in demo.said()
    assert "ada's" not in demo.said()
    demo.assert_all_gone()
