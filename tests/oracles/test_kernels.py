"""Kernels, to the last digits of scikit-learn's."""

from __future__ import annotations

import numpy as np
import pytest
from sklearn.metrics import pairwise

from reference.kernels import linear_kernel, polynomial_kernel, rbf_kernel, sigmoid_kernel

RNG = np.random.default_rng(0)
X, Z = RNG.normal(size=(30, 5)), RNG.normal(size=(20, 5))


@pytest.mark.parametrize("samples", [(X, Z), (X, None)])
@pytest.mark.parametrize(
    ("ours", "theirs", "parameters"),
    [
        (linear_kernel, pairwise.linear_kernel, {}),
        (
            polynomial_kernel,
            pairwise.polynomial_kernel,
            {"gamma": 0.5, "coef0": 1.0, "degree": 3},
        ),
        (rbf_kernel, pairwise.rbf_kernel, {"gamma": 0.3}),
        (sigmoid_kernel, pairwise.sigmoid_kernel, {"gamma": 0.2, "coef0": -0.5}),
    ],
)
def test_same_values_as_scikit_learn(samples, ours, theirs, parameters):
    expected = theirs(*samples, **parameters)
    np.testing.assert_allclose(expected, ours(*samples, **parameters), rtol=1e-12, atol=1e-14)
