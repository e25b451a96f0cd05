"""A check may be met as it stands, or in any of its accepted variants."""

from __future__ import annotations

from grader.spec import CompareRule, GradientCheck, OutputCheck, draw_cases, parse_spec, variants

TEXT = """\
title = "T"
[defaults]
rtol = 1e-5
[limits]
wall_time = "3s"
[inputs.batch]
W = {normal = [3]}
[[checks]]
id = "svm"
kind = "output"
inputs = "batch"
run = "loss, dW = svm_loss(W, reg)"
compare = ["loss", "dW"]
[[checks.accept]]
name = "0.5 * reg"
expect = "loss, dW = svm_loss(W, 0.5 * reg)"
[[checks.accept]]
name = "loss alone"
when = "sum"
compare = ["loss"]
rtol = 1e-3
inputs = {W = {normal = [3], scale = 0.5}}
[[checks]]
id = "grad"
kind = "gradient"
inputs = "batch"
forward = "loss, dW = svm_loss(W, reg)"
value = "loss"
gradient = {W = "dW"}
[[checks.accept]]
name = "0.5 * reg"
expect = "loss, dW = svm_loss(W, 0.5 * reg)"
"""


def test_the_check_itself_comes_first_under_no_name() -> None:
    check = parse_spec(TEXT).checks[0]

    first, *accepted = variants(check)

    assert ("", None, check) == (first.name, first.when, first.check)
    assert [("0.5 * reg", None), ("loss alone", "sum")] == [(v.name, v.when) for v in accepted]


def test_a_variant_differs_in_its_keys_only() -> None:
    check = parse_spec(TEXT).checks[0]
    half, loss = (variant.check for variant in variants(check)[1:])

    assert isinstance(half, OutputCheck)
    assert "loss, dW = svm_loss(W, 0.5 * reg)" == half.expect
    assert "loss, dW = svm_loss(W, reg)" == half.run
    assert ("svm", ("batch",), 3.0) == (half.id, half.inputs, half.limits.wall_time_s)
    assert ["loss", "dW"] == list(half.compare)
    assert () == half.accept

    assert isinstance(loss, OutputCheck)
    assert {"loss": CompareRule(rtol=1e-3, atol=0.0, shape="note")} == loss.compare
    assert loss.run == loss.expect


def test_a_variant_of_a_gradient_check() -> None:
    variant = variants(parse_spec(TEXT).checks[1])[1].check

    assert isinstance(variant, GradientCheck)
    assert "loss, dW = svm_loss(W, reg)" == variant.forward
    assert "loss, dW = svm_loss(W, 0.5 * reg)" == variant.expect


def test_variants_are_judged_on_the_same_numbers() -> None:
    spec = parse_spec(TEXT)
    check, half = (variant.check for variant in variants(spec.checks[0])[:2])

    one, other = (draw_cases(spec, each, 1)[0] for each in (check, half))
    assert one.seed == other.seed
    assert one.inputs["W"].tolist() == other.inputs["W"].tolist()  # type: ignore[union-attr]
