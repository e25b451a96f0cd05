"""Each mistake is named by its code, and only where its correction is proved."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from grader.checks.diagnose import diagnose
from grader.checks.diagnosis_codes import DIAGNOSIS_CODES
from tests.checks.diagnosis_cases import (
    PARAMETERS,
    REG,
    backward_cases,
    bias_cases,
    diagnosed,
    evidence,
    layer,
    penalties_of,
    setting,
    softmax_cases,
)

GRADIENT_BUGS = {
    "sign_flipped": lambda g, _i: -g,
    "missing_batch_mean": lambda g, i: g * len(i["X"]),
    "batch_mean_twice": lambda g, i: g / len(i["X"]),
    "constant_factor": lambda g, _i: g / 2,
    "size_factor": lambda g, i: g * i["X"].shape[1],
    "input_factor": lambda g, _i: g / REG,
    "regulariser_missing": lambda g, i: g - 2 * REG * i["W"],
    "regulariser_doubled": lambda g, i: g + 2 * REG * i["W"],
    "regulariser_halved": lambda g, i: g - REG * i["W"],
    "regulariser_sign": lambda g, i: g - 4 * REG * i["W"],
    "transposed": lambda g, _i: g.T,
    "zero_block": lambda g, _i: 0 * g,
    "float32_precision": lambda g, _i: (g * (1 + 2e-5)).astype(np.float32),
}


@pytest.mark.parametrize("code", GRADIENT_BUGS)
def test_a_gradient_bug_is_named(code):
    change = setting("dW", GRADIENT_BUGS[code])
    assert diagnosed(change) == [(code, "dW")]


BIAS_BUGS = {
    "bias_gradient_mean": lambda g, i: g / len(i["X"]),
    "missing_batch_mean": lambda g, i: g * len(i["X"]),
    "bias_regularised": lambda g, i: g + 2 * REG * i["b"],
    "sign_flipped": lambda g, _i: -g,
}


@pytest.mark.parametrize("code", BIAS_BUGS)
def test_a_bug_in_a_bias_gradient_is_named(code):
    assert diagnosed(setting("db", BIAS_BUGS[code])) == [(code, "db")]


LOSS_BUGS = {
    "regulariser_missing": lambda v, i: v - REG * (i["W"] ** 2).sum(),
    "regulariser_doubled": lambda v, i: v + REG * (i["W"] ** 2).sum(),
    "regulariser_halved": lambda v, i: v - REG / 2 * (i["W"] ** 2).sum(),
    "regulariser_sign": lambda v, i: v - 2 * REG * (i["W"] ** 2).sum(),
    "regulariser_strength": lambda v, i: v + 2 * REG * (i["W"] ** 2).sum(),
    "bias_regularised": lambda v, i: v + REG * (i["b"] ** 2).sum(),
    "missing_batch_mean": lambda v, i: v * len(i["X"]),
    "constant_factor": lambda v, _i: v * 0.5,
}


@pytest.mark.parametrize("code", LOSS_BUGS)
def test_a_bug_in_a_loss_is_named(code):
    found = diagnosed(setting("loss", LOSS_BUGS[code]), penalties_of=penalties_of)
    assert found == [(code, "loss")]


@pytest.mark.parametrize("times", [0.0, 0.5, 2.0, -1.0])
def test_where_the_term_is_not_known_its_factor_is_only_called_wrong(times):
    """Half of the term with k = 1 is a quarter of it with k = 2; a loss does not show which."""
    bug = setting("loss", lambda v, i: v + (times - 1) * REG * (i["W"] ** 2).sum())
    assert diagnosed(bug) == [("regulariser_strength", "loss")]


@pytest.mark.parametrize(
    ("times", "code"),
    [
        (0.0, "regulariser_missing"),
        (2.0, "regulariser_doubled"),
        (0.5, "regulariser_halved"),
        (-1.0, "regulariser_sign"),
        (3.0, "regulariser_strength"),
    ],
)
@pytest.mark.parametrize("k", [1.0, 2.0])
def test_the_term_is_told_from_its_double_by_the_solution(times, code, k):
    """More samples than features: the data do not show which convention the course has."""

    def cases():
        for seed in (0, 1):
            inputs, values = layer(n=9, d=4, seed=seed)
            right = values["dW"] + (k - 2) * REG * inputs["W"]
            yield inputs, {"dW": right}

    def terms(inputs):
        return {"dW": k * REG * inputs["W"]}

    bug = setting("dW", lambda g, i: g + (times - 1) * k * REG * i["W"])
    assert diagnosed(bug, list(cases()), penalties_of=terms) == [(code, "dW")]


def ridge(n=6, d=4, seed=0):
    rng = np.random.default_rng(seed)
    inputs = {
        "X": rng.standard_normal((n, d)),
        "y": rng.standard_normal(n),
        "w": rng.standard_normal(d),
        "reg": 0.3,
    }
    X, w = inputs["X"], inputs["w"]
    return inputs, {"dw": X.T @ (X @ w - inputs["y"]) / n + 0.3 * w}


def test_a_vector_of_weights_is_no_bias():
    parameters = {"dw": "w"}

    def terms(inputs):
        return {"dw": 0.3 * inputs["w"]}

    doubled = setting("dw", lambda g, i: g + 0.3 * i["w"])
    averaged = setting("dw", lambda g, i: g / len(i["X"]))
    cases = [ridge(), ridge(n=7, seed=1)]
    found = diagnosed(doubled, cases, parameters, penalties_of=terms)
    assert found == [("regulariser_doubled", "dw")]
    assert diagnosed(averaged, cases, parameters) == [("batch_mean_twice", "dw")]


def test_where_all_gradients_are_averaged_twice_the_bias_is_not_singled_out():
    def averaged(values, inputs):
        for name in ("dW", "db"):
            values[name] = values[name] / len(inputs["X"])

    assert diagnosed(averaged) == [("batch_mean_twice", "dW"), ("batch_mean_twice", "db")]


@pytest.mark.parametrize("factor", [2.0, 0.5])
def test_a_two_is_not_taken_for_a_batch_of_two(factor):
    cases = [layer(n=2)]
    found = diagnosed(setting("dW", lambda g, _i: factor * g), cases)
    assert found == [("constant_factor", "dW")]


def test_the_sum_over_the_batch_is_seen_beside_a_right_regulariser():
    def summed(g, i):
        term = 2 * REG * i["W"]
        return (g - term) * len(i["X"]) + term

    assert diagnosed(setting("dW", summed)) == [("missing_batch_mean", "dW")]


def test_the_message_says_which_n():
    inputs, values = layer()
    student = {**values, "dW": 4 * values["dW"]}
    (diagnosis,) = diagnose([evidence(inputs, student, values, PARAMETERS)])
    assert "N = 4 times too large" in diagnosis.message


@pytest.mark.parametrize(
    "change",
    [
        lambda g, _i: g + 0.3,
        lambda g, _i: g * 1.01,
        lambda g, _i: np.abs(g),
        lambda g, _i: g * 2.5,
        lambda g, _i: np.sqrt(np.abs(g)),
        lambda g, i: g - 0.123 * i["W"],
        lambda g, _i: np.where(np.arange(g.size).reshape(g.shape) == 3, 0, g),
        lambda g, _i: g * np.nan,
    ],
)
def test_what_no_rule_explains_gets_no_name(change):
    assert diagnosed(setting("dW", change)) == []


def test_two_bugs_in_two_values_are_both_named():
    def both(values, inputs):
        values["dW"] = values["dW"] - 2 * REG * inputs["W"]
        values["db"] = -values["db"]

    assert diagnosed(both) == [("regulariser_missing", "dW"), ("sign_flipped", "db")]


def test_a_factor_that_fits_one_batch_size_only_is_not_named_after_the_batch():
    assert diagnosed(setting("dW", lambda g, _i: 4 * g)) == [("constant_factor", "dW")]


def test_right_values_have_no_diagnosis():
    assert diagnosed(lambda _values, _inputs: None) == []


def test_swapped_values_are_named_on_both():
    cases = [layer(n=4, d=3, k=3), layer(n=2, d=3, k=3, seed=1)]

    def swap(values, _inputs):
        values["dW"], values["db"] = values["db"], values["dW"]

    assert diagnosed(swap, cases) == [("returns_swapped", "dW"), ("returns_swapped", "db")]


def test_a_transposition_that_fits_square_matrices_only():
    cases = [layer(), layer(n=4, d=4, k=4)]
    forced = setting("dW", lambda g, _i: g.T if g.shape[0] == g.shape[1] else g)
    assert diagnosed(forced, cases) == [("transposed", "dW")]


def test_a_batch_of_one_is_named_where_larger_ones_are_right():
    cases = [layer(), layer(n=1)]
    wrong = setting("dW", lambda g, i: g + 0.1 if len(i["X"]) == 1 else g)
    assert diagnosed(wrong, cases) == [("batch_of_one", "dW")]
    everywhere = setting("dW", lambda g, _i: g + 0.1)
    assert diagnosed(everywhere, cases) == []


def test_a_batch_of_one_is_not_blamed_where_more_than_n_is_different():
    """The batch of one is the only case of square weights, too."""
    cases = [layer(), layer(n=1, d=3, k=3)]
    wrong = setting("dW", lambda g, i: g + 0.1 if len(i["X"]) == 1 else g)
    assert diagnosed(wrong, cases) == []


def test_a_diagnosis_reaches_the_judgement_of_a_gradient_check(drive):
    toml = """
