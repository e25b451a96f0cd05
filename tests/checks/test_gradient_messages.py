"""What a `gradient` check says: which pass is wrong, and all that is wrong with it."""

import numpy as np

from grader.report import Verdict
from tests.checks.gradient_programs import AFFINE, LOSS, affine, changed, scaled, softmax, verdict


def test_a_constant_forward_pass_with_a_zero_gradient_fails(drive):
    def constant(i):
        return {"loss": 1.0, "dW": np.zeros_like(i["W"])}

    assert verdict(drive, LOSS, constant, softmax) is Verdict.NOT_IMPLEMENTED


def test_a_right_gradient_of_the_wrong_forward_pass_fails_and_is_told_so(drive):
    def doubled(i):
        return scaled(softmax, 2.0)(i)

    judgement = drive(LOSS, doubled, softmax).judgement
    assert judgement.verdict is Verdict.WRONG_ANSWER
    assert judgement.measured["wrong_pass"] == "forward"
    assert "right gradient of your forward pass" in judgement.message


def test_a_wrong_gradient_of_the_right_forward_pass_is_told_apart(drive):
    judgement = drive(LOSS, changed(softmax, dW=lambda g, _: 2 * g), softmax).judgement
    assert judgement.measured["wrong_pass"] == "backward"
    assert "Your forward pass is right" in judgement.message


def test_both_passes_wrong_are_told_apart(drive):
    both = changed(softmax, dW=lambda g, _: 2 * g, loss=lambda v, i: v + (i["W"] ** 3).sum())
    judgement = drive(LOSS, both, softmax).judgement
    assert judgement.verdict is Verdict.WRONG_ANSWER
    assert judgement.measured["wrong_pass"] == "both"


def test_a_value_that_spreads_against_the_cotangent_is_judged_as_any_other(drive):
    spread = changed(affine, dw=lambda g, _: 2 * g, out=lambda v, _: v[:, :1])
    judgement = drive(AFFINE, spread, affine).judgement
    assert judgement.verdict is Verdict.WRONG_ANSWER
    assert judgement.measured["wrong_pass"] == "both"


def test_the_forward_pass_is_not_called_right_where_another_case_denies_it(drive):
    toml = AFFINE + "shapes = [{x = [2, 3], dout = [2, 2]}]\n"
    wrong = changed(
        affine,
        dw=lambda g, _: 2 * g,
        out=lambda v, i: v + 1 if len(i["x"]) == 2 else v,
    )
    judgement = drive(toml, wrong, affine).judgement
    assert judgement.verdict is Verdict.WRONG_ANSWER
    assert "forward pass is right" not in judgement.message


def test_a_message_about_the_forward_pass_names_every_wrong_gradient(drive):
    toml = LOSS.replace("gradient = {W =", 'gradient = {X = "dX", W =').replace(
        "loss, dW", "loss, dW, dX"
    )

    def linear(factor):
        def function(i):
            W, X = factor * i["W"], i["X"]
            return {
                "loss": (X @ W).sum(),
                "dW": factor * X.T @ np.ones((6, 4)),
                "dX": 0 * X + W.sum(1),
            }

        return function

    message = drive(toml, linear(2.0), linear(1.0)).judgement.message
    assert "right gradient of your forward pass" in message
    assert "Also wrong: dX, dW." in message


OFFSET = changed(softmax, loss=lambda v, _: v + 1)


def test_a_wrong_value_with_the_right_gradient_fails_where_the_value_is_compared(drive):
    judgement = drive(LOSS + 'compare = ["loss"]\n', OFFSET, softmax).judgement
    assert judgement.verdict is Verdict.WRONG_ANSWER
    assert judgement.measured["wrong_pass"] == "forward"
    assert "gradient is right" in judgement.message


def test_a_wrong_value_with_the_right_gradient_is_noted_where_it_is_not_compared(drive):
    judgement = drive(LOSS, OFFSET, softmax).judgement
    assert judgement.verdict is Verdict.PASSED
    assert judgement.notes == ("value",)
