"""The numbers in the handout of train-mlp are the reference's; the slides' mistakes are told."""

from __future__ import annotations

import json
import math
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from docs.figures import train_mlp as figures
from reference import (
    MLP,
    Momentum,
    StandardScaler,
    cool_down,
    one_hot,
    squared_error,
    train,
    weight_deviation,
)

FOLDER = Path(__file__).parents[2] / "assignments" / "train-mlp"
HANDOUT = (FOLDER / "README.md").read_text(encoding="utf-8")
ROWS = np.array([[1.0, 200.0], [2.0, 200.0], [4.0, 800.0]])
X = np.array([[1.0], [-1.0], [2.0]])
Y = np.array([0, 1, 0])
WEIGHTS = [np.array([[0.5, -0.5]]), np.array([[1.0, 0.0], [0.0, 2.0]])]
BIASES = [np.zeros(2), np.zeros(2)]


@pytest.fixture(scope="module")
def trained():
    """The network of the worked example after its four epochs."""
    return train_example(learning_rate=cool_down(0.4, 0.1, n_steps=4))


def run_beside(code, **inputs):
    """Return the name `told` of a snippet that runs beside the files which students are given.

    In a process of its own: no code of an assignment runs in ours.
    """
    program = (
        "import json, sys\nimport numpy as np\n"
        "inputs = json.load(sys.stdin)\n"
        f"{code}\n"
        "print(json.dumps(told, default=lambda array: array.tolist()))"
    )
    sent = json.dumps(inputs, default=lambda array: array.tolist())
    done = subprocess.run(
        [sys.executable, "-c", program],
        input=sent,
        cwd=FOLDER,
        capture_output=True,
        text=True,
        check=True,
    )
    return json.loads(done.stdout)


def train_example(learning_rate, momentum=0.5):
    start = MLP(WEIGHTS, BIASES, hidden="tanh")
    optimizer = Momentum(learning_rate, momentum=momentum)
    rng = np.random.default_rng(0)
    return train(start, X, Y, optimizer=optimizer, n_epochs=4, batch_size=3, reg=0.1, rng=rng)


def written(array):
    """Write an array as the handout does."""
    array = np.asarray(array)
    if array.ndim == 2:
        return "[" + ", ".join(written(row) for row in array) + "]"
    return "[" + ", ".join(f"{number:7.4f}" for number in array) + "]"


def test_the_standardised_rows_in_the_handout_are_the_references():
    scaler = StandardScaler().fit(ROWS)
    for name, numbers in (
        ("mean     ", np.array(scaler.mean)),
        ("deviation", np.array(scaler.scale)),
    ):
        assert f"{name} = [{', '.join(f'{one:8.4f}' for one in numbers)}]\n" in HANDOUT
    assert f"train'    = {written(scaler.transform(ROWS))}\n" in HANDOUT
    assert f"becomes   {written(scaler.transform([[3.0, 100.0]])[0])}\n" in HANDOUT


def test_the_targets_in_the_handout_are_the_references():
    rows = ", ".join(str(row.astype(int).tolist()) for row in one_hot([2, 0], 3))
    assert f"`one_hot([2, 0], 3)` is [{rows}]" in HANDOUT


def test_the_rates_in_the_handout_are_the_references():
    rate = cool_down(0.4, 0.1, n_steps=4)
    rates = "  ".join(f"{rate(k):.4f}" for k in range(6))
    assert f"cool_down(0.4, 0.1, 4, k)   {rates}\n" in HANDOUT


def test_the_worked_training_in_the_handout_is_the_references(trained):
    losses = ", ".join(f"{loss:.4f}" for loss in trained.losses)
    assert f"losses = [{losses}]\n" in HANDOUT
    for number in (1, 2):
        W, b = trained.network.weights[number - 1], trained.network.biases[number - 1]
        assert f"W{number}     = {written(W)}\n" in HANDOUT
        assert f"b{number}     = {written(b)}\n" in HANDOUT


@pytest.mark.parametrize(("only_a", "only_b"), [(1, 0), (5, 4), (9, 2), (12, 2)])
def test_the_p_values_in_the_handout_are_those_of_a_fair_coin(only_a, only_b):
    n = only_a + only_b
    as_unequal = [k for k in range(n + 1) if abs(2 * k - n) >= abs(only_a - only_b)]
    p_value = sum(math.comb(n, k) for k in as_unequal) / 2**n
    assert f"{only_a:>6}{only_b:>8}   {p_value:.4f}\n" in HANDOUT


def test_nine_against_two_happens_once_in_fifteen_times_as_the_handout_says():
    p_value = 2 * sum(math.comb(11, k) for k in range(3)) / 2**11
    assert 15 == round(1 / p_value)


def test_the_sine_is_missed_by_as_much_as_the_handout_says():
    one, two = (figures.fit_sine(n_units)[1] for n_units in (1, 2))
    assert f"off by {one:.2f}, two by {two:.2f}" in HANDOUT


def test_weights_for_tanh_have_the_spread_that_the_handout_states():
    assert "variance 2 / (inputs + outputs)" in HANDOUT
    assert math.sqrt(2 / 400) == weight_deviation(300, 100, scheme="xavier")


def test_the_slides_plus_in_the_step_goes_up():
    start = MLP(WEIGHTS, BIASES, hidden="tanh")
    gradients = start.gradients(X, Y)
    up, down = (
        MLP([W + sign * 0.1 * g for W, g in zip(WEIGHTS, gradients.weights, strict=True)], BIASES)
        for sign in (1, -1)
    )
    up.hidden = down.hidden = start.hidden
    assert down.loss(X, Y) < start.loss(X, Y) < up.loss(X, Y)


