"""A `gradient` check where derivatives are hard: saturation, cancellation, kinks and ties."""

import numpy as np
import pytest

from grader.report import Verdict
from tests.checks.gradient_programs import LOSS, changed, verdict


def sigmoid_loss(i):
    s = 1 / (1 + np.exp(-np.clip(i["W"], -700, 700)))
    return {"loss": s.sum(), "dW": s * (1 - s)}


def test_saturated_units_do_not_fail_a_right_gradient(drive):
    toml = LOSS.replace("{normal = [3, 4]}", "{normal = [3, 4], scale = 30.0}")

    def other_formula(i):
        s = sigmoid_loss(i)
        e = np.exp(-np.abs(i["W"]))
        return {**s, "dW": e / (1 + e) ** 2}

    for seed in range(5):
        assert verdict(drive, toml, other_formula, sigmoid_loss, seed=seed) is Verdict.PASSED


SCORES = """
[[checks]]
id = "loss"
kind = "gradient"
inputs = {x = {value = [[60.0, 0.0, -60.0]]}, y = {value = [0]}}
forward = "loss, dx = loss(x, y)"
value = "loss"
gradient = {x = "dx"}
"""


def cross_entropy(i):
    z = i["x"] - i["x"].max(axis=1, keepdims=True)
    logp = z - np.log(np.exp(z).sum(axis=1, keepdims=True))
    rows = np.arange(len(z))
    d = np.exp(logp)
    d[rows, i["y"]] -= 1
    return {"loss": -logp[rows, i["y"]].mean(), "dx": d / len(z)}


def test_a_loss_that_stands_still_denies_no_tiny_gradient(drive):
    """The loss is exactly 0 on every step, because 1 + 1e-26 is 1; its gradient is 1e-26."""

    def other_formula(i):
        e = np.exp(i["x"] - i["x"].max(axis=1, keepdims=True))
        d = e / e.sum(axis=1, keepdims=True) - np.eye(3)[i["y"]]
        return {"loss": cross_entropy(i)["loss"], "dx": d}

    def noise(i):
        return {"loss": cross_entropy(i)["loss"], "dx": np.array([[1e-17, 0.0, 0.0]])}

    for student in (cross_entropy, other_formula, noise):
        assert verdict(drive, SCORES, student, cross_entropy) is Verdict.PASSED
    for wrong in (
        changed(cross_entropy, dx=lambda g, _: g + 1e-8),
        changed(cross_entropy, dx=lambda g, _: g + np.array([[1.0, 0.0, 0.0]])),
    ):
        assert verdict(drive, SCORES, wrong, cross_entropy) is Verdict.WRONG_ANSWER


def test_a_saturated_case_beside_others_blames_nobody(drive):
    toml = SCORES.replace("{value = [[60.0, 0.0, -60.0]]}", "{normal = [1, 3]}")
    toml = toml.replace("{value = [0]}", "{labels = 3, size = 1}") + "scales = [1.0, 100.0]\n"
    wrong = changed(cross_entropy, dx=lambda g, _: -g)
    for seed in range(12):
        assert verdict(drive, toml, cross_entropy, cross_entropy, seed=seed) is Verdict.PASSED
        assert verdict(drive, toml, wrong, cross_entropy, seed=seed) is Verdict.WRONG_ANSWER


def centred(i):
    """A loss of the centred W: its gradient by a common shift is exactly zero."""
    W, X = i["W"], i["X"]
    z = X @ (W - W.mean(0))
    dz = 2 * z
    dW = X.T @ dz
    return {"loss": (z * z).sum(), "dW": dW - dW.mean(0)}


def test_rounding_noise_about_a_zero_gradient_is_right(drive):
    """A bias before a batch normalisation has the gradient zero; programs return 1e-16."""
    toml = LOSS.replace("W = {normal = [3, 4]}", "W = {normal = [3]}")

    def normalised(i, order=slice(None), dtype=np.float64):
        X, b = i["X"].astype(dtype), i["W"].astype(dtype)
        z = X + b
        z = z - z.mean(0)
        d = X * np.cos(z)
        d = d - d.mean(0)
        return {"loss": (X * np.sin(z)).sum(), "dW": d[order].sum(0)}

    def reversed_sum(i):
        return normalised(i, slice(None, None, -1))

    def single_precision(i):
        return normalised(i, dtype=np.float32)

    for seed in range(3):
        assert verdict(drive, toml, reversed_sum, normalised, seed=seed) is Verdict.PASSED
        assert verdict(drive, toml, single_precision, normalised, seed=seed) is Verdict.PASSED
    wrong = changed(normalised, dW=lambda g, _: g + 1e-3)
    assert verdict(drive, toml, wrong, normalised) is Verdict.WRONG_ANSWER


