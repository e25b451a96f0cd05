"""A `gradient` check: right gradients pass in any style, wrong ones fail whatever their size."""

import numpy as np
import pytest

from grader.checks.ask import Ladder, Side
from grader.errors import BrokenSolution
from grader.report import Verdict
from tests.checks.gradient_programs import (
    AFFINE,
    COMPARED,
    LOSS,
    affine,
    changed,
    hinge,
    scaled,
    softmax,
    verdict,
)


def test_the_solution_itself_passes(drive):
    for toml, solution in ((AFFINE, affine), (COMPARED, affine), (LOSS, hinge), (LOSS, softmax)):
        judgement = drive(toml, solution, solution).judgement
        assert judgement.verdict is Verdict.PASSED
        assert judgement.notes == ()


def test_a_right_student_costs_one_ask_and_all_solution_asks_are_cacheable(drive):
    grading = drive(LOSS, softmax, softmax)
    assert [len(ask.evaluations) for ask in grading.student.asks] == [1]
    assert all(ask.cacheable for ask in grading.solution.asks)
    assert len(grading.solution.asks) == 2


def test_solution_asks_do_not_depend_on_the_student(drive):
    def described(grading):
        return [
            [
                (p.block, np.asarray(p.direction).tolist(), p.steps)
                for e in ask.evaluations
                for p in e.probes
            ]
            for ask in grading.solution.asks
            if ask.cacheable and isinstance(ask.evaluations[0], Ladder)
        ]

    one = described(drive(LOSS, softmax, softmax))
    other = described(drive(LOSS, changed(softmax, dW=lambda g, _i: -g), softmax))
    assert other[: len(one)] == one


def loops(i):
    x, w, dout = i["x"], i["w"], i["dout"]
    dx, dw = np.zeros_like(x), np.zeros_like(w)
    for n in range(len(x)):
        for k in range(w.shape[1]):
            dx[n] += dout[n, k] * w[:, k]
            dw[:, k] += dout[n, k] * x[n]
    return {"out": np.dot(x, w) + i["b"], "dx": dx, "dw": dw, "db": np.ones(len(x)) @ dout}


def single(i):
    floats = {k: v.astype(np.float32) for k, v in i.items()}
    return affine(floats)


def single_cast_back(i):
    return {name: value.astype(np.float64) for name, value in single(i).items()}


CORRECT = {
    "loops": loops,
    "float32": single,
    "float32 cast back": single_cast_back,
    "nested lists": changed(affine, dw=lambda g, _: g.tolist()),
    "row for a vector": changed(affine, db=lambda g, _: g[None]),
    "Fortran order": changed(affine, dx=lambda g, _: np.asfortranarray(g)),
    "long double": changed(affine, dx=lambda g, _: g.astype(np.longdouble)),
}


@pytest.mark.parametrize("name", CORRECT)
@pytest.mark.parametrize("seed", range(3))
def test_right_gradients_pass_in_any_style(drive, name, seed):
    assert verdict(drive, COMPARED, CORRECT[name], affine, seed=seed) is Verdict.PASSED


WRONG = {
    "sign": lambda g, _: -g,
    "half": lambda g, _: g / 2,
    "N times": lambda g, _: g * 4,
    "a millionth and ten": lambda g, _: g * (1 + 1.1e-5),
    "one entry": lambda g, _: g + np.eye(*g.shape) * np.eye(g.shape[0])[:, :1] * 1e-3,
    "one row": lambda g, _: np.vstack([g[:-1], 1.01 * g[-1:]]),
    "two opposite errors": lambda g, _: (
        g + np.outer(np.r_[1, -1, 0, 0][: len(g)], np.ones(g.shape[1]))
    ),
    "one column zero": lambda g, _: g * (np.arange(g.shape[1]) > 0),
    "absolute value": lambda g, _: np.abs(g),
    "a nan": lambda g, _: np.where(g == g.max(), np.nan, g),
    "complex": lambda g, _: g + 1j,
}


@pytest.mark.parametrize("name", WRONG)
@pytest.mark.parametrize("block", ["dx", "dw"])
def test_wrong_gradients_fail(drive, name, block):
    judgement = drive(COMPARED, changed(affine, **{block: WRONG[name]}), affine).judgement
    assert judgement.verdict is Verdict.WRONG_ANSWER
    assert judgement.measured["value"] == block
    assert block in judgement.message


