"""How long a person waits for the command line, beside a bare interpreter that imports numpy."""

from __future__ import annotations

import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from pathlib import Path

from benchmarks.rows import Row, run_benchmark

_SOLUTION = """
import numpy as np

def relu(x):
    return np.maximum(x, 0)

def relu_backward(grad_out, x):
    return grad_out * (x > 0)
"""
_OUTPUT_CHECK = """
[[checks]]
id = "forward-{n}"
kind = "output"
inputs = {{x = {{normal = [10, 6]}}}}
run = "out = relu(x)"
compare = ["out"]
"""
_GRADIENT_CHECK = """
[[checks]]
id = "backward-{n}"
kind = "gradient"
inputs = {{x = {{normal = [10, 6], min_abs = 0.05}}, grad_out = {{normal = [10, 6]}}}}
forward = "out = relu(x)"
backward = "grad_x = relu_backward(grad_out, x)"
value = "out"
cotangent = "grad_out"
gradient = {{x = "grad_x"}}
"""


def measure(is_quick: bool) -> list[Row]:
    """Time whole processes, interleaved; the median of the repetitions is what counts."""
    n = 5 if is_quick else 15
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        (folder / "solution.py").write_text(_SOLUTION)
        checks = [_OUTPUT_CHECK.format(n=k) for k in range(5)]
        checks += [_GRADIENT_CHECK.format(n=k) for k in range(5)]
        (folder / "assignment.toml").write_text('title = "ten checks"\n' + "".join(checks))
        grader = [sys.executable, "-m", "grader"]
        check = [*grader, "check", name, str(folder / "solution.py")]
        commands: dict[str, Callable[[int], Sequence[str]]] = {
            "numpy": lambda _: [sys.executable, "-c", "import numpy"],
            "help": lambda _: [*grader, "--help"],
            "kept": lambda _: [*check, "--seed", "1"],
            "fresh": lambda k: [*check, "--seed", str(1000 + k)],
        }
        seconds: dict[str, list[float]] = {one: [] for one in commands}
        for k in range(-1, n):  # the first round warms files and caches and is not counted
            for one, command in commands.items():
                started = time.perf_counter()
                subprocess.run(command(k), check=True, stdout=subprocess.DEVNULL)
                if k >= 0:
                    seconds[one].append(time.perf_counter() - started)
    median = {one: statistics.median(times) for one, times in seconds.items()}
    of = f"median of {n}"
    return [
        Row(f"`grader --help`, {of}", median["help"], "s", "<= 0.4"),
        Row(f"`grader check` of ten checks, fresh numbers, {of}", median["fresh"], "s", "<= 0.6"),
        Row(f"`grader check` of ten checks, kept numbers, {of}", median["kept"], "s", "<= 0.6"),
        Row(
            "`grader check`, kept numbers / `python -c 'import numpy'`",
            median["kept"] / median["numpy"],
            "x",
            "<= 6",
        ),
    ]


if __name__ == "__main__":
    sys.exit(run_benchmark(__doc__, measure))
