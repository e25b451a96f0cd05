"""What judging the gradient of a network of 118 282 parameters takes, beside the network itself.

One check of `benchmarks/large_network` is judged by `grade()` from the upload to the report. `cold`
is the first submission of a version: the solution's forward pass is differentiated along 42 lines,
some 1200 evaluations. `warm` is every later one, with the solution's answers kept. The share of
the function itself is the number of evaluations times what one takes in the same kind of jail;
both are timed in turns in one run. Of times the least counts, of the shares of all turns the
median.
"""

from __future__ import annotations

import statistics
import sys
import tempfile
import time
from collections.abc import Mapping
from pathlib import Path

from benchmarks.rows import Row, run_benchmark
from grader.calls import Evaluation, Ladder, Passed, Raised, Returned
from grader.checks.ask import Answer, Ask
from grader.expected import ExpectedValues, expected_values
from grader.grading import grade
from grader.intake import SubmittedFiles, Upload, accept_uploads
from grader.sandbox.pool import Slot
from grader.sandbox.program import Chunk, Limits, Program, SourceFile
from grader.sandbox.selftest import select_tier
from grader.sandbox.tiers import CONFINING, Side
from grader.spec import Assignment, CheckSpec, GradientCheck, draw_cases, load_assignment

_NETWORK = Path(__file__).parent / "large_network"
_SEED = 1
_N_CALLS = 1000
"""About as many as judging takes, so that both meet the same noise of the machine."""
_TIMED = """
import time
started = time.perf_counter()
for _ in range(n_calls):
    {code}
seconds = (time.perf_counter() - started) / n_calls
"""


class _Counting:
    """Passes questions on, and counts how often they have the solution's function called."""

    def __init__(self, source: ExpectedValues) -> None:
        self._source = source
        self.n_calls = 0

    def answer(self, ask: Ask, check: CheckSpec) -> Answer:
        for one in ask.evaluations:
            steps = [probe.steps for probe in one.probes] if isinstance(one, Ladder) else [(0.0,)]
            self.n_calls += sum(map(len, steps))
        return self._source.answer(ask, check)

    def call(
        self,
        name: str,
        arguments: tuple[Passed, ...],
        keywords: Mapping[str, Passed],
        check: CheckSpec,
    ) -> Passed | Raised:
        return self._source.call(name, arguments, keywords, check)


def measure(is_quick: bool) -> list[Row]:
    """Time judging and the function itself in turns."""
    assignment = load_assignment(_NETWORK)
    upload = Upload("solution.py", assignment.solution["solution.py"].encode())
    submitted = accept_uploads([upload], assignment.spec.files)
    n = 5 if is_quick else 15
    cold, warm, call = [], [], []
    n_calls = 0
    with Slot(select_tier(CONFINING)) as slot, tempfile.TemporaryDirectory() as folder:
        _judge(assignment, submitted, slot, Path(folder))
        for _ in range(n):
            call.append(_time_call(assignment, slot))
            seconds, n_calls = _judge(assignment, submitted, slot, None)
            cold.append(seconds)
            warm.append(_judge(assignment, submitted, slot, Path(folder))[0])
    outside = statistics.median(
        1 - n_calls * one / whole for one, whole in zip(call, cold, strict=True)
    )
    return [
        Row(f"118 282 parameters, cold, least of {n}", min(cold), "s", "<= 1.5"),
        Row(f"118 282 parameters, warm, least of {n}", min(warm), "s", "<= 1.5"),
        Row(f"share outside the function, cold, {n_calls} calls", outside, "", "<= 0.2"),
        Row(f"one call of the function, least of {n} x {_N_CALLS}", min(call) * 1e3, "ms", ">= 0"),
    ]


def _judge(
    assignment: Assignment, submitted: SubmittedFiles, slot: Slot, kept: Path | None
) -> tuple[float, int]:
    """Return the seconds of judging the right file, and the evaluations it took."""
    with expected_values(assignment, slot, kept) as source:
        expected = _Counting(source)
        started = time.perf_counter()
        report = grade(assignment, submitted, slot, expected, seed=_SEED)
        seconds = time.perf_counter() - started
    assert report.is_full_score
    return seconds, expected.n_calls


def _time_call(assignment: Assignment, slot: Slot) -> float:
    """Return the seconds of one call of the solution's function, in a jail of its kind."""
    check = assignment.spec.checks[0]
    assert isinstance(check, GradientCheck)
    [case] = draw_cases(assignment.spec, check, _SEED)
    program = Program((SourceFile("solution.py", (Chunk(assignment.solution["solution.py"]),)),))
    code = _TIMED.format(code=check.forward)
    inputs = {**case.inputs, "n_calls": _N_CALLS}
    with slot.open(Side.REFERENCE, program) as session:
        [answer] = session.run([Evaluation(code, inputs, ("seconds",))], Limits()).answers
    assert isinstance(answer, Returned)
    return float(answer.values["seconds"])  # type: ignore[arg-type]


if __name__ == "__main__":
    sys.exit(run_benchmark(__doc__ or "", measure))
