"""How the cost of the reference grows: support vectors with the samples, a network with its width.

Each row is the exponent of the growth over the last two doublings, fitted to the least times of k
runs taken in turns on one BLAS thread. `--plot FILE` also writes the times as a picture (SVG).
"""

from __future__ import annotations

import os
import sys

for variable in ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS"):
    os.environ[variable] = "1"  # read when numpy is imported, so before the modules below

import argparse
import math
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from benchmarks.curves import Curve, draw_panels
from benchmarks.network_steps import make_network
from benchmarks.rows import Row, run_benchmark
from reference.network.fast_training import train_fast
from reference.svm.svc import SVC

_SAMPLES = (250, 500, 1000, 2000, 4000)
_WIDTHS = (32, 64, 128, 256, 512, 1024)
_BATCH_SIZE = 200
_N_STEPS = 4


@dataclass(frozen=True, slots=True)
class _Grown:
    """What is made larger, and how fast its cost may grow."""

    name: str
    sizes: Sequence[int]
    prepare: Callable[[int], Callable[[], object]]
    goal: str
    steps: int = 1


_SUPPORT = (
    _Grown("RBF kernel, C = 1", _SAMPLES, lambda n: _fit_svm(n, "rbf"), "<= 2.3"),
    _Grown("linear kernel, C = 1", _SAMPLES, lambda n: _fit_svm(n, "linear"), "<= 1.4"),
)
_NETWORKS = (
    _Grown("float32", _WIDTHS, lambda n: _train(n, "float32"), "<= 2.2", _N_STEPS),
    _Grown("float64", _WIDTHS, lambda n: _train(n, "float64"), "<= 2.2", _N_STEPS),
)


def _fit_svm(n_samples: int, kernel: str) -> Callable[[], object]:
    rng = np.random.default_rng(1)
    X = rng.normal(size=(n_samples, 20))
    y = np.where(X[:, 0] * X[:, 1] + X[:, 2] + rng.normal(size=n_samples) > 0, 1, -1)
    return lambda: SVC(C=1.0, kernel=kernel).fit(X, y)


def _train(width: int, dtype: str) -> Callable[[], object]:
    rng = np.random.default_rng(1)
    X = rng.normal(size=(_BATCH_SIZE * _N_STEPS, width)).astype(dtype)
    y = rng.integers(10, size=len(X))
    network = make_network((width, width, width, 10), dtype)
    return lambda: train_fast(
        network, X, y, n_epochs=1, batch_size=_BATCH_SIZE, rng=np.random.default_rng(0)
    )


def _time(one: _Grown, n_turns: int) -> Curve:
    runs = [one.prepare(size) for size in one.sizes]
    least = [math.inf] * len(runs)
    for _ in range(n_turns):
        for place, run in enumerate(runs):
            started = time.perf_counter()
            run()
            least[place] = min(least[place], (time.perf_counter() - started) / one.steps)
    return Curve(one.name, tuple(one.sizes), tuple(1e3 * seconds for seconds in least))


def measure(is_quick: bool, picture: Path | None = None) -> list[Row]:
    """Time every size of every kind, in turns."""
    n_turns = 2 if is_quick else 7
    support = [_time(one, n_turns) for one in _SUPPORT]
    networks = [_time(one, n_turns) for one in _NETWORKS]
    if picture is not None:
        panels = {
            "Support vectors: milliseconds to fit, by samples": support,
            "Network: milliseconds an Adam step, by width": networks,
        }
        picture.write_text(draw_panels("How the cost of the reference grows", panels))
    kinds = zip((*_SUPPORT, *_NETWORKS), (*support, *networks), strict=True)
    return [Row(f"{one.name}: exponent", curve.exponent, "", one.goal) for one, curve in kinds]


if __name__ == "__main__":
    parser = argparse.ArgumentParser(add_help=False)
    parser.add_argument("--plot", type=Path, help="write the picture here")
    options, rest = parser.parse_known_args()
    sys.exit(run_benchmark(__doc__ or "", lambda quick: measure(quick, options.plot), rest))
