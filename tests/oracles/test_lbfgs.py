"""L-BFGS ends as low as SciPy's L-BFGS-B, and trains networks as well as scikit-learn with it."""

from __future__ import annotations

import numpy as np
import pytest
import scipy.optimize
from sklearn.neural_network import MLPClassifier

from reference import MLP
from reference.optimizers.lbfgs import minimize_lbfgs


def rosenbrock_plus_one(_rng):
    return lambda x: (1 + scipy.optimize.rosen(x), scipy.optimize.rosen_der(x)), np.resize(
        [-1.2, 1.0], 10
    )


def logistic_regression(rng):
    X = rng.normal(size=(300, 12))
    signs = np.sign(X @ rng.normal(size=12) + rng.normal(size=300))

    def loss_and_gradient(w):
        margin = signs * (X @ w)
        loss = np.logaddexp(0, -margin).sum() + 0.5 * w @ w
        return loss, w - X.T @ (signs / (1 + np.exp(margin)))

    return loss_and_gradient, np.zeros(12)


def small_network(_rng):
    """Of fixed numbers: on another loss with several minima the two may part ways."""
    rng = np.random.default_rng(0)
    X = rng.normal(size=(80, 3))
    y = np.argmax(X + 0.3 * rng.normal(size=X.shape), axis=1)
    network = MLP.initialise((3, 4, 3), rng, scheme="xavier", hidden="tanh")
    return network_loss(X, y, 3, 4, 3, reg=0.02), flatten(network.weights, network.biases)


def network_loss(X, y, n_inputs, n_hidden, n_outputs, reg):
    """The loss of a network with one hidden layer as a function of all its parameters."""
    shapes = [(n_inputs, n_hidden), (n_hidden, n_outputs), (n_hidden,), (n_outputs,)]
    ends = np.cumsum([np.prod(shape) for shape in shapes])[:-1]

    def loss_and_gradient(flat):
        parts = np.split(flat, ends)
        W1, W2, b1, b2 = (part.reshape(s) for part, s in zip(parts, shapes, strict=True))
        gradients = MLP([W1, W2], [b1, b2], hidden="tanh").gradients(X, y, reg=reg)
        return gradients.loss, flatten(gradients.weights, gradients.biases)

    return loss_and_gradient


def flatten(weights, biases):
    return np.concatenate([array.ravel() for array in (*weights, *biases)])


@pytest.mark.parametrize("problem", [rosenbrock_plus_one, logistic_regression, small_network])
def test_the_same_minimum_as_scipys(problem, rng):
    loss_and_gradient, x0 = problem(rng)
    theirs = scipy.optimize.minimize(
        loss_and_gradient,
        x0,
        jac=True,
        method="L-BFGS-B",
        options={"maxcor": 10, "gtol": 1e-7, "ftol": 0, "maxiter": 5000, "maxfun": 10000},
    )
    ours = minimize_lbfgs(loss_and_gradient, x0, gradient_tolerance=1e-7, max_iterations=5000)
    assert ours.has_converged
    assert theirs.fun == pytest.approx(ours.loss, rel=1e-8)
    assert ours.n_evaluations < 1.5 * theirs.nfev + 10


def test_the_same_loss_as_a_network_that_scikit_learn_trains(monkeypatch):
    starts = []
    initialise = MLPClassifier._init_coef

    def remember_start(*args):
        starts.append(initialise(*args))
        return tuple(array.copy() for array in starts[-1])

    monkeypatch.setattr(MLPClassifier, "_init_coef", remember_start)
    rng = np.random.default_rng(1)
    X = rng.normal(size=(120, 5))
    y = np.argmax(X[:, :3] + 0.5 * rng.normal(size=(120, 3)), axis=1)
    alpha = 2.0
    theirs = MLPClassifier(
        (6,),
        activation="tanh",
        solver="lbfgs",
        alpha=alpha,
        tol=1e-7,
        max_iter=5000,
        max_fun=10000,
        random_state=0,
    ).fit(X, y)
    loss_and_gradient = network_loss(X, y, 5, 6, 3, reg=alpha / len(X))
    expected = loss_and_gradient(flatten(theirs.coefs_, theirs.intercepts_))[0]
    weights, biases = zip(*starts, strict=True)
    ours = minimize_lbfgs(
        loss_and_gradient, flatten(weights, biases), gradient_tolerance=1e-7, max_iterations=5000
    )
    assert ours.has_converged
    assert theirs.loss_ == pytest.approx(expected, rel=1e-10)
    assert expected == pytest.approx(ours.loss, rel=1e-6)
