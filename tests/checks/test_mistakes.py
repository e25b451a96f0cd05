"""An edit that cures a program and the one that causes the same in another have the same name."""

from __future__ import annotations

import pytest

from grader.checks.diagnosis_codes import DIAGNOSIS_CODES
from grader.checks.edit_kinds import likelihood
from grader.checks.mistakes import PLAIN, Facts, Role, name_mistake
from grader.checks.trial_point import Told

FACTS = Facts(frozenset({6, 9}), {"keep": 0.8, "reg": 0.7, "lr": 0.1}, is_gradient=True)


def told(kind: str, statement: str, thing: str = "", number: float | None = None) -> Told:
    return Told(0, kind, statement, statement, thing, number, "solution.py", 3, "f")


CURES = [
    ("sign", "dW = a - b", "b", None, "sign_flipped"),
    ("negate", "return dW", "-dW", None, "sign_flipped"),
    ("transpose", "dW = X.dot(d)", "X.T", None, "transposed"),
    ("axis", "db = d.sum(1)", "1", None, "wrong_axis"),
    ("keepdims", "p = e / e.sum(1)", "True", None, "accidental_broadcast"),
    ("unwrap", "z = z.reshape(-1, 1)", "z", None, "accidental_broadcast"),
    ("divisor_in", "d = p", "N", 6.0, "missing_batch_mean"),
    ("divisor_out", "d = p / N", "N", 6.0, "batch_mean_twice"),
    ("factor_in", "d = p", "2.0", 2.0, "constant_factor"),
    ("divisor_in", "out = x * mask", "keep", 0.8, "dropout_scale"),
    ("factor_in", "loss = reg * s", "0.5", 0.5, "regulariser_doubled"),
    ("factor_in", "loss = reg * s", "2.0", 2.0, "regulariser_halved"),
    ("term_in", "dW = X.T @ d", "reg * W", None, "regulariser_missing"),
    ("term_out", "db = d.sum(0) + reg * b", "reg * b", None, "bias_regularised"),
    ("term_in", "dx = da", "dc", None, "path_missing"),
    ("accumulate", "x.grad = g", "", None, "path_missing"),
    ("add_at", "dE[words] += d", "", None, "path_missing"),
    ("mask_in", "dz = d @ W.T", "z > 0", None, "mask_missing"),
    ("mask_name", "dz = d * (d > 0)", "d", None, "mask_wrong_variable"),
    ("one_hot_in", "ds = p", "y", None, "one_hot_missing"),
    ("index", "for i in range(N - 1):", "N - 1", None, "off_by_one"),
    ("exponent", "m_hat = m / (1 - beta1 ** t)", "t", None, "time_step"),
    ("divisor_in", "step = m", "1 - beta1 ** t", None, "bias_correction_missing"),
    ("bring_out", "w -= lr * g / np.sqrt(v + eps)", "eps", None, "eps_placement"),
    ("bring_out", "w -= np.sqrt(a + b)", "b", None, "wrong_operator"),
    ("compare", "m = z >= 0", "z >= 0", None, "wrong_comparison"),
    ("copy", "best = W", "", None, "aliasing"),
    ("rebind", "x *= g", "", None, "aliasing"),
    ("statement_swap", "v = mu * v", "w = w + v", None, "stale_value"),
    ("division", "n // 2", "", None, "integer_division"),
    ("stabilise", "e = np.exp(s)", "", None, "softmax_unstable"),
    ("function", "np.sum(l)", "np.sum(l)", None, "missing_batch_mean"),
    ("function", "np.log2(p)", "np.log2(p)", None, "wrong_function"),
    ("name", "dW = a1.T @ d", "a1", None, "wrong_variable"),
    ("factor_in", "dW[:, y] -= x", "n_margins", 3.0, "hinge_count"),
    ("factor_in", "loss = lambda_ * s", "0.5", 0.5, "regulariser_doubled"),
    ("constant", "df = lambda x: 1 / x ** 2", "1", 1.0, "wrong_constant"),
]


@pytest.mark.parametrize(("kind", "statement", "thing", "number", "code"), CURES)
def test_a_cure_names_the_mistake_that_it_mends(kind, statement, thing, number, code):
    assert code == name_mistake(told(kind, statement, thing, number), Role.CURE, FACTS).code


@pytest.mark.parametrize(
    ("kind", "statement", "thing", "number", "code"),
    [
        ("divisor_out", "d = p / N", "N", 6.0, "missing_batch_mean"),
        ("divisor_in", "d = p", "N", 6.0, "batch_mean_twice"),
        ("term_out", "dW = X.T @ d + reg * W", "reg * W", None, "regulariser_missing"),
        ("mask_out", "dz = d * (z > 0)", "z > 0", None, "mask_missing"),
        ("divisor_out", "m / (1 - beta1 ** t)", "1 - beta1 ** t", None, "bias_correction_missing"),
        ("statement_out", "d[rows, y] -= 1", "", None, "one_hot_missing"),
        ("statement_out", "grad += g", "", None, "path_missing"),
        ("statement_out", "p /= s", "", None, "statement_missing"),
        ("statement_in", "p /= s", "", None, "statement_extra"),
        ("function", "np.mean(l)", "np.mean(l)", None, "missing_batch_mean"),
        ("overwrite", "x.grad += g", "", None, "path_missing"),
    ],
)
def test_a_cause_names_the_mistake_that_it_makes(kind, statement, thing, number, code):
    assert code == name_mistake(told(kind, statement, thing, number), Role.CAUSE, FACTS).code


def test_in_a_forward_pass_a_lost_term_is_no_path_of_a_gradient():
    facts = Facts(FACTS.batch_sizes, FACTS.scalars, is_gradient=False)
    assert "term_missing" == name_mistake(told("term_in", "s = X @ W", "b"), Role.CURE, facts).code


def test_what_says_how_the_text_differs_goes_after_what_was_misunderstood():
    assert {"wrong_variable", "wrong_constant", "constant_factor"} <= PLAIN
    assert not PLAIN & {"sign_flipped", "missing_batch_mean", "time_step", "aliasing"}
    assert set(DIAGNOSIS_CODES) >= PLAIN


def test_an_edit_of_what_is_there_is_likelier_than_something_put_in():
    assert likelihood("sign") < likelihood("mask_in") < likelihood("term_in") < likelihood("?")