@pytest.mark.parametrize("factor", [1e-12, 1e-8, 1e8])
def test_a_wrong_sign_is_found_however_small_the_gradient(drive, factor):
    right = scaled(softmax, factor)
    wrong = changed(right, dW=lambda g, _: -g)
    assert verdict(drive, LOSS, right, right) is Verdict.PASSED
    assert verdict(drive, LOSS, wrong, right) is Verdict.WRONG_ANSWER


def test_a_regulariser_of_a_thousandth_is_missed_by_nobody(drive):
    toml = LOSS.replace("reg = 0.5", "reg = 1e-4")
    wrong = changed(softmax, dW=lambda g, i: g - 2 * i["reg"] * i["W"])
    assert verdict(drive, toml, wrong, softmax) is Verdict.WRONG_ANSWER


def test_an_offset_of_a_million_hides_nothing(drive):
    right = changed(softmax, loss=lambda v, _: v + 1e6)
    wrong = changed(right, dW=lambda g, _: 1.01 * g)
    assert verdict(drive, LOSS, right, right) is Verdict.PASSED
    assert verdict(drive, LOSS, wrong, right) is Verdict.WRONG_ANSWER


@pytest.mark.parametrize("scale", ["1e-6", "1e-3", "30.0", "1e4"])
def test_data_of_any_scale(drive, scale):
    toml = AFFINE + f"scales = [{scale}]\n"
    wrong = changed(affine, db=lambda g, _: 1.001 * g)
    assert verdict(drive, toml, loops, affine) is Verdict.PASSED
    assert verdict(drive, toml, wrong, affine) is Verdict.WRONG_ANSWER


def test_a_transposed_gradient_has_the_wrong_shape(drive):
    judgement = drive(LOSS, changed(softmax, dW=lambda g, _: g.T), softmax).judgement
    assert judgement.verdict is Verdict.WRONG_SHAPE
    assert judgement.expected_shape == {"dW": (3, 4)}


def test_a_value_that_only_broadcasts_with_the_cotangent_is_wrong_and_no_failure_of_ours(drive):
    student = changed(affine, out=lambda out, _: out[:, :1], dx=lambda g, _: 2 * g)
    for toml in (AFFINE, COMPARED):
        assert verdict(drive, toml, student, affine) is Verdict.WRONG_ANSWER


@pytest.mark.parametrize("name", ["loss", "dW"])
def test_none_is_not_implemented(drive, name):
    judgement = drive(LOSS, changed(softmax, **{name: lambda *_: None}), softmax).judgement
    assert judgement.verdict is Verdict.NOT_IMPLEMENTED


def test_a_wrong_solution_is_its_authors_mistake(drive):
    broken = changed(softmax, dW=lambda g, _: g * 1.001)
    with pytest.raises(BrokenSolution, match="dW"):
        drive(LOSS, broken, broken)


def test_one_wrong_entry_of_the_solution_in_a_small_block_is_found(drive):
    broken = changed(affine, db=lambda g, _: g + np.array([0.0, 1e-3]))
    with pytest.raises(BrokenSolution, match="db"):
        drive(AFFINE, broken, broken)


def test_a_vector_without_a_cotangent_is_the_authors_mistake(drive):
    toml = AFFINE.replace('cotangent = "dout"', "")
    with pytest.raises(BrokenSolution, match="cotangent"):
        drive(toml, affine, affine)


def test_what_no_numeric_derivative_can_decide_is_our_failure(drive):
    """Neither a pass nor a fail: here the forward pass is finite at no step from any point."""
    toml = LOSS.replace("{normal = [3, 4]}", "{value = [[1.0, 2.0], [-1.0, 1.0]]}")

    def brittle(i):
        W = i["W"]
        return {"loss": W.sum() if (W == np.round(W)).all() else np.nan, "dW": np.ones_like(W)}

    judgement = drive(toml, brittle, brittle).judgement
    assert judgement.verdict is Verdict.INTERNAL_ERROR
    assert "decide nothing" in judgement.message


