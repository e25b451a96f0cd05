"""The reference beside the libraries that it stands in for: networks, L-BFGS, support vectors.

One BLAS thread on every side. Each row is a ratio of times (or of objectives) taken in turns in
this one run, the least of k.
"""

from __future__ import annotations

import os
import sys

for variable in ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS"):
    os.environ[variable] = "1"  # read when numpy is imported, so before the modules below

from benchmarks.network_steps import measure_lbfgs, measure_steps
from benchmarks.rows import Row, run_benchmark
from benchmarks.svm_solvers import measure as measure_svm


def measure(is_quick: bool) -> list[Row]:
    """Time everything, in turns within each row."""
    return [*measure_steps(is_quick), *measure_lbfgs(is_quick), *measure_svm(is_quick)]


if __name__ == "__main__":
    sys.exit(run_benchmark(__doc__ or "", measure))
