"""A method that ends before it has arrived says so where it was called."""

from __future__ import annotations

import numpy as np
import pytest

from reference.convergence import ConvergenceWarning
from reference.optimizers import SGD, gradient_descent, minimize_lbfgs
from reference.svm import SVC


def valley(x):
    return float(x @ x), 2 * x


@pytest.mark.parametrize(
    "call",
    [
        lambda: minimize_lbfgs(
            lambda x: (float((x**4).sum()), 4 * x**3), [3.0, 1.0], max_iterations=1
        ),
        lambda: gradient_descent(valley, [1.0], SGD(0.01), max_iterations=2),
        lambda: SVC(kernel="rbf", max_iterations=1).fit(np.eye(4), [0, 1, 0, 1]),
    ],
)
def test_the_warning_points_at_the_line_outside(call):
    with pytest.warns(ConvergenceWarning, match="has not converged: after") as warned:
        call()
    assert __file__ == warned[0].filename
