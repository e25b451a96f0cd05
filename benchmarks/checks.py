"""Whether gradient checkers tell right files of students from wrong ones: ours, and others.

The files are those of `tests/corpus`, with the checks of kind `gradient` only: every right file,
and every bug of which such a check must fail. A file is accepted where all its checks are, on all
inputs that a check draws. Ours is a whole `grade()`, sandbox and explanation included, against the
solution. A peer compares a program with derivatives of the program itself, so a wrong forward pass
with its own right gradient passes it; the names of the rows count those apart. A peer's rows are
for information: they hold where it is installed.
"""

from __future__ import annotations

import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from benchmarks.passes import Passes, load_student
from benchmarks.peers import Peer, accepts, find_peers
from benchmarks.rows import Row, run_benchmark
from grader.expected import expected_values
from grader.grading import grade
from grader.intake import Upload, accept_uploads
from grader.report import CheckResult
from grader.sandbox.pool import Slot
from grader.sandbox.selftest import select_tier
from grader.sandbox.tiers import CONFINING
from grader.spec import Assignment, GradientCheck, draw_cases, load_assignment
from tests.corpus.student_files import StudentFile, list_files

_SEED = 1
_QUICK_TOPICS = ("layers", "mlp")
_N_QUICK_BUGS = 4
_MOST_S = 10.0
"""For one peer and one bug."""
_INFORMATION = ">= 0"
_TIMED = "CS231n rel_error <= 1e-7"


@dataclass(frozen=True, slots=True)
class _Task:
    """A file, and the checks by which it is judged."""

    file: StudentFile
    assignment: Assignment
    checks: tuple[GradientCheck, ...]


@dataclass(frozen=True, slots=True)
class _Verdict:
    """What became of one file."""

    is_bug: bool
    is_forward_to_blame: bool
    """Whether the gradient is right for the wrong forward pass, as far as ours can tell."""
    accepted: Mapping[str, bool]
    """Names of the checkers that judged it, and what they said."""


def measure(is_quick: bool) -> list[Row]:
    """Have every checker judge every file, then time two of them in turns."""
    tasks = _choose(is_quick)
    peers = find_peers()
    with Slot(select_tier(CONFINING)) as slot, tempfile.TemporaryDirectory() as kept:
        verdicts = []
        for number, task in enumerate(tasks, 1):
            sys.stderr.write(f"{number} of {len(tasks)}: {task.file.name}\n")
            verdicts.append(_judge(task, slot, Path(kept), peers))
        right = [task for task in tasks if not task.file.mistakes]
        seconds = _time_in_turns(right, slot, Path(kept), peers[_TIMED], 3 if is_quick else 7)
    rows = _rows_of("ours", verdicts, "<= 0")
    for name, peer in peers.items():
        rows += _rows_of(name, verdicts if peer else [], _INFORMATION)
    ours_s, theirs_s = map(statistics.median, zip(*seconds, strict=True))
    n = len(seconds)
    return [
        *rows,
        Row(f"time a right file, ours, median of {n}", ours_s * 1e3, "ms", _INFORMATION),
        Row(f"time a right file, CS231n's, median of {n}", theirs_s * 1e3, "ms", _INFORMATION),
        Row("time a right file, ours / CS231n's", ours_s / theirs_s, "x", _INFORMATION),
    ]


def _choose(is_quick: bool) -> list[_Task]:
    tasks = []
    assignments = {
        topic: load_assignment(topic) for topic in dict.fromkeys(f.topic for f in list_files())
    }
    n_bugs = dict.fromkeys(assignments, 0)
    for file in list_files():
        assignment = assignments[file.topic]
        checks = tuple(
            check
            for check in assignment.spec.checks
            if isinstance(check, GradientCheck) and (not file.mistakes or check.id in file.fails)
        )
        is_left_out = is_quick and (
            file.topic.name not in _QUICK_TOPICS or n_bugs[file.topic] >= _N_QUICK_BUGS
        )
        if checks and not is_left_out:
            tasks.append(_Task(file, assignment, checks))
            n_bugs[file.topic] += bool(file.mistakes)
    return tasks