def test_a_forward_pass_that_leaves_its_domain_at_large_steps(drive):
    toml = LOSS.replace("{normal = [3, 4]}", "{uniform = [3, 4], low = 0.01, high = 1.0}")

    def careful(i):
        if (i["W"] <= 0).any():
            raise ValueError("W must be positive")
        return {"loss": np.log(i["W"]).sum(), "dW": 1 / i["W"]}

    for seed in range(3):
        assert verdict(drive, toml, careful, careful, seed=seed) is Verdict.PASSED


def test_every_case_is_judged(drive):
    toml = AFFINE + "shapes = [{x = [1, 3], dout = [1, 2]}]\n"

    def wrong_for_one(i):
        values = affine(i)
        return {**values, "db": values["db"] + 1} if len(i["x"]) == 1 else values

    judgement = drive(toml, wrong_for_one, affine).judgement
    assert judgement.verdict is Verdict.WRONG_ANSWER
    assert "db" in judgement.message


def test_a_change_in_place_is_noted_or_wrong(drive):
    def mutating(i):
        values = affine(i)
        i["dout"] *= 2
        return values

    assert drive(AFFINE, mutating, affine).judgement.notes == ("mutation",)
    failed = drive(AFFINE + 'mutation = "fail"\n', mutating, affine).judgement
    assert failed.verdict is Verdict.WRONG_ANSWER


ACCEPT = """
[[checks.accept]]
name = "half the regulariser"
expect = "loss, dW = svm_loss(W, X, y, 0.5 * reg)"
"""


def test_an_accepted_variant_is_right_too_and_asks_the_student_once(drive):
    def half(i):
        return softmax({**i, "reg": 0.5 * i["reg"]})

    solution = {
        "loss, dW = svm_loss(W, X, y, reg)": softmax,
        "loss, dW = svm_loss(W, X, y, 0.5 * reg)": half,
    }
    grading = drive(LOSS + ACCEPT, half, solution)
    assert grading.judgement.verdict is Verdict.PASSED
    assert grading.judgement.notes == ("accepted: half the regulariser",)
    wrong = changed(softmax, dW=lambda g, i: g + 0.3 * i["W"])
    assert verdict(drive, LOSS + ACCEPT, wrong, solution) is Verdict.WRONG_ANSWER


def test_a_scalar_input_has_a_scalar_gradient(drive):
    toml = """
[[checks]]
id = "chain"
kind = "gradient"
inputs = {x = 1.5, y = -2.0}
forward = "f, dx, dy = chain(x, y)"
value = "f"
gradient = {x = "dx", y = "dy"}
"""

    def chain(i):
        x, y = i["x"], i["y"]
        return {"f": x * x * y, "dx": 2 * x * y, "dy": x * x}

    assert verdict(drive, toml, chain, chain) is Verdict.PASSED
    wrong = changed(chain, dy=lambda g, _: g * 1.01)
    assert verdict(drive, toml, wrong, chain) is Verdict.WRONG_ANSWER


def test_exceptions_have_their_verdicts_here_too(drive):
    def missing(_):
        raise NotImplementedError

    assert verdict(drive, LOSS, missing, softmax) is Verdict.NOT_IMPLEMENTED


def test_the_number_of_evaluations_is_modest(drive):
    grading = drive(COMPARED, affine, affine)
    n_steps = sum(
        len(probe.steps)
        for ask in grading.solution.asks
        for one in ask.evaluations
        if isinstance(one, Ladder)
        for probe in one.probes
    )
    assert n_steps < 700
    assert [ask.side for ask in grading.student.asks] == [Side.STUDENT]


SOFTPLUS = """
[[checks]]
id = "softplus"
kind = "gradient"
inputs = {x = {linspace = [-2.0, 2.0], shape = [5]}}
forward = "total, dx = softplus(x)"
value = "total"
gradient = {x = "dx"}
"""


def softplus(i):
    x = i["x"]
    return {"total": np.sum(np.logaddexp(0, x)), "dx": 1 / (1 + np.exp(-x))}


def test_a_wrong_slope_at_zero_alone_is_wrong_where_the_function_is_smooth(drive):
    def zero_at_zero(i):
        return {**softplus(i), "dx": np.where(i["x"] == 0, 0.0, softplus(i)["dx"])}

    assert verdict(drive, SOFTPLUS, softplus, softplus) is Verdict.PASSED
    assert verdict(drive, SOFTPLUS, zero_at_zero, softplus) is Verdict.WRONG_ANSWER
