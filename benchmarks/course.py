"""How long it takes to judge everything that the course knows: each solution and each submission.

Two processes with a slot each share the work, as two workers do. Nothing is kept from before: the
answers of the solutions are worked out in this run. Every report is the one that a student would
get, with all that can be said of a mistake; what the verdicts alone cost is told beside it.
"""

from __future__ import annotations

import sys
import tempfile
import time
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from contextlib import ExitStack
from dataclasses import dataclass
from multiprocessing import get_context
from pathlib import Path

from benchmarks.rows import Row, run_benchmark
from grader.assignment_packs import course_pack
from grader.expected import expected_values
from grader.grading import grade
from grader.intake import Upload, accept_uploads
from grader.sandbox.pool import Slot
from grader.sandbox.selftest import select_tier
from grader.sandbox.tiers import CONFINING
from grader.settings import load_settings
from grader.spec import list_assignments, list_submissions, load_assignment

_N_WORKERS = 2
_SEED = 1
_BATCH = 8
"""So many submissions are judged in one go: the last batch of a run makes nobody wait for long."""


@dataclass(frozen=True, slots=True)
class _Batch:
    """Files of one assignment, judged one after another in one process."""

    folder: Path
    files: tuple[Path, ...]
    is_explained: bool


def measure(is_quick: bool) -> list[Row]:
    """Judge the whole course, or with `--quick` its shortest assignments."""
    folders = list_assignments([course_pack()])
    if is_quick:
        folders = folders[:2]
    n_files = sum(len(_list_files(folder)) for folder in folders)
    seconds = {}
    for is_explained in (False, True):
        with (
            tempfile.TemporaryDirectory() as cache,
            ProcessPoolExecutor(
                _N_WORKERS, get_context("spawn"), initializer=_open_slot, initargs=(cache,)
            ) as pool,
        ):
            # To start a worker is no part of the time.
            list(pool.map(_wait, [1.0] * _N_WORKERS))
            started = time.perf_counter()
            list(pool.map(_judge, _batches(folders, is_explained)))
            seconds[is_explained] = time.perf_counter() - started
    name = f"{len(folders)} assignments, {n_files} files, {_N_WORKERS} processes"
    return [
        Row(f"{name}: with all feedback", seconds[True], "s", "<= 60"),
        Row(f"{name}: verdicts alone", seconds[False], "s", ">= 0"),
        Row("a file, with all feedback", seconds[True] * _N_WORKERS / n_files, "s", ">= 0"),
    ]


def _list_files(folder: Path) -> list[Path]:
    return [folder / "solution.py", *(known.path for known in list_submissions(folder))]


def _batches(folders: tuple[Path, ...], is_explained: bool) -> Iterator[_Batch]:
    for folder in folders:
        files = _list_files(folder)
        for start in range(0, len(files), _BATCH):
            yield _Batch(folder, tuple(files[start : start + _BATCH]), is_explained)


_stack = ExitStack()
_slots: list[Slot] = []
_caches: list[Path] = []


def _open_slot(cache: str) -> None:
    settings = load_settings()
    tier = select_tier(list(CONFINING), settings.cache_dir, settings.sandbox_uid)
    _slots.append(_stack.enter_context(Slot(tier, settings.sandbox_uid)))
    _caches.append(Path(cache))


def _wait(seconds: float) -> None:
    time.sleep(seconds)


def _judge(batch: _Batch) -> None:
    assignment = load_assignment(batch.folder)
    first, *others = assignment.spec.files
    with expected_values(assignment, _slots[0], _caches[0]) as expected:
        for file in batch.files:
            uploads = [Upload(first, file.read_bytes())]
            uploads += [Upload(name, assignment.solution[name].encode()) for name in others]
            grade(
                assignment,
                accept_uploads(uploads, assignment.spec.files),
                _slots[0],
                expected,
                seed=_SEED,
                is_explained=batch.is_explained,
            )


if __name__ == "__main__":
    sys.exit(run_benchmark(__doc__.splitlines()[0], measure))