def _judge(task: _Task, slot: Slot, kept: Path, peers: Mapping[str, Peer | None]) -> _Verdict:
    results = _grade(task, slot, kept, is_whole=True)
    cases = _cases_of(task)
    limit_s = _MOST_S if task.file.mistakes else 0.0
    accepted = {name: accepts(peer, cases, limit_s) for name, peer in peers.items() if peer}
    accepted["ours"] = all(result.is_passed for result in results)
    blamed = {result.judgement.measured.get("wrong_pass") for result in results}
    return _Verdict(bool(task.file.mistakes), "forward" in blamed, accepted)


def _grade(task: _Task, slot: Slot, kept: Path, *, is_whole: bool) -> list[CheckResult]:
    """Return what `grade()` makes of the file's checks, of all at once or of each by itself.

    At once, as a submission is judged, what one check leaves behind may show a bug to the next.
    """
    assignment, path = task.assignment, task.file.path
    uploads = [Upload(path.name, path.read_bytes())]
    submitted = accept_uploads(uploads, assignment.spec.files)
    wanted = [check.id for check in task.checks]
    with expected_values(assignment, slot, kept) as expected:
        reports = [
            grade(assignment, submitted, slot, expected, seed=_SEED, only=only)
            for only in ([None] if is_whole else wanted)
        ]
    return [one for report in reports for one in report.results if one.check in wanted]


def _cases_of(task: _Task) -> list[Passes]:
    spec = task.assignment.spec
    namespace = load_student(spec, task.file.path.read_text(encoding="utf-8"))
    return [
        Passes(namespace, check, case)
        for check in task.checks
        for case in draw_cases(spec, check, _SEED)
    ]


def _rows_of(checker: str, verdicts: Sequence[_Verdict], goal: str) -> list[Row]:
    """Return how many bugs passed and how many right files were rejected, as shares."""
    bugs = [one for one in verdicts if one.is_bug]
    backward = [one for one in bugs if not one.is_forward_to_blame]
    right = [one for one in verdicts if not one.is_bug]
    if not verdicts:
        return [
            Row(f"{checker}: bugs passed", None, "", goal),
            Row(f"{checker}: right files rejected", None, "", goal),
        ]
    missed, missed_backward = (
        sum(one.accepted[checker] for one in some) for some in (bugs, backward)
    )
    rejected = sum(not one.accepted[checker] for one in right)
    told = f"{missed} of {len(bugs)}, {missed_backward} of {len(backward)} in the backward pass"
    return [
        Row(f"{checker}: bugs passed, {told}", missed / len(bugs), "", goal),
        Row(
            f"{checker}: right files rejected, {rejected} of {len(right)}",
            rejected / len(right), "", goal,
        ),
    ]  # fmt: skip


def _time_in_turns(
    tasks: Sequence[_Task], slot: Slot, kept: Path, peer: Peer | None, n: int
) -> list[tuple[float, float]]:
    """Return for each file the medians of what ours took, its answers kept, and the peer."""
    assert peer is not None, "it needs nothing installed"
    seconds = []
    for task in tasks:
        turns = [
            (
                _seconds(lambda task=task: _grade(task, slot, kept, is_whole=False)),  # type: ignore[misc]
                _seconds(lambda task=task: accepts(peer, _cases_of(task))),  # type: ignore[misc]
            )
            for _ in range(n)
        ]
        ours, theirs = zip(*turns, strict=True)
        seconds.append((statistics.median(ours), statistics.median(theirs)))
    return seconds


def _seconds(action: Callable[[], object]) -> float:
    started = time.perf_counter()
    action()
    return time.perf_counter() - started


if __name__ == "__main__":
    sys.exit(run_benchmark(__doc__ or "", measure))
