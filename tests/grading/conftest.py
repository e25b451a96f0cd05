"""Small assignments made on the spot, graded in the best tier of the machine."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from grader.errors import GraderError
from grader.expected import expected_values
from grader.grading import grade
from grader.intake import Upload, accept_uploads
from grader.report import CheckResult, Report
from grader.sandbox.pool import Slot
from grader.sandbox.selftest import select_tier
from grader.sandbox.tiers import CONFINING, Tier
from grader.spec import Assignment, load_assignment

SOLUTION = """
def double(x): return 2 * x
def shift(x): return x + 1
def negate(x): return -x
"""


@pytest.fixture(scope="session")
def best_tier() -> Tier | str:
    try:
        return select_tier(CONFINING)
    except GraderError as error:
        return str(error)


@pytest.fixture(scope="session")
def warm_slot(best_tier: Tier | str) -> Iterator[Slot | None]:
    if not isinstance(best_tier, Tier):
        yield None
        return
    with Slot(best_tier) as slot:
        yield slot


@pytest.fixture
def slot(warm_slot: Slot | None, best_tier: Tier | str, require) -> Slot:
    require(warm_slot is not None, str(best_tier))
    assert warm_slot is not None
    return warm_slot


Make = Callable[..., Assignment]


@pytest.fixture
def make(tmp_path: Path) -> Make:
    """A function that writes an assignment folder and loads it.

    Each check is a line such as `double visible="never"`: its function, then keys of its own.
    """

    def write(*checks: str, head: str = "", solution: str = SOLUTION, **files: bytes) -> Assignment:
        parts = ['title = "Small"', head or 'files = ["solution.py"]']
        parts.append("[inputs.batch]\nx = {normal = [3]}")
        for line in checks:
            name, _, keys = line.partition(" ")
            own = {key.split("=")[0].strip() for key in keys.split("; ") if key}
            usual = {
                "id": f'"{name}"',
                "kind": '"output"',
                "inputs": '"batch"',
                "run": f'"y = {name}(x)"',
                "compare": '["y"]',
            }
            rows = [f"{key} = {value}" for key, value in usual.items() if key not in own]
            parts.append("\n".join(["[[checks]]", *rows, *filter(None, keys.split("; "))]))
        folder = tmp_path / "small"
        folder.mkdir()
        (folder / "assignment.toml").write_text("\n\n".join(parts) + "\n")
        (folder / "solution.py").write_text(solution)
        for file, content in files.items():
            (folder / file.replace("__", ".")).write_bytes(content)
        return load_assignment(folder)

    return write


Judge = Callable[..., Report]


@pytest.fixture
def judge(slot: Slot) -> Judge:
    """A function that grades a text."""

    def run(
        assignment: Assignment,
        text: str | bytes,
        *,
        seed: int = 1,
        name: str = "solution.py",
        cache: Path | None = None,
        only: str | None = None,
        on_result: Callable[[CheckResult], None] = lambda _: None,
    ) -> Report:
        content = text.encode() if isinstance(text, str) else text
        submitted = accept_uploads([Upload(name, content)], assignment.spec.files)
        with expected_values(assignment, slot, cache) as expected:
            return grade(
                assignment, submitted, slot, expected, seed=seed, only=only, on_result=on_result
            )

    return run