def test_centring(drive):
    assert verdict(drive, LOSS, centred, centred) is Verdict.PASSED
    forgot = changed(
        centred, dW=lambda _g, i: i["X"].T @ (2 * (i["X"] @ (i["W"] - i["W"].mean(0))))
    )
    assert verdict(drive, LOSS, forgot, centred) is Verdict.WRONG_ANSWER


RELU = """
[[checks]]
id = "relu"
kind = "gradient"
inputs = {x = {value = [[-1.0, 0.0, 2.0], [0.0, 0.5, 0.0]]}, dout = {normal = [2, 3]}}
forward = "out, cache = relu(x)"
backward = "dx = relu_backward(dout, cache)"
value = "out"
cotangent = "dout"
gradient = {x = "dx"}
"""


def relu(slope_at_zero):
    def function(i):
        x = i["x"]
        slope = np.where(x > 0, 1.0, np.where(x == 0, slope_at_zero, 0.0))
        return {"out": np.maximum(0, x), "dx": slope * i["dout"]}

    return function


@pytest.mark.parametrize("ours", [0.0, 0.5, 1.0])
@pytest.mark.parametrize("theirs", [0.0, 0.5, 1.0])
def test_the_slope_of_relu_at_zero_is_free(drive, ours, theirs):
    judgement = drive(RELU, relu(theirs), relu(ours)).judgement
    assert judgement.verdict is Verdict.PASSED
    assert judgement.notes == (() if ours == theirs else ("kink",))


@pytest.mark.parametrize("ours", [0.0, 1.0])
@pytest.mark.parametrize("theirs", [-1000.0, -2.0, 3.0])
def test_the_slope_of_relu_at_zero_is_not_any_number(drive, ours, theirs):
    judgement = drive(RELU, relu(theirs), relu(ours)).judgement
    assert judgement.verdict is Verdict.WRONG_ANSWER
    assert judgement.measured["value"] == "dx"


def test_a_maximum_may_choose_among_equal_entries(drive):
    toml = RELU.replace(
        "[[-1.0, 0.0, 2.0], [0.0, 0.5, 0.0]]", "[[1.0, 1.0, 1.0], [2.0, 3.0, 3.0]]"
    ).replace("{normal = [2, 3]}", "{normal = [2]}")

    def pooling(share):
        def function(i):
            x = i["x"]
            is_largest = x == x.max(1, keepdims=True)
            return {"out": x.max(1), "dx": share(is_largest) * i["dout"][:, None]}

        return function

    first = pooling(lambda m: m & (np.cumsum(m, axis=1) == 1))
    split = pooling(lambda m: m / m.sum(1, keepdims=True))
    last = pooling(lambda m: m & (np.cumsum(m[:, ::-1], axis=1) == 1)[:, ::-1])
    for student in (split, last):
        assert verdict(drive, toml, student, first) is Verdict.PASSED
    fivefold = pooling(lambda m: 5.0 * m)
    assert verdict(drive, toml, fivefold, first) is Verdict.WRONG_ANSWER


def test_a_wrong_slope_beside_a_kink_is_found(drive):
    everywhere = changed(relu(1.0), dx=lambda g, i: np.where(i["x"] > 1, 0.9 * g, g))
    assert verdict(drive, RELU, everywhere, relu(0.0)) is Verdict.WRONG_ANSWER


def test_a_loss_of_ties_everywhere(drive):
    """W = 0 puts every margin of a hinge loss of delta 0 on its kink."""
    toml = LOSS.replace("{normal = [3, 4]}", "{zeros = [3, 4]}")

    def tied(is_strict):
        def function(i):
            W, X, y = i["W"], i["X"], i["y"]
            s = X @ W
            m = s - s[np.arange(6), y][:, None]
            mask = ((m > 0) if is_strict else (m >= 0)).astype(float)
            mask[np.arange(6), y] = 0
            loss = (m * mask).sum()
            mask[np.arange(6), y] = -mask.sum(1)
            return {"loss": loss, "dW": X.T @ mask}

        return function

    assert verdict(drive, toml, tied(False), tied(True)) is Verdict.PASSED
    wrong = changed(tied(False), dW=lambda g, _: -g)
    assert verdict(drive, toml, wrong, tied(False)) is Verdict.WRONG_ANSWER
