"""The multi-layer perceptron against PyTorch's autograd and scikit-learn's classifier."""

from __future__ import annotations

import numpy as np
import pytest
import torch
from sklearn.neural_network import MLPClassifier
from torch.nn import functional

from reference.losses.regression import squared_error
from reference.network.mlp import MLP

SIZES = (6, 5, 4, 3)
HIDDEN = {
    "relu": torch.relu,
    "tanh": torch.tanh,
    "sigmoid": torch.sigmoid,
    "identity": lambda z: z,
}


def random_problem(seed, **options):
    rng = np.random.default_rng(seed)
    network = MLP.initialise(SIZES, rng, **options)
    network.biases = [rng.normal(size=b.shape) for b in network.biases]
    X, y = rng.normal(size=(30, SIZES[0])), rng.integers(SIZES[-1], size=30)
    return network, X, y, rng


def of_pytorch(network, X, hidden, loss_of_output, reg, masks=None):
    """Return the loss and all gradients as autograd finds them."""
    weights = [torch.tensor(W, requires_grad=True) for W in network.weights]
    biases = [torch.tensor(b, requires_grad=True) for b in network.biases]
    A = torch.from_numpy(X)
    for layer, (W, b) in enumerate(zip(weights, biases, strict=True)):
        if masks is not None:
            A = A * torch.from_numpy(masks[layer])
        A = A @ W + b
        if layer < len(weights) - 1:
            A = hidden(A)
    loss = loss_of_output(A) + reg / 2 * sum((W**2).sum() for W in weights)
    loss.backward()
    return loss.item(), [p.grad.numpy() for p in (*weights, *biases)]


def assert_same(ours, theirs, tolerance=1e-12):
    loss, gradients = theirs
    assert ours.loss == pytest.approx(loss, rel=tolerance)
    for actual, expected in zip((*ours.weights, *ours.biases), gradients, strict=True):
        np.testing.assert_allclose(actual, expected, rtol=tolerance, atol=tolerance)


@pytest.mark.parametrize("hidden", HIDDEN)
@pytest.mark.parametrize("has_dropout", [False, True])
def test_cross_entropy_and_its_gradients_are_autograds(hidden, has_dropout):
    network, X, y, rng = random_problem(0, hidden=hidden)
    masks = network.draw_masks(len(X), (0.8, 0.5, 0.5), rng) if has_dropout else None
    labels = torch.from_numpy(y)
    theirs = of_pytorch(
        network, X, HIDDEN[hidden], lambda z: functional.cross_entropy(z, labels), 0.3, masks
    )
    assert_same(network.gradients(X, y, 0.3, masks), theirs)
    assert_same(network.gradients_by_sample(X, y, 0.3, masks), theirs)


@pytest.mark.parametrize("hidden", HIDDEN)
def test_squared_error_and_its_gradients_are_autograds(hidden):
    network, X, _, rng = random_problem(1, hidden=hidden, output="sigmoid", loss=squared_error)
    target = rng.random((len(X), SIZES[-1]))

    def loss_of_output(z):
        summed = functional.mse_loss(torch.sigmoid(z), torch.from_numpy(target), reduction="sum")
        return summed / (2 * len(X))

    assert_same(
        network.gradients(X, target), of_pytorch(network, X, HIDDEN[hidden], loss_of_output, 0.0)
    )


@pytest.mark.parametrize(
    ("hidden", "theirs"), [("relu", "relu"), ("tanh", "tanh"), ("sigmoid", "logistic")]
)
def test_scikit_learns_backpropagation_with_alpha_as_our_reg_times_n(hidden, theirs):
    """Its loss has alpha / (2 N) times the squared weights, ours reg / 2 times them.

    A plain step at rate 1 shows its gradient: what the weights were minus what they become.
    """
    alpha = 0.7
    _, X, y, _ = random_problem(2)
    classifier = MLPClassifier(
        SIZES[1:-1],
        activation=theirs,
        alpha=alpha,
        solver="sgd",
        batch_size=len(X),
        shuffle=False,
        momentum=0.0,
        nesterovs_momentum=False,
        learning_rate_init=1.0,
        random_state=0,
    )
    classifier.partial_fit(X, y, classes=range(SIZES[-1]))
    network = MLP(
        [W.copy() for W in classifier.coefs_],
        [b.copy() for b in classifier.intercepts_],
        hidden=hidden,
    )
    classifier.partial_fit(X, y)
    before = (*network.weights, *network.biases)
    after = (*classifier.coefs_, *classifier.intercepts_)
    gradients = [old - new for old, new in zip(before, after, strict=True)]
    assert_same(network.gradients(X, y, reg=alpha / len(X)), (classifier.loss_, gradients))
