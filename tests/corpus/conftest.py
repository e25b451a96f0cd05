"""One slot for the whole corpus; a file is judged once a seed, whoever asks."""

from __future__ import annotations

import functools
import zlib
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from grader.errors import GraderError
from grader.expected import expected_values
from grader.grading import grade
from grader.intake import Upload, accept_uploads
from grader.report import Report
from grader.sandbox.pool import Slot
from grader.sandbox.selftest import select_tier
from grader.sandbox.tiers import CONFINING
from grader.spec import load_assignment

Judge = Callable[..., Report]


@pytest.fixture(scope="session")
def seeds(session_seed: int) -> list[int]:
    """One seed for the normal run and four more, the same for all files: they share answers."""
    return [zlib.crc32(b"corpus %d" % number) ^ session_seed for number in range(5)]


@pytest.fixture(scope="session")
def corpus_slot(require) -> Iterator[Slot]:
    reason = ""
    try:
        tier = select_tier(CONFINING)
    except GraderError as error:
        reason = str(error)
    require(not reason, reason)
    with Slot(tier) as slot:
        yield slot


@pytest.fixture(scope="session")
def judge(corpus_slot: Slot, tmp_path_factory: pytest.TempPathFactory) -> Judge:
    """A function that grades a file of the corpus at a seed, and remembers the report."""
    kept = tmp_path_factory.mktemp("corpus")
    load = functools.cache(load_assignment)

    @functools.cache
    def run(path: Path, seed: int, is_explained: bool) -> Report:
        assignment = load(path.parents[1])
        uploads = [Upload(path.name, path.read_bytes())]
        submitted = accept_uploads(uploads, assignment.spec.files)
        with expected_values(assignment, corpus_slot, kept) as expected:
            return grade(
                assignment, submitted, corpus_slot, expected, seed=seed, is_explained=is_explained
            )

    return lambda file, seed, is_explained=False: run(file.path, seed, is_explained)
