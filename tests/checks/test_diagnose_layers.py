"""Mistakes with masks, axes and exponentials are named, and only where that is proved."""

import numpy as np
import pytest

from tests.checks.diagnosis_cases import (
    backward_cases,
    bias_cases,
    diagnosed,
    setting,
    softmax_cases,
    surprises,
)

RELU_BUGS = {
    "mask_missing": lambda _g, i: i["grad_out"],
    "mask_wrong_variable": lambda _g, i: i["grad_out"] * (i["grad_out"] > 0),
}


@pytest.mark.parametrize("code", RELU_BUGS)
def test_a_wrong_mask_is_named(code):
    found = diagnosed(setting("grad_Z", RELU_BUGS[code]), list(backward_cases()), {"grad_Z": "Z"})
    assert found == [(code, "grad_Z")]


def test_a_leaky_mask_is_not_a_missing_one():
    def leaky(_g, i):
        return i["grad_out"] * np.where(i["Z"] > 0, 1.0, 0.01)

    found = diagnosed(setting("grad_Z", leaky), list(backward_cases()), {"grad_Z": "Z"})
    assert found == []


def test_a_sum_along_the_wrong_axis_is_named():
    wrong = setting("db", lambda _g, i: i["grad_out"].sum(1))
    assert diagnosed(wrong, list(bias_cases())) == [("wrong_axis", "db")]


def naive(_, i):
    with np.errstate(all="ignore"):
        e = np.exp(i["logits"])
        p = e / e.sum(1, keepdims=True)
        return float(-np.log(p[np.arange(len(p)), i["y"]]).mean())


def clipped(_, i):
    return float(np.minimum(surprises(i["logits"], i["y"]), -np.log(1e-12)).mean())


@pytest.mark.parametrize("function", [naive, clipped])
def test_an_unstable_softmax_is_named(function):
    cases = list(softmax_cases([1.0, 1e4]))
    assert diagnosed(setting("loss", function), cases) == [("softmax_unstable", "loss")]


def test_a_loss_that_is_only_wrong_is_not_an_unstable_softmax():
    cases = list(softmax_cases([1e3, 1e4]))
    assert diagnosed(setting("loss", lambda v, _i: v * 0.9 + 1), cases) == []
    halves = setting("loss", lambda _v, i: float(i["y"].sum()) + 7)
    assert diagnosed(halves, cases) == []


def test_a_logistic_loss_is_not_told_to_subtract_a_row_maximum():
    """Its inputs look like scores and labels, but its value is no softmax of them."""

    def cases():
        for scale in (1.0, 1e4):
            rng = np.random.default_rng(3)
            X, w = scale * rng.standard_normal((7, 4)), rng.standard_normal(4)
            t = rng.integers(0, 2, 7)
            yield {"X": X, "w": w, "t": t}, {"L": np.sum(np.logaddexp(0, X @ w) - t * (X @ w))}

    def direct(_, i):
        with np.errstate(all="ignore"):
            p = 1 / (1 + np.exp(-(i["X"] @ i["w"])))
            return -np.sum(i["t"] * np.log(p) + (1 - i["t"]) * np.log(1 - p))

    bug = setting("L", direct)
    assert diagnosed(bug, list(cases()), {}) == [("overflow", "L")]
    assert diagnosed(bug, list(cases())[1:], {}) == []


def test_a_softmax_that_was_right_nowhere_is_not_called_unstable():
    def wrong_axis(_, i):
        z = i["logits"] - i["logits"].max(1, keepdims=True)
        with np.errstate(all="ignore"):
            sums = np.resize(np.exp(z).sum(0), len(z))
            return float(np.mean(np.log(sums) - z[np.arange(len(z)), i["y"]]))

    assert diagnosed(setting("loss", wrong_axis), list(softmax_cases([1e6]))) == []


def test_a_loss_that_subtracts_the_maximum_is_not_told_to_do_so(drive):
    toml = """
[[checks]]
id = "loss"
kind = "output"
inputs = {x = {normal = [6, 4]}, y = {labels = 4, size = 6}}
scales = [1.0, 1e6]
run = "L = loss(x, y)"
compare = ["L"]
"""

    def late_logarithm(i):
        e = np.exp(i["x"] - i["x"].max(1, keepdims=True))
        return {"L": -np.log((e / e.sum(1, keepdims=True))[np.arange(6), i["y"]]).mean()}

    def stable(i):
        return {"L": surprises(i["x"], i["y"]).mean()}

    (diagnosis,) = drive(toml, late_logarithm, stable).judgement.diagnosis
    assert diagnosis.code == "softmax_unstable"
    assert "logarithm of the softmax as a whole" in diagnosis.message


def test_a_value_that_overflows_without_a_softmax_is_an_overflow():
    def cases():
        for scale in (1.0, 1e3):
            x = scale * np.linspace(-1, 1, 5)
            yield {"x": x}, {"out": np.tanh(x)}

    def formula(_, i):
        with np.errstate(all="ignore"):
            a, b = np.exp(i["x"]), np.exp(-i["x"])
            return (a - b) / (a + b)

    assert diagnosed(setting("out", formula), list(cases()), {}) == [("overflow", "out")]


def test_digits_that_single_precision_lacks_are_named_where_more_is_asked(drive):
    toml = """
[[checks]]
id = "exact"
kind = "output"
inputs = {x = {normal = [5]}}
run = "out = f(x)"
compare = ["out"]
rtol = 1e-12
"""
    grading = drive(
        toml,
        lambda i: {"out": np.sin(i["x"].astype(np.float32))},
        lambda i: {"out": np.sin(i["x"])},
    )
    assert [d.code for d in grading.judgement.diagnosis] == ["float32_precision"]