[[checks]]
id = "loss"
kind = "gradient"
inputs = [
    {W = {normal = [3, 2]}, X = {normal = [6, 3]}},
    {W = {normal = [3, 2]}, X = {normal = [5, 3]}},
]
forward = "loss, dW = f(W, X)"
value = "loss"
gradient = {W = "dW"}
"""

    def solution(i):
        z = i["X"] @ i["W"]
        return {"loss": (z * z).sum() / len(z), "dW": 2 * i["X"].T @ z / len(z)}

    def student(i):
        return {**solution(i), "dW": 2 * i["X"].T @ (i["X"] @ i["W"])}

    judgement = drive(toml, student, solution).judgement
    assert [(d.code, d.where) for d in judgement.diagnosis] == [("missing_batch_mean", "dW")]


@pytest.mark.parametrize(
    ("times", "code"),
    [(-1.0, "regulariser_sign"), (0.0, "regulariser_missing"), (3.0, "regulariser_strength")],
)
def test_the_solution_shows_its_term_of_the_regulariser(drive, times, code):
    toml = """
[[checks]]
id = "ridge"
kind = "output"
inputs = {X = {normal = [6, 4]}, y = {normal = [6]}, w = {normal = [4]}, reg = 0.3}
run = "L = ridge(X, y, w, reg)"
compare = ["L"]
"""

    def penalised(factor):
        def function(i):
            r = i["X"] @ i["w"] - i["y"]
            return {"L": 0.5 * (r @ r) + 0.5 * factor * i["reg"] * i["w"] @ i["w"]}

        return function

    judgement = drive(toml, penalised(times), penalised(1.0)).judgement
    assert [d.code for d in judgement.diagnosis] == [code]


def test_a_template_is_diagnosed_as_not_implemented(drive):
    toml = """
