"""The demo as a library: on an assignment that is altered, and where the worker never grades."""

from __future__ import annotations

import shutil
import tempfile
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from grader.assignment_packs import course_pack
from grader.demo import Ending, performance, run_demo
from grader.demo.display import PlainLines
from grader.demo.scenario import SLUG
from grader.errors import OperationError
from grader.settings import Settings


@pytest.fixture
def place(monkeypatch) -> Iterator[Path]:
    """Where the demo makes its folder."""
    folder = Path(tempfile.mkdtemp(prefix="demo-of-a-test-"))
    folder.chmod(0o711)
    monkeypatch.setattr(tempfile, "tempdir", str(folder))
    yield folder
    shutil.rmtree(folder)


@pytest.fixture
def assignment(tmp_path: Path) -> Path:
    """A copy of the assignment that may be altered."""
    return Path(shutil.copytree(course_pack() / SLUG, tmp_path / SLUG))


def replace(path: Path, old: str, new: str) -> None:
    text = path.read_text()
    assert text.count(old) == 1
    path.write_text(text.replace(old, new))


def run(settings: Settings, assignment: Path, timeout_s: float = 90.0) -> Ending:
    stopped = threading.Event()
    return run_demo(
        settings, assignment, PlainLines(), stopped, port=0, stays=False, timeout_s=timeout_s
    )


def test_a_solution_broken_where_it_is_only_compared_fails_the_right_submissions_by_name(
    settings, assignment, place, capsys
):
    replace(assignment / "solution.py", "W - learning_rate", "W + learning_rate")
    assert Ending.NOT_AS_EXPECTED == run(settings, assignment)
    said = capsys.readouterr().out
    assert "emmy's loops.py got 22 and should get 24: train-step: " in said
    assert "leonhard's float32.py got 22 and should get 24: train-step: " in said
    assert "sophie's softmax_unstable.py got 21 and should get 23: " in said
    assert "5 of 8 scores are as expected." in said
    assert [] == list(place.iterdir())


def test_a_solution_broken_where_it_is_proved_is_not_published(settings, assignment, place, capsys):
    replace(assignment / "solution.py", "return grad_out * (Z > 0)", "return grad_out * (Z < 0)")
    assert Ending.NOT_AS_EXPECTED == run(settings, assignment)
    said = capsys.readouterr().out
    assert "mlp-backprop does not hold and is not published" in said
    assert "relu-backward" in said
    assert [] == list(place.iterdir())


@pytest.mark.slow
def test_what_does_not_come_in_time_is_named_and_the_logs_are_kept(
    settings, assignment, place, capsys, monkeypatch
):
    monkeypatch.setattr(performance, "send_run", lambda *_: False)
    with pytest.raises(OperationError, match="the validation of mlp-backprop has not ended"):
        run(settings, assignment, timeout_s=30.0)
    [kept] = place.iterdir()
    assert f"is kept in {kept / 'logs'}" in capsys.readouterr().out
    assert {"web.log", "worker.log", "sweeper.log"} == {one.name for one in kept.glob("logs/*")}
