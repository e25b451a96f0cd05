"""Expected values: a solution that can be believed, asked once and kept."""

from __future__ import annotations

import os
import time
from pathlib import Path
from typing import Any

import pytest

from grader import expected
from grader.calls import Passed, Raised
from grader.checks.ask import Answer, Ask
from grader.errors import BrokenSolution
from grader.expected import KeptAnswers, SolutionJail
from grader.grading import grade
from grader.intake import Upload, accept_uploads

RIGHT = "def double(x): return x + x"


@pytest.mark.parametrize(
    ("solution", "said"),
    [
        ("import numpy as np\ndef double(x): return np.random.default_rng().random()", "run twice"),
        ("import os\ndef double(x): return os.urandom(4).hex()", "run twice"),
        ("def double(x): return 1 / 0", "ZeroDivisionError"),
        ("def double(x): raise NotImplementedError", "NotImplementedError"),
        ("def other(x): return x", "double"),
        ("def double(x:\n", "solution.py:1: SyntaxError"),
        ("def double(x): return x\n\n1 / 0\n", "solution.py:3: ZeroDivisionError"),
        ("import os\ndef double(x): os._exit(0)", "it ended as crash"),
        ("def double(x):\n    while True: pass", "it ended as time_limit"),
        ("def double(x):\n    while True: print('x' * 1000)", "it ended as output_limit"),
        ("import ctypes\ndef double(x): ctypes.CDLL(None).ptrace(0, 0, 0, 0)", "forbidden"),
    ],
    ids=[
        "unseeded",
        "entropy of the machine",
        "raises",
        "stub",
        "missing",
        "does not parse",
        "raises at load",
        "exits",
        "loops",
        "floods",
        "forbidden call",
    ],
)
def test_a_solution_that_cannot_be_believed_is_the_authors_to_mend(make, judge, solution, said):
    assignment = make("double", head="limits = {cpu_time = '0.05s'}", solution=solution)
    with pytest.raises(BrokenSolution) as refusal:
        judge(assignment, RIGHT)
    assert said in str(refusal.value)
    assert "solution.py" in str(refusal.value)
    assert 2 == refusal.value.exit_code
    assert "\n" not in str(refusal.value)


def test_a_solution_may_draw_from_the_seeded_generators(make, judge):
    text = "import random\nimport numpy as np\n"
    text += "def double(x): return np.random.rand() + random.random()"
    assert judge(make("double", solution=text), text).is_full_score


def test_the_solutions_names_are_not_in_the_students_box(make, judge):
    assignment = make(
        "double", solution="def double(x): return helper(x)\ndef helper(x): return 2 * x"
    )
    report = judge(assignment, "def double(x): return helper(x)")
    [result] = report.results
    assert "exception" == result.judgement.verdict
    assert "helper" in result.judgement.message


class CountedJail:
    """A solution's jail that counts how often it is asked."""

    def __init__(self, jail: SolutionJail) -> None:
        self.jail = jail
        self.n = 0

    def answer(self, ask: Ask, check: object) -> Answer:
        self.n += 1
        return self.jail.answer(ask, check)  # type: ignore[arg-type]

    def call(self, *asked: Any) -> Passed | Raised:
        self.n += 1
        return self.jail.call(*asked)


@pytest.fixture
def bench(make, slot):
    """A function that grades with a kept answer, and says how often the solution was asked."""
    assignment = make("double")

    def run(folder: Path, seed: int = 1) -> int:
        submitted = accept_uploads([Upload("solution.py", RIGHT.encode())], assignment.spec.files)
        jail = SolutionJail(assignment, slot)
        counted = CountedJail(jail)
        kept = KeptAnswers(assignment, counted, folder)
        assert grade(assignment, submitted, slot, kept, seed=seed).is_full_score
        jail.close()
        return counted.n

    return run


def kept_files(folder: Path) -> list[Path]:
    return [path for path in folder.glob("expected/*/*") if path.is_file()]


def test_the_solution_is_asked_once_a_seed(bench, tmp_path):
    folder = tmp_path / "cache"
    assert bench(folder) > 0
    assert 0 == bench(folder)
    assert bench(folder, seed=2) > 0
    assert 0 == bench(folder, seed=2)


@pytest.mark.parametrize(
    "damage",
    [
        lambda _: b"",
        lambda content: content[:10],
        lambda content: content[:-1],
        lambda content: content + b"x",
        lambda content: bytes([content[0] ^ 1]) + content[1:],
        lambda content: content[:-1] + bytes([content[-1] ^ 1]),
    ],
    ids=["empty", "cut in the checksum", "cut off", "longer", "other checksum", "other values"],
)
def test_a_damaged_file_is_asked_for_again_and_mended(bench, tmp_path, damage):
    folder = tmp_path / "cache"
    n = bench(folder)
    for path in kept_files(folder):
        path.write_bytes(damage(path.read_bytes()))
    assert n == bench(folder)
    assert 0 == bench(folder)


def test_a_file_with_a_right_checksum_over_nonsense_is_asked_for_again(bench, tmp_path):
    import hashlib

    folder = tmp_path / "cache"
    n = bench(folder)
    for path in kept_files(folder):
        path.write_bytes(hashlib.sha256(b"nonsense").digest() + b"nonsense")
    assert n == bench(folder)


def test_a_folder_that_cannot_be_written_costs_time_and_nothing_else(bench, tmp_path):
    (tmp_path / "file").write_text("")
    assert 0 < bench(tmp_path / "file") == bench(tmp_path / "file")


def test_a_folder_where_a_file_should_be_costs_nothing_else_either(bench, tmp_path):
    folder = tmp_path / "cache"
    n = bench(folder)
    for path in kept_files(folder):
        path.unlink()
        path.mkdir()
    assert n == bench(folder)


def test_old_answers_are_forgotten(bench, tmp_path):
    folder = tmp_path / "cache"
    bench(folder)
    old = kept_files(folder)
    past = time.time() - expected._KEPT_SECONDS - 60
    for path in old:
        os.utime(path, (past, past))
    bench(folder, seed=2)
    assert not any(path.exists() for path in old)


def test_nothing_is_left_half_written(bench, tmp_path):
    folder = tmp_path / "cache"
    bench(folder)
    assert all(64 == len(path.name) for path in kept_files(folder))


def test_what_is_kept_is_for_the_owner_alone(bench, tmp_path):
    folder = tmp_path / "cache"
    bench(folder)
    [place] = (folder / "expected").iterdir()
    assert 0o700 == place.stat().st_mode & 0o777
    assert all(0o600 == path.stat().st_mode & 0o777 for path in kept_files(folder))