def test_a_larger_mu_means_less_friction_and_not_more_as_the_slide_says():
    lengths = [
        sum(
            np.abs(W - start).sum()
            for W, start in zip(
                train_example(0.02, momentum=mu).network.weights, WEIGHTS, strict=True
            )
        )
        for mu in (0.0, 0.5, 0.9)
    ]
    assert sorted(lengths) == lengths


def test_weights_of_zero_get_no_gradient():
    zeros = MLP([np.zeros((1, 3)), np.zeros((3, 2))], [np.zeros(3), np.zeros(2)], hidden="tanh")
    gradients = zeros.gradients(X, Y)
    assert not any(g.any() for g in gradients.weights)
    assert gradients.biases[-1].any()
    assert math.log(2) == pytest.approx(zeros.loss(X, Y))


@pytest.mark.parametrize("name", ["softmax_loss", "squared_loss"])
def test_the_network_that_students_are_given_is_the_references(rng, name):
    weights = [rng.normal(size=(3, 4)), rng.normal(size=(4, 5)), rng.normal(size=(5, 2))]
    biases = [rng.normal(size=n) for n in (4, 5, 2)]
    samples, labels = rng.normal(size=(6, 3)), rng.integers(2, size=6)
    targets = one_hot(labels, 2)
    out, loss, grad_weights, grad_biases, weights_again, biases_again = run_beside(
        "import network\n"
        "weights, biases = ([np.array(x) for x in inputs[k]] for k in ('weights', 'biases'))\n"
        "X, T = np.array(inputs['X']), np.array(inputs['T'])\n"
        "output_loss = getattr(network, inputs['name'])\n"
        "told = [\n"
        "    network.feed_forward(X, weights, biases),\n"
        "    *network.network_loss(X, T, weights, biases, 0.3, output_loss),\n"
        "    *network.unflatten(network.flatten(weights, biases), weights, biases),\n"
        "]",
        X=samples,
        T=targets,
        weights=weights,
        biases=biases,
        name=name,
    )
    if name == "softmax_loss":
        expected = MLP(weights, biases, hidden="tanh")
        gradients = expected.gradients(samples, labels, 0.3)
    else:
        expected = MLP(weights, biases, hidden="tanh", loss=squared_error)
        gradients = expected.gradients(samples, targets, 0.3)
    np.testing.assert_allclose(out, expected.feed_forward(samples), rtol=1e-10, atol=1e-12)
    assert gradients.loss == pytest.approx(loss, rel=1e-12)
    pairs = [
        *zip([*gradients.weights, *gradients.biases], grad_weights + grad_biases, strict=True),
        *zip([*weights, *biases], weights_again + biases_again, strict=True),
    ]
    for one, other in pairs:
        np.testing.assert_allclose(other, one, rtol=1e-10, atol=1e-12)


@pytest.mark.parametrize("name", ["ravine", "valley", "well"])
def test_the_functions_to_minimise_have_the_gradients_that_they_return(rng, name):
    x = rng.uniform(0.5, 1.5, size=2)
    gradient, differences = run_beside(
        "import cases\n"
        "f, x, h = getattr(cases, inputs['name']), np.array(inputs['x']), 1e-6\n"
        "told = [f(x)[1], [(f(x + e)[0] - f(x - e)[0]) / (2 * h) for e in h * np.eye(2)]]",
        x=x,
        name=name,
    )
    np.testing.assert_allclose(gradient, differences, rtol=1e-5, atol=1e-5)


@pytest.mark.parametrize("name", ["two_rings", "two_spirals", "stones", "galaxy"])
def test_the_same_seed_gives_the_same_samples_and_no_test_sample_is_trained_on(name):
    sizes, is_same, n_shared = run_beside(
        "import cases\n"
        "draw = getattr(cases, inputs['name'])\n"
        "first, again = draw(4), draw(4)\n"
        "train, test = ({tuple(row) for row in first[k]} for k in (0, 2))\n"
        "same = all(np.array_equal(one, two) for one, two in zip(first, again))\n"
        "told = [[len(part) for part in first], same, len(train & test)]",
        name=name,
    )
    assert sizes[0] == sizes[1] == sizes[2] == sizes[3]
    assert is_same
    assert n_shared == 0


def test_plain_descent_needs_thousands_of_calls_in_the_ravine():
    n_calls = run_beside(
        "from cases import ravine\n"
        "x, told = np.ones(8), 0\n"
        "while np.abs(gradient := ravine(x)[1]).max() > 1e-5:\n"
        "    x, told = x - gradient / 1001, told + 1"
    )
    assert "would need some thousand calls" in HANDOUT
    assert 2000 < n_calls < 20_000


def test_the_recipe_of_lbfgs_needs_as_many_calls_as_the_handout_says():
    counts = run_beside(
        "import cases, solution\n"
        "rng, told = np.random.default_rng(3), []\n"
        "def f(x):\n"
        "    told[-1] += 1\n"
        "    return cases.ravine(x)\n"
        "for _ in range(50):\n"
        "    x0 = rng.normal(size=8)\n"
        "    while np.abs(x0).min() < 0.3:\n"
        "        x0 = np.where(np.abs(x0) < 0.3, rng.normal(size=8), x0)\n"
        "    told.append(0)\n"
        "    solution.lbfgs_minimize(f, x0, tolerance=1e-5)"
    )
    assert "needs 56 on the average, 84 from the worst of 1500 starts" in HANDOUT
    assert 53 < sum(counts) / len(counts) < 59
    assert max(counts) <= 84
