"""The table of output units: its rows, and why layer and loss belong together."""

from __future__ import annotations

import numpy as np
import pytest

from reference.losses.output_units import output_unit
from reference.losses.regression import gaussian_nll

Z = np.array([[0.3, -1.2], [2.0, 0.1], [-0.7, -0.4]])
TARGETS = {
    "binary": np.array([[1.0, 0.0], [0.0, 0.0], [1.0, 1.0]]),
    "discrete": np.array([[1.0, 0.0], [0.0, 1.0], [1.0, 0.0]]),
    "continuous": np.array([[0.5, -2.0], [1.5, 0.0], [0.0, 3.0]]),
}


@pytest.mark.parametrize(
    ("output_type", "row"),
    [
        ("binary", ("Bernoulli", "sigmoid", "binary cross-entropy")),
        ("discrete", ("multinoulli", "softmax", "cross-entropy")),
        ("continuous", ("Gaussian", "linear", "squared error")),
    ],
)
def test_the_rows_are_those_of_the_lecture(output_type, row):
    unit = output_unit(output_type)
    assert (unit.distribution, unit.layer, unit.cost) == row


@pytest.mark.parametrize("output_type", TARGETS)
def test_the_gradient_of_every_row_is_prediction_minus_target(output_type):
    unit, target = output_unit(output_type), TARGETS[output_type]
    _, gradient = unit.loss(Z, target)
    np.testing.assert_allclose(gradient, (unit.predict(Z) - target) / 3, rtol=1e-14)


@pytest.mark.parametrize("output_type", ["binary", "discrete"])
def test_the_loss_of_classes_is_the_negative_log_likelihood(output_type):
    unit, target = output_unit(output_type), TARGETS[output_type]
    p = unit.predict(Z)
    likelihood = np.where(target == 1, p, 1 - p if output_type == "binary" else 1)
    assert unit.loss(Z, target)[0] == pytest.approx(-np.log(likelihood).sum() / 3, rel=1e-14)


def test_the_loss_of_numbers_is_the_negative_log_likelihood_but_for_a_constant():
    target = TARGETS["continuous"]
    constant = np.log(2 * np.pi)
    loss, _ = output_unit("continuous").loss(Z, target)
    assert gaussian_nll(Z, target)[0] == pytest.approx(loss + constant, rel=1e-14)


def test_an_arbitrary_distribution_has_no_loss_and_the_error_says_why():
    with pytest.raises(ValueError, match="without a density there is no likelihood"):
        output_unit("arbitrary")


def test_an_unknown_type_is_named():
    message = "output_type must be one of binary, discrete, continuous, got 'ordinal'"
    with pytest.raises(ValueError, match=message):
        output_unit("ordinal")