[[checks]]
id = "out"
kind = "output"
inputs = {x = {normal = [5]}}
run = "out = f(x)"
compare = ["out"]
"""
    grading = drive(toml, lambda _: {"out": None}, lambda i: {"out": i["x"]})
    assert [d.code for d in grading.judgement.diagnosis] == ["not_implemented"]


@given(
    hnp.arrays(
        np.float64,
        hnp.array_shapes(min_dims=0, max_dims=3, min_side=0, max_side=6),
        elements=st.floats(),
    )
)
def test_whatever_a_student_returns_a_diagnosis_does_not_fail(value):
    for name in ("loss", "dW", "db"):
        diagnosed(setting(name, lambda *_: value))
    diagnosed(setting("grad_Z", lambda *_: value), list(backward_cases()))
    diagnosed(setting("loss", lambda *_: value), list(softmax_cases([1.0, 1e4])))
    assert diagnosed(setting("db", lambda *_: value), list(bias_cases())) in (
        [],
        [("zero_block", "db")],
    )


def test_input_sets_with_other_names_do_not_fail_a_diagnosis():
    inputs, values = layer()
    others = {**inputs, "extra": np.ones(3), "X": inputs["X"][None]}
    cases = [(inputs, values), (others, values)]
    assert diagnosed(setting("db", lambda g, _i: -g), cases) == [("sign_flipped", "db")]


def test_every_code_that_is_tested_stands_in_the_table():
    tested = {*GRADIENT_BUGS, *BIAS_BUGS, *LOSS_BUGS}
    assert tested <= set(DIAGNOSIS_CODES)
    assert all(told.meaning.endswith(".") for told in DIAGNOSIS_CODES.values())
